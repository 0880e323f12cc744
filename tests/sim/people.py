"""Who is hidden, what a broadcast may sell at most, what the law lists hold: told from the log alone."""

from __future__ import annotations

from collections import Counter

from liveconsole.domain.room import Room
from tests.sim.books import Books, Data
from tests.sim.broken import must


class HiddenTold:
    """Who is hidden here; what is still to be done about them at a platform is not looked at."""

    def __init__(self) -> None:
        self._blocked: dict[str, bool] = {}

    def muted(self, data: Data) -> None:
        self._blocked[data["viewer_id"]] = data.get("block", False)

    def unmuted(self, data: Data) -> None:
        must(data["viewer_id"] in self._blocked, "somebody is shown again who was not hidden", data)
        del self._blocked[data["viewer_id"]]

    def opened(self) -> None:
        """Those of one evening are shown again at the next."""
        self._blocked = {pid: block for pid, block in self._blocked.items() if block}

    def same(self, room: Room) -> None:
        there = {pid for pid, one in room.comment_desk.muted.items() if one.hidden}
        must(there == self._blocked.keys(), "others are hidden than the log tells", there, self._blocked)


class BoundsTold:
    """What a broadcast may sell of a SKU, in all and to one buyer."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._units: dict[str, int | None] = {}
        self._per_buyer: dict[str, int | None] = {}

    def limited(self, data: Data) -> None:
        sku = data["sku_id"]
        self._units[sku], self._per_buyer[sku] = data.get("units"), data.get("per_buyer")
        units = self._units[sku]
        must(units is None or self._taken(sku).total() <= units, "bounded below what is taken", data)

    def granted(self, data: Data) -> None:
        """An order that was granted a moment ago and stands in the books."""
        buyer = data["buyer"]["id"]
        for sku in {line["sku_id"] for line in data["lines"]}:
            taken = self._taken(sku) if sku in self._units else Counter[str]()
            units, per_buyer = self._units.get(sku), self._per_buyer.get(sku)
            must(units is None or taken.total() <= units, "granted beyond a broadcast's limit", data, taken)
            must(per_buyer is None or taken[buyer] <= per_buyer, "a buyer has more than he may", data, taken)

    def _taken(self, sku: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for order in self._books.orders.values():
            if order.broadcast == self._books.broadcast and order.takes():
                found[order.buyer] += sum(line.units for line in order.lines if line.sku == sku)
        return found


class LawTold:
    """The rights and the violations that are on the lists."""

    def __init__(self) -> None:
        self._rights: set[str] = set()
        self._violations: set[str] = set()

    def told(self, kind: str, data: Data) -> None:
        if kind == "right.put":
            self._rights.add(data["right_id"])
        elif kind == "right.removed":
            must(data["right_id"] in self._rights, "a right is taken away that was not there", data)
            self._rights.discard(data["right_id"])
        elif kind == "violation.noted":
            self._violations.add(data["violation_id"])
        elif kind == "violation.stepped":
            must(data["violation_id"] in self._violations, "a step of a violation that nobody noted", data)

    def same(self, room: Room) -> None:
        there = set(room.law.rights)
        must(there == self._rights, "other rights than the log tells", there, self._rights)
        must(room.law.violations.keys() <= self._violations, "a violation from nowhere", self._violations)
