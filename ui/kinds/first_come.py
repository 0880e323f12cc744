"""接龙 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import FirstComeSpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import first_come as words
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "first_come"
ICON: Final = "kind-first-come"
PRICES: Final = True
NAMED: Final = True
STOP_TELLS_WHY: Final = False
MEASURED: Final = ()

_NAMED: Final = 3
"""How many of those who came last are named on a card."""


def goods(terms: FirstComeSpec, owner: Mapping[str, str]) -> list[str]:
    return [owner.get(terms.sku_id, terms.sku_id)] if terms.sku_id is not None else []


def unit_prices(terms: FirstComeSpec) -> list[int]:
    return [terms.price_fen] if terms.price_fen is not None else []


def title(terms: FirstComeSpec, room: Shop) -> str:
    line = f"{said(TITLE)} {t('扣“{word}”', word=clean(terms.keyword, 40))} × {terms.places}"
    if terms.sku_id is None or terms.price_fen is None:
        return line
    return f"{line} {room.title(terms.sku_id)} {yuan_short(terms.price_fen)}"


def short(terms: FirstComeSpec, room: Shop) -> str:
    price = f" {yuan_short(terms.price_fen)}" if terms.price_fen is not None else ""
    return f"{said(TITLE)}「{clean(terms.keyword, 40)}」{price}"


def detail(terms: FirstComeSpec) -> str:
    parts = [t("前 {n} 位", n=number(terms.places)), t("按评论先后"), span(terms.seconds)]
    if terms.sku_id is not None:
        parts.append(t("每人一件"))
    return " · ".join(parts)


def counts(cue: CueState, terms: FirstComeSpec) -> list[str]:
    found = [t("{n} / {of} 位", n=len(cue.places), of=number(terms.places))]
    if cue.waiting:
        found.append(t("候补 {n}", n=number(cue.waiting)))
    if terms.sku_id is not None:
        found.append(t("已买 {n}", n=number(cue.sold)))
    if cue.places:
        last = t("、").join(clean(place.name or "—", 16) for place in cue.places[-_NAMED:])
        found.append(t("最近 {names}", names=last))
    return found


def outcome(cue: CueState) -> list[str]:
    terms = cue.terms
    if not isinstance(terms, FirstComeSpec) or cue.on_air_at is None:
        return []
    found = [t("{n} / {of} 位", n=len(cue.places), of=number(terms.places))]
    if cue.draw is not None and cue.draw.receipt_code:
        found.append(t("收据 {code}", code=cue.draw.receipt_code))
    return found


def left(cue: CueState) -> tuple[str, str]:
    """Places that nobody has yet."""
    terms = cue.terms
    if not isinstance(terms, FirstComeSpec):
        return plain.left(cue)
    free = terms.places - len(cue.places)
    return (t("剩 {n} 位", n=number(free)), "fg0") if free else (t("满了"), "live")


def heed(cue: CueState) -> str:
    """What to say and to pin, until somebody came; no phone is pressed for it."""
    terms = cue.terms
    if cue.places or not isinstance(terms, FirstComeSpec):
        return ""
    return t("口播并置顶评论：扣“{word}”", word=clean(terms.keyword, 40))


def unit_price() -> str:
    return t("接龙价")


planned = short
untold, names_typed, several = plain.untold, plain.names_typed, plain.several
prize_of, claim_of, feed_about = plain.prize_of, plain.claim_of, plain.feed_about
at_most, given, unpriced, unit_left = plain.at_most, plain.given, plain.unpriced, plain.unit_left
