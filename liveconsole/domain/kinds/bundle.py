"""组合价: goods for one price together, so many times, so many a buyer. An order names it, and is priced by
as many whole bundles as its lines make; what is over them costs what it costs by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from liveconsole.domain import fire, floors, stock
from liveconsole.domain.context import Fold, Rule
from liveconsole.domain.kind import BySku, Fitted, Offers, Repair, SkuVerdict, TogetherPrice
from liveconsole.domain.kinds import plain
from liveconsole.domain.pricing import floor_of
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.domain.stacking import OffersThatMeet
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import BundleSpec

NAME: Final = "bundle"
SPEC: Final = BundleSpec
RETIRED: Final = False
DONE_AS: Final = BundleSpec.done_as
BENEFIT: Final = True
HANDS_OUT: Final = False
DISCOUNTS: Final = True
ARMED: Final = True
RECALLABLE: Final = True
KEYED: Final = True
BY_NAME: Final = True
SILENCE: Final = plain.SILENCE
GOES_ON: Final = False
CLOSES: Final = False
NEEDS_SHELF: Final = True
"""It cannot be had without the one that left."""


ROUNDS: Final = 8
"""A price is raised so often at most: each may bring a coupon in that the lower one did not reach."""


def items_of(spec: BundleSpec) -> list[tuple[str, int]]:
    return [(item.sku_id, item.quantity) for item in spec.items]


def check(room: Room, spec: BundleSpec, *, without: str | None = None) -> list[Refused]:
    """Return what is wrong with the spec alone, in the contract's order."""
    found: list[Refused] = []
    ids = [item.sku_id for item in spec.items]
    if len(set(ids)) < len(ids):
        found.append(Refused("bad_spec", {"detail": "items: the same sku_id twice"}))
    elif sum(item.quantity for item in spec.items) < 2:
        found.append(Refused("bad_spec", {"detail": "items: one unit is no bundle"}))
    found += [Refused("unknown_sku", {"sku_id": i}) for i in dict.fromkeys(ids) if i not in room.skus]
    if (apart := _apart(room, spec)) is not None and spec.price_fen > apart:
        found.append(floors.dearer_together(spec.price_fen, apart))
    if (breach := floors.of_spec(room, spec, without=without)) is not None:
        found.append(breach)
    found += _over(spec, {i: max(0, room.skus[i].on_hand) for i in ids if i in room.skus})
    if spec.per_buyer > spec.quantity:
        found.append(Refused("over_limit", {"detail": f"per_buyer {spec.per_buyer} > {spec.quantity}"}))
    return found


def _apart(room: Room, spec: BundleSpec) -> int | None:
    """What its goods cost by themselves."""
    if any(item.sku_id not in room.skus for item in spec.items):
        return None
    return sum(room.skus[item.sku_id].price_fen * item.quantity for item in spec.items)


def _over(spec: BundleSpec, free: Mapping[str, int]) -> list[Refused]:
    return [
        Refused(
            "over_stock", {"sku_id": i.sku_id, "quantity": wanted, "available": free[i.sku_id]}
        )
        for i in spec.items
        if i.sku_id in free and (wanted := i.quantity * spec.quantity) > free[i.sku_id]
    ]  # fmt: skip


def _free(room: Room, cue: Cue, spec: BundleSpec, now: datetime) -> dict[str, int]:
    """Units that it could have of each; at a later time what is promised to others now is free again."""
    later = cue.at is not None and cue.at > now
    return {
        i.sku_id: stock.free(room, i.sku_id) if later else stock.available(room, i.sku_id, without=cue.cue_id)
        for i in spec.items
        if i.sku_id in room.skus
    }


def cannot_start(room: Room, cue: Cue, spec: BundleSpec, now: datetime) -> Refused | None:
    """Price, floor and what is left, as things stand now or, for a planned one, at its time."""
    for item in spec.items:
        if item.sku_id not in room.skus:
            return Refused("unknown_sku", {"sku_id": item.sku_id})
    if (gone := fire.off_shelf(room, sorted(goods(room, spec)))) is not None:
        return gone
    if (apart := _apart(room, spec)) is not None and spec.price_fen > apart:
        return floors.dearer_together(spec.price_fen, apart)
    if (breach := floors.of_spec(room, spec, without=cue.cue_id)) is not None:
        return breach
    return next(iter(_over(spec, _free(room, cue, spec, now))), None)


def by_hand(spec: BundleSpec) -> str:
    return "bundle_by_hand"


def goods(room: Room, spec: BundleSpec) -> set[str]:
    return {room.skus[item.sku_id].product_id for item in spec.items if item.sku_id in room.skus}


