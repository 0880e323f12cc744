"""The desk's part of `tests.unit.made_up_kind`; its form is `made_up_form`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.state import CueState
from liveconsole.views.money import yuan_short
from tests.unit import made_up_words as words
from tests.unit.made_up_kind import DoorSpec
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import about, number, said

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "ok"
ICON: Final = "clock"
PRICES: Final = True
NAMED: Final = False
STOP_TELLS_WHY: Final = True
MEASURED: Final = ("sold",)


def untold(cue: CueState) -> bool:
    return cue.sold is None


def goods(terms: DoorSpec, owner: Mapping[str, str]) -> list[str]:
    return [owner.get(terms.sku_id, terms.sku_id)]


def unit_prices(terms: DoorSpec) -> list[int]:
    return [terms.price_fen]


def title(terms: DoorSpec, room: Shop) -> str:
    return f"{said(TITLE)} {room.title(terms.sku_id)} {yuan_short(terms.price_fen)}"


def short(terms: DoorSpec, room: Shop) -> str:
    return f"{said(TITLE)} {about(room.products_in(NAME, terms), room)}"  # type: ignore[arg-type]


def detail(terms: DoorSpec) -> str:
    return f"{terms.quantity} 件，先到先得"


def counts(cue: CueState, terms: DoorSpec) -> list[str]:
    return [f"进门 {number(cue.sold)} / {terms.quantity}"]


def heed(cue: CueState) -> str:
    return "门里满了" if cue.left == 0 else ""


def unit_price() -> str:
    return "早鸟价"


outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
planned = short
names_typed, several, left, feed_about = plain.names_typed, plain.several, plain.left, plain.feed_about
at_most, given, unpriced, unit_left = plain.at_most, plain.given, plain.unpriced, plain.unit_left
