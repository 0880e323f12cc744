"""Who may ask for what: one table, checked before any rule (contract, Roles)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from liveconsole.domain.room import Room
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rights import MAY


def denial(room: Room, role: str, command_type: str, data: Mapping[str, Any]) -> Refused | None:
    """Return the ``forbidden`` that answers this role, or None; ``data`` is as sent, its shape not yet
    judged."""
    if command_type not in MAY.get(role, frozenset()):
        return Refused("forbidden", {"role": role, "type": command_type})
    narrowed = _NARROWED.get((role, command_type))
    return narrowed(room, data) if narrowed is not None else None


def _stops_what_it_may(room: Room, data: Mapping[str, Any]) -> Refused | None:
    cue_id = data.get("cue_id")
    cue = room.cues.get(cue_id) if isinstance(cue_id, str) else None
    if cue is None or cue.spec.assistant_may_stop:
        return None
    return Refused("forbidden", {"role": "assistant", "type": "cue.stop", "kind": cue.kind})


def _lowers_no_floor(room: Room, data: Mapping[str, Any]) -> Refused | None:
    products = data.get("products")
    for product in products if isinstance(products, list) else ():
        if not isinstance(product, dict):
            continue
        known = (
            room.products.get(product_id)
            if isinstance(product_id := product.get("product_id"), str)
            else None
        )
        if known is None:
            continue
        skus = product.get("skus")
        sent = {
            sku_id: sku
            for sku in (skus if isinstance(skus, list) else ())
            if isinstance(sku, dict) and isinstance(sku_id := sku.get("sku_id"), str)
        }
        lowered = _lower(known.floor_fen, product)
        for sku_id in known.sku_ids:
            own = sent.get(sku_id, {})
            floor = room.skus[sku_id].floor_fen
            # A SKU takes its product's floor where it has none of its own.
            lowered = lowered or (_lower(floor, own) if "floor_fen" in own else _lower(floor, product))
        if lowered:
            return Refused("forbidden", {"because": "floor_lowered", "product_id": known.product_id})
    return None


def _lower(floor: int | None, sent: Mapping[str, Any]) -> bool:
    """A floor that is not sent stays; null takes it away."""
    if floor is None or "floor_fen" not in sent:
        return False
    value = sent["floor_fen"]
    return not isinstance(value, int) or value < floor


_NARROWED: Final[dict[tuple[str, str], Callable[[Room, Mapping[str, Any]], Refused | None]]] = {
    ("assistant", "cue.stop"): _stops_what_it_may,
    ("assistant", "catalogue.put"): _lowers_no_floor,
}
