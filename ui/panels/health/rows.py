"""The list of what somebody has to see to: each with what, since when, and one way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from liveconsole.messages.state import AlarmState
from ui.seat.room import RoomView
from ui.widgets import FlowRow, PlainLabel, Separator, button
from ui.widgets.chip import Mark
from ui.words import alarms as words
from ui.words.alarms import WayOut


class AlarmRow(QWidget):
    """One of them. A single key stands beside the words; several stand below them."""

    def __init__(self, alarm: AlarmState, room: RoomView, take: Callable[[WayOut], None]) -> None:
        super().__init__()
        self.alarm = alarm
        tone = words.tone(alarm)
        self.words = PlainLabel(words.headline(alarm, room), role="small_strong", tone="fg0", lines=0)
        self.about = PlainLabel("", role="small", tone="fg1", lines=0)
        self.keys = [self._key(way, take) for way in words.ways_out(alarm, room)]
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.words)
        said.addWidget(self.about)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 12, 9)
        row.setSpacing(10)
        row.addWidget(Mark("warn" if tone == "live" else "clock", tone), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(said, 1)
        if len(self.keys) == 1:
            row.addWidget(self.keys[0], 0, Qt.AlignmentFlag.AlignVCenter)
        elif self.keys:
            below = FlowRow()
            for key in self.keys:
                below.addWidget(key)
            said.addSpacing(4)
            said.addLayout(below)

    def _key(self, way: WayOut, take: Callable[[WayOut], None]) -> QPushButton:
        key = button(way.words)
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key.setAccessibleName(f"{key.text()} · {self.words.text()}")
        key.clicked.connect(lambda: take(way))
        return key

    def tick(self, room: RoomView, now: datetime) -> None:
        """How long it has waited."""
        self.about.setText(words.about(self.alarm, room, now))
        self.about.setVisible(bool(self.about.text()))
        self.setAccessibleName(f"{self.words.text()} · {self.about.text()}")


class AlarmRows(QWidget):
    """All that stand, the worst first; rows are made anew only when the list is another."""

    def __init__(self, take: Callable[[WayOut], None]) -> None:
        super().__init__()
        self._take = take
        self._shown: tuple[object, ...] = ()
        self._room: RoomView | None = None
        self.rows: list[AlarmRow] = []
        self._rules: list[Separator] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show what stands now."""
        self._room = room
        alarms = words.standing(room.health.trouble, room.alarms)
        wanted = tuple(
            (words.headline(each, room), each, tuple(map(repr, words.ways_out(each, room))))
            for each in alarms
        )
        if wanted != self._shown:
            self._shown = wanted
            self._make(alarms, room)
        self.tick(now)

    def _make(self, alarms: list[AlarmState], room: RoomView) -> None:
        focus = QApplication.focusWidget()
        held = focus is not None and self.isAncestorOf(focus)
        for old in (*self.rows, *self._rules):
            old.hide()
            old.deleteLater()
        self.rows = [AlarmRow(alarm, room, self._take) for alarm in alarms]
        self._rules = [Separator() for _ in self.rows]
        for row, rule in zip(self.rows, self._rules, strict=True):
            self._column.addWidget(row)
            self._column.addWidget(rule)
            row.show()  # at once: what is not shown yet takes no keyboard
        if held:
            # What was under the keyboard is settled: it goes on to what is worst now, not out of the list.
            self.take_keyboard()

    def take_keyboard(self) -> bool:
        """The first key of the list; whether there is one."""
        for row in self.rows:
            if row.keys:
                row.keys[0].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def tick(self, now: datetime) -> None:
        """Move what they say of time."""
        if self._room is not None:
            for row in self.rows:
                row.tick(self._room, now)
