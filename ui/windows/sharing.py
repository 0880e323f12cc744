"""The desk and the other computers of the studio: who asks to come in here, or how a seat at another
computer's room stands. Nothing of it takes the keyboard."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from liveconsole.messages.sharing import AskState, SharingState
from ui.clean import clean
from ui.i18n import t
from ui.panels.on_air import OnAirStrip
from ui.panels.sharing import SharingSheet
from ui.seat.elsewhere import REMOVED
from ui.seat.room import RoomView
from ui.seat.seat import LinkState, Seat
from ui.sheets.sheet import SideStack
from ui.widgets import Notice
from ui.windows.commands import SeatCommands
from ui.words.sharing import asks_words, sign

SHARERS: Final = ("host", "operator")
KEY: Final = "F3"
_FRESH: Final = 3.0
"""Seconds: a seat at another computer hears it once a second."""


class DeskSharing(QObject):
    """Belongs to one desk. ``still``: what cannot be pressed while a seat elsewhere is cut off."""

    SECTIONS: Final = ("sharing",)

    def __init__(
        self,
        seat: Seat,
        commands: SeatCommands,
        strip: OnAirStrip,
        side: SideStack,
        notice: Notice,
        *still: QWidget,
    ) -> None:
        super().__init__(side)
        self._seat, self._commands = seat, commands
        self._strip, self._side, self._notice, self._still = strip, side, notice, still
        self._asks: list[AskState] = []
        self._room: RoomView | None = None
        strip.shared.clicked.connect(self.open)
        seat.on_link(self, self._linked)

    def why_not(self) -> str:
        """Why this seat does not let others in, empty where it does."""
        if self._seat.where:
            return t("共享在主播的电脑上开")
        return "" if self._commands.role in SHARERS else t("这个席位不做这件事")

    def open(self) -> None:
        """The sheet; once more closes it."""
        if isinstance(self._side.sheet, SharingSheet):
            self._side.close_sheet()
        elif self._room is not None and not self._commands.locked and not self.why_not():
            if any(self._notice.said == asks_words(each) for each in self._asks):
                self._notice.dismiss()  # it stands in the sheet, whose head this would cover
            self._side.open_sheet(SharingSheet(self._seat, self._room))

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Who asks is said at once, and stays said until somebody has answered."""
        self._room = room
        sharing = room.sharing
        before, self._asks = self._asks, sharing.asks
        known = {ask.id for ask in before}
        if before and not sharing.asks and self._notice.said == asks_words(before[-1]):
            self._notice.dismiss()
        fresh = [ask for ask in sharing.asks if ask.id not in known]
        if fresh and not self.why_not() and not isinstance(self._side.sheet, SharingSheet):
            self._notice.tell(asks_words(fresh[-1]), "warn", action=t("看一眼"), then=self.open)
        if not self._seat.where:
            self._show_sign(sharing)

    def _show_sign(self, sharing: SharingState) -> None:
        words, brief, tone = sign(sharing)
        self._strip.show_shared(words, brief, tone, t("让另一台电脑或手机加入") if words else "")

    def tick(self, _now: datetime) -> None:
        """Of a seat elsewhere: to whom it is connected, and how old the last word is."""
        if not self._seat.where:
            return
        age, where = self._seat.age(), clean(self._seat.where, 40)
        whole = t("这个席位连着 {where}；断开时只能看，什么都不会补发", where=where)
        if self._seat.link != "live":
            self._strip.show_shared(t("断开，正在重连"), t("断开"), "live", whole)
        elif age > _FRESH:
            self._strip.show_shared(t("{n} 秒没消息", n=int(age)), t("{n} 秒", n=int(age)), "warn", whole)
        else:
            self._strip.show_shared(t("连着 {where}", where=where), t("连着"), "ok", whole)

    def lost(self, why: str) -> str:
        """What is said of a seat elsewhere that is cut off; empty for one at this computer."""
        if why == REMOVED:
            return t("主播移除了这个席位。要再用，请主播给一个新的码。")
        return t("和主播的电脑断开了，正在重连。现在只能看，什么都不会补发。") if self._seat.where else ""

    def _linked(self, state: LinkState, _why: str) -> None:
        if self._seat.where:
            for each in self._still:
                each.setEnabled(state == "live" and not self._commands.locked)
