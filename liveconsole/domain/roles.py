"""Who may ask for what: one table, checked before any rule (contract, Roles)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from liveconsole.domain.puts import lowered_floor
from liveconsole.domain.room import Room
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rights import MAY, actor_of


def denial(room: Room, role: str, command_type: str, data: Mapping[str, Any]) -> Refused | None:
    """Return the ``forbidden`` that answers this role, or None; ``data`` is as sent, its shape not yet
    judged."""
    if command_type not in MAY.get(role, frozenset()):
        return Refused("forbidden", {"role": role, "type": command_type})
    narrowed = _NARROWED.get((actor_of(role), command_type))
    return narrowed(room, data) if narrowed is not None else None


def _stops_what_it_may(room: Room, data: Mapping[str, Any]) -> Refused | None:
    cue_id = data.get("cue_id")
    cue = room.cues.get(cue_id) if isinstance(cue_id, str) else None
    if cue is None or cue.spec.assistant_may_stop:
        return None
    return Refused("forbidden", {"role": "assistant", "type": "cue.stop", "kind": cue.kind})


def _lowers_no_floor(room: Room, data: Mapping[str, Any]) -> Refused | None:
    products = data.get("products")
    sent = [each for each in products if isinstance(each, dict)] if isinstance(products, list) else []
    product_id = lowered_floor(room, sent)
    if product_id is None:
        return None
    return Refused("forbidden", {"because": "floor_lowered", "product_id": product_id})


_NARROWED: Final[dict[tuple[str, str], Callable[[Room, Mapping[str, Any]], Refused | None]]] = {
    ("assistant", "cue.stop"): _stops_what_it_may,
    ("assistant", "catalogue.put"): _lowers_no_floor,
}
