"""秒杀: what its spec must hold, where an order belongs, and when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from liveconsole.domain import pricing, stock
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import FlashSaleSpec


def counts(spec: FlashSaleSpec) -> dict[str, SaleCount]:
    """The empty tally of a sale."""
    return {sku.sku_id: SaleCount(sku.quantity, sku.price_fen) for sku in spec.skus}


def check(room: Room, spec: FlashSaleSpec, *, without: str | None = None) -> list[Refused]:
    """What is wrong with the spec alone, in the contract's order."""
    found: list[Refused] = []
    ids = [sku.sku_id for sku in spec.skus]
    if len(set(ids)) < len(ids):
        found.append(Refused("bad_spec", {"detail": "skus: the same sku_id twice"}))
    known = [sku for sku in spec.skus if sku.sku_id in room.skus]
    for sku in known:
        if sku.price_fen > room.skus[sku.sku_id].price_fen:
            found.append(
                Refused("bad_spec", {"detail": "price_fen: above the normal price", "sku_id": sku.sku_id})
            )
    found += [Refused("unknown_sku", {"sku_id": i}) for i in dict.fromkeys(ids) if i not in room.skus]
    if (breach := pricing.floor_breach(room, spec, without=without)) is not None:
        found.append(breach)
    for sku in known:
        on_hand = max(0, room.skus[sku.sku_id].on_hand)
        if sku.quantity > on_hand:
            found.append(_over_stock(sku.sku_id, sku.quantity, on_hand))
    whole = sum(sku.quantity for sku in spec.skus)
    if spec.per_buyer > whole:
        found.append(Refused("over_limit", {"detail": f"per_buyer {spec.per_buyer} > quantity {whole}"}))
    return found


def cannot_start(room: Room, cue: Cue, spec: FlashSaleSpec, now: datetime) -> Refused | None:
    """Overlap, floor and what is left, as things stand now or, for a planned sale, at its time."""
    for sku in spec.skus:
        known = room.skus.get(sku.sku_id)
        if known is None:
            return Refused("unknown_sku", {"sku_id": sku.sku_id})
        if not room.products[known.product_id].on_shelf:
            return Refused("off_shelf", {"product_id": known.product_id})
    begins = max(now, cue.at or now)
    ends = begins + timedelta(seconds=spec.seconds)
    wanted = {sku.sku_id for sku in spec.skus}
    for other, start, stop in _planned(room, now):
        if other.cue_id != cue.cue_id and wanted & other.sale.keys() and start < ends and begins < stop:
            return Refused("overlap", {"cue_id": other.cue_id})
    if (breach := pricing.floor_breach(room, spec, without=cue.cue_id)) is not None:
        return breach
    for sku in spec.skus:
        # No other sale of the SKU runs then: what is promised to a running one is free again at its end.
        free = (
            room.skus[sku.sku_id].free
            if begins > now
            else stock.available(room, sku.sku_id, without=cue.cue_id)
        )
        if sku.quantity > free:
            return _over_stock(sku.sku_id, sku.quantity, free)
    return None


def _over_stock(sku_id: str, quantity: int, free: int) -> Refused:
    return Refused("over_stock", {"sku_id": sku_id, "quantity": quantity, "available": free})


def _planned(room: Room, now: datetime) -> Iterator[tuple[Cue, datetime, datetime]]:
    """Sales that run or stand by, with the time that they take."""
    for cue_id in room.live:
        cue = room.cues[cue_id]
        if isinstance(cue.spec, FlashSaleSpec) and (cue.status in stock.PROMISING or cue.status == "standby"):
            start = cue.on_air_at or cue.fires_at or now
            yield cue, start, cue.ends_at or max(start, now) + timedelta(seconds=cue.spec.seconds)


def running(room: Room, sku_id: str, now: datetime) -> Cue | None:
    """The sale on air that has this SKU; judged by our clock, not by the tick that ends it."""
    for cue_id in room.live:
        cue = room.cues[cue_id]
        if sku_id in cue.sale and is_open(cue, now):
            return cue
    return None


def is_open(cue: Cue, now: datetime) -> bool:
    return cue.status == "on_air" and (cue.ends_at is None or now < cue.ends_at)


def bought(cue: Cue, pid: str) -> int:
    """Units that this buyer holds or has paid in the sale."""
    return cue.buyers.get(pid, 0)


def all_sold(cue: Cue) -> bool:
    return all(count.sold >= count.quantity for count in cue.sale.values())


def oversold(cue: Cue) -> int:
    """Units beyond the promise: over the quantity, or to buyers over their limit, whichever is more."""
    return max(sum(count.oversold for count in cue.sale.values()), cue.over_limit)
