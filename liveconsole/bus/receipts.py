"""The receipt of a draw with all of its entrants, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from liveconsole.domain.draw import receipt_code

Json = dict[str, Any]
_PAGE: Final = 1_000


class ReceiptSource(Protocol):
    """A client of the engine, as it is needed here."""

    async def log(self, after: int = 0, limit: int = 1000, types: Sequence[str] = ()) -> list[Json]: ...

    async def draw_entries(self, id: str, after: str = "") -> Json: ...


async def whole_receipt(client: ReceiptSource, id_: str) -> Json | None:
    """Return the receipt of a draw, by its own id or that of its promotion; None where it was not drawn.

    Raises:
        BusError: nobody can be asked.
        ValueError: its entrants do not add up.
    """
    receipt = await _drawn(client, id_)
    if receipt is None:
        return None
    receipt["code"] = receipt_code(receipt)
    if "count" in receipt:
        count = receipt.pop("count")
        receipt["entries"] = entries = await _entries(client, receipt["draw_id"])
        if len(entries) != count:
            raise ValueError(f"{len(entries)} entrants on the log, {count} in the receipt")
    return receipt


async def void_because(client: ReceiptSource, id_: str) -> str | None:
    """Return the reason for which a promised draw, by its own id or that of its promotion, was given up; None
    where it was not."""
    cue_ids: set[str] = set()
    after = 0
    while page := await client.log(after, _PAGE, ("cue.on_air", "cue.ended")):
        for event in page:
            data, after = event["data"], int(event["seq"])
            if event["type"] == "cue.on_air":
                promise = data.get("draw")
                if promise and id_ in (data["cue_id"], promise["draw_id"]):
                    cue_ids.add(data["cue_id"])
            elif data["cue_id"] in cue_ids and data["because"] != "drawn":
                return str(data.get("reason") or data["because"])
    return None


async def entry_of(client: ReceiptSource, receipt: Json, viewer_id: str) -> str | None:
    """Return the entry of a viewer, by the id that the platform knows him by, for whom he asks for it."""
    after = 0
    while page := await client.log(after, _PAGE, ("bag.entered",)):
        for event in page:
            if event["data"]["cue_id"] == receipt["rules"]["cue_id"]:
                for viewer, entry in event["data"]["entries"]:
                    if viewer_id in (viewer, viewer.get("id") if isinstance(viewer, dict) else None):
                        return str(entry)
        after = int(page[-1]["seq"])
    return None


async def _drawn(client: ReceiptSource, id_: str) -> Json | None:
    after = 0
    while page := await client.log(after, _PAGE, ("cue.drawn",)):
        for event in page:
            receipt: Json = event["data"]["receipt"]
            if id_ in (event["data"]["cue_id"], receipt.get("draw_id")):
                return receipt
        after = int(page[-1]["seq"])
    return None


async def _entries(client: ReceiptSource, draw_id: str) -> list[Json]:
    found: list[Json] = []
    while page := (await client.draw_entries(draw_id, found[-1]["id"] if found else ""))["entries"]:
        found += page
    return found
