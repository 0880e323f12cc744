"""Products and SKUs: 商品, their prices, floors and stock, on and off the shelf."""

from __future__ import annotations

import copy
from typing import Any, Final

import msgspec

from liveconsole.domain import cue as cues
from liveconsole.domain import fire, pricing, stock
from liveconsole.domain.cart import unpin_events
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kind import kind_of
from liveconsole.domain.overrides import overridden
from liveconsole.domain.room import Product, Room, Sku
from liveconsole.messages import commands, events
from liveconsole.messages.commands import ProductPut, SkuPut
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused


def put(room: Room, data: commands.CataloguePut, ctx: Context) -> Decision | Refused:
    """Put all of the products or none; a field that is not sent stays as it was, but for ``skus``."""
    whole: dict[str, tuple[dict[str, Any], ProductPut]] = {}
    for place, sent in enumerate(data.products):
        product_id = sent.get("product_id")
        known = room.products.get(product_id) if isinstance(product_id, str) else None
        merged = {**(_kept(room, known, sent) if known is not None else {}), **sent}
        try:
            parsed = msgspec.convert(merged, ProductPut)
        except msgspec.ValidationError as error:
            return Refused("bad_shape", {"detail": f"products[{place}]: {error}", "index": place})
        whole[parsed.product_id] = (merged, parsed)
    after = {product_id: _skus(room, merged, parsed) for product_id, (merged, parsed) in whole.items()}
    refused = _ids_clash(room, after) or _stock_breach(room, after) or _floor_breach(room, whole, after)
    if refused is not None:
        return refused
    result = {"product_ids": list(whole)}
    if not whole:
        return Decision([], result)
    put_ = events.CatalogueChanged([merged for merged, _ in whole.values()])
    found = [ctx.event("catalogue.put", put_), *overridden(ctx, "catalogue.put", data.override)]
    return Decision(found, result)


def _kept(room: Room, known: Product, sent: dict[str, Any]) -> dict[str, Any]:
    """What of a known product stays when it is put again without it.

    A put with neither stock nor SKUs says nothing of units: those stay as they stand.
    """
    kept = {k: v for k, v in known.sent.items() if k not in {"skus", "stock", "floor_fen"}}
    if known.floor_fen is not None:
        kept["floor_fen"] = known.floor_fen
    if sent.get("skus"):
        kept["stock"] = 0  # the SKUs have theirs
    elif "stock" not in sent:
        kept["stock"] = sum(max(0, room.skus[sku_id].on_hand) for sku_id in known.sku_ids)
        if known.sent.get("skus"):
            kept["skus"] = [
                {**sku, "stock": max(0, room.skus[sku["sku_id"]].on_hand)} for sku in known.sent["skus"]
            ]
    return kept


def _skus(room: Room, merged: dict[str, Any], put_: ProductPut) -> list[Sku]:
    """The SKUs as they will stand; their held and sold units stay."""
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
            )
        )
    return found


def _floor_before(room: Room, known: Sku | None, put_: ProductPut, taken_away: bool) -> int | None:
    """The floor of a SKU for which none is sent: its own as it was, else its product's."""
    before = room.products.get(put_.product_id)
    if known is None or before is None or taken_away or known.floor_fen == before.floor_fen:
        return put_.floor_fen
    return known.floor_fen


def _gone(room: Room, product_id: str, after: list[Sku]) -> list[str]:
    known = room.products.get(product_id)
    stays = {sku.sku_id for sku in after}
    return [sku_id for sku_id in known.sku_ids if sku_id not in stays] if known is not None else []


def _ids_clash(room: Room, after: dict[str, list[Sku]]) -> Refused | None:
    owner: dict[str, str] = {}
    for product_id, skus in after.items():
        for sku in skus:
            known = room.skus.get(sku.sku_id)
            other = owner.get(sku.sku_id) or (known.product_id if known is not None else product_id)
            if other != product_id or sku.sku_id in owner:
                return Refused("sku_taken", {"sku_id": sku.sku_id, "product_id": other})
            owner[sku.sku_id] = product_id
    return None


def _stock_breach(room: Room, after: dict[str, list[Sku]]) -> Refused | None:
    for product_id, skus in after.items():
        stocks = {sku.sku_id: sku.on_hand for sku in skus if sku.sku_id in room.skus}
        # A SKU that is left out is one without stock: not while somebody was promised a unit of it.
        stocks.update(dict.fromkeys(_gone(room, product_id, skus), 0))
        for sku_id, units in stocks.items():
            committed = stock.committed(room, sku_id)
            if units < committed:
                return Refused("stock_committed", {"sku_id": sku_id, "committed": committed, "stock": units})
    return None


def _floor_breach(
    room: Room, whole: dict[str, tuple[dict[str, Any], ProductPut]], after: dict[str, list[Sku]]
) -> Refused | None:
    """Whether new prices or floors let anything that runs, or may run, go under a floor."""
    if all(sku.floor_fen is None for skus in after.values() for sku in skus):
        return None
    then = copy.copy(room)
    then.products, then.skus = dict(room.products), dict(room.skus)
    for product_id, (merged, parsed) in whole.items():
        _place(then, product_id, merged, parsed, after[product_id])
    return pricing.breach_among(then, [sku.sku_id for skus in after.values() for sku in skus])


def _place(room: Room, product_id: str, merged: dict[str, Any], put_: ProductPut, skus: list[Sku]) -> None:
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


def shelf(room: Room, data: commands.ProductShelf, ctx: Context) -> Decision | Refused:
    product = room.products.get(data.product_id)
    if product is None:
        return Refused("unknown_product", {"product_id": data.product_id})
    result = {"product_id": data.product_id, "on": data.on}
    if product.on_shelf == data.on:
        return Decision([], result)
    found = [ctx.event("product.shelved", events.ProductShelved(data.product_id, data.on))]
    if not data.on:
        # It leaves every screen at once: the pin, and a sale that would go on selling what cannot be had.
        if data.product_id == room.pinned.wanted:
            found += unpin_events(room, ctx, "off_shelf")
        for cue_id in room.live:
            cue = room.cues[cue_id]
            if kind_of(cue).NEEDS_SHELF and data.product_id in cues.goods(room, cue):
                if cue.status in fire.RUNNING:
                    found.append(fire.end(room, cue, ctx, "stopped", "off_shelf"))
                elif cue.status == "recallable":
                    found.append(ctx.event("cue.recalled", events.CueOnlyEvent(cue_id)))
    return Decision(found, result)


def _changed(room: Room, data: events.CatalogueChanged, event: Event) -> None:
    for merged in data.products:
        parsed = msgspec.convert(merged, ProductPut)
        skus = _skus(room, merged, parsed)
        for sku_id in _gone(room, parsed.product_id, skus):
            # Its orders stay known; nothing of it can be had any more.
            room.skus[sku_id].on_hand = room.skus[sku_id].held
        _place(room, parsed.product_id, merged, parsed, skus)


def _shelved(room: Room, data: events.ProductShelved, event: Event) -> None:
    room.products[data.product_id].on_shelf = data.on


COMMANDS: Final[dict[str, Rule]] = {"catalogue.put": put, "product.shelf": shelf}
FOLDS: Final[dict[str, Fold]] = {"catalogue.put": _changed, "product.shelved": _shelved}
