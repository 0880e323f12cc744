"""Whose birthday it is, a wish to copy, and their coupon as a proposal in the queue.

A promotion is never for one person alone: the coupon is for all members whose birthday it is on the day that
it goes on air, and the engine knows them. What it takes off has to hold against every floor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.customers import MemberPage
from liveconsole.messages.rights import may
from liveconsole.messages.specs import CouponRule, CouponSpec
from liveconsole.messages.verdicts import Verdict
from liveconsole.views.money import yuan_short
from ui import clipboard
from ui.clean import clean
from ui.i18n import t
from ui.seat.seat import Answer, Seat
from ui.widgets import CappedButton, PlainLabel, set_tip
from ui.words.answers import refusal, sentence

NAMED: Final = 3
"""So many are named; the others are counted."""
_DAY: Final = 86_400
VALID_DAYS: Final = 7
_YUAN: Final = 100


class BirthdaysToday(QWidget):
    """Hidden while nobody has one, or nobody knows. ``locked``: of this seat, now."""

    def __init__(
        self, seat: Seat, role: str, locked: Callable[[], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._seat, self._may, self._locked = seat, may(role, "cue.add"), locked
        self.who = PlainLabel("", role="small", tone="fg1", elide=True)
        self.key = CappedButton(t("复制祝福"), "3")
        self.coupon = CappedButton(t("提议生日券"), "4")
        self.key.clicked.connect(lambda _on=False: self.copy())
        self.coupon.clicked.connect(lambda _on=False: self.propose())
        self.wish = ""
        self._people = 0
        self._off_fen = 0
        """What the coupon takes off: what the seller's file says, or the most that the floors allow."""
        self._asks = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.who, 1)
        for each in (self.key, self.coupon):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(each)
        self.hide()

    def show_members(self, page: MemberPage | None) -> None:
        """Who has one today, and what the seller's file gives for it; None: it was not to be had."""
        self.wish = "" if page is None or not page.rows else _wish(page.birthday_coupon_yuan)
        self.setVisible(bool(self.wish))
        if page is None or not page.rows:
            self._people = 0
            return
        n = f"{len(page.rows):,}{'+' if page.next is not None else ''}"
        names = t("、").join(clean(row.name, 12) for row in page.rows[:NAMED])
        said = t("今天生日 {n} 人：{names}", n=n, names=names)
        if len(page.rows) > NAMED:
            said += "…"
        self._people = len(page.rows) if page.next is None else page.members
        self._off_fen = (page.birthday_coupon_yuan or 0) * _YUAN
        self.coupon.setVisible(self._may and self._off_fen > 0)
        self._say(said)
        set_tip(self.key, said)
        coupon = t("{n} 元，给当天生日的会员，一人一张", n=page.birthday_coupon_yuan or 0)
        set_tip(self.coupon, coupon)

    def copy(self) -> bool:
        """3: the wish, without a name; whether there was one."""
        if self.wish:
            clipboard.copy(self.wish)
            self._say(t("祝福复制好了"))
        return bool(self.wish)

    def propose(self) -> bool:
        """4: their coupon goes into the queue, where it waits for whoever lets things out; whether there was
        any to propose."""
        if not self._may or not self._people or self._off_fen <= 0 or self._asks:
            return False
        if self._locked():
            self._say(refusal("locked"), "live")
            return True
        self._asks = True
        self._seat.ask_then(self, "cue.add", self._data(), self._answered)
        return True

    def _data(self) -> dict[str, Any]:
        """One for each: who has his birthday on the day that it runs the engine says at each claim."""
        spec = CouponSpec(
            name=t("生日券"),
            rule=CouponRule(off_fen=self._off_fen),
            quantity=self._people,
            per_buyer=1,
            seconds=_DAY,
            valid_seconds=VALID_DAYS * _DAY,
            audience="birthday",
        )
        sent = {name: one for name, one in msgspec.to_builtins(spec).items() if one is not None}
        sent["rule"] = {name: one for name, one in sent["rule"].items() if one is not None}
        return {"kind": sent.pop("kind"), "spec": sent}

    def _answered(self, answer: Answer) -> None:
        self._asks = False
        if answer.ok:
            self._say(t("生日券在待上里了：减 {money}，等放行", money=yuan_short(self._off_fen)), "ok")
        elif answer.code == "below_price_floor":
            tasks.spawn(self._less(sentence(answer)), name="birthday coupon")
        else:
            self._say(sentence(answer), "live")

    async def _less(self, why: str) -> None:
        """What it may take off at most; the next press proposes that."""
        said = await self._seat.judge("cue.add", self._data())
        if not shiboken6.isValid(self):
            return
        most = _most_off(said) if said is not None else None
        if most is None:
            self._say(why, "live")
            return
        self._off_fen = most
        self._say(t("会破底价：最多减 {money}，再按 4 就提议这么多", money=yuan_short(most)), "warn")
        set_tip(self.who, why)

    def _say(self, words: str, tone: str = "fg1") -> None:
        self.who.set_tone(tone)
        self.who.setText(words)
        set_tip(self.who, words)


def _most_off(said: Verdict) -> int | None:
    return next((each.fix.off_fen for each in said.repairs if each.fix.off_fen), None)


def _wish(yuan: int | None) -> str:
    if yuan is None:
        return t("生日快乐！谢谢您一直在。")
    return t("生日快乐！送您一张 {n} 元生日券，找客服领。", n=yuan)
