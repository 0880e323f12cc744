"""A kind of promotion that the program does not have: units of one SKU at a price, the door open for so long.

All that a kind is stands in this module, in `made_up_words`, and at the desk in `tests.ui.made_up_shown` and
`tests.ui.made_up_form`; no rule, view, panel or file knows of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from msgspec import Struct

from liveconsole.domain import fire, floors, stock
from liveconsole.domain.context import Fold, Rule
from liveconsole.domain.kind import Offers, UnitPrice
from liveconsole.domain.kinds import plain
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.messages.fields import Fen, Id, Quantity, Seconds
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import DoneAs


class DoorSpec(Struct, frozen=True, tag_field="kind", tag="early_door"):
    done_as: ClassVar[DoneAs] = "sales"
    assistant_may_stop: ClassVar[bool] = True
    sku_id: Id
    price_fen: Fen
    quantity: Quantity
    seconds: Seconds


NAME: Final = "early_door"
SPEC: Final = DoorSpec
RETIRED: Final = False
DONE_AS: Final = DoorSpec.done_as
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
BY_NAME: Final = False


def check(room: Room, spec: DoorSpec, *, without: str | None = None) -> list[Refused]:
    if spec.sku_id not in room.skus:
        return [Refused("unknown_sku", {"sku_id": spec.sku_id})]
    breach = floors.of_spec(room, spec, without=without)  # type: ignore[arg-type]
    return [breach] if breach is not None else []


def cannot_start(room: Room, cue: Cue, spec: DoorSpec, now: datetime) -> Refused | None:
    free = stock.available(room, spec.sku_id, without=cue.cue_id)
    if spec.quantity > free:
        return Refused("over_stock", {"sku_id": spec.sku_id, "quantity": spec.quantity, "available": free})
    return fire.off_shelf(room, sorted(goods(room, spec)))


def goods(room: Room, spec: DoorSpec) -> set[str]:
    return {room.skus[spec.sku_id].product_id}


def offers(spec: DoorSpec) -> Offers:
    return Offers([UnitPrice(spec.sku_id, spec.price_fen, 1)], words=("早鸟", "early door"))


def per_buyer(spec: DoorSpec) -> int:
    return 1


def exposure_fen(room: Room, spec: DoorSpec) -> int:
    return max(0, room.skus[spec.sku_id].price_fen - spec.price_fen) * spec.quantity


def shape(cue: Cue) -> None:
    assert isinstance(cue.spec, DoorSpec)
    cue.sale = {cue.spec.sku_id: SaleCount(cue.spec.quantity, cue.spec.price_fen)}


by_hand = plain.by_hand
makes_way, seconds, promises = plain.makes_way, plain.seconds, plain.promises
due, time_up, follow = plain.due, plain.time_up, plain.follow
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, cannot_buy = plain.void_when_restored, plain.cannot_buy
again, gives, outlasts = plain.again, plain.gives, plain.outlasts
logged, folded = plain.logged, plain.folded
fitted, rows = plain.fitted, plain.rows
valid_for, waits, lighter = plain.valid_for, plain.waits, plain.lighter
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = {}
