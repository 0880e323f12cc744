"""Which orders a board is about, and between which moments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.books.reading import BadQuery, BookReader, day_in, number_in
from liveconsole.domain.china import begin_of, day_of, end_of
from liveconsole.store.rows import micros, moment

FOREVER: Final = 1 << 62
_BROADCAST = (
    "SELECT number, title, opened_at, closed_at, opened_seq, orders_known,"
    " (SELECT min(l.opened_seq) FROM broadcast l WHERE l.number > b.number) FROM broadcast b"
)


class BoardScope(Struct, frozen=True):
    """One broadcast (``number``), or days of China. Moments are µs since 1970."""

    now: int
    start: int
    """The opening, or the first moment of the first day."""
    until: int
    """The close, where there is one; else now. Of days the first moment behind the last."""
    number: int | None = None
    title: str = ""
    closed: bool = True
    known: bool = True
    """Some source told of orders of this broadcast."""
    first_seq: int = 0
    behind_seq: int = FOREVER
    """The log's lines of a broadcast: from the first to before this one."""
    from_day: date | None = None
    to_day: date | None = None

    @property
    def live(self) -> bool:
        """Tell whether it is on air."""
        return self.number is not None and not self.closed

    @property
    def where(self) -> str:
        """The condition on ``order_row o``, with the names of `values`."""
        if self.number is not None:
            return "o.broadcast = :number"
        return "o.placed_at >= :start AND o.placed_at < :until"

    @property
    def values(self) -> dict[str, Any]:
        """What `where` and the questions of a board are asked with."""
        return {"number": self.number, "start": self.start, "until": self.until, "now": self.now}

    @property
    def opened_at(self) -> datetime | None:
        return moment(self.start) if self.number is not None else None

    @property
    def closed_at(self) -> datetime | None:
        return moment(self.until) if self.number is not None and self.closed else None


def scope_of(reader: BookReader, query: Mapping[str, str]) -> BoardScope:
    """Return what a query asks for; without a word the newest broadcast.

    Raises:
        BadQuery: there is no such broadcast, or the days are none.
    """
    begin, end = day_in(query, "from"), day_in(query, "to")
    if begin is None and end is None:
        number = number_in(query, "broadcast", 0)
        found = broadcasts(
            reader, "WHERE number = :number" if number else "ORDER BY number DESC LIMIT 1", number
        )
        if not found:
            raise BadQuery("broadcast")
        return found[0]
    if query.get("broadcast") or begin is None:
        raise BadQuery("broadcast" if query.get("broadcast") else "from")
    end = end or day_of(reader.now())
    if end < begin:
        raise BadQuery("to")
    return BoardScope(
        now=micros(reader.now()),
        start=micros(begin_of(begin)),
        until=micros(end_of(end)),
        from_day=begin,
        to_day=end,
    )


def broadcasts(reader: BookReader, which: str, number: int = 0) -> list[BoardScope]:
    """Return broadcasts as scopes; ``which`` is the end of the question."""
    now = micros(reader.now())
    return [
        BoardScope(
            now=now,
            start=opened,
            until=now if closed is None else closed,
            number=found,
            title=title,
            closed=closed is not None,
            known=bool(known),
            first_seq=0 if found == 1 else seq,
            behind_seq=FOREVER if behind is None else behind,
        )
        for found, title, opened, closed, seq, known, behind in reader.rows(
            f"{_BROADCAST} {which}", {"number": number}
        )
    ]


def earlier(reader: BookReader, scope: BoardScope, most: int) -> list[BoardScope]:
    """Return the broadcasts before one, the newest first."""
    if scope.number is None:
        return []
    return broadcasts(reader, f"WHERE number < :number ORDER BY number DESC LIMIT {most}", scope.number)
