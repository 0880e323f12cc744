"""Entrants of a closed draw, page by page, from the log: they stand there one by one since they entered.

A receipt holds them whole up to `bounds.WHOLE_ENTRIES`; beyond, it has their count and root, and they are
read here. A later bag of a series is asked for by its draw id, or as ``CUE-2``. Used on the reading thread
only.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Final

import msgspec

from liveconsole.messages.bounds import ENTRIES_A_PAGE
from liveconsole.store.reader import Reader

_LINES: Final = 1_000
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Draws:
    """Remembers the draw that was asked for last: its pages come one after the other."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._found: tuple[str, dict[str, Any], list[str]] | None = None

    def entries(self, id_: str, after: str) -> bytes | None:
        """Entry ids behind ``after`` in their order, as JSON; None where no draw with this id (or cue id) has
        closed."""
        if self._found is None or self._found[0] != id_:
            self._found = self._find(id_)
        if self._found is None:
            return None
        _, head, ids = self._found
        first = bisect_right(ids, after)
        page = [{"id": entry, "weight": 1} for entry in ids[first : first + ENTRIES_A_PAGE]]
        return _encode({**head, "count": len(ids), "entries": page})

    def _find(self, id_: str) -> tuple[str, dict[str, Any], list[str]] | None:
        promise = self._first("cue.on_air", 0, lambda data: id_ in (data["cue_id"], _draw_id(data)))
        if promise is None:
            promise = self._first(
                "bag.opened", 0, lambda data: id_ in (_draw_id(data), f"{data['cue_id']}-{data['bag']}")
            )
        if promise is None or (draw_id := _draw_id(promise["data"])) is None:
            return None
        cue_id, began = promise["data"]["cue_id"], promise["seq"]
        bag = promise["data"].get("bag", 1)

        def here(data: dict[str, Any]) -> bool:
            return bool(data["cue_id"] == cue_id and data.get("bag", 1) == bag)

        closed = self._first("bag.closed", began, here)
        if closed is None:
            return None
        ids: list[str] = []
        while page := self._reader.read(began, _LINES, ("bag.entered",), names=False):
            for line in map(_decode, page):
                if line["seq"] > closed["seq"]:
                    break
                if here(line["data"]):
                    ids += [entry for _, entry in line["data"]["entries"]]
            began = line["seq"]
            if began > closed["seq"]:
                break
        head = {"draw_id": draw_id, "cue_id": cue_id, "root": closed["data"]["root"]}
        return id_, head, sorted(ids)

    def _first(self, type_: str, after: int, fits: Any) -> dict[str, Any] | None:
        while page := self._reader.read(after, _LINES, (type_,), names=False):
            for line in map(_decode, page):
                if fits(line["data"]):
                    found: dict[str, Any] = line
                    return found
                after = line["seq"]
        return None


def _draw_id(data: dict[str, Any]) -> str | None:
    promise = data.get("draw")
    return promise["draw_id"] if promise else None
