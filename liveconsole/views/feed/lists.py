"""Lists of rows beside the ring: what a filter keeps, orders that wait for money, what a search found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from liveconsole.views.feed.fold import Feed
from liveconsole.views.feed.rows import COMMENT, ORDER, FeedRow, is_fraud, is_lure, matching, reason_of

FOUND_MAX: Final = 2_000
SIGNED_AT_ONCE: Final = 2_000
"""Newest rows that a filter looks at by the lists of words, some ten milliseconds of them."""
LOOKED_AT_ONCE: Final = 24
"""Rows that `KeptBack` looks at in one go: a tenth of a millisecond; 1,400 a second."""


class Filtered:
    """The rows of one filter (see ``matching``), in the feed's order. ``refresh`` looks at new rows only."""

    def __init__(self, feed: Feed, name: str, words: str = "") -> None:
        self._feed, self._matches = feed, matching(name, words)
        self._looked = feed.first
        self._kept: list[FeedRow] = []
        self.added = 0
        """Rows ever added."""
        self._leaves = name == "unpaid"
        self._signed = feed.added - SIGNED_AT_ONCE if name == "marked" and not words.strip() else None
        """The index from which on rows that a list names are kept too: it takes longer than the rest."""

    def __len__(self) -> int:
        return len(self._kept)

    def refresh(self) -> None:
        """Take in what the feed added since; rows that the feed let go leave here too."""
        feed = self._feed
        for index in range(max(self._looked, feed.first), feed.added):
            row = feed.row(index)
            if self._matches(row) or self._is_signed(index, row):
                self._kept.append(row)
                self.added += 1
        self._looked = feed.added
        if self._leaves:
            self._kept = [row for row in self._kept if row.open > 0]
        if len(self._kept) > feed.capacity:
            del self._kept[: len(self._kept) - feed.capacity]

    def _is_signed(self, index: int, row: FeedRow) -> bool:
        if self._signed is None or index < self._signed:
            return False
        return reason_of(row, self._feed.look.signs) is not None

    def rows(self) -> list[FeedRow]:
        """Return the rows, oldest first."""
        return list(self._kept)

    def tail(self, count: int) -> list[FeedRow]:
        """Return the newest rows, oldest first."""
        return self._kept[-count:] if count else []


class KeptBack:
    """How many rows cheat or lure, counted a few rows at a time: ``look`` once a frame. In a flood rows go
    before they were looked at; then there are at least so many."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._looked = feed.first
        self.count = 0
        self.at_least = False

    def look(self, most: int = LOOKED_AT_ONCE) -> None:
        """Go through what the feed added, at most so many rows."""
        feed = self._feed
        if self._looked < feed.first:
            self._looked, self.at_least = feed.first, True
        end = min(feed.added, self._looked + most)
        for index in range(self._looked, end):
            row = feed.row(index)
            self.count += is_lure(row) or is_fraud(row)
        self._looked = end


class Unpaid:
    """Every order that is neither paid nor closed, oldest first.

    ``what`` of its rows is ``waiting``; ``pid`` holds the moment when the hold ends, ``""`` where the
    platform keeps that to itself.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._rows: dict[str, FeedRow] = {}
        self.added = 0
        """Rows ever added."""
        self.refresh()

    def __len__(self) -> int:
        return len(self._rows)

    def refresh(self) -> None:
        """As the feed knows it now."""
        kept: dict[str, FeedRow] = {}
        for order_id, placed in self._feed.orders.unpaid.items():
            row = self._rows.get(order_id)
            if row is None:
                row = FeedRow(placed.seq, placed.at, ORDER, placed.name, placed.about, what="waiting")
                row.fen, row.big = placed.fen, placed.fen >= self._feed.big_fen
                self.added += 1
            row.pid = placed.until
            kept[order_id] = row
        self._rows = kept

    def rows(self) -> list[FeedRow]:
        """Return the rows, oldest first."""
        return list(self._rows.values())

    def tail(self, count: int) -> list[FeedRow]:
        """Return the newest rows, oldest first."""
        return self.rows()[-count:] if count else []

    def total_fen(self) -> int:
        """Return what they are worth together."""
        return sum(row.fen for row in self._rows.values())

    def first_ends(self) -> str:
        """Return the moment when the first hold ends; ``""`` where none is known."""
        return min(
            (row.pid for row in self._rows.values() if row.pid), default="", key=datetime.fromisoformat
        )


class FoundComments:
    """Comments that a search of the whole log found. Older pages go in before what is there; every comment
    once, in the order of the log."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._rows: list[FeedRow] = []
        self.full = False
        """Whether the search went on and this list did not."""

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def added(self) -> int:
        """Rows ever added."""
        return len(self._rows)

    def refresh(self) -> None:
        """Nothing comes by itself."""

    def older(self, events: Iterable[Mapping[str, Any]]) -> None:
        """A page of committed comments in log order, all older than what is here."""
        look = self._feed.look
        page = []
        for event in events:
            viewer, text = event["data"]["viewer"], event["data"]["text"]
            if viewer["id"] in self._feed.muted:
                continue
            row = FeedRow(event["seq"], event["at"], COMMENT, viewer["name"], text, viewer["id"])
            row.topic, row.mark = look(text)
            row.let_be = look.signs.lets_be(text)
            page.append(row)
        before = self._rows[0].seq if self._rows else None
        self._rows[:0] = [row for row in page if before is None or row.seq < before]
        if len(self._rows) > FOUND_MAX:
            del self._rows[: len(self._rows) - FOUND_MAX]
            self.full = True

    def rows(self) -> list[FeedRow]:
        """Return the rows, oldest first."""
        return list(self._rows)

    def tail(self, count: int) -> list[FeedRow]:
        """Return the newest rows, oldest first."""
        return self._rows[-count:] if count else []
