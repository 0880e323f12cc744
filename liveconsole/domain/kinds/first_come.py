"""扣1接龙: so many places for who says a word first, each with one unit at a price where it names a SKU."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from liveconsole.domain import fire, first_comers, floors, stock
from liveconsole.domain.context import Context, Fold, Rule
from liveconsole.domain.kind import Fitted, Offers, UnitPrice
from liveconsole.domain.kinds import plain
from liveconsole.domain.kinds.flash_sale.by_sku import above_shop
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.domain.room_plays import PlaceList
from liveconsole.messages.commands import OrderRequest
from liveconsole.messages.draws import DrawPromise
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.events import CueOnAir
from liveconsole.messages.plays import PlacesClosed
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import FirstComeSpec

NAME: Final = "first_come"
SPEC: Final = FirstComeSpec
RETIRED: Final = False
DONE_AS: Final = FirstComeSpec.done_as
BENEFIT: Final = True
HANDS_OUT: Final = False
DISCOUNTS: Final = True
ARMED: Final = True
RECALLABLE: Final = True
KEYED: Final = True
SILENCE: Final = plain.SILENCE
GOES_ON: Final = False
CLOSES: Final = False
NEEDS_SHELF: Final = True
BY_NAME: Final = True


def check(room: Room, spec: FirstComeSpec, *, without: str | None = None) -> list[Refused]:
    """Return what is wrong with the spec alone, in the contract's order."""
    found: list[Refused] = []
    if first_comers.is_empty(spec):
        found.append(Refused("bad_spec", {"detail": "keyword：口令里没有可比对的字"}))
    if spec.sku_id is None or spec.price_fen is None:
        return found
    sku = room.skus.get(spec.sku_id)
    if sku is None:
        return [*found, Refused("unknown_sku", {"sku_id": spec.sku_id})]
    if spec.price_fen > sku.price_fen:
        found.append(above_shop(spec.sku_id))
    if (breach := floors.of_spec(room, spec, without=without)) is not None:
        found.append(breach)
    if spec.places > max(0, sku.on_hand):
        found.append(_over_stock(spec, max(0, sku.on_hand)))
    return found


def _over_stock(spec: FirstComeSpec, available: int) -> Refused:
    return Refused("over_stock", {"sku_id": spec.sku_id, "quantity": spec.places, "available": available})


def cannot_start(room: Room, cue: Cue, spec: FirstComeSpec, now: datetime) -> Refused | None:
    if spec.sku_id is None or spec.price_fen is None:
        return None
    sku = room.skus.get(spec.sku_id)
    if sku is None:
        return Refused("unknown_sku", {"sku_id": spec.sku_id})
    if (refused := fire.off_shelf(room, [sku.product_id])) is not None:
        return refused
    if spec.price_fen > sku.price_fen:
        return floors.dearer_than_shop(cue.cue_id, spec.sku_id, spec.price_fen, sku.price_fen)
    if (breach := floors.of_spec(room, spec, without=cue.cue_id)) is not None:
        return breach
    free = _free(room, cue, spec.sku_id, now)
    return _over_stock(spec, free) if spec.places > free else None


def _free(room: Room, cue: Cue, sku_id: str, now: datetime) -> int:
    if cue.at is not None and cue.at > now:
        return stock.free(room, sku_id)
    return stock.available(room, sku_id, without=cue.cue_id)


def fitted(room: Room, cue: Cue, now: datetime) -> Fitted | None:
    """Take as many places as there are units left."""
    spec = cue.spec
    assert isinstance(spec, FirstComeSpec)
    if spec.sku_id is None or spec.sku_id not in room.skus:
        return None
    free = _free(room, cue, spec.sku_id, now)
    if not 0 < free < spec.places:
        return None
    return Fitted({**cue.spec_sent, "places": free}, free, _over_stock(spec, free))


def goods(room: Room, spec: FirstComeSpec) -> set[str]:
    return {room.skus[spec.sku_id].product_id} if spec.sku_id in room.skus else set()


def again(room: Room, cue: Cue) -> dict[str, Any] | Refused:
    """No more places than there are units."""
    spec = cue.spec
    assert isinstance(spec, FirstComeSpec)
    if spec.sku_id is None:
        return dict(cue.spec_sent)
    free = stock.available(room, spec.sku_id) if spec.sku_id in room.skus else 0
    if not free:
        return _over_stock(spec, 0)
    return {**cue.spec_sent, "places": min(spec.places, free)}


# On air ---------------------------------------------------------------------------------------------


def promises(room: Room, cue: Cue, ctx: Context, *, closes: datetime | None) -> DrawPromise | None:
    assert isinstance(cue.spec, FirstComeSpec)
    return first_comers.promise(room, cue, cue.spec, ctx)


def follow(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    return first_comers.come(room, facts, ctx)


def due(cue: Cue) -> datetime | None:
    """Return its end; of one that has ended, that its receipt is owed now."""
    if cue.status == "ended" and cue.places is not None and cue.places.promise is not None:
        return cue.ended_at if not cue.places.receipt_code else None
    return plain.due(cue)


def time_up(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    if cue.status == "ended" and (receipt := first_comers.receipt(cue)) is not None:
        return [ctx.event("places.closed", PlacesClosed(cue.cue_id, receipt))]
    return plain.time_up(room, cue, ctx)


def cannot_buy(room: Room, cue: Cue, order: OrderRequest, ctx: Context) -> Refused | None:
    if first_comers.has_place(cue, order.buyer.id):
        return None
    return Refused("not_in_list", {"cue_id": cue.cue_id})


# Money ----------------------------------------------------------------------------------------------


def offers(spec: FirstComeSpec) -> Offers:
    if spec.sku_id is None or spec.price_fen is None:
        return Offers()
    return Offers([UnitPrice(spec.sku_id, spec.price_fen, 1)], words=FirstComeSpec.title)


def per_buyer(spec: FirstComeSpec) -> int:
    return 1


def exposure_fen(room: Room, spec: FirstComeSpec) -> int:
    if spec.sku_id not in room.skus or spec.price_fen is None:
        return 0
    return max(0, room.skus[spec.sku_id].price_fen - spec.price_fen) * spec.places


# The fold -------------------------------------------------------------------------------------------


def shape(cue: Cue) -> None:
    assert isinstance(cue.spec, FirstComeSpec)
    cue.places = PlaceList()
    if cue.spec.sku_id is not None and cue.spec.price_fen is not None:
        cue.sale = {cue.spec.sku_id: SaleCount(cue.spec.places, cue.spec.price_fen)}


def folded(room: Room, cue: Cue, event: Event) -> None:
    """The promise comes with its start."""
    if isinstance(event.data, CueOnAir) and cue.places is not None and event.data.draw is not None:
        cue.places.promise = event.data.draw
        cue.places.source = event.data.draw.rules["entry"].get("source", "")


by_hand, makes_way, seconds = plain.by_hand, plain.makes_way, plain.seconds
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, rows = plain.void_when_restored, plain.rows
gives, outlasts, logged = plain.gives, plain.outlasts, plain.logged
valid_for, waits, lighter = plain.valid_for, plain.waits, plain.lighter
COMMANDS: Final[dict[str, Rule]] = {"place.free": first_comers.free}
FOLDS: Final[dict[str, Fold]] = {
    "places.taken": first_comers.taken,
    "place.freed": first_comers.freed,
    "places.closed": first_comers.closed,
}
