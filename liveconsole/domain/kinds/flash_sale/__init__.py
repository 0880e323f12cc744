"""秒杀: units of SKUs at a price of their own, so many a buyer, for so long. Their tally stands in `sale`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from liveconsole.domain import floors, stock
from liveconsole.domain.context import Fold, Rule
from liveconsole.domain.kind import BySku, Fitted, Offers, UnitPrice
from liveconsole.domain.kinds import plain
from liveconsole.domain.kinds.flash_sale import by_sku
from liveconsole.domain.kinds.flash_sale.by_sku import over_stock as _over_stock
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import FlashSaleSpec

NAME: Final = "flash_sale"
SPEC: Final = FlashSaleSpec
RETIRED: Final = False
DONE_AS: Final = FlashSaleSpec.done_as
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
"""It would go on selling what cannot be had."""
BY_NAME: Final = False


def counts(spec: FlashSaleSpec) -> dict[str, SaleCount]:
    """Return the empty tally of a sale."""
    return {sku.sku_id: SaleCount(sku.quantity, sku.price_fen) for sku in spec.skus}


def check(room: Room, spec: FlashSaleSpec, *, without: str | None = None) -> list[Refused]:
    """Return what is wrong with the spec alone, in the contract's order."""
    found: list[Refused] = []
    ids = [sku.sku_id for sku in spec.skus]
    if len(set(ids)) < len(ids):
        found.append(Refused("bad_spec", {"detail": "skus: the same sku_id twice"}))
    known = [sku for sku in spec.skus if sku.sku_id in room.skus]
    for sku in known:
        if sku.price_fen > room.skus[sku.sku_id].price_fen:
            found.append(by_sku.above_shop(sku.sku_id))
    found += [Refused("unknown_sku", {"sku_id": i}) for i in dict.fromkeys(ids) if i not in room.skus]
    if (breach := floors.of_spec(room, spec, without=without)) is not None:
        found.append(breach)
    for sku in known:
        on_hand = max(0, room.skus[sku.sku_id].on_hand)
        if sku.quantity > on_hand:
            found.append(_over_stock(sku.sku_id, sku.quantity, on_hand))
    whole = sum(sku.quantity for sku in spec.skus)
    if spec.per_buyer > whole:
        found.append(Refused("over_limit", {"detail": f"per_buyer {spec.per_buyer} > quantity {whole}"}))
    return found


def by_hand(spec: FlashSaleSpec) -> str:
    """Leave a changed price to a person: it is the shop's own from then on, and to be changed back."""
    return "price_by_hand" if spec.via == "price" else ""


def cannot_start(room: Room, cue: Cue, spec: FlashSaleSpec, now: datetime) -> Refused | None:
    """Overlap, floor and what is left, as things stand now or, for a planned sale, at its time."""
    for sku in spec.skus:
        known = room.skus.get(sku.sku_id)
        if known is None:
            return Refused("unknown_sku", {"sku_id": sku.sku_id})
        if not room.products[known.product_id].on_shelf:
            return Refused("off_shelf", {"product_id": known.product_id})
        if sku.price_fen > known.price_fen:
            return floors.dearer_than_shop(cue.cue_id, sku.sku_id, sku.price_fen, known.price_fen)
    if (overlap := _overlap(room, cue, spec, now)) is not None:
        return overlap
    if (breach := floors.of_spec(room, spec, without=cue.cue_id)) is not None:
        return breach
    for sku in spec.skus:
        free = _free(room, cue, sku.sku_id, cue.at is not None and cue.at > now)
        if sku.quantity > free:
            return _over_stock(sku.sku_id, sku.quantity, free)
    return None


def _overlap(room: Room, cue: Cue, spec: FlashSaleSpec, now: datetime) -> Refused | None:
    begins = max(now, cue.at or now)
    ends = begins + timedelta(seconds=spec.seconds)
    wanted = {sku.sku_id for sku in spec.skus}
    for other, start, stop in _planned(room, now):
        if other.cue_id != cue.cue_id and wanted & other.sale.keys() and start < ends and begins < stop:
            return Refused("overlap", {"cue_id": other.cue_id})
    return None


def rows(room: Room, cue: Cue, now: datetime) -> BySku | None:
    """Return every SKU of it, of each the same asked that `check` and `cannot_start` ask."""
    spec = cue.spec
    assert isinstance(spec, FlashSaleSpec)
    later = cue.at is not None and cue.at > now
    found = by_sku.rows_of(room, spec, lambda id_: _free(room, cue, id_, later), without=cue.cue_id or None)
    return replace(found, overlaps=_overlap(room, cue, spec, now) is not None)


