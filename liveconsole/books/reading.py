"""How a book reads: its own connection, its own time, and words for a query that it cannot answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection

from liveconsole.messages.bounds import BOOK_SECONDS
from liveconsole.store.port import Link
from liveconsole.store.reader import Reader

_NOBODY: Final = ("", None)
PAGE_MOST: Final = 500
"""Rows of one page."""


class BadQuery(Exception):
    """A query that no book can answer; ``field`` is what is wrong in it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class BookReader(Reader):
    """Reads one store for the books, one thread at a time. ``now`` is the engine's clock."""

    def __init__(
        self,
        file: Link,
        *,
        simulated: bool,
        now: Callable[[], datetime],
        seconds: float = BOOK_SECONDS,
    ) -> None:
        super().__init__(file)
        self.simulated = simulated
        self.now = now
        self._seconds = seconds
        self._ends_at = math.inf

    def begin(self, seconds: float) -> None:
        """Bound the work of everything that is asked from now on, together, by so many seconds."""
        self._ends_at = monotonic() + seconds

    def stop(self) -> None:
        """End what is being asked, and whatever is asked before `begin` is called again; from any thread."""
        self._ends_at = -math.inf

    def at_one_moment(self) -> AbstractContextManager[None]:
        """Let everything that is asked inside see the tables as they are now."""
        return self._file.holding()

    @property
    def folder(self) -> Path:
        """Return the data folder in which the store lies."""
        return self._file.folder

    def rows(
        self, sql: str, values: Sequence[Any] | Mapping[str, Any] = (), *, name_at: int | None = None
    ) -> list[Any]:
        """Return what a SELECT finds, as rows. In the column ``name_at`` it has pids, which give way to the
        names of those people; None where there is none any more.

        Raises:
            TookTooLong: it did not end within `bounds.BOOK_SECONDS`, or what `begin` gave it is over.
        """
        with self._bounded() as c:
            found = list(c.exec_driver_sql(sql, values if isinstance(values, Mapping) else tuple(values)))
            if name_at is None:
                return found
            names = self._file.people.names(c, {row[name_at] for row in found if row[name_at]})
            behind = name_at + 1
            return [
                (*row[:name_at], names.get(row[name_at], _NOBODY)[1], *row[behind:])
                if row[name_at]
                else tuple(row)
                for row in found
            ]

    def people_called(self, text: str, outside_id: str, limit: int) -> list[str]:
        """Return the pids of those in whose name a text stands (lower case), or whose outside id it is."""
        with self._bounded() as c:
            return self._file.people.pids_called(c, text, outside_id, limit)

    def one_person(self, id_: str) -> tuple[str, str, str] | None:
        """Return (pid, outside id, name) of him whose pid or outside id this is."""
        with self._bounded() as c:
            return self._file.people.one(c, id_)

    def _bounded(self) -> AbstractContextManager[Connection]:
        until = monotonic() + self._seconds
        return self._file.reading_until(lambda: monotonic() > min(until, self._ends_at))


def number_in(query: Mapping[str, str], field: str, usual: int, most: int = 2**53) -> int:
    """Return a whole number of a query, ``usual`` where it says none."""
    text = query.get(field, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= most):
        raise BadQuery(field)
    return int(text)


def limit_in(query: Mapping[str, str]) -> int:
    """Return how many rows are asked for, 1 to `PAGE_MOST`."""
    return max(1, min(number_in(query, "limit", PAGE_MOST), PAGE_MOST))


def day_in(query: Mapping[str, str], field: str) -> date | None:
    """Return a day of a query, ``YYYY-MM-DD`` (one of China: `domain.china`); None where it says none."""
    text = query.get(field, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadQuery(field) from error
    if not 1970 < day.year < 2200:
        raise BadQuery(field)
    return day
