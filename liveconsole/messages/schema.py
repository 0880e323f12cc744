"""JSON Schema of everything at the door (``GET /v1/schema``), made from the types that parse it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from liveconsole.messages.broadcasts import BroadcastSummary
from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.events import EVENTS
from liveconsole.messages.facts import FACTS
from liveconsole.messages.key_surface import KeyAnswer, KeyPress, KeysFrame
from liveconsole.messages.refusals import TEXTS
from liveconsole.messages.specs import SPECS, CouponRule
from liveconsole.messages.state import State, StatePart

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REF: Final = "#/$defs/{name}"


def schema() -> dict[str, Any]:
    """Types by message name, all definitions in one ``$defs``, and the refusals with their texts."""
    groups: dict[str, dict[str, Any]] = {
        "facts": FACTS,
        "commands": COMMANDS,
        "events": EVENTS,
        "specs": SPECS,
    }
    types = [*(t for group in groups.values() for t in group.values()), CouponRule, BroadcastSummary]
    unique = [*dict.fromkeys(types), State, StatePart, KeysFrame, KeyPress, KeyAnswer]
    made, defs = msgspec.json.schema_components(unique, ref_template=_REF)
    ref = dict(zip(unique, made, strict=True))
    return {
        "$schema": _DIALECT,
        "title": "LiveConsole v1",
        **{name: {key: ref[type_] for key, type_ in group.items()} for name, group in groups.items()},
        "state": ref[State],
        "state_part": ref[StatePart],
        "broadcasts": {"type": "array", "items": ref[BroadcastSummary]},
        "keys": {"frame": ref[KeysFrame], "press": ref[KeyPress], "answer": ref[KeyAnswer]},
        "cloudevent": _envelope(),
        "refusals": {code: {"zh": zh, "en": en} for code, (zh, en) in TEXTS.items()},
        "$defs": defs,
    }


def _envelope() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": text,
            "source": text,
            "type": {"enum": sorted(FACTS)},
            "time": {"type": "string", "format": "date-time"},
            "subject": {"type": "string"},
            "data": {"type": "object"},
        },
    }
