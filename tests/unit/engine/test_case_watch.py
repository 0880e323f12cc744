"""The clocks after the order as the engine follows them: read when something came, and no oftener than they
may be; a disk that fails takes no bell away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from liveconsole.domain.aftersale import ClockWatch, Figures, WatchedClock, watch
from liveconsole.engine.case_watch import CaseWatch
from liveconsole.messages.cases import CaseClock
from liveconsole.messages.inputs import NotTaken

BEGINS = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Books:
    """Stands in for an engine with its books; ``made`` is what a look finds."""

    def __init__(self) -> None:
        self.seq, self.looks, self.broken = 1, 0, False
        self.made = watch(
            WatchedClock.of(f"order/{n}", CaseClock("first_answer", BEGINS, BEGINS + n * MINUTE), Figures())
            for n in (10, 15)
        )
        self.books = SimpleNamespace(watch=self._watch)

    def health(self) -> dict[str, Any]:
        return {"seq": self.seq}

    async def _watch(self) -> ClockWatch:
        self.looks += 1
        if self.broken:
            raise NotTaken("log_unreadable", "a page cannot be read")
        return self.made


def counts(watched: CaseWatch, minutes: float) -> tuple[int, int]:
    told = watched.told(BEGINS + minutes * MINUTE)
    return tuple(bell.count if bell is not None else 0 for bell in told.values())  # type: ignore[return-value]


async def test_it_says_what_ends_soon_and_what_has_ended_without_reading_anew() -> None:
    books, watched = Books(), CaseWatch()
    assert counts(watched, 20) == (0, 0), "nothing was read yet"
    await watched.look(books)  # type: ignore[arg-type]
    assert [counts(watched, m) for m in (4, 5, 10, 12, 15)] == [(0, 0), (0, 1), (1, 1), (1, 1), (2, 0)]
    assert books.looks == 1


async def test_it_reads_when_something_came_and_at_the_latest_after_a_minute() -> None:
    books, watched = Books(), CaseWatch()
    for _ in range(12):
        await watched.look(books, 5.0)  # type: ignore[arg-type]
    assert books.looks == 1
    await watched.look(books, 5.0)  # type: ignore[arg-type]
    assert books.looks == 2, "what is too old to wait drops out"
    books.seq = 2
    await watched.look(books, 5.0)  # type: ignore[arg-type]
    assert books.looks == 3


async def test_a_disk_that_fails_takes_no_bell_away() -> None:
    books, watched = Books(), CaseWatch()
    await watched.look(books)  # type: ignore[arg-type]
    books.broken, books.seq = True, 2
    await watched.look(books)  # type: ignore[arg-type]
    assert counts(watched, 20) == (2, 0)
    books.broken = False
    books.made = watch(())
    await watched.look(books)  # type: ignore[arg-type]
    assert counts(watched, 20) == (0, 0), "it is read again as soon as it can be"


async def test_what_takes_long_is_done_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that takes a fifth of a second is followed by ten without one."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) > 2:
            raise asyncio.CancelledError

    class Slow(CaseWatch):
        async def look(self, engine: Any, slept: float = 5.0) -> None:
            loop = asyncio.get_running_loop()
            until = loop.time() + 0.2
            while loop.time() < until:
                pass

    monkeypatch.setattr("liveconsole.engine.case_watch.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await Slow().follow(Books(), 0.01)  # type: ignore[arg-type]
    assert all(seconds >= 10.0 for seconds in slept)
