"""One case as a row shows it: the words, and what is counted down."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from liveconsole.messages.cases import CaseClock, CaseRow
from liveconsole.views.money import yuan
from ui.clean import clean
from ui.i18n import t
from ui.windows.shop.words import look_of, rule_words, why_here

_LONG: Final = 120


class ShopRow(Struct, frozen=True):
    """What a row says. ``clock`` is painted anew each second, all else only when it changed."""

    key: str
    """The case's id."""
    title: str
    detail: str
    image: str
    buyer: str
    beside_buyer: str
    paid: str
    """What was paid or is to be paid; ``paid_word`` says which."""
    paid_word: str
    icon: str
    state: str
    tone: str
    why: str
    rule: str
    clock: CaseClock | None
    ticked: bool = False

    def said(self) -> str:
        """The row for who listens."""
        money = f"{self.paid_word} {self.paid}"
        parts = (self.title, self.detail, self.buyer, self.beside_buyer, money, self.state, self.why)
        ticked = t("已选") if self.ticked else ""
        return " · ".join(part for part in (ticked, *parts, self.rule) if part)


def row_of(case: CaseRow, *, ticked: bool, placed: str = "") -> ShopRow:
    """The words of a case; ``placed``: in the place of a clock, where none runs."""
    look = look_of(case)
    paid_word, paid = money_of(case)
    detail = [clean(case.sku, _LONG), f"× {case.units}" if case.units else ""]
    return ShopRow(
        key=case.case_id,
        title=clean(case.title, _LONG) or t("不认识的商品"),
        detail=" ".join(part for part in detail if part),
        image=case.image,
        buyer=clean(case.buyer, 40) or "—",
        beside_buyer=clean(case.province, 40) or _tail(case.order_id),
        paid=paid,
        paid_word=paid_word,
        icon=look.icon,
        state=clean(look.name, 40),
        tone=look.tone,
        why=clean(why_here(case), _LONG),
        rule=rule_words(case.clock) if case.clock is not None else placed or t("没有时限"),
        clock=case.clock,
        ticked=ticked,
    )


def money_of(case: CaseRow) -> tuple[str, str]:
    """What its money is, and how much: paid, still to be paid, or 「—」 where nobody told of a payment."""
    if case.due_fen is not None and not case.paid_fen:
        return t("应付"), yuan(case.due_fen)
    if case.paid_fen is not None:
        return t("实付"), yuan(case.paid_fen)
    return t("没报付款"), "—"


def share_left(clock: CaseClock, now: datetime) -> float:
    """How much of a clock is left, 0 to 1."""
    whole = (clock.due_at - clock.begins_at).total_seconds()
    left = (clock.due_at - now).total_seconds()
    return max(0.0, min(1.0, left / whole)) if whole > 0 else 0.0


def _tail(order_id: str) -> str:
    """Nothing where it is about no order."""
    return t("尾号 {tail}", tail=clean(order_id, 64)[-4:]) if order_id else ""
