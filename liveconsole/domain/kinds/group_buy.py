"""拼团: a price for several buyers together. Who stands in which group, and what becomes of the orders of one
that is not full in time, is `groups`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from liveconsole.domain import groups, one_sku
from liveconsole.domain.context import Context, Fold, Rule
from liveconsole.domain.kind import BySku, Fitted, Offers, UnitPrice
from liveconsole.domain.kinds import plain
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.domain.room_people import BuyerGroups
from liveconsole.messages.commands import OrderRequest
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import GroupBuySpec

NAME: Final = "group_buy"
SPEC: Final = GroupBuySpec
RETIRED: Final = False
DONE_AS: Final = GroupBuySpec.done_as
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


def check(room: Room, spec: GroupBuySpec, *, without: str | None = None) -> list[Refused]:
    return one_sku.check(room, spec, spec.quantity, without=without)


def by_hand(spec: GroupBuySpec) -> str:
    """Leave it to a person: no shop's interface that we know makes one."""
    return "group_by_hand"


def cannot_start(room: Room, cue: Cue, spec: GroupBuySpec, now: datetime) -> Refused | None:
    return one_sku.cannot_start(room, cue.cue_id, spec, spec.quantity, _free(room, cue, spec, now))


def _free(room: Room, cue: Cue, spec: GroupBuySpec, now: datetime) -> int:
    later = cue.at is not None and cue.at > now
    return one_sku.free(room, spec.sku_id, later=later, without=cue.cue_id or None)


def rows(room: Room, cue: Cue, now: datetime) -> BySku | None:
    spec = cue.spec
    assert isinstance(spec, GroupBuySpec)
    there = _free(room, cue, spec, now)
    found = one_sku.rows(room, spec, spec.quantity, there, without=cue.cue_id or None)
    fewer = _groups_for(spec, there)
    if spec.quantity <= there or fewer is None:
        return found
    fen = max(
        (each.price_fen for each in found.repairs if each.price_fen is not None), default=spec.price_fen
    )
    return replace(found, mended=replace(spec, groups=fewer, price_fen=fen))


def fitted(room: Room, cue: Cue, now: datetime) -> Fitted | None:
    """As many whole groups as there are units for."""
    spec = cue.spec
    assert isinstance(spec, GroupBuySpec)
    there = _free(room, cue, spec, now)
    if spec.quantity <= there or (fewer := _groups_for(spec, there)) is None:
        return None
    short = {"sku_id": spec.sku_id, "quantity": spec.quantity, "available": there}
    units = replace(spec, groups=fewer).quantity
    return Fitted({**cue.spec_sent, "groups": fewer}, units, Refused("over_stock", short))


def _groups_for(spec: GroupBuySpec, units: int) -> int | None:
    return min(spec.groups, units // (spec.size * spec.per_buyer)) or None


def again(room: Room, cue: Cue) -> dict[str, Any] | Refused:
    """With no more groups than there are units for now."""
    spec = cue.spec
    assert isinstance(spec, GroupBuySpec)
    there = one_sku.free(room, spec.sku_id, later=False, without=None)
    if (fewer := _groups_for(spec, there)) is None:
        least = spec.size * spec.per_buyer
        return Refused("over_stock", {"sku_id": spec.sku_id, "quantity": least, "available": there})
    return {**cue.spec_sent, "groups": fewer}


def goods(room: Room, spec: GroupBuySpec) -> set[str]:
    return one_sku.goods(room, spec)


def offers(spec: GroupBuySpec) -> Offers:
    return Offers([UnitPrice(spec.sku_id, spec.price_fen, spec.per_buyer)], words=("拼团", "group buy"))


def cannot_buy(room: Room, cue: Cue, order: OrderRequest, ctx: Context) -> Refused | None:
    if order.group_id is None:
        return Refused("group_needed", {"cue_id": cue.cue_id})
    return groups.cannot_join(cue, order.buyer.id, order.group_id)


def per_buyer(spec: GroupBuySpec) -> int:
    return spec.per_buyer


def exposure_fen(room: Room, spec: GroupBuySpec) -> int:
    return one_sku.off_fen(room, spec) * spec.quantity


def shape(cue: Cue) -> None:
    spec = cue.spec
    assert isinstance(spec, GroupBuySpec)
    cue.sale = {spec.sku_id: SaleCount(spec.quantity, spec.price_fen)}
    cue.groups = BuyerGroups(spec.size, spec.groups)


def folded(room: Room, cue: Cue, event: Event) -> None:
    """Its end, whoever or whatever brings it, is the end of every group that is not full."""
    if event.type == "cue.ended":
        groups.over(room, cue, event.at)


def lighter(cue: Cue) -> Cue:
    """Drop who stood in which group: that is asked while it runs. What is owed back stays."""
    kept = cue.groups
    if kept is not None:
        kept = BuyerGroups(kept.size, kept.most, owed=dict(kept.owed))
    return replace(cue, buyers={}, groups=kept)


def waits(cue: Cue) -> bool:
    """Tell whether money of groups that were not full is still to go back."""
    return cue.groups is not None and bool(cue.groups.owed)


follow = groups.follow
makes_way, seconds, promises = plain.makes_way, plain.seconds, plain.promises
due, time_up = plain.due, plain.time_up
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored = plain.void_when_restored
gives, outlasts, logged = plain.gives, plain.outlasts, plain.logged
valid_for = plain.valid_for
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = groups.FOLDS
