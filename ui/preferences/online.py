"""谁在线: every seat that follows the room now."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from liveconsole.messages.state import SeatState
from ui.clean import clean
from ui.i18n import t
from ui.preferences.page import SettingsPage
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.widgets import PlainLabel, button, set_tip
from ui.widgets.chip import Mark
from ui.widgets.when import age, wall_clock
from ui.words.online import own_first, role_name


class LetsOthersIn(Protocol):
    """What lets others in (`windows.sharing.DeskSharing`)."""

    def why_not(self) -> str: ...

    def open(self) -> None: ...


class _SeatRow:
    """The widgets of one seat's line."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.mark = Mark("dot", "ok")
        self.name = PlainLabel("", role="strong", elide=True)
        self.role = PlainLabel("", tone="fg1")
        self.since = PlainLabel("", role="small", tone="fg2", align=Qt.AlignmentFlag.AlignRight)
        for column, widget in enumerate(self.widgets()):
            grid.addWidget(widget, row, column)

    def widgets(self) -> tuple[QWidget, ...]:
        return self.mark, self.name, self.role, self.since


class OnlinePage(SettingsPage):
    """This window first, then the others in the order in which they came."""

    TITLE: ClassVar = "谁在线"
    SECTIONS: ClassVar = ("health",)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat = seat
        self._shown: list[SeatState] = []
        held = QWidget()
        self._grid = QGridLayout(held)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self.rows: list[_SeatRow] = []
        self._more = PlainLabel("", tone="fg1", lines=0)
        self.remark(t("正连着这个直播间的窗口和程序；断开的马上不在这里。名字是各个窗口自己写的。"))
        self.body.addWidget(held)
        self.body.addWidget(self._more)
        self.share = button(t("让另一台电脑或手机加入"), icon="link")
        set_tip(self.share, "F3")
        self.share.hide()
        self.body.addWidget(self.share)

    def offer_sharing(self, sharing: LetsOthersIn) -> None:
        """Here too, for a seat that may let others in."""
        self.share.setVisible(not sharing.why_not())
        self.share.clicked.connect(lambda: sharing.open())

    def show_room(self, room: RoomView, now: datetime) -> None:
        own = self._seat.id
        self._shown = own_first(room.health.seats, own)
        while len(self.rows) < len(self._shown):
            self.rows.append(_SeatRow(self._grid, len(self.rows)))
        for row, one in zip(self.rows, self._shown, strict=False):
            row.name.setText(clean(one.name, 20) or t("没有写名字"))
            row.name.set_tone("fg0" if one.name else "fg2")
            role = role_name(one.role)
            row.role.setText(t("{role} · 本窗口", role=role) if one.seat == own else role)
        for index, row in enumerate(self.rows):
            for widget in row.widgets():
                widget.setVisible(index < len(self._shown))
        more = room.health.seats_more
        self._more.setText(
            t("还有 {n} 个", n=more) if more else "" if self._shown else t("引擎还没有说谁在线")
        )
        self.tick(now)

    def tick(self, now: datetime) -> None:
        for row, one in zip(self.rows, self._shown, strict=False):
            here = age(max(0.0, (now - one.since).total_seconds()))
            row.since.setText(t("{at} 起 · {age}", at=wall_clock(one.since), age=here))
