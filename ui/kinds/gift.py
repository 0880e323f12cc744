"""买赠 and 满赠 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import GiftSpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import gift as words
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import about, number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "gift"
ICON: Final = "kind-gift"
PRICES: Final = True
NAMED: Final = False
STOP_TELLS_WHY: Final = False
MEASURED: Final = ("sold", "left")


def untold(cue: CueState) -> bool:
    return cue.left is None


def goods(terms: GiftSpec, owner: Mapping[str, str]) -> list[str]:
    """What brings it, and the gift last."""
    gift = owner.get(terms.gift.sku_id, terms.gift.sku_id)
    return list(dict.fromkeys([*(terms.buy.product_ids or ()), gift]))


def several(terms: GiftSpec) -> bool:
    return True


def _buy(terms: GiftSpec, room: Shop | None = None) -> str:
    if terms.buy.threshold_fen is not None:
        return t("满 {money}", money=yuan_short(terms.buy.threshold_fen))
    goods_ = about(terms.buy.product_ids or [], room) if room is not None else ""
    return t("买 {goods} {n} 件", goods=goods_, n=terms.buy.units)


def title(terms: GiftSpec, room: Shop) -> str:
    gift = clean(room.title(terms.gift.sku_id), 30)
    more = f" × {terms.gift.quantity}" if terms.gift.quantity > 1 else ""
    return t("{buy} 送 {gift}", buy=_buy(terms, room), gift=gift + more)


def short(terms: GiftSpec, room: Shop) -> str:
    return f"{said(TITLE)} {clean(room.title(terms.gift.sku_id), 30)}"


planned = short


def detail(terms: GiftSpec) -> str:
    parts = [t("{n} 份", n=terms.quantity), t("每人 {n} 份", n=terms.per_buyer), span(terms.seconds)]
    return " · ".join(parts)


def counts(cue: CueState, terms: GiftSpec) -> list[str]:
    found = [
        t("已送 {n} / {of}", n=number(cue.sold), of=number(terms.quantity)),
        t("待付款 {n}", n=number(cue.held)),
    ]
    if cue.oversold:
        found.insert(0, t("超送 {n}", n=number(cue.oversold)))
    return found


def left(cue: CueState) -> tuple[str, str]:
    if cue.left == 0:
        return t("送完了"), "live"
    return t("剩 {n} 份", n=number(cue.left)), "fg0"


def heed(cue: CueState) -> str:
    return t("送完了，待付款的可能退回") if cue.left == 0 else ""


feed_about = plain.feed_about
names_typed, unit_prices, unpriced = plain.names_typed, plain.unit_prices, plain.unpriced
outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
at_most, given, unit_price, unit_left = plain.at_most, plain.given, plain.unit_price, plain.unit_left
