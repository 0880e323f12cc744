"""砍价: a price for a buyer whom enough others have helped. It has no number of units of its own: it sells of
what the shop has, and sets nothing aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from liveconsole.domain import given, helping, one_sku
from liveconsole.domain.context import Context, Fold, Rule
from liveconsole.domain.fire import RUNNING
from liveconsole.domain.kind import BySku, Given, Offers, UnitPrice
from liveconsole.domain.kinds import plain
from liveconsole.domain.late import tonight
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.domain.room_people import Helped
from liveconsole.messages.commands import OrderRequest
from liveconsole.messages.envelope import Event
from liveconsole.messages.facts import BargainHelped
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import BargainSpec

NAME: Final = "bargain"
SPEC: Final = BargainSpec
RETIRED: Final = False
DONE_AS: Final = BargainSpec.done_as
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

_MOST: Final = 1_000_000


def check(room: Room, spec: BargainSpec, *, without: str | None = None) -> list[Refused]:
    return one_sku.check(room, spec, 1, without=without)


def by_hand(spec: BargainSpec) -> str:
    """Leave it to a person: no shop's interface that we know makes one."""
    return "bargain_by_hand"


def cannot_start(room: Room, cue: Cue, spec: BargainSpec, now: datetime) -> Refused | None:
    return one_sku.cannot_start(room, cue.cue_id, spec, 1, _free(room, cue, spec, now))


def _free(room: Room, cue: Cue, spec: BargainSpec, now: datetime) -> int:
    later = cue.at is not None and cue.at > now
    return one_sku.free(room, spec.sku_id, later=later, without=cue.cue_id or None)


def rows(room: Room, cue: Cue, now: datetime) -> BySku | None:
    spec = cue.spec
    assert isinstance(spec, BargainSpec)
    return one_sku.rows(room, spec, 1, _free(room, cue, spec, now), without=cue.cue_id or None)


def again(room: Room, cue: Cue) -> dict[str, Any] | Refused:
    assert isinstance(cue.spec, BargainSpec)
    if one_sku.free(room, cue.spec.sku_id, later=False, without=None):
        return dict(cue.spec_sent)
    return Refused("over_stock", {"sku_id": cue.spec.sku_id, "quantity": 1, "available": 0})


def goods(room: Room, spec: BargainSpec) -> set[str]:
    return one_sku.goods(room, spec)


def offers(spec: BargainSpec) -> Offers:
    return Offers([UnitPrice(spec.sku_id, spec.price_fen, spec.per_buyer)], words=("砍价", "bargain"))


def cannot_buy(room: Room, cue: Cue, order: OrderRequest, ctx: Context) -> Refused | None:
    return helping.not_reached(cue, order.buyer.id)


def per_buyer(spec: BargainSpec) -> int:
    return spec.per_buyer


def exposure_fen(room: Room, spec: Any) -> int:
    """Count every unit that there is: nothing else bounds it."""
    sku = room.skus.get(spec.sku_id)
    return one_sku.off_fen(room, spec) * (sku.free if sku is not None else 0)


def gives(room: Room, cue: Cue, now: datetime) -> Given:
    """Of one that runs, what it gave and every unit that is still there."""
    found = given.counted(room, cue)
    if cue.status not in RUNNING:
        return found
    return replace(found, most_fen=found.given_fen + found.held_fen + exposure_fen(room, cue.spec))


def shape(cue: Cue) -> None:
    spec = cue.spec
    assert isinstance(spec, BargainSpec)
    cue.sale = {spec.sku_id: SaleCount(_MOST, spec.price_fen, set_aside=False)}
    cue.helped = Helped(spec.friends)


def lighter(cue: Cue) -> Cue:
    """Drop who helped whom: that is asked while it runs."""
    return replace(cue, buyers={}, helped=None)


def _helped(room: Room, data: BargainHelped, event: Event) -> None:
    cue = room.cues.get(data.cue_id)
    if cue is not None and isinstance(cue.spec, BargainSpec):
        helping.help_on(room, data.cue_id, data.viewer.id, data.for_.id, most=cue.spec.friends)


makes_way, seconds, promises = plain.makes_way, plain.seconds, plain.promises
due, time_up, follow = plain.due, plain.time_up, plain.follow
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, fitted = plain.void_when_restored, plain.fitted
outlasts, logged, folded = plain.outlasts, plain.logged, plain.folded
valid_for, waits = plain.valid_for, plain.waits
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = {"bargain.helped": tonight(_helped)}
