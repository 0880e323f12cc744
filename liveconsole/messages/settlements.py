"""What an evening brings, as ``GET /v1/settlement`` tells it. In 分; None is not known, and says why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from msgspec import Struct

WHY: Final[dict[str, tuple[str, str]]] = {
    "no_orders_told": ("没有订单来源，不知道卖了多少", "No source tells of orders"),
    "no_category": (
        "{n} 件商品没有类目，不知道扣多少：在商品表里补上「类目」",
        "{n} lines without a category: nobody knows the fee; say it in the catalogue",
    ),
    "unknown_category": (
        "费率表里没有「{names}」：在 fees.toml 里写上",
        "The fee table has no {names}: write it in fees.toml",
    ),
    "no_payout_fee": (
        "没写提现手续费：在 fees.toml 里写上",
        "The fee of a payout is not said: write it in fees.toml",
    ),
    "no_parts": ("还没写谁分多少", "Nobody has said who gets which part"),
    "sum_unknown": ("总数还不知道，分不了", "The sum is not known: it cannot be shared out"),
    "bad_file": ("费率表用不了：{detail}", "The fee table cannot be used: {detail}"),
}
"""Why there is no number, in Chinese and English, by its code."""


class SettlementWhy(Struct, frozen=True, omit_defaults=True):
    """A code of `WHY` and what its sentence takes."""

    code: str
    params: dict[str, Any] = {}

    def said(self, *, english: bool) -> str:
        return WHY[self.code][english].format(**self.params)


class FeeTold(Struct, frozen=True, omit_defaults=True):
    """One category of what is not settled yet. Rates in percent, as text; the deposit is held, and no fee."""

    zh: str
    en: str
    low_percent: str
    high_percent: str
    base_fen: int
    low_fen: int
    high_fen: int
    source: str = ""
    deposit_low_fen: int | None = None
    deposit_high_fen: int | None = None


class PartTold(Struct, frozen=True):
    """``who`` empty: the rest, which is the shop's. The parts add up to the sum, at both ends."""

    who: str
    percent: str
    low_fen: int
    high_fen: int


class SettlementTold(Struct, frozen=True):
    """``low_fen`` and ``high_fen``: what the evening brings; the same once everything is settled. Both None
    with a ``why`` where somebody's word is missing; ``known_low_fen`` and ``known_high_fen`` are then of the
    orders for which it is not."""

    broadcast: int
    title: str
    opened_at: datetime
    simulated: bool
    at: datetime
    orders: int | None
    settled: int | None
    unpaid: int | None
    """Orders that nobody has paid: they are in no sum."""
    paid_fen: int | None
    refund_fen: int | None
    asked_back_fen: int | None
    commission_fen: int | None
    low_fen: int | None
    high_fen: int | None
    known_low_fen: int | None
    known_high_fen: int | None
    unknown_orders: int
    unknown_fen: int
    why: list[SettlementWhy]
    fees: list[FeeTold]
    payout: tuple[str, str] | None
    """In percent."""
    table: str
    """Whose fees they are."""
    checked: date | None
    """When the table was held against its sources."""
    parts: list[PartTold]
    parts_since: date | None
    parts_why: SettlementWhy | None
