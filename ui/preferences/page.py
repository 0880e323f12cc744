"""One page of the settings: what it is called, and a column that the window scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.widgets import FilterChip, FlowRow, PlainLabel

SetRoom = Callable[[QWidget, dict[str, Any], Callable[[Answer], None]], None]
"""Whose answer it is, the fields of `room.set`, and who takes the answer."""


class SettingsPage(QWidget):
    """``show_room`` when one of its ``SECTIONS`` moved, ``tick`` as time passes."""

    TITLE: ClassVar = ""
    """Chinese source text."""
    SECTIONS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t(self.TITLE))
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(20, 16, 20, 20)
        self.body.setSpacing(theme.GAP - 2)

    def show_room(self, room: RoomView, now: datetime) -> None:
        """The room has changed, or it is shown for the first time."""

    def tick(self, now: datetime) -> None:
        """Time has passed."""

    def opened(self) -> None:
        """It has come to the front."""

    def give_up(self) -> bool:
        """Esc: leave what is being typed as it was. Whether there was something."""
        return False

    def heading(self, words: str) -> None:
        """What comes below is about this."""
        if self.body.count():
            self.body.addSpacing(8)
        self.body.addWidget(PlainLabel(words, role="strong"))

    def remark(self, words: str) -> PlainLabel:
        """A quiet sentence."""
        made = PlainLabel(words, role="small", tone="fg2", lines=0)
        self.body.addWidget(made)
        return made


def chips(
    title: str, faces: Sequence[tuple[str, Callable[[], None]]], group: QButtonGroup
) -> tuple[QWidget, list[FilterChip]]:
    """Choices side by side, and what holds them; each press calls its own."""
    held = QWidget()
    row = FlowRow(held)
    made = []
    for face, act in faces:
        chip = FilterChip(face)
        chip.clicked.connect(lambda _checked, act=act: act())
        chip.setAccessibleName(f"{title} {face}")
        group.addButton(chip)
        row.addWidget(chip)
        made.append(chip)
    return held, made
