"""组合价 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import BundleSpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import bundle as words
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import about, number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "bundle"
ICON: Final = "kind-bundle"
PRICES: Final = True
NAMED: Final = False
STOP_TELLS_WHY: Final = False
MEASURED: Final = ("sold", "left")


def untold(cue: CueState) -> bool:
    return cue.left is None


def goods(terms: BundleSpec, owner: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(owner.get(item.sku_id, item.sku_id) for item in terms.items))


def several(terms: BundleSpec) -> bool:
    return len(terms.items) > 1


def title(terms: BundleSpec, room: Shop) -> str:
    names = [clean(room.title(item.sku_id), 30) for item in terms.items[:2]]
    more = t(" 等 {n} 样", n=len(terms.items)) if len(terms.items) > 2 else ""
    return f"{said(TITLE)} {' + '.join(names)}{more} {yuan_short(terms.price_fen)}"


def short(terms: BundleSpec, room: Shop) -> str:
    return f"{said(TITLE)} {yuan_short(terms.price_fen)} · {about(room.products_in(NAME, terms), room)}"


def planned(terms: BundleSpec, room: Shop) -> str:
    return f"{said(TITLE)} {yuan_short(terms.price_fen)}×{terms.quantity}"


def detail(terms: BundleSpec) -> str:
    units = sum(item.quantity for item in terms.items)
    parts = [t("一套 {n} 件", n=units), t("{n} 套", n=terms.quantity)]
    return " · ".join([*parts, t("每人 {n} 套", n=terms.per_buyer), span(terms.seconds)])


def counts(cue: CueState, terms: BundleSpec) -> list[str]:
    found = [
        t("已售 {n} / {of} 套", n=number(cue.sold), of=number(terms.quantity)),
        t("待付款 {n} 套", n=number(cue.held)),
    ]
    if cue.oversold:
        found.insert(0, t("超卖 {n}", n=number(cue.oversold)))
    return found


def left(cue: CueState) -> tuple[str, str]:
    if cue.left == 0:
        return t("没了"), "live"
    return t("剩 {n} 套", n=number(cue.left)), "fg0"


def heed(cue: CueState) -> str:
    return t("抢光，待付款的可能退回") if cue.left == 0 else ""


feed_about = plain.feed_about
names_typed, unit_prices, unpriced = plain.names_typed, plain.unit_prices, plain.unpriced
outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
at_most, given, unit_price, unit_left = plain.at_most, plain.given, plain.unit_price, plain.unit_left
