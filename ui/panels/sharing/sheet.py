"""让另一台电脑或手机加入: open the room on an address of this computer, show the code, answer who asks."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.sharing import (
    ShareAct,
    ShareAnswer,
    ShareClose,
    ShareCode,
    ShareKeep,
    ShareOpen,
    SharingState,
)
from liveconsole.tasks import spawn
from ui import clipboard
from ui.i18n import t
from ui.panels.sharing.rows import AskCard, SeatLine
from ui.panels.sharing.square import QrSquare
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.sheets.choices import ChoiceBox
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, Separator, button
from ui.widgets.when import clock
from ui.words.answers import refusal
from ui.words.sharing import BROKER_UNREAD


class SharingSheet(Sheet):
    """What the state says of the sharing; every key asks the engine, which decides."""

    SECTIONS: ClassVar = ("sharing",)

    def __init__(self, seat: Seat, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("让另一台电脑或手机加入"), parent)
        self._seat = seat
        self._shown: SharingState | None = None
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.said.hide()  # an answer has a line when there is one
        self._shut = self._build_shut()
        self._open = self._build_open()
        self._asks, self.asks = QVBoxLayout(), dict[str, AskCard]()
        self._seats, self.seats = QVBoxLayout(), dict[str, SeatLine]()
        self._seats_head = PlainLabel(t("席位"), role="heading")
        for each in (self._asks, self._seats):
            each.setSpacing(8)
        self.body.addWidget(self.said)
        self.body.addLayout(self._asks)
        self.body.addWidget(self._shut)
        self.body.addWidget(self._open)
        self._rule = Separator()
        self.body.addWidget(self._rule)
        self.body.addWidget(self._seats_head)
        self.unread = PlainLabel(t(BROKER_UNREAD), role="small", tone="warn", lines=0)
        self.body.addWidget(self.unread)
        self.body.addLayout(self._seats)
        self.body.addStretch(1)
        self.close_it = button(t("停止共享"), "danger")
        self.close_it.clicked.connect(lambda: self.give(ShareClose()))
        self.add_foot(self.close_it)
        self.show_room(room, seat.now())
        spawn(self._offer(), name="addresses")

    def _build_shut(self) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        words = t(
            "同一个网络里的电脑或手机拿着码来问，你看过数字同意了，它才进得来。现在这台电脑只听自己；下播时共享也停。"
        )
        self.address = ChoiceBox()
        self.address.setAccessibleName(t("在哪个地址上"))
        self.phones = QCheckBox(t("手机也可以"))
        self.phones.setChecked(True)
        self.keep = QCheckBox(t("下次也开着"))
        self.begin = button(t("开始共享"), "primary")
        self.begin.setEnabled(False)
        self.begin.clicked.connect(self._begin)
        column.addWidget(PlainLabel(words, tone="fg1", lines=0))
        column.addWidget(PlainLabel(t("在哪个地址上"), role="small", tone="fg1"))
        for each in (self.address, self.phones, self.keep, self.begin):
            column.addWidget(each)
        return held

    def _build_open(self) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._where = PlainLabel("", tone="fg1", lines=0)
        self.code = PlainLabel("", role="product", lines=0, align=Qt.AlignmentFlag.AlignHCenter)
        self._until = PlainLabel("", role="small", tone="fg1", lines=0)
        self.copy = button(t("复制"), icon="copy")
        self.copy.clicked.connect(self._copy)
        self.anew = button(t("换一个码"))
        self.anew.clicked.connect(lambda: self.give(ShareCode()))
        self.square = QrSquare()
        self._scan = PlainLabel(
            t("手机扫这个；电脑在第一页点「加入另一台电脑的直播间」，输上面的码。"), tone="fg1", lines=0
        )
        self._print = PlainLabel("", role="small", tone="fg1", lines=0)
        self.kept = QCheckBox(t("下次也开着"))
        self.kept.clicked.connect(lambda on: self.give(ShareKeep(bool(on))))
        keys = QHBoxLayout()
        keys.addWidget(self._until, 1)
        keys.addWidget(self.copy)
        keys.addWidget(self.anew)
        column.addWidget(self._where)
        column.addWidget(self.code)
        column.addLayout(keys)
        column.addWidget(self.square, 0, Qt.AlignmentFlag.AlignHCenter)
        for each in (self._scan, self._print, self.kept):
            column.addWidget(each)
        return held

    # Asking ----------------------------------------------------------------------------------------

    def give(self, act: ShareAct) -> None:
        """Ask the engine for it; what it says comes with the state, a no stands here."""
        spawn(self._given(act), name="sharing")

    async def _given(self, act: ShareAct) -> None:
        self._told(await self._seat.share(act))

    async def _offer(self) -> None:
        """Which addresses this computer has."""
        answer = await self._seat.share()
        if answer is None or not self.is_here():
            return
        usual = t("{address} · 上网用的这个")
        found = [
            (one.address, usual.replace("{address}", one.address) if one.usual else one.address)
            for one in answer.addresses
        ]
        self.address.set_items(found)
        self.begin.setEnabled(bool(found))
        if not found:
            self._say(t("这台电脑没有连上任何网络"), "warn")

    def _told(self, answer: ShareAnswer | None) -> None:
        if not self.is_here():
            return
        if answer is None:
            self._say(refusal("no_link"), "live")
        elif not answer.ok:
            self._say(refusal(answer.code, answer.params, answer.text), "live")
        else:
            self._say("", "fg1")
        self._seat.look_again()

    def _begin(self) -> None:
        address = self.address.currentData()
        if isinstance(address, str):
            self.give(ShareOpen(address, self.keep.isChecked(), self.phones.isChecked()))

    def _copy(self) -> None:
        if self._shown is not None:
            clipboard.copy(self._shown.code)
            self._say(t("已复制"), "ok")

    def _say(self, words: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(words)
        self.said.setVisible(bool(words))

    # Showing ---------------------------------------------------------------------------------------

    def show_room(self, room: RoomView, now: datetime) -> None:
        """The sharing, as the engine says it."""
        sharing = room.sharing
        self._shown = sharing
        self._shut.setVisible(not sharing.open)
        self._open.setVisible(sharing.open)
        self.close_it.setVisible(sharing.open)
        where = t("共享在 {address}:{port}", address=sharing.address, port=sharing.port)
        if sharing.guesses:
            where += " · " + t("有人输错过 {n} 次码", n=sharing.guesses)
        self._where.setText(where)
        self.code.setText(sharing.code.replace("-", " ") if sharing.code else t("码用过了或过期了"))
        self.code.set_tone("fg0" if sharing.code else "fg2")
        self.code.set_role("product" if sharing.code else "base")
        self.copy.setVisible(bool(sharing.code))
        self.anew.setText(t("换一个码") if sharing.code else t("要一个新码"))
        link = sharing.link if sharing.phone else ""
        self.square.show_link(link, t("给手机扫的码"))
        self.square.setVisible(bool(link))
        self._scan.setVisible(bool(sharing.code))
        self._print.setText(t("证书指纹 {fingerprint}", fingerprint=sharing.fingerprint))
        self._print.setVisible(sharing.phone and bool(sharing.fingerprint))
        self.kept.setChecked(sharing.keep)
        self._show_asks(sharing)
        self._show_seats(sharing, now)
        self.tick(now)

    def _show_asks(self, sharing: SharingState) -> None:
        wanted = {ask.id: ask for ask in sharing.asks}
        for ask_id in [each for each in self.asks if each not in wanted]:
            old = self.asks.pop(ask_id)
            old.hide()
            old.deleteLater()
        for ask in sharing.asks:
            if ask.id not in self.asks:
                made = self.asks[ask.id] = AskCard(ask, self.give)
                self._asks.addWidget(made)

    def _show_seats(self, sharing: SharingState, now: datetime) -> None:
        wanted = {seat.id for seat in sharing.seats}
        for seat_id in [each for each in self.seats if each not in wanted]:
            old = self.seats.pop(seat_id)
            old.hide()
            old.deleteLater()
        for seat in sharing.seats:
            line = self.seats.get(seat.id)
            if line is None:
                line = self.seats[seat.id] = SeatLine(seat, self.give)
                self._seats.addWidget(line)
            line.show_seat(seat, now)
        for each in (self._rule, self._seats_head):
            each.setVisible(bool(sharing.seats))
        self.unread.setVisible(sharing.broker_unread)

    def tick(self, now: datetime) -> None:
        """The code grows old, and who asks waits."""
        until = self._shown.code_until if self._shown is not None else None
        left = (until - now).total_seconds() if until is not None else 0.0
        self._until.setText(t("{time} 后过期，只能用一次", time=clock(left)) if left > 0 else "")
        for card in self.asks.values():
            card.tick(now)
        for line in self.seats.values():
            line.tick(now)
