"""What capture tools send, read with care: every value may be of any type, and none of them is believed."""

from __future__ import annotations

import base64
import math
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent, rfc3339_ms
from liveconsole.messages.fields import MASKED, NAME_ONLY
from liveconsole.messages.unreadable import UNREADABLE

LONGEST_ID: Final = 150
"""Characters of an id; with what it stands in (a room, a kind) it stays within what the door takes."""
_NOBODY: Final = frozenset({"", "0", "-1", "null", "none", "nil", "undefined", "nan", "false"})
"""Ids that stand for no id, in small letters."""
_MASK: Final = frozenset("*＊∗✱﹡")
_MOST_COUNT: Final = 10**12


class Mapped(Struct, frozen=True):
    """What one message holds. ``passed_over``: of kinds without a fact; ``broken``: of no usable shape;
    ``orders``: ids of those that are told of without an amount, so that no fact can be made of them."""

    events: list[CloudEvent] = []
    passed_over: int = 0
    broken: int = 0
    live: bool | None = None
    orders: tuple[str, ...] = ()


BROKEN: Final = Mapped(broken=1)
PASSED_OVER: Final = Mapped(passed_over=1)


def decoded(data: str | bytes) -> Any:
    """Return the JSON value; None for what is no JSON (and for ``null``, which holds nothing either)."""
    try:
        return msgspec.json.decode(data)
    except UNREADABLE:
        return None


def at(value: object, *names: str) -> Any:
    """Return what stands at a path of objects; None where the path ends early."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def items(value: object) -> list[Any]:
    """Return a list's values; none of what is no list."""
    return value if isinstance(value, list) else []


def base64_json(value: object) -> Any:
    """Return the JSON value in base64 text; None for what is none."""
    if not isinstance(value, str):
        return None
    try:
        return decoded(base64.b64decode(value, validate=True))
    except ValueError:
        return None


def text_of(value: object) -> str | None:
    return value if isinstance(value, str) else None


def id_of(value: object) -> str | None:
    """Return an id as text; None for zero, nothing, a masked one, and no whole number."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    if isinstance(value, int) and not -(2**64) < value < 2**64:
        return None
    text = str(value).strip()
    if len(text) > LONGEST_ID or text.lower() in _NOBODY or is_masked(text) or not text.strip("0"):
        return None
    return text


def is_masked(text: str) -> bool:
    """Tell whether signs were put in place of letters: many people look like this."""
    return not _MASK.isdisjoint(text)


def viewer(name: object, message: str, *ids: object) -> dict[str, str]:
    """A viewer as facts name him.

    The first usable id is his; without one he is known by his name. A masked or empty name with no id is
    nobody's in particular: he is another person in every ``message``.
    """
    shown = name if isinstance(name, str) else ""
    for each in ids:
        if (known := id_of(each)) is not None:
            return {"id": known, "name": shown}
    if shown.strip() and not is_masked(shown) and len(shown) <= LONGEST_ID:
        return {"id": f"{NAME_ONLY}{shown}", "name": shown}
    return masked(shown, message)


def masked(name: object, message: str) -> dict[str, str]:
    """Whoever wrote this one message."""
    return {"id": f"{MASKED}{message}"[:200], "name": name if isinstance(name, str) else ""}


def count_of(value: object) -> int | None:
    """Return a count that may come as a number or as its digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_COUNT:
        return value
    return None


def time_of(value: object, *, unit: float = 1) -> str | None:
    """Return a moment as the wire writes it; ``unit``: milliseconds in one of the value."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        value = int(value)
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not math.isfinite(value)
        or value <= 0
    ):
        return None
    try:
        return rfc3339_ms(value * unit)
    except (ValueError, OverflowError, OSError):
        return None
