"""The log of a `Desk` as the door gives it: what a report is folded from."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.unit.domain.desk import Desk


def lines_of(desk: Desk, names: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Every event as one JSON object; ``names`` go beside the ids that stand for them."""
    found = []
    for event in desk.log:
        data = msgspec.to_builtins(event.data)
        line = {
            "seq": event.seq,
            "type": event.type,
            "at": event.at.isoformat(timespec="milliseconds"),
            "actor": event.actor,
            "data": _named(msgspec.json.decode(msgspec.json.encode(data)), names or {}),
        }
        found.append(line)
    return found


def _named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {key: _named(item, names) for key, item in value.items()}
    for key in ("id", "viewer_id"):
        if isinstance(value.get(key), str):
            shown["name"] = names.get(value[key], "")
    return shown