def rows(room: Room, cue: Cue, now: datetime) -> BySku | None:
    """Return every SKU of it: what a unit can be had for, and how many bundles there are goods for. What is
    short is mended by fewer bundles, what is too cheap by a dearer one."""
    spec = cue.spec
    assert isinstance(spec, BundleSpec)
    without = cue.cue_id or None
    free, shop = _free(room, cue, spec, now), OffersThatMeet(room, spec, without)
    found: list[SkuVerdict] = []
    repairs: list[Repair] = []
    for item in spec.items:
        if item.sku_id not in free:
            unknown = Refused("unknown_sku", {"sku_id": item.sku_id})
            found.append(SkuVerdict(item.sku_id, None, None, 0, [unknown]))
            continue
        floor, lowest = floor_of(room, item.sku_id), shop.lowest_fen(item.sku_id)
        faults = []
        if floor is not None and lowest < floor:
            under = floors.told(item.sku_id, floor, shop.lowest(item.sku_id))
            faults.append(Refused("below_price_floor", under))
        short = [one for one in _over(spec, free) if one.params["sku_id"] == item.sku_id]
        repairs += [Repair(one, item.sku_id, quantity=free[item.sku_id] // item.quantity) for one in short]
        found.append(SkuVerdict(item.sku_id, lowest, floor, free[item.sku_id], [*faults, *short]))
    if any(each.code == "below_price_floor" for row in found for each in row.faults):
        dearer = _raised(room, spec, without)
        repairs += [
            Repair(each, row.sku_id, price_fen=dearer)
            for row in found
            for each in row.faults
            if dearer is not None and each.code == "below_price_floor"
        ]
    # Two bundles may have goods in common: there is nothing to say of overlaps.
    return BySku(found, repairs, _mended(spec, repairs), overlaps=True)


def _mended(spec: BundleSpec, repairs: Sequence[Repair]) -> BundleSpec | None:
    """Return it with all of them done; None where nothing is to be done or nothing would be left."""
    most = min((r.quantity for r in repairs if r.quantity is not None), default=spec.quantity)
    fen = max((r.price_fen for r in repairs if r.price_fen is not None), default=spec.price_fen)
    if not repairs or most == 0:
        return None
    return replace(spec, quantity=most, per_buyer=min(spec.per_buyer, most), price_fen=fen)


def _raised(room: Room, spec: BundleSpec, without: str | None) -> int | None:
    """Return a price at which none of its goods is under its floor; None where even what they cost by
    themselves does not help."""
    apart, tried = _apart(room, spec), spec
    for _ in range(ROUNDS):
        if apart is None or tried.price_fen > apart:
            return None
        shop, more = OffersThatMeet(room, tried, without), 0
        for item in spec.items:
            floor, own = floor_of(room, item.sku_id), room.skus[item.sku_id].price_fen
            if floor is not None and own and (short := floor - shop.lowest_fen(item.sku_id)) > 0:
                more = max(more, -(-short * apart // own))
        if not more:
            return tried.price_fen
        tried = replace(tried, price_fen=tried.price_fen + more)
    return None


def fitted(room: Room, cue: Cue, now: datetime) -> Fitted | None:
    """Cut it to as many bundles as there are goods for."""
    spec = cue.spec
    assert isinstance(spec, BundleSpec)
    free = _free(room, cue, spec, now)
    over = _over(spec, free)
    most = min((free[i.sku_id] // i.quantity for i in spec.items if i.sku_id in free), default=0)
    if not over or most == 0 or len(free) < len(spec.items):
        return None
    sent = cue.spec_sent | {"quantity": most, "per_buyer": min(spec.per_buyer, most)}
    return Fitted(sent, most, over[0])


def again(room: Room, cue: Cue) -> dict[str, Any] | Refused:
    """No more bundles than there are goods for now."""
    spec = cue.spec
    assert isinstance(spec, BundleSpec)
    free = {i.sku_id: stock.available(room, i.sku_id) if i.sku_id in room.skus else 0 for i in spec.items}
    most = min(spec.quantity, min(free[i.sku_id] // i.quantity for i in spec.items))
    if most == 0:
        short = next(i for i in spec.items if free[i.sku_id] < i.quantity)
        said = {"sku_id": short.sku_id, "quantity": short.quantity, "available": free[short.sku_id]}
        return Refused("over_stock", said)
    return cue.spec_sent | {"quantity": most, "per_buyer": min(spec.per_buyer, most)}


def offers(spec: BundleSpec) -> Offers:
    price = TogetherPrice(items_of(spec), spec.price_fen, spec.per_buyer)
    return Offers(together=[price], words=("组合价", "bundle"))


def per_buyer(spec: BundleSpec) -> int:
    """In units: whole bundles have so many."""
    return spec.per_buyer * sum(item.quantity for item in spec.items)


def exposure_fen(room: Room, spec: BundleSpec) -> int:
    apart = _apart(room, spec)
    return max(0, apart - spec.price_fen) * spec.quantity if apart is not None else 0


def shape(cue: Cue) -> None:
    assert isinstance(cue.spec, BundleSpec)
    whole = cue.spec.quantity
    cue.sale = {i.sku_id: SaleCount(i.quantity * whole, 0, lot=i.quantity) for i in cue.spec.items}


makes_way, seconds, promises = plain.makes_way, plain.seconds, plain.promises
due, time_up, follow = plain.due, plain.time_up, plain.follow
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, cannot_buy = plain.void_when_restored, plain.cannot_buy
gives, outlasts, logged, folded = plain.gives, plain.outlasts, plain.logged, plain.folded
valid_for, waits, lighter = plain.valid_for, plain.waits, plain.lighter
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = {}
