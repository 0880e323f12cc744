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
    """Return the receipt of a draw, by its own id or that of its promotion; ``CUE-2`` is the second bag of a
    series. None where it was not drawn.

    Raises:
        BusError: nobody can be asked.
        ValueError: its entrants do not add up.
    """
    receipt = await _drawn(client, id_)
    return await _with_entries(client, receipt) if receipt is not None else None


async def whole_series(client: ReceiptSource, cue_id: str) -> Json | None:
    """Return the receipt of a series that is over and those of its draws, ``{"series", "receipts"}``; None
    where there is none.

    Raises:
        BusError: nobody can be asked.
        ValueError: the entrants of a draw do not add up.
    """
    series: Json | None = None
    drawn: list[Json] = []
    after = 0
    while page := await client.log(after, _PAGE, ("cue.drawn", "bag.series")):
        for event in page:
            data, after = event["data"], int(event["seq"])
            if data["cue_id"] != cue_id:
                continue
            if event["type"] == "bag.series":
                series = data["receipt"]
            else:
                drawn.append(data["receipt"])
    if series is None:
        return None
    series["code"] = receipt_code(series)
    return {"series": series, "receipts": [await _with_entries(client, receipt) for receipt in drawn]}


async def receipt_to_keep(client: ReceiptSource, cue_id: str) -> Json | None:
    """Return what a seat keeps as a file: the receipts of a series that is over, else that of the draw."""
    return await whole_series(client, cue_id) or await whole_receipt(client, cue_id)


async def _with_entries(client: ReceiptSource, receipt: Json) -> Json:
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
    while page := await client.log(after, _PAGE, ("cue.on_air", "bag.opened", "cue.drawn", "cue.ended")):
        for event in page:
            data, after = event["data"], int(event["seq"])
            if event["type"] in ("cue.on_air", "bag.opened"):
                promise = data.get("draw")
                if promise and id_ in (_name_of(data), promise["draw_id"]):
                    cue_ids.add(data["cue_id"])
            elif event["type"] == "cue.drawn":
                cue_ids.discard(data["cue_id"])
            elif data["cue_id"] in cue_ids and data["because"] != "drawn":
                return str(data.get("reason") or data["because"])
    return None


async def entry_of(client: ReceiptSource, receipt: Json, viewer_id: str) -> str | None:
    """Return the entry of a viewer, by the id that the platform knows him by, for whom he asks for it."""
    after = 0
    while page := await client.log(after, _PAGE, ("bag.entered", "places.taken")):
        for event in page:
            bag = receipt["rules"].get("series", {}).get("bag", 1)
            here = event["data"]["cue_id"] == receipt["rules"]["cue_id"]
            if here and event["data"].get("bag", 1) == bag:
                for viewer, entry in event["data"]["entries"]:
                    if viewer_id in (viewer, viewer.get("id") if isinstance(viewer, dict) else None):
                        return str(entry)
        after = int(page[-1]["seq"])
    return None


async def _drawn(client: ReceiptSource, id_: str) -> Json | None:
    of_series: Json | None = None
    after = 0
    while page := await client.log(after, _PAGE, ("cue.drawn", "places.closed")):
        for event in page:
            data = event["data"]
            receipt: Json = data["receipt"]
            if id_ in (data["cue_id"], receipt.get("draw_id")):
                return receipt
            if id_ == _name_of(data):  # unless a promotion has it as its own id
                of_series = receipt
        after = int(page[-1]["seq"])
    return of_series


def _name_of(data: Json) -> str:
    """What a draw is asked for by: the promotion's id, of a later bag with its number behind."""
    bag = data.get("bag", 1)
    return str(data["cue_id"]) if bag == 1 else f"{data['cue_id']}-{bag}"


async def _entries(client: ReceiptSource, draw_id: str) -> list[Json]:
    found: list[Json] = []
    while page := (await client.draw_entries(draw_id, found[-1]["id"] if found else ""))["entries"]:
        found += page
    return found