def _free(room: Room, cue: Cue, sku_id: str, later: bool) -> int:
    """Return the units that it could have.

    At a later time no other sale of the SKU runs: what is promised to a running one is free again at its end.
    """
    if later:
        return stock.free(room, sku_id)
    return stock.available(room, sku_id, without=cue.cue_id)


def fitted(room: Room, cue: Cue, now: datetime) -> Fitted | None:
    """Cut every SKU to what is free of it, one of which nothing is left taken out: one answer for all."""
    spec = cue.spec
    assert isinstance(spec, FlashSaleSpec)
    if any(sku.sku_id not in room.skus for sku in spec.skus):
        return None
    later = cue.at is not None and cue.at > now
    free = {sku.sku_id: _free(room, cue, sku.sku_id, later) for sku in spec.skus}
    over = next((sku for sku in spec.skus if sku.quantity > free[sku.sku_id]), None)
    if over is None:
        return None
    sent = dict(cue.spec_sent)
    flat = "skus" not in sent
    rows = [dict(row) for row in ([sent] if flat else sent["skus"])]
    for row in rows:
        row["quantity"] = min(row["quantity"], free[row["sku_id"]])
    rows = [row for row in rows if row["quantity"] > 0]
    if not rows:
        return None
    whole = sum(row["quantity"] for row in rows)
    sent = rows[0] if flat else {**sent, "skus": rows}
    sent["per_buyer"] = min(spec.per_buyer, whole)
    return Fitted(sent, whole, _over_stock(over.sku_id, over.quantity, free[over.sku_id]))


def _planned(room: Room, now: datetime) -> Iterator[tuple[Cue, datetime, datetime]]:
    """Sales that run or stand by, with the time that they take."""
    for cue_id in room.live:
        cue = room.cues[cue_id]
        if isinstance(cue.spec, FlashSaleSpec) and (cue.status in stock.PROMISING or cue.status == "standby"):
            start = cue.on_air_at or cue.fires_at or now
            yield cue, start, cue.ends_at or max(start, now) + timedelta(seconds=cue.spec.seconds)


def goods(room: Room, spec: FlashSaleSpec) -> set[str]:
    return {room.skus[sku.sku_id].product_id for sku in spec.skus if sku.sku_id in room.skus}


def again(room: Room, cue: Cue) -> dict[str, Any] | Refused:
    """No more units than are free now, and without what is gone."""
    assert isinstance(cue.spec, FlashSaleSpec)
    sent = dict(cue.spec_sent)
    flat = "skus" not in sent
    rows = [dict(row) for row in ([sent] if flat else sent["skus"])]
    for row in rows:
        row["quantity"] = min(row["quantity"], stock.available(room, row["sku_id"]))
    rows = [row for row in rows if row["quantity"] > 0]
    if not rows:
        return Refused("over_stock", {"sku_id": cue.spec.skus[0].sku_id, "quantity": 1, "available": 0})
    sent = rows[0] if flat else {**sent, "skus": rows}
    sent["per_buyer"] = min(cue.spec.per_buyer, sum(row["quantity"] for row in rows))
    return sent


def offers(spec: FlashSaleSpec) -> Offers:
    prices = [UnitPrice(sku.sku_id, sku.price_fen, spec.per_buyer) for sku in spec.skus]
    return Offers(prices, words=("秒杀", "flash sale"))


def per_buyer(spec: FlashSaleSpec) -> int:
    return spec.per_buyer


def exposure_fen(room: Room, spec: FlashSaleSpec) -> int:
    return sum(
        max(0, room.skus[s.sku_id].price_fen - s.price_fen) * s.quantity
        for s in spec.skus
        if s.sku_id in room.skus
    )


def shape(cue: Cue) -> None:
    assert isinstance(cue.spec, FlashSaleSpec)
    cue.sale = counts(cue.spec)


makes_way, seconds, promises = plain.makes_way, plain.seconds, plain.promises
due, time_up, follow = plain.due, plain.time_up, plain.follow
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, cannot_buy = plain.void_when_restored, plain.cannot_buy
gives, outlasts, logged, folded = plain.gives, plain.outlasts, plain.logged, plain.folded
valid_for, waits, lighter = plain.valid_for, plain.waits, plain.lighter
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = {}
