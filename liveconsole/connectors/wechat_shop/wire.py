"""Values as the 微信小店 API sends them: ids quoted or not, numbers quoted or not, objects that are not
there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_MOST_FEN = 10**12


def ident(value: object) -> str:
    """An id as text, whether it came as a string or as a number; "" where there is none."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return str(value) if value > 0 else ""
    return value.strip() if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """A whole number, quoted or not."""
    if isinstance(value, str) and len(value) < 20 and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def fen(value: object) -> int | None:
    """Money that can be counted; not what is under nothing."""
    found = whole(value)
    return found if found is not None and 0 <= found <= _MOST_FEN else None


def flag(value: object) -> bool | None:
    """Yes or no, quoted or not."""
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower())
    return bool(value) if isinstance(value, int) else None


def inner(of: dict[str, Any], name: str) -> dict[str, Any]:
    """An object in an object; an empty one where there is none."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def rows(of: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list; none where there is none."""
    found = of.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def moment(value: object) -> str | None:
    """Unix seconds as the wire writes a time; 0 is none."""
    seconds = whole(value)
    if not seconds or seconds < 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return None
