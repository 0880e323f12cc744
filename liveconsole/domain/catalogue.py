"""Products and SKUs: 商品, their prices, floors and stock, on and off the shelf."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Final

import msgspec

from liveconsole.domain import asked, fire, floors, stock
from liveconsole.domain import cue as cues
from liveconsole.domain.cart import unpin_events
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kind import kind_of
from liveconsole.domain.overrides import overridden
from liveconsole.domain.puts import Put, place, puts_of, skus_of
from liveconsole.domain.room import Room, Sku
from liveconsole.domain.stacking import MAY_STILL_RUN
from liveconsole.messages import commands, events
from liveconsole.messages.commands import ProductPut
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused


def put(room: Room, data: commands.CataloguePut, ctx: Context) -> Decision | Refused:
    """Put all of the products or none; a field that is not sent stays as it was, but for ``skus``."""
    puts = puts_of(room, data.products)
    if isinstance(puts, Refused):
        return puts
    after = {put_.parsed.product_id: put_.skus for put_ in puts}
    refused = (
        _ids_clash(room, after)
        or _stock_breach(room, after)
        or _under_a_sale(room, puts)
        or _floor_breach(room, puts)
        or asked.listed_too_high(room, puts, ctx.now)
    )
    if refused is not None:
        return refused
    result = {"product_ids": list(after)}
    if not puts:
        return Decision([], result)
    changed = events.CatalogueChanged([put_.merged for put_ in puts])
    found = [ctx.event("catalogue.put", changed), *overridden(ctx, "catalogue.put", data.override)]
    return Decision(found, result)


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


def _under_a_sale(room: Room, puts: Sequence[Put]) -> Refused | None:
    """Whether the shop would be cheaper than a sale that runs or may run: its buyers would pay for it."""
    prices = {sku.sku_id: sku.price_fen for put_ in puts for sku in put_.skus if sku.sku_id in room.skus}
    lowered = {sku_id: fen for sku_id, fen in prices.items() if fen < room.skus[sku_id].price_fen}
    if not lowered:
        return None
    for cue in room.cues.values():
        if cue.status in MAY_STILL_RUN:
            offers = kind_of(cue).offers(cue.spec)
            for price in offers.prices:
                fen = lowered.get(price.sku_id)
                if fen is not None and fen < price.fen:
                    return floors.dearer_than_shop(cue.cue_id, price.sku_id, price.fen, fen)
            for bundle in offers.together:
                then = sum(prices.get(id_, room.skus[id_].price_fen) * n for id_, n in bundle.items)
                if lowered.keys() & dict(bundle.items).keys() and then < bundle.fen:
                    return floors.dearer_together(bundle.fen, then, cue.cue_id)
    return None


def _floor_breach(room: Room, puts: Sequence[Put]) -> Refused | None:
    """Whether new prices or floors let anything that runs, or may run, bring a SKU under its floor, be it one
    of other goods: said with the first product that makes it so."""
    refused = _breach(room, puts)
    if refused is None:
        return None
    first, end = 0, len(puts)  # without the first nothing is broken, with ``end`` of them something is
    while end - first > 1:
        middle = (first + end) // 2
        found = _breach(room, puts[:middle])
        if found is None:
            first = middle
        else:
            end, refused = middle, found
    guilty = puts[end - 1]
    more = {"product_id": guilty.parsed.product_id, "index": guilty.index}
    return Refused(refused.code, {**refused.params, **more})


def _breach(room: Room, puts: Sequence[Put]) -> Refused | None:
    then = copy.copy(room)
    then.products, then.skus = dict(room.products), dict(room.skus)
    new: list[str] = []
    for put_ in puts:
        place(then, put_.parsed.product_id, put_.merged, put_.parsed, put_.skus)
        new += [
            sku.sku_id for sku in put_.skus if sku.sku_id not in room.skus or _floor_over_price(room, sku)
        ]
    return floors.between(room, then, new)


def _floor_over_price(room: Room, sku: Sku) -> bool:
    """Whether the put says a floor above the SKU's own price: such a row is a mistake, whatever runs."""
    before = room.skus[sku.sku_id]
    moved = (before.price_fen, before.floor_fen) != (sku.price_fen, sku.floor_fen)
    return moved and sku.floor_fen is not None and sku.price_fen < sku.floor_fen


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
        skus = skus_of(room, merged, parsed)
        for sku_id in _gone(room, parsed.product_id, skus):
            # Its orders stay known; nothing of it can be had any more.
            room.skus[sku_id].on_hand = room.skus[sku_id].held
        place(room, parsed.product_id, merged, parsed, skus)
        asked.put(room, room.products[parsed.product_id], event.at)


def _shelved(room: Room, data: events.ProductShelved, event: Event) -> None:
    product = room.products[data.product_id]
    product.on_shelf = data.on
    asked.put(room, product, event.at)


COMMANDS: Final[dict[str, Rule]] = {"catalogue.put": put, "product.shelf": shelf}
FOLDS: Final[dict[str, Fold]] = {"catalogue.put": _changed, "product.shelved": _shelved}
