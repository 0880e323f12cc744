"""A list of lines with keys, made anew when what it shows has moved; the keyboard stays where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.seat.seat import Answer
from ui.widgets import FlowRow, PlainLabel, button, set_tip
from ui.words.answers import sentence

ROWS_SHOWN = 60
"""Lines that stand there; how many more there are is said."""


class RowKey(Struct, frozen=True):
    """A key of a line: what it says, what it is for those who hear it, and what it does."""

    words: str
    name: str
    press: Callable[[], object]
    look: str = ""
    icon: str = ""


class DeskRow(Struct, frozen=True):
    """One line: what it says, what stands small under it, its keys."""

    text: str
    under: str
    keys: tuple[RowKey, ...] = ()
    tone: str = "fg2"


class KeyedRows(QWidget):
    """``show_rows``; `keys` are the keys that stand there, line by line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._held: list[QWidget] = []
        self.texts: list[str] = []
        self.keys: list[list[QWidget]] = []

    def show_rows(self, rows: Sequence[DeskRow], more: str = "") -> None:
        """Show these, the first `ROWS_SHOWN`; ``more`` is said under them."""
        at = self._focused()
        for old in self._held:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._held, self.keys = [], []
        self.texts = [f"{row.text} {row.under}" for row in rows]
        for row in rows[:ROWS_SHOWN]:
            held, keys = _row(row)
            self._add(held)
            self.keys.append(keys)
        if more:
            self._add(PlainLabel(more, role="small", tone="fg2", lines=0))
        if at is not None and self.keys:
            line = self.keys[min(at[0], len(self.keys) - 1)]
            if line:
                line[min(at[1], len(line) - 1)].setFocus()

    def _add(self, held: QWidget) -> None:
        self._column.insertWidget(len(self._held), held)
        self._held.append(held)

    def _focused(self) -> tuple[int, int] | None:
        return next(
            (
                (line, place)
                for line, keys in enumerate(self.keys)
                for place, key in enumerate(keys)
                if key.hasFocus()
            ),
            None,
        )


def _row(row: DeskRow) -> tuple[QWidget, list[QWidget]]:
    held = QWidget()
    line = QHBoxLayout(held)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(6)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(PlainLabel(row.text, lines=0))
    if row.under:
        words.addWidget(PlainLabel(row.under, role="small", tone=row.tone, lines=0))
    words.addStretch(1)
    line.addLayout(words, 1)
    keys: list[QWidget] = []
    # Keys with words stand under the line, as many as fit beside each other: the column is narrow.
    flow = FlowRow(gap=4)
    if any(each.words for each in row.keys):
        words.insertLayout(words.count() - 1, flow)
    for each in row.keys:
        key = button(each.words, each.look or "quiet", icon=each.icon)
        key.setAccessibleName(each.name)
        set_tip(key, each.name)
        key.clicked.connect(lambda _=False, press=each.press: press())
        if each.words:
            flow.addWidget(key)
        else:
            line.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
        keys.append(key)
    return held, keys


def said_by(label: PlainLabel, done: str = "") -> Callable[[Answer], None]:
    """What takes the answer of a command: a refusal stands in ``label``, or what was ``done``."""

    def told(answer: Answer) -> None:
        label.set_tone("ok" if answer.ok else "live")
        label.setText(done if answer.ok else sentence(answer))

    return told
