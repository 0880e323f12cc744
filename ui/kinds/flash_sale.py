"""秒杀 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import FlashSaleSpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import flash_sale as words
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import about, number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "flash"
ICON: Final = "kind-flash"
PRICES: Final = True
NAMED: Final = False
STOP_TELLS_WHY: Final = False
MEASURED: Final = ("sold", "left")


def untold(cue: CueState) -> bool:
    return any(sku.left is None for sku in cue.skus)


def goods(terms: FlashSaleSpec, owner: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(owner.get(sku.sku_id, sku.sku_id) for sku in terms.skus))


def several(terms: FlashSaleSpec) -> bool:
    return len(terms.skus) > 1


def unit_prices(terms: FlashSaleSpec) -> list[int]:
    return [sku.price_fen for sku in terms.skus]


def title(terms: FlashSaleSpec, room: Shop) -> str:
    first = terms.skus[0]
    line = f"{said(TITLE)} {room.title(first.sku_id)} {yuan_short(first.price_fen)} × {first.quantity}"
    return line + (t(" 等 {n} 个规格", n=len(terms.skus)) if len(terms.skus) > 1 else "")


def short(terms: FlashSaleSpec, room: Shop) -> str:
    asked = sorted(set(unit_prices(terms)))
    more = "+" if len(asked) > 1 else ""
    return f"{said(TITLE)} {yuan_short(asked[0])}{more} · {about(room.products_in(NAME, terms), room)}"


def planned(terms: FlashSaleSpec, room: Shop) -> str:
    units = sum(sku.quantity for sku in terms.skus)
    return f"{said(TITLE)} {yuan_short(terms.skus[0].price_fen)}×{units}"


def detail(terms: FlashSaleSpec) -> str:
    parts = [t("每人 {n} 件", n=terms.per_buyer), span(terms.seconds)]
    if terms.via == "price":
        parts.append(t("改价，结束要改回"))
    return " · ".join(parts)


def counts(cue: CueState, terms: FlashSaleSpec) -> list[str]:
    found = [
        t("已售 {n}", n=number(cue.sold)),
        t("待付款 {n}", n=number(cue.held)),
        # Not on the log: an engine that was started again has counted only since then.
        t("没抢到 {n}+" if cue.refused_since else "没抢到 {n}", n=number(_turned_away(cue))),
    ]
    if cue.oversold:
        found.insert(0, t("超卖 {n}", n=number(cue.oversold)))
    return found


def _turned_away(cue: CueState) -> int | None:
    """Who decides the orders knows; where the platform does, nobody tells of those who got none."""
    return cue.refused_count if cue.held is not None or cue.refused_count else None


def heed(cue: CueState) -> str:
    return t("抢光，待付款的可能退回") if cue.left == 0 else ""


def feed_about(about: str) -> str:
    return t("{numbers} 号", numbers=about) if about and about[0].isdigit() else about


def unit_price() -> str:
    return t("秒杀价")


def unit_left(*, told: bool) -> str:
    return t("秒杀余量") if told else t("秒杀余量 · 平台没有报")


names_typed, left, unpriced = plain.names_typed, plain.left, plain.unpriced
outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
at_most, given = plain.at_most, plain.given
