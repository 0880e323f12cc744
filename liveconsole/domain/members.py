"""How many of everything a room holds, and how much one of them: one table, asked before a command's rule.

What comes from the audience is not refused here: orders, entrants and claims are bounded by what was
promised, and by the broadcast. The rundown, notes and promises keep their own bounds beside their rules. A
fold never asks: a log that was written before stands as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain.room import Room
from liveconsole.messages import commands
from liveconsole.messages.bounds import UNKNOWN_BYTES
from liveconsole.messages.commands import ProductPut
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import SPECS
from liveconsole.messages.unknown import known_of, too_much

LIMITS: Final[dict[str, int]] = {
    "products": 10_000,
    "skus": 20_000,
    "skus of a product": 200,
    "points": 100,
    "groups": 100,
    "cart": 2_000,
    "queue": 500,
    "cues": 20_000,
    "shop_coupons": 100,
    "sources": 50,
    "exclude": 10_000,
}
"""Members of the room, of a product and of a spec. ``queue``: promotions that are not over; ``cues``: all
that the room still knows. 讲解 and 下一品 are never refused for want of room."""


def beyond(room: Room, command_type: str, data: Struct) -> Refused | None:
    """Return the ``over_limit`` of a command that would leave the room with too many of something, or with
    one that is too large."""
    count = _COUNTS.get(command_type)
    for name, before, after in count(room, data) if count is not None else ():
        # What is too much already may stay or shrink.
        if after > LIMITS[name] and after > before:
            return Refused(
                "over_limit", {"detail": f"{name}: {after} > {LIMITS[name]}", "limit": LIMITS[name]}
            )
    unknown = _UNKNOWN.get(command_type)
    if unknown is not None and (where := unknown(room, data)):
        detail = f"{where}: unknown fields > {UNKNOWN_BYTES} bytes"
        return Refused("over_limit", {"detail": detail, "limit": UNKNOWN_BYTES})
    return None


Counts = Iterable[tuple[str, int, int]]
"""Name in `LIMITS`, how many there are, how many there would be."""


def _products(room: Room, data: commands.CataloguePut) -> Counts:
    ids, skus = set(room.products), set(room.skus)
    for product in data.products:
        id_ = product.get("product_id")
        if not isinstance(id_, str):
            continue
        rows = _list(product.get("skus"))
        ids.add(id_)
        own = {row["sku_id"] for row in rows if isinstance(row, dict) and isinstance(row.get("sku_id"), str)}
        skus |= own or {id_}
        known = room.products.get(id_)
        yield "skus of a product", len(known.sku_ids) if known is not None else 0, len(rows)
        for name in ("points", "groups"):
            yield name, 0, len(_list(product.get(name)))
    yield "products", len(room.products), len(ids)
    yield "skus", len(room.skus), len(skus)


def _cart(room: Room, data: commands.CartAdd) -> Counts:
    before = {item.product_id for item in room.cart}
    yield "cart", len(before), len(before.union(data.product_ids))


def _cues(room: Room, data: commands.CueAdd | commands.CueAgain) -> Counts:
    yield "queue", len(room.queue), len(room.queue) + 1
    yield "cues", len(room.cues), len(room.cues) + 1
    if isinstance(data, commands.CueAdd):
        yield from _spec(room, data)


def _spec(_room: Room, data: commands.CueAdd | commands.CueEdit) -> Counts:
    yield "exclude", 0, len(_list(data.spec.get("exclude")))


def _settings(room: Room, data: commands.RoomSet) -> Counts:
    if isinstance(data.shop_coupons, list):
        yield "shop_coupons", len(room.settings.shop_coupons), len(data.shop_coupons)
    if isinstance(data.sources, dict):
        yield "sources", 0, len(data.sources)


def _unknown_of_products(room: Room, data: commands.CataloguePut) -> str:
    """With what the product has already; a put that brings none of them may always come."""
    known = known_of(ProductPut)
    for place, sent in enumerate(data.products):
        if not sent.keys() <= known.names or "skus" in sent:
            id_ = sent.get("product_id")
            before = room.products.get(id_) if isinstance(id_, str) else None
            if too_much(known, {**before.sent, **sent} if before is not None else sent):
                return f"products[{place}]"
    return ""


def _unknown_of_spec(room: Room, data: commands.CueAdd | commands.CueEdit) -> str:
    cue = room.cues.get(data.cue_id) if isinstance(data, commands.CueEdit) else None
    kind = data.kind if isinstance(data, commands.CueAdd) else cue.kind if cue is not None else ""
    return "spec" if kind in SPECS and too_much(known_of(SPECS[kind]), data.spec) else ""


def _unknown_of_segments(room: Room, data: Any) -> str:
    for place, segment in enumerate(data.segments):
        for template in _list(segment.cues):
            if too_much(known_of(SPECS[template.kind]), template.spec):
                return f"segments.{place}.cues"
    return ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


_COUNTS: Final[Mapping[str, Callable[[Room, Any], Counts]]] = {
    "catalogue.put": _products,
    "cart.add": _cart,
    "cue.add": _cues,
    "cue.again": _cues,
    "cue.edit": _spec,
    "room.set": _settings,
}
_UNKNOWN: Final[Mapping[str, Callable[[Room, Any], str]]] = {
    "catalogue.put": _unknown_of_products,
    "cue.add": _unknown_of_spec,
    "cue.edit": _unknown_of_spec,
    "rundown.put": _unknown_of_segments,
}
