"""The envelope that every producer of ours fills: CloudEvents 1.0 in JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

CloudEvent = dict[str, Any]
"""``specversion, id, source, type, time?, data``: what ``POST /v1/events`` takes."""


def cloudevent(
    source: str, id_: str, type_: str, data: dict[str, Any], time: str | None = None
) -> CloudEvent:
    """`time` is RFC 3339 with offset, or None where the source does not know it."""
    event: CloudEvent = {"specversion": "1.0", "id": id_, "source": source, "type": type_}
    if time is not None:
        event["time"] = time
    event["data"] = data
    return event


def person(id_: object, name: object) -> dict[str, str]:
    """A viewer as facts name him: by his id where the source has one, else ``name:`` and his name (two
    viewers of one name are then one, and enter a bag marked unverified)."""
    shown = name if isinstance(name, str) else ""
    known = str(id_) if isinstance(id_, (str, int)) and not isinstance(id_, bool) and id_ != "" else ""
    return {"id": known or f"name:{shown}", "name": shown}


def rfc3339_ms(milliseconds: float) -> str:
    """Milliseconds since 1970 as the wire writes a time.

    Raises:
        ValueError, OverflowError, OSError: no time that can be written.
    """
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
