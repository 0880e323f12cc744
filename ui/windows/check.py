"""开播前检查: a few looks before a broadcast. None is required; each says what to do when it is not well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import UNSET
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.rights import may
from ui.i18n import t
from ui.preferences.shop_coupons import ShopCoupons
from ui.seat.room import RoomView
from ui.seat.seat import Frame, LinkState, Seat
from ui.seat.session import StartChoice
from ui.widgets import Chip, FlowRow, KeyCap, Mark, PlainLabel, button
from ui.windows.check_worlds import WorldTroubles
from ui.windows.page import Centred
from ui.words.backups import backup_words
from ui.words.law import law_said
from ui.words.lost import version_words

KEYS: Final = ("PgDn", "Ctrl+1", "Ctrl+Shift+1", "Esc", "F12", "?")


_LONGEST: Final = 4_000
"""Characters of a row: the law's says something of each article."""


class CheckRow(QFrame):
    """One thing to look at: a sign, what it is, what is seen, and perhaps something to do."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self.setAccessibleName(title)
        self._mark = Mark("ring", "fg2", role="heading")
        self.words = PlainLabel("", tone="fg1", lines=0, most=_LONGEST)
        self.more = QVBoxLayout()
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(PlainLabel(title, role="heading"), 0, 1)
        grid.addWidget(self.words, 1, 1)
        grid.addLayout(self.more, 2, 1)

    def say(self, words: str, *, well: bool | None) -> None:
        """What is seen; `well` is None while nobody knows."""
        icon, tone = ("check", "ok") if well else ("warn", "warn") if well is False else ("ring", "fg2")
        self._mark.show_as(icon, tone, t("好") if well else t("看一下") if well is False else t("还不知道"))
        self.words.setText(words)


class RoomCheck(Centred):
    """Follows the seat while it is shown. ``then`` is called when the person goes on."""

    SECTIONS: Final = ("room", "audience", "catalogue", "health", "law")

    connect_asked = Signal(str)
    """To where something outside is set: a connection, ``sources``, or ``""``."""

    def __init__(
        self, seat: Seat, choice: StartChoice, then: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(t("开播前检查"), t("看几样东西，一分钟。哪一样不对也可以先进去。"), parent)
        self._seat, self._choice, self._then = seat, choice, then
        self._comments = 0
        self._pressed: set[str] = set()
        self.link = CheckRow(t("引擎"))
        self.comments = CheckRow(t("评论到了吗"))
        self.numbers = CheckRow(t("数字和手机一样吗"))
        self.floors = CheckRow(t("底价和店里的券"))
        self.keys = CheckRow(t("按键灵吗"))
        self.worlds = CheckRow(t("接入"))
        self.law = CheckRow(t("法规"))
        self.backup = CheckRow(t("备份"))
        for look in (
            self.link, self.comments, self.worlds, self.numbers, self.floors, self.law, self.backup,
            self.keys,
        ):  # fmt: skip
            self.column.addWidget(look)
        self.troubles = WorldTroubles()
        self.troubles.asked.connect(self.connect_asked)
        self.worlds.more.addWidget(self.troubles)
        self._same = QCheckBox(t("和手机上看到的一样"))
        self._same.toggled.connect(lambda: self._show(self._room))
        self.numbers.more.addWidget(self._same)
        self._coupons = ShopCoupons(
            lambda owner, fields, then: seat.ask_then(owner, "room.set", fields, then),
            may_change=may(choice.role, "room.set"),
        )
        self.floors.more.addWidget(self._coupons)
        self._caps = self._key_caps()
        self.link.say(t("正在启动…"), well=None)
        go = button(t("进入中控台"), "primary")
        go.clicked.connect(lambda: self._then())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(go)
        self.column.addLayout(row)
        self.finish()
        self.go = go
        self._room: RoomView | None = None
        if seat.state is not None:
            self._room = RoomView(seat.state).only(*self.SECTIONS)
        seat.on_frame(self, self._frame)
        seat.on_link(self, self._linked)
        self._show(self._room)
        self.key_seen("")

    def _key_caps(self) -> dict[str, tuple[KeyCap, Chip]]:
        held = QWidget()
        flow = FlowRow(held, gap=14)
        made = {}
        for name in KEYS:
            pair = QWidget()
            row = QHBoxLayout(pair)
            row.setContentsMargins(0, 2, 0, 2)
            row.setSpacing(6)
            cap, chip = KeyCap(name), Chip(t("未按"), tone="fg2")
            row.addWidget(cap)
            row.addWidget(chip)
            flow.addWidget(pair)
            made[name] = (cap, chip)
        self.keys.more.addWidget(held)
        return made

    def key_seen(self, name: str) -> None:
        """A key of ours arrived; here it does nothing but light up."""
        if name in self._caps:
            self._pressed.add(name)
            self._caps[name][1].show_as(t("收到"), "ok", icon="check")
        missing = len(KEYS) - len(self._pressed)
        words = t("按一遍下面的键，亮了就是灵。在这一页它们什么都不做。")
        self.keys.say(words if missing else t("都灵。"), well=None if missing else True)

    def _linked(self, state: LinkState, why: str) -> None:
        if state == "live":
            self.link.say(t("已连上，说的每句话都先落盘。"), well=True)
        elif state == "lost":
            self.link.say(t("连不上：{why}", why=version_words(why) or why or t("没有回应")), well=False)

    def _frame(self, frame: Frame) -> None:
        came = sum(event["type"] == "comment.posted" for event in frame.events)
        self._comments += came
        moved = not frame.moved.isdisjoint(self.SECTIONS)
        if frame.state is not None and moved:
            self._room = RoomView(frame.state).only(*self.SECTIONS)
        if came or moved:
            self._show(self._room)

    def _show(self, room: RoomView | None) -> None:
        simulated = room is not None and room.simulated
        if self._comments:
            self.comments.say(t("到了：已看到 {n} 条。", n=f"{self._comments:,}"), well=True)
        elif self._choice.mode == "manual" and not any(self._choice.sources.values()):
            self.comments.say(t("没有开评论来源。促销照样能做；口令福袋要有评论才行。"), well=False)
        else:
            self.comments.say(t("还没有。请用手机在直播间发一条，看这里是否亮。"), well=None)
        if room is not None:
            said, well = self.troubles.show_room(room)
            self.worlds.say(said, well=well)
            said, well = law_said(room.law.checks)
            self.law.say(said, well=well)
            self._show_backup(room)
        self._show_numbers(room, simulated)
        self._show_floors(room)

    def _show_backup(self, room: RoomView) -> None:
        self.backup.setVisible(not room.simulated)
        said, well = t("没有自动备份：设置里可以打开。"), None
        if room.settings.backup is not None:
            kept = room.health.backup
            said, well = backup_words(kept if kept is not UNSET else None)
        self.backup.say(said, well=well)

    def _show_numbers(self, room: RoomView | None, simulated: bool) -> None:
        online = room.audience.online if room is not None else None
        self._same.setVisible(not simulated and online is not None)
        if simulated:
            self.numbers.say(t("排练：数字是模拟的，不用对。"), well=True)
        elif online is None:
            self.numbers.say(
                t("没有来源报在线人数，顶栏会显示「—」。商品的价格和库存请和手机上对一遍。"), well=None
            )
        else:
            self.numbers.say(
                t("这里在线 {n} 人。", n=f"{online:,}"), well=True if self._same.isChecked() else None
            )

    def _show_floors(self, room: RoomView | None) -> None:
        if room is None or not room.products:
            self.floors.say(t("还没有商品。进去以后用「粘贴商品」一次放进来，底价写在最后一列。"), well=None)
        else:
            bare = sum(
                product.floor_fen is None and any(sku.floor_fen is None for sku in product.skus)
                for product in room.products.values()
            )
            if bare:
                self.floors.say(t("{n} 个商品没有底价，算价时不拦它们。", n=bare), well=False)
            else:
                self.floors.say(t("{n} 个商品都有底价。", n=len(room.products)), well=True)
        if room is not None:
            self._coupons.show_state(room)
