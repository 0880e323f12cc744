"""What somebody has to see to, the worst first; below it every source with the age of its last event."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import UNSET
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.state import OwedState
from ui.i18n import t
from ui.panels.health.rows import AlarmRow, AlarmRows
from ui.parts.dashboard import DashboardList
from ui.parts.sources import SourceList
from ui.seat.room import RoomView
from ui.widgets import PlainLabel, Separator, button, set_tip
from ui.widgets.when import clock
from ui.words.alarms import WayOut
from ui.words.backups import backup_words
from ui.words.goods import cue_title

_EDGE: Final = 2
"""Pixels of the frame's line and of the air beside it."""


class HealthPanel(QFrame):
    """``show_state`` when the state changed, ``tick`` once a second; ``set_skipped`` from the feed."""

    SECTIONS: Final = ("cart", "catalogue", "cues", "alarms", "audience", "health")

    act_asked = Signal(str, object)
    """A key that mends an alarm: the command and its data."""
    phone_asked = Signal(str)
    """To the card of a promotion in 现在要做."""
    order_asked = Signal(str)
    connection_asked = Signal(str)
    window_asked = Signal(str)
    """A window beside the desk, by its key."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("over")
        self._owed: list[tuple[str, OwedState]] = []
        self.sources = SourceList(side=14, air=8, gap=6)
        self.dashboard = DashboardList()
        self.alarms = AlarmRows(self._take)
        self.title = PlainLabel("", role="heading")
        self._order = PlainLabel(
            "",
            role="small",
            tone="fg1",
            elide=True,
            align=Qt.AlignmentFlag.AlignRight,
        )
        self.shut = button("", "quiet", icon="cross")
        self.shut.setAccessibleName(t("关闭"))
        self.shut.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_tip(self.shut, "Esc")
        self.shut.clicked.connect(self.closed)
        self._none = PlainLabel(
            t("还没有来源：打开采集工具，评论就会进来"), role="small", tone="fg1", lines=0
        )
        self._owed_title = PlainLabel(t("平台还没回的"), role="small", tone="fg2")
        self._owed_lines: list[PlainLabel] = []
        self._owed_box, self._facts = QVBoxLayout(), QVBoxLayout()
        self._skipped = PlainLabel("", role="small", tone="fg1", lines=0)
        self._engine = PlainLabel("", role="small", tone="fg2", lines=0)
        self._backup = PlainLabel("", role="small", tone="fg2", lines=0)
        self._build()
        self.set_skipped(0)

    def _build(self) -> None:
        head = self._head = QHBoxLayout()
        head.setContentsMargins(14, 6, 6, 6)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self._order, 1)
        head.addWidget(self.shut)
        self.inside = QWidget()
        column = self._column = QVBoxLayout(self.inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.alarms)
        column.addWidget(self.sources)
        column.addWidget(self.dashboard)
        for layout in (self._owed_box, self._facts):
            layout.setContentsMargins(14, 0, 14, 8)
            layout.setSpacing(3)
            column.addLayout(layout)
        self._owed_box.addWidget(self._owed_title)
        for each in (self._none, self._skipped, self._engine, self._backup):
            self._facts.addWidget(each)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(Separator())
        outer.addWidget(self._scroll, 1)

    @property
    def alarm_lines(self) -> list[AlarmRow]:
        """The rows of the list, the worst first."""
        return self.alarms.rows

    def height_at(self, width: int) -> int:
        """How high it is whole."""
        self._column.activate()
        inside = self._column.totalHeightForWidth(width - 2 * _EDGE)
        return self._head.sizeHint().height() + 1 + inside + 2 * _EDGE

    def take_keyboard(self) -> None:
        """The first key that mends something, else the one that closes."""
        if not self.alarms.take_keyboard():
            self.shut.setFocus(Qt.FocusReason.TabFocusReason)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show how the room stands."""
        health = room.health
        self._none.setVisible(not health.sources)
        self.sources.show_sources(health.sources, now)
        self.dashboard.show_figures(room.audience, health, now)
        self.alarms.show_state(room, now)
        count = len(self.alarms.rows)
        self.title.setText(t("要看的事 {n}", n=count) if count else t("没有要看的事"))
        self.setAccessibleName(self.title.text())
        self._order.setText(t("最急在上 · 处理完自己走") if count > 1 else "")
        # What has an alarm already stands above.
        told = {alarm.cue_id for alarm in room.alarms}
        self._owed = [
            (cue_title(cue, room), cue.owed)
            for cue in room.cues.values()
            if cue.owed is not None and cue.cue_id not in told
        ]
        while len(self._owed_lines) < len(self._owed):
            line = PlainLabel("", role="small", tone="warn", lines=0)
            self._owed_lines.append(line)
            self._owed_box.addWidget(line)
        parts = [t("引擎 {version}", version=health.version)] if health.version else []
        if health.waiting:
            parts.append(t("排队 {n}", n=f"{health.waiting:,}"))
        self._engine.setText(" · ".join(parts))
        self._engine.setVisible(bool(parts))
        kept = health.backup
        self._backup.setVisible(kept is not UNSET)
        self._backup.setText(backup_words(kept)[0] if kept is not UNSET else "")
        self.tick(now)

    def _take(self, way: WayOut) -> None:
        if way.kind == "act":
            self.act_asked.emit(way.to, way.data)
        elif way.kind == "phone":
            self.phone_asked.emit(way.to)
        elif way.kind == "connection":
            self.connection_asked.emit(way.to)
        elif way.kind == "window":
            self.window_asked.emit(way.to)
        else:
            self.order_asked.emit(way.to)

    def tick(self, now: datetime) -> None:
        """Move the ages."""
        self.alarms.tick(now)
        self.sources.tick(now)
        self.dashboard.tick(now)
        self._owed_title.setVisible(bool(self._owed))
        for index, line in enumerate(self._owed_lines):
            line.setVisible(index < len(self._owed))
            if index < len(self._owed):
                title, owed = self._owed[index]
                waited = clock((now - owed.since).total_seconds())
                step = t("开始") if owed.step == "on_air" else t("结束")
                line.setText(t("{step}：{title} · 等了 {waited}", step=step, title=title, waited=waited))

    def set_skipped(self, count: int) -> None:
        """How many comments this seat was too slow for. They are on the log all the same."""
        self._skipped.setVisible(count > 0)
        self._skipped.setText(t("这个窗口略过了 {n} 条评论（日志里都在）", n=f"{count:,}") if count else "")
