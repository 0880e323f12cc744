"""The drill that runs: what is to be done in it, and how long it still takes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.drills import DRILLS
from liveconsole.messages.state import DrillState
from ui import theme
from ui.i18n import t
from ui.panels.drill.words import goal_of, title_of
from ui.seat.room import RoomView
from ui.widgets import Chip, PlainLabel, Separator, button, set_tip
from ui.widgets.when import countdown

LOW: Final = 560
"""Pixels at text scale 1 of a column that has room for it beside a task on the phone."""


class DrillLine(QFrame):
    """At the head of what is to be done; it takes no room while none runs."""

    SECTIONS: Final = ("room",)

    stop_asked = Signal()
    in_short = Signal(str)
    """The clock for another place, where the column has no room for the line; empty where it has."""

    def __init__(self, *, may_stop: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drill: DrillState | None = None
        self._low, self._short = False, ""
        self.name = Chip("", tone="warn", icon="dice")
        self.left = PlainLabel("", role="strong")
        self.hour = PlainLabel("", role="small", tone="fg1", elide=True)
        self.goal = PlainLabel("", role="small", tone="fg1", lines=0)
        self.end = button("", "quiet", icon="cross")
        self.end.setAccessibleName(t("结束演练"))
        set_tip(self.end, t("结束演练，不打分"))
        self.end.clicked.connect(self.stop_asked)
        if not may_stop:
            self.end.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.left)
        row.addWidget(self.hour, 1)
        row.addWidget(self.end)
        column = QVBoxLayout()
        column.setContentsMargins(12, 6, 8, 8)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.goal)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(column)
        outer.addWidget(Separator())
        self.hide()

    def fit(self, column: int) -> None:
        """In a column so high: a low one has its room for what is to be done now and for 下一品."""
        self._low = column < LOW * theme.text_scale()
        self.setVisible(self._drill is not None and not self._low)

    def show_state(self, room: RoomView, now: datetime) -> None:
        drill = room.drill
        self._drill = drill if drill is not None and drill.ended_at is None else None
        self.setVisible(self._drill is not None and not self._low)
        if self._drill is None:
            self._say("")
            return
        title = title_of(self._drill.drill)
        self.name.setText(title)
        self.goal.setText(goal_of(self._drill.drill))
        set_tip(self, goal_of(self._drill.drill))
        self.setAccessibleName(t("演练：{title}", title=title))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Its clock, and in a quick day the hour that it has come to."""
        drill = self._drill
        if drill is None:
            return
        self.left.setText(countdown((drill.ends_at - now).total_seconds()))
        known = DRILLS.get(drill.drill)
        hours = known.hours if known is not None else 0
        if hours:
            whole = (drill.ends_at - drill.started_at).total_seconds()
            passed = min(1.0, max(0.0, (now - drill.started_at).total_seconds() / whole))
            self.hour.set_forms(t("第 {n} 小时", n=min(hours, int(passed * hours) + 1)), "")
        else:
            self.hour.setText("")
        self._say(t("演练 {left}", left=self.left.text()) if self._low else "")

    def _say(self, words: str) -> None:
        if words != self._short:
            self._short = words
            self.in_short.emit(words)
