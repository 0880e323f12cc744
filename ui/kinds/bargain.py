"""砍价 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import BargainSpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import bargain as words
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import about, number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "bargain"
ICON: Final = "kind-bargain"
PRICES: Final = True
NAMED: Final = False
STOP_TELLS_WHY: Final = False
MEASURED: Final = ("sold",)


def untold(cue: CueState) -> bool:
    return cue.sold is None


def goods(terms: BargainSpec, owner: Mapping[str, str]) -> list[str]:
    return [owner.get(terms.sku_id, terms.sku_id)]


def unit_prices(terms: BargainSpec) -> list[int]:
    """None that everybody has: it is for those who were helped."""
    return []


def title(terms: BargainSpec, room: Shop) -> str:
    price, friends = yuan_short(terms.price_fen), terms.friends
    return f"{said(TITLE)} {room.title(terms.sku_id)} {price} · " + t("{n} 人帮砍", n=friends)


def short(terms: BargainSpec, room: Shop) -> str:
    return f"{said(TITLE)} {yuan_short(terms.price_fen)} · {about(room.products_in(NAME, terms), room)}"


def planned(terms: BargainSpec, room: Shop) -> str:
    return f"{said(TITLE)} {yuan_short(terms.price_fen)}"


def detail(terms: BargainSpec) -> str:
    parts = [t("{n} 人帮砍", n=terms.friends), t("每人 {n} 件", n=terms.per_buyer), span(terms.seconds)]
    return " · ".join(parts)


def counts(cue: CueState, terms: BargainSpec) -> list[str]:
    helped = cue.helped
    found = [
        t("砍成 {n}", n=number(helped.reached if helped else None)),
        t("在砍 {n}", n=number(helped.people - helped.reached if helped else None)),
        t("已售 {n}", n=number(cue.sold)),
        t("待付款 {n}", n=number(cue.held)),
    ]
    if cue.oversold:
        found.insert(0, t("超卖 {n}", n=number(cue.oversold)))
    return found


def left(cue: CueState) -> tuple[str, str]:
    """It has no number of its own: what was reached is what there is to say."""
    if cue.helped is None:
        return t("砍成 {n}", n=number(None)), "fg0"
    return t("砍成 {n}", n=number(cue.helped.reached)), "fg0"


def heed(cue: CueState) -> str:
    return t("人太多，后来的没记") if cue.helped is not None and cue.helped.beyond else ""


def unit_price() -> str:
    return t("砍到")


def unit_left(*, told: bool) -> str:
    return t("砍价不限量")


names_typed, several, feed_about = plain.names_typed, plain.several, plain.feed_about
outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
at_most, given, unpriced = plain.at_most, plain.given, plain.unpriced
