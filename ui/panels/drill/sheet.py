"""All drills with what each trains; after one its mark, what the log showed of it and what to do better."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from liveconsole.messages.drills import DRILLS, FULL, DrillFact
from liveconsole.messages.state import DrillState
from ui.i18n import t
from ui.panels.drill.words import better_said, fact_said, goal_of, mark_said, title_of
from ui.seat.room import RoomView
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, Separator, button

WELL = 80
"""From here on a mark is good, and half of it is what somebody has to be told of."""


class DrillSheet(Sheet):
    """``start_asked(name)``. The last drill of the evening stands on top until another begins."""

    SECTIONS: ClassVar = ("room", "broadcast")

    start_asked = Signal(str)

    def __init__(self, room: RoomView, *, may_start: bool, parent: QWidget | None = None) -> None:
        super().__init__(t("演练"), parent)
        self._may = may_start
        self._shown: tuple[DrillState | None, bool] | None = None
        self._inside: QWidget | None = None
        self.starts: dict[str, QPushButton] = {}
        """Drill → its key."""
        self.again: QPushButton | None = None
        self.said: list[str] = []
        """What stands there of the last one, from the top."""
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(self._place)
        self.body.addStretch(1)
        self._show(room)

    def show_room(self, room: RoomView, now: datetime) -> None:
        self._show(room)

    def _show(self, room: RoomView) -> None:
        now = (room.drill, room.is_open)
        if now == self._shown:
            return
        self._shown = now
        if self._inside is not None:
            self._place.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.starts, self.again, self.said = {}, None, []
        drill = room.drill
        runs = drill is not None and drill.ended_at is None
        if drill is not None and not runs:
            self._add_result(column, drill, room.is_open)
        else:
            words = t("模拟的平台出事，你来处理。打分只看日志。")
            column.addWidget(PlainLabel(words, role="small", tone="fg1", lines=0))
        if not room.is_open:
            column.addWidget(PlainLabel(t("先开播，再开始演练"), tone="warn", lines=0))
        for name in DRILLS:
            column.addWidget(Separator())
            current = drill is not None and runs and drill.drill == name
            self._add_drill(column, name, offered=self._may and room.is_open and not runs, current=current)
        self._place.addWidget(self._inside)

    def _add_drill(self, column: QVBoxLayout, name: str, *, offered: bool, current: bool) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(PlainLabel(title_of(name), role="strong", elide=True), 1)
        words = t("正在演练") if current else t("{n} 秒", n=DRILLS[name].seconds)
        row.addWidget(PlainLabel(words, role="small", tone="warn" if current else "fg2"))
        if offered:
            key = self.starts[name] = button(t("开始"))
            key.setAccessibleName(t("开始演练：{title}", title=title_of(name)))
            key.clicked.connect(partial(self.start_asked.emit, name))
            row.addWidget(key)
        column.addLayout(row)
        column.addWidget(PlainLabel(goal_of(name), role="small", tone="fg1", lines=0))

    def _add_result(self, column: QVBoxLayout, drill: DrillState, is_open: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        title = PlainLabel(title_of(drill.drill), role="heading", elide=True)
        head.addWidget(title, 1, Qt.AlignmentFlag.AlignBottom)
        mark = "—" if drill.mark is None else str(drill.mark)
        tone = "fg1" if drill.mark is None else "ok" if drill.mark >= WELL else "warn"
        head.addWidget(PlainLabel(mark, role="price", tone=tone), 0, Qt.AlignmentFlag.AlignBottom)
        if drill.mark is not None:
            of = PlainLabel(f"/ {FULL}", role="small", tone="fg2")
            head.addWidget(of, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(head)
        column.addWidget(PlainLabel(mark_said(drill), role="small", tone="fg1", lines=0))
        self.said += [title_of(drill.drill), mark, mark_said(drill)]
        if drill.facts:
            column.addLayout(self._facts(drill))
        if drill.better:
            column.addWidget(PlainLabel(t("下次这样做"), role="heading"))
        for code in drill.better:
            words = better_said(code)
            self.said.append(words)
            column.addWidget(PlainLabel(t("· {words}", words=words), tone="fg1", lines=0))
        if self._may and is_open:
            self.again = button(t("再来一次"), "primary")
            self.again.clicked.connect(partial(self.start_asked.emit, drill.drill))
            column.addWidget(self.again)

    def _facts(self, drill: DrillState) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, fact in enumerate(drill.facts):
            at = PlainLabel(_moment(fact), role="small", tone="fg2")
            words = PlainLabel(fact_said(fact), tone="fg0", lines=0)
            off = PlainLabel(f"−{fact.off}" if fact.off else "", role="small_strong", tone="warn")
            for column, label in enumerate((at, words, off)):
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            self.said.append(" ".join(filter(None, (_moment(fact), fact_said(fact), off.text()))))
        return grid


def _moment(fact: DrillFact) -> str:
    """The clock on the wall to the second: a drill is a matter of seconds."""
    if fact.at is None:
        return ""
    here = fact.at.astimezone()
    return f"{here.hour:02}:{here.minute:02}:{here.second:02}"
