"""买赠 and 满赠: units of a SKU that come with what is bought, so many times, so many a buyer. They are held
and sold as everything else is, at 0; what they are worth is taken off the goods that bring them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from liveconsole.domain import fire, floors, stock
from liveconsole.domain.context import Fold, Rule
from liveconsole.domain.kind import BySku, Fitted, GivenWith, Offers, Repair, SkuVerdict
from liveconsole.domain.kinds import plain
from liveconsole.domain.pricing import floor_of
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.domain.stacking import OffersThatMeet
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import GiftSpec

NAME: Final = "gift"
SPEC: Final = GiftSpec
RETIRED: Final = False
DONE_AS: Final = GiftSpec.done_as
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
"""It would go on promising what cannot be had."""


def check(room: Room, spec: GiftSpec, *, without: str | None = None) -> list[Refused]:
    """Return what is wrong with the spec alone, in the contract's order."""
    found: list[Refused] = []
    unknown = [p for p in dict.fromkeys(spec.buy.product_ids or ()) if p not in room.products]
    found += [Refused("unknown_product", {"product_id": p}) for p in unknown]
    if spec.gift.sku_id not in room.skus:
        found.append(Refused("unknown_sku", {"sku_id": spec.gift.sku_id}))
    if (breach := floors.of_spec(room, spec, without=without)) is not None:
        found.append(breach)
    sku = room.skus.get(spec.gift.sku_id)
    if sku is not None and _units(spec) > (on_hand := max(0, sku.on_hand)):
        found.append(_over_stock(spec, on_hand))
    if spec.per_buyer > spec.quantity:
        found.append(Refused("over_limit", {"detail": f"per_buyer {spec.per_buyer} > {spec.quantity}"}))
    return found


def _units(spec: GiftSpec) -> int:
    return spec.quantity * spec.gift.quantity


def _over_stock(spec: GiftSpec, free: int) -> Refused:
    said = {"sku_id": spec.gift.sku_id, "quantity": _units(spec), "available": free}
    return Refused("over_stock", said)


def _free(room: Room, cue: Cue, spec: GiftSpec, now: datetime) -> int:
    """Units that it could have; at a later time what is promised to others now is free again."""
    if cue.at is not None and cue.at > now:
        return stock.free(room, spec.gift.sku_id)
    return stock.available(room, spec.gift.sku_id, without=cue.cue_id)


def cannot_start(room: Room, cue: Cue, spec: GiftSpec, now: datetime) -> Refused | None:
    """Shelf, floor and what is left, as things stand now or, for a planned one, at its time."""
    if spec.gift.sku_id not in room.skus:
        return Refused("unknown_sku", {"sku_id": spec.gift.sku_id})
    if (gone := fire.off_shelf(room, sorted(goods(room, spec)))) is not None:
        return gone
    if (breach := floors.of_spec(room, spec, without=cue.cue_id)) is not None:
        return breach
    free = _free(room, cue, spec, now)
    return _over_stock(spec, free) if _units(spec) > free else None


def by_hand(spec: GiftSpec) -> str:
    return "gift_by_hand"


def goods(room: Room, spec: GiftSpec) -> set[str]:
    """Return what brings it, and the gift."""
    sku = room.skus.get(spec.gift.sku_id)
    return {*(spec.buy.product_ids or ()), *([sku.product_id] if sku is not None else [])}


def fitted(room: Room, cue: Cue, now: datetime) -> Fitted | None:
    """Cut it to as many as there are gifts."""
    spec = cue.spec
    assert isinstance(spec, GiftSpec)
    if spec.gift.sku_id not in room.skus:
        return None
    free = _free(room, cue, spec, now)
    most = free // spec.gift.quantity
    if most == 0 or _units(spec) <= free:
        return None
    sent = cue.spec_sent | {"quantity": most, "per_buyer": min(spec.per_buyer, most)}
    return Fitted(sent, most, _over_stock(spec, free))


