"""How a book reads: its own connection, its own time, and words for a query that it cannot answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

from liveconsole.messages.bounds import BOOK_SECONDS
from liveconsole.store.cipher import CipherFile
from liveconsole.store.reader import Reader

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
        file: CipherFile,
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
        return self._file.path.parent

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Return what a SELECT finds, as rows.

        Raises:
            TookTooLong: it did not end within `bounds.BOOK_SECONDS`, or what `begin` gave it is over.
        """
        until = monotonic() + self._seconds
        with self._file.reading_until(lambda: monotonic() > min(until, self._ends_at)) as c:
            found = c.exec_driver_sql(sql, values if isinstance(values, Mapping) else tuple(values))
            return list(found.all())


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
