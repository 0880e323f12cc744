"""福袋雨 in the report: each bag of a series, in the order in which they opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from liveconsole.domain.draw import receipt_code


class ReportBag(Struct):
    """``entrants`` and ``winners``: None where the platform has them, and nobody typed in who won."""

    cue_id: str
    title: str
    bag: int
    opened_at: datetime
    closed_at: datetime | None = None
    entrants: int | None = None
    winners: int | None = None
    stood_back: int | None = None
    receipt_code: str = ""
    series_code: str = ""
    """Of the whole series, with its last bag."""


class BagsSoFar:
    """The bags of one promotion while the log goes on."""

    def __init__(self) -> None:
        self.all: list[ReportBag] = []

    def take(self, kind: str, data: Mapping[str, Any], title: str, at: datetime) -> None:
        """One event about them."""
        if kind in ("cue.on_air", "bag.opened"):
            rules = (data.get("draw") or {}).get("rules")
            bag = ReportBag(data["cue_id"], title, data.get("bag", 1), at)
            if rules is not None:
                bag.entrants, bag.stood_back = 0, len(rules.get("stood_back", ()))
            self.all.append(bag)
            return
        found = next((bag for bag in self.all if bag.bag == data.get("bag", 1)), None)
        if kind == "bag.series" and self.all:
            self.all[-1].series_code = receipt_code(data["receipt"])
        elif found is None:
            return
        elif kind == "bag.entered":
            found.entrants = (found.entrants or 0) + len(data["entries"])
        elif kind == "bag.closed":
            found.closed_at = at
        elif kind == "cue.drawn":
            found.winners, found.receipt_code = len(data["winners"]), receipt_code(data["receipt"])
        elif kind == "bag.winners":
            found.winners = len(data["names"])


def bags_of(all_: Iterable[BagsSoFar]) -> list[ReportBag]:
    """Return them in the order in which they opened."""
    found = [bag for bags in all_ for bag in bags.all]
    return sorted(found, key=lambda bag: (bag.opened_at, bag.cue_id, bag.bag))
