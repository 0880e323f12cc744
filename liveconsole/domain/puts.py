"""What a put leaves of the products that it names: every field, SKU and floor, before any rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.domain.figures import ShopStock
from liveconsole.domain.room import Product, Room, Sku
from liveconsole.domain.stock import since_changed
from liveconsole.messages.commands import ProductPut, SkuPut
from liveconsole.messages.refusals import Refused

_SAID: Final = frozenset({"title", "price_fen", "stock"})


class Put(Struct, frozen=True):
    """One product as a put leaves it. ``index``: its place in what was sent, the last where it is twice."""

    index: int
    merged: dict[str, Any]
    parsed: ProductPut
    skus: list[Sku]


def puts_of(room: Room, products: Sequence[dict[str, Any]]) -> list[Put] | Refused:
    """Return every product as it will stand, or what is wrong with the shape of one."""
    found: dict[str, Put] = {}
    for place, sent in enumerate(products):
        product_id = sent.get("product_id")
        known = room.products.get(product_id) if isinstance(product_id, str) else None
        kept = _kept(room, known, sent) if known is not None else {}
        merged = {**kept, **sent, **({"skus": kept["skus"]} if sent.get("skus") and kept else {})}
        try:
            parsed = msgspec.convert(merged, ProductPut)
            if known is not None and (floored := _with_floors(room, known, sent, merged)) is not merged:
                merged, parsed = floored, msgspec.convert(floored, ProductPut)
        except msgspec.ValidationError as error:
            return Refused("bad_shape", {"detail": f"products[{place}]: {error}", "index": place})
        found[parsed.product_id] = Put(place, merged, parsed, skus_of(room, merged, parsed))
    return list(found.values())


def _with_floors(
    room: Room, known: Product, sent: Mapping[str, Any], merged: dict[str, Any]
) -> dict[str, Any]:
    """A new SKU of a product with floors starts with the highest of them, where it is sent with none: a SKU
    under another name is not one without a floor."""
    floor = highest_floor(room, known)
    if floor is None:
        return merged
    if not merged.get("skus"):
        starts = known.product_id not in room.skus and "floor_fen" not in sent
        return {**merged, "floor_fen": floor} if starts else merged
    rows = [
        {**row, "floor_fen": floor} if row["sku_id"] not in room.skus and "floor_fen" not in row else row
        for row in merged["skus"]
    ]
    return {**merged, "skus": rows} if rows != merged["skus"] else merged


def highest_floor(room: Room, product: Product) -> int | None:
    """Return the highest floor that the product or a SKU of it has, those that were left out included: what
    was dropped comes back as it was."""
    floors_ = [product.floor_fen, *(sku.floor_fen for sku in _every_sku(room, product.product_id))]
    return max((floor for floor in floors_ if floor is not None), default=None)


def _every_sku(room: Room, product_id: str) -> list[Sku]:
    return [sku for sku in room.skus.values() if sku.product_id == product_id]


def lowered_floor(room: Room, products: Sequence[dict[str, Any]]) -> str | None:
    """Return the product of which a put would lower a floor, as it stands before and after: the product's,
    that of a SKU however long it was left out, or that with which a new SKU starts."""
    puts = puts_of(room, products)
    for put_ in puts if not isinstance(puts, Refused) else ():
        known = room.products.get(put_.parsed.product_id)
        if known is None:
            continue
        highest, rows = highest_floor(room, known), put_.merged.get("skus") or ()
        pairs = [(known.floor_fen, put_.parsed.floor_fen)]
        for sku in put_.skus:
            before = room.skus.get(sku.sku_id)
            pairs.append((before.floor_fen if before is not None else highest, sku.floor_fen))
        pairs += [
            (highest, None) for row in rows if row.get("floor_fen", 0) is None
        ]  # taken away in so many words
        if any(floor is not None and (after is None or after < floor) for floor, after in pairs):
            return known.product_id
    return None


def _kept(room: Room, known: Product, sent: dict[str, Any]) -> dict[str, Any]:
    """What of a known product stays when it is put again without it.

    A put with neither stock nor SKUs says nothing of units: those stay as they stand.
    """
    kept = {k: v for k, v in known.sent.items() if k not in {"skus", "stock", "floor_fen"}}
    if known.floor_fen is not None:
        kept["floor_fen"] = known.floor_fen
    if sent.get("skus"):
        kept["stock"] = 0  # the SKUs have theirs
        kept["skus"] = _in_full(room, known, sent["skus"])
    elif "stock" not in sent:
        kept["stock"] = sum(max(0, room.skus[sku_id].on_hand) for sku_id in known.sku_ids)
        if known.sent.get("skus"):
            kept["skus"] = [
                {**sku, "stock": max(0, room.skus[sku["sku_id"]].on_hand)} for sku in known.sent["skus"]
            ]
    return kept


def _in_full(room: Room, known: Product, sent: Any) -> Any:
    """Return the SKUs of a put; one that leaves title, price or units unsaid keeps them, with what else was
    sent of it. Floors that are not sent are looked after elsewhere, what is no list of objects too."""
    if not isinstance(sent, list):
        return sent
    as_sent = {row["sku_id"]: row for row in known.sent.get("skus") or ()}
    found = []
    for row in sent:
        sku_id = row.get("sku_id") if isinstance(row, dict) else None
        if not isinstance(sku_id, str) or sku_id not in known.sku_ids or row.keys() >= _SAID:
            found.append(row)
            continue
        sku = room.skus[sku_id]
        before = {k: v for k, v in as_sent.get(sku_id, {}).items() if k != "floor_fen"}
        now = {"title": sku.title, "price_fen": sku.price_fen, "stock": max(0, sku.on_hand)}
        found.append({**before, **now, **row})
    return found


def skus_of(room: Room, merged: dict[str, Any], put_: ProductPut) -> list[Sku]:
    """Return the SKUs as they will stand; their held and sold units stay."""
    if put_.skus:
        puts = put_.skus
        sent = [s if "floor_fen" in s else None for s in merged["skus"]]
    else:
        puts = [SkuPut(put_.product_id, put_.title, put_.price_fen, put_.stock, put_.floor_fen)]
        sent = [None]
    found = []
    for sku, with_floor in zip(puts, sent, strict=True):
        known = room.skus.get(sku.sku_id)
        own = sku.floor_fen if with_floor is not None else None
        found.append(
            Sku(
                sku_id=sku.sku_id,
                product_id=put_.product_id,
                title=sku.title,
                price_fen=sku.price_fen,
                on_hand=sku.stock,
                floor_fen=own
                if own is not None
                else _floor_before(room, known, put_, with_floor is not None),
                held=known.held if known is not None else 0,
                sold=known.sold if known is not None else 0,
                oversold_at=known.oversold_at if known is not None else None,
                untold=known.untold if known is not None else 0,
                measured=_still_measured(known, sku.stock),
            )
        )
    return found


def _still_measured(known: Sku | None, stock: int) -> ShopStock | None:
    if known is None or known.on_hand == stock:
        return known.measured if known is not None else None
    return since_changed(known.measured)


def _floor_before(room: Room, known: Sku | None, put_: ProductPut, taken_away: bool) -> int | None:
    """The floor of a SKU for which none is sent: its own as it was, else its product's."""
    before = room.products.get(put_.product_id)
    if known is None or before is None or taken_away or known.floor_fen == before.floor_fen:
        return put_.floor_fen
    return known.floor_fen


def place(room: Room, product_id: str, merged: dict[str, Any], put_: ProductPut, skus: list[Sku]) -> None:
    known = room.products.get(product_id)
    room.products[product_id] = Product(
        product_id=product_id,
        title=put_.title,
        price_fen=put_.price_fen,
        sku_ids=[sku.sku_id for sku in skus],
        sent=merged,
        floor_fen=put_.floor_fen,
        list_price_fen=put_.list_price_fen,
        on_shelf=known.on_shelf if known is not None else True,
    )
    for sku in skus:
        room.skus[sku.sku_id] = sku
