"""拼团 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import GroupBuySpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import group_buy as words
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import about, number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "group_buy"
ICON: Final = "kind-group-buy"
PRICES: Final = True
NAMED: Final = False
STOP_TELLS_WHY: Final = False
MEASURED: Final = ("sold", "left")


def untold(cue: CueState) -> bool:
    return cue.sold is None


def goods(terms: GroupBuySpec, owner: Mapping[str, str]) -> list[str]:
    return [owner.get(terms.sku_id, terms.sku_id)]


def unit_prices(terms: GroupBuySpec) -> list[int]:
    """None that everybody has: it is for groups alone."""
    return []


def title(terms: GroupBuySpec, room: Shop) -> str:
    price, size = yuan_short(terms.price_fen), terms.size
    return f"{said(TITLE)} {room.title(terms.sku_id)} {price} · " + t("{n} 人团", n=size)


def short(terms: GroupBuySpec, room: Shop) -> str:
    return f"{said(TITLE)} {yuan_short(terms.price_fen)} · {about(room.products_in(NAME, terms), room)}"


def planned(terms: GroupBuySpec, room: Shop) -> str:
    return f"{said(TITLE)} {yuan_short(terms.price_fen)}×" + t("{n} 团", n=terms.groups)


def detail(terms: GroupBuySpec) -> str:
    parts = [
        t("{n} 人成团", n=terms.size),
        t("最多 {n} 团", n=terms.groups),
        t("每人 {n} 件", n=terms.per_buyer),
        span(terms.seconds),
    ]
    return " · ".join(parts)


def counts(cue: CueState, terms: GroupBuySpec) -> list[str]:
    groups = cue.groups
    found = [
        t("成团 {n} / {of}", n=number(groups.filled if groups else None), of=terms.groups),
        t("等人 {n}", n=number(groups.joined if groups else None)),
        t("已售 {n}", n=number(cue.sold)),
        t("待付款 {n}", n=number(cue.held)),
    ]
    if cue.oversold:
        found.insert(0, t("超卖 {n}", n=number(cue.oversold)))
    return found


def left(cue: CueState) -> tuple[str, str]:
    """Places, which is what a viewer can have of it."""
    if cue.groups is None:
        return plain.left(cue)
    if not cue.groups.places:
        return t("都满了"), "live"
    return t("余 {n} 位", n=number(cue.groups.places)), "fg0"


def heed(cue: CueState) -> str:
    waits = cue.groups is not None and cue.groups.joined > 0
    return t("没成团的到点退") if waits else ""


def unit_price() -> str:
    return t("拼团价")


def unit_left(*, told: bool) -> str:
    return t("拼团余量") if told else t("拼团余量 · 平台没有报")


names_typed, several, feed_about = plain.names_typed, plain.several, plain.feed_about
outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
at_most, given, unpriced = plain.at_most, plain.given, plain.unpriced
