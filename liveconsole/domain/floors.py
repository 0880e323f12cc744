"""After this command, which SKU with a floor can be reached below it, and how?

Every command that changes what may meet in a basket asks here, and every SKU with a floor is looked at:
what is changed need not be what is reached. One that fills a basket up lowers the prices of all the others.

A command is answerable for what it brings about: for a SKU that it brings under its floor, or further under
it. A breach that stands already blocks nothing else; it is an alarm (`standing`) until somebody ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from liveconsole.domain.kind import kind_of_spec
from liveconsole.domain.price_steps import Lowest
from liveconsole.domain.pricing import floor_of, touched
from liveconsole.domain.room import Room
from liveconsole.domain.stacking import RUNS, OffersThatMeet
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import Spec
from liveconsole.messages.wording import plain_yuan


def of_spec(room: Room, spec: Spec, *, without: str | None = None) -> Refused | None:
    """Return the refusal when a promotion could bring a SKU under its floor, were it to run.

    What it touches itself may not be under a floor at all; any other SKU not by it: compared is the room
    without the promotion. ``without``: the cue that is being judged, whose own spec is left out.
    """
    offers = kind_of_spec(spec).offers(spec)
    if not (offers.prices or offers.rules or offers.together or offers.gifts):
        return None
    own = list(touched(room, spec))
    then = OffersThatMeet(room, spec, without)
    return _first(room, then, own, set(own), lambda: OffersThatMeet(room, None, without))


def between(before: Room, after: Room, new: Collection[str] = ()) -> Refused | None:
    """Return the refusal for the first SKU that a change of the room brings under its floor.

    A floor that is raised brings no price down: what then runs under it is an alarm. ``new``: SKUs that may
    not be under their floor at all.
    """
    then = OffersThatMeet(after, None, None)
    return _first(after, then, new, set(new), lambda: OffersThatMeet(before, None, None))


def _first(
    room: Room,
    then: OffersThatMeet,
    own: Collection[str],
    strict: Collection[str],
    before: Callable[[], OffersThatMeet],
) -> Refused | None:
    stood: OffersThatMeet | None = None
    for sku_id, floor in _under(room, then, (*own, *(id_ for id_ in room.skus if id_ not in strict))):
        if sku_id not in strict:
            stood = stood or before()
            if stood.lowest_fen(sku_id) <= then.lowest_fen(sku_id):
                continue
        return Refused("below_price_floor", told(sku_id, floor, then.lowest(sku_id)))
    return None


def standing(room: Room, sku_ids: Collection[str] | None = None) -> Iterator[tuple[str, int, Lowest]]:
    """Yield every SKU on the shelf that can be had under its floor now, by what runs and what is left of what
    ran: (sku id, floor, how). ``sku_ids``: only of these."""
    now = OffersThatMeet(room, None, None, RUNS)
    for sku_id, floor in _under(room, now, room.skus if sku_ids is None else sku_ids):
        if room.products[room.skus[sku_id].product_id].on_shelf:
            yield sku_id, floor, now.lowest(sku_id)


def _under(room: Room, shop: OffersThatMeet, sku_ids: Collection[str]) -> Iterator[tuple[str, int]]:
    for sku_id in sku_ids:
        floor = floor_of(room, sku_id)
        if floor and shop.reaches_under(sku_id, floor):
            yield sku_id, floor


def told(sku_id: str, floor_fen: int, lowest: Lowest) -> dict[str, Any]:
    """Return what a refusal and an alarm say of it."""
    return {
        "sku_id": sku_id,
        "final_fen": lowest.fen,
        "floor_fen": floor_fen,
        "final": plain_yuan(lowest.fen),
        "floor": plain_yuan(floor_fen),
        "combination": lowest.combination,
        "combination_en": lowest.combination_en,
    }


def dearer_together(together_fen: int, apart_fen: int, cue_id: str | None = None) -> Refused:
    """Return the refusal of a bundle that would cost more than its goods by themselves."""
    said = {"price": plain_yuan(together_fen), "apart": plain_yuan(apart_fen)}
    return Refused("dearer_together", said | ({"cue_id": cue_id} if cue_id is not None else {}))


def dearer_than_shop(cue_id: str, sku_id: str, sale_fen: int, price_fen: int) -> Refused:
    """Return the refusal of a sale that would cost its buyers more than the shop does."""
    said = {"cue_id": cue_id, "sku_id": sku_id, "sale_fen": sale_fen, "price_fen": price_fen}
    said |= {"sale": plain_yuan(sale_fen), "price": plain_yuan(price_fen)}
    return Refused("dearer_than_shop", said)