def again(room: Room, cue: Cue) -> dict[str, Any] | Refused:
    """No more than there are gifts for now."""
    spec = cue.spec
    assert isinstance(spec, GiftSpec)
    free = stock.available(room, spec.gift.sku_id) if spec.gift.sku_id in room.skus else 0
    most = min(spec.quantity, free // spec.gift.quantity)
    if most == 0:
        said = {"sku_id": spec.gift.sku_id, "quantity": spec.gift.quantity, "available": free}
        return Refused("over_stock", said)
    return cue.spec_sent | {"quantity": most, "per_buyer": min(spec.per_buyer, most)}


def given_with(spec: GiftSpec) -> GivenWith:
    products = frozenset(spec.buy.product_ids) if spec.buy.product_ids is not None else None
    times, units, threshold = spec.per_buyer, spec.buy.units, spec.buy.threshold_fen or 0
    return GivenWith(spec.gift.sku_id, spec.gift.quantity, times, products, units, threshold)


def offers(spec: GiftSpec) -> Offers:
    return Offers(gifts=[given_with(spec)], words=("赠品", "gift"))


def per_buyer(spec: GiftSpec) -> int:
    """In units of the gift."""
    return spec.per_buyer * spec.gift.quantity


def exposure_fen(room: Room, spec: GiftSpec) -> int:
    sku = room.skus.get(spec.gift.sku_id)
    return sku.price_fen * _units(spec) if sku is not None else 0


def rows(room: Room, cue: Cue, now: datetime) -> BySku | None:
    """Return the gift, with how many there are, and the goods that it is about or that it would bring under
    their floor. What is short is mended by fewer gifts; a floor by another gift, which is for a person to
    choose."""
    spec = cue.spec
    assert isinstance(spec, GiftSpec)
    found: list[SkuVerdict] = []
    repairs: list[Repair] = []
    sku_id = spec.gift.sku_id
    if sku_id not in room.skus:
        unknown = Refused("unknown_sku", {"sku_id": sku_id})
        return BySku([SkuVerdict(sku_id, None, None, 0, [unknown])], [], None, overlaps=True)
    free = _free(room, cue, spec, now)
    short = [_over_stock(spec, free)] if _units(spec) > free else []
    most = free // spec.gift.quantity
    repairs += [Repair(one, sku_id, quantity=most) for one in short]
    shop, named = OffersThatMeet(room, spec, cue.cue_id or None), spec.buy.product_ids or ()
    for id_, sku in room.skus.items():
        floor = floor_of(room, id_)
        under = bool(floor) and shop.reaches_under(id_, floor or 0)
        if id_ != sku_id and sku.product_id not in named and not under:
            continue
        faults = (
            [Refused("below_price_floor", floors.told(id_, floor or 0, shop.lowest(id_)))] if under else []
        )
        faults += short if id_ == sku_id else []
        left = free if id_ == sku_id else stock.available(room, id_)
        found.append(SkuVerdict(id_, shop.lowest_fen(id_), floor, left, faults))
    mended = None
    if short and most:
        mended = replace(spec, quantity=most, per_buyer=min(spec.per_buyer, most))
    return BySku(found, repairs, mended, overlaps=True)


def shape(cue: Cue) -> None:
    assert isinstance(cue.spec, GiftSpec)
    gift = cue.spec.gift
    cue.sale = {gift.sku_id: SaleCount(_units(cue.spec), 0, lot=gift.quantity)}


makes_way, seconds, promises = plain.makes_way, plain.seconds, plain.promises
due, time_up, follow = plain.due, plain.time_up, plain.follow
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, cannot_buy = plain.void_when_restored, plain.cannot_buy
gives, outlasts, logged, folded = plain.gives, plain.outlasts, plain.logged, plain.folded
valid_for, waits, lighter = plain.valid_for, plain.waits, plain.lighter
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = {}
