"""讲解 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import PinSpec
from liveconsole.views.kinds import pin as words
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import about, said

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "accent"
ICON: Final = "kind-pin"
PRICES: Final = False
NAMED: Final = False
STOP_TELLS_WHY: Final = False
MEASURED: Final = ()


def goods(terms: PinSpec, owner: Mapping[str, str]) -> list[str]:
    return [terms.product_id]


def title(terms: PinSpec, room: Shop) -> str:
    number, thing = room.numbers.get(terms.product_id), room.title(terms.product_id)
    return f"{said(TITLE)} {t('{n} 号', n=number)} {thing}" if number else f"{said(TITLE)} {thing}"


def short(terms: PinSpec, room: Shop) -> str:
    return f"{said(TITLE)} {about([terms.product_id], room)}"


outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
planned = short
untold, names_typed, several, unit_prices = plain.untold, plain.names_typed, plain.several, plain.unit_prices
detail, counts, left, heed, feed_about = plain.detail, plain.counts, plain.left, plain.heed, plain.feed_about
at_most, given, unpriced = plain.at_most, plain.given, plain.unpriced
unit_price, unit_left = plain.unit_price, plain.unit_left
