"""Clocks after the order over holidays, steps of the computer's clock and restarts: nothing rings twice, and
nothing is missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from liveconsole.domain import aftersale
from liveconsole.domain.aftersale import (
    AftersaleTold,
    ClockWatch,
    Figures,
    WatchedClock,
    aftersale_clocks,
    is_published,
    is_working,
    watch,
    window_until,
    working_days_after,
)
from liveconsole.domain.china import CHINA, day_of, end_of
from liveconsole.domain.shipping import ParcelTold, ShipPromise, call_back_clock, moves, ship_until
from liveconsole.messages.cases import CaseClock
from tests.ship_rule import kept

FIGURES = Figures()
YEARS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 20), timezones=st.just(UTC))  # noqa: DTZ001
MINUTE = timedelta(minutes=1)


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "days", "ends"),
    [
        ("2026-09-29T23:50", 4, "2026-10-11T00:00"),  # National Day; Saturday the 10th is worked on
        ("2026-02-13T10:00", 3, "2026-02-26T00:00"),  # Spring Festival; Saturday the 14th is worked on
        ("2026-11-27T18:00", 3, "2026-12-03T00:00"),  # a weekend
        ("2026-11-28T00:00", 5, "2026-12-05T00:00"),  # asked on a Saturday
    ],
)
def test_a_dispute_counts_the_working_days_of_china(asked: str, days: int, ends: str) -> None:
    assert working_days_after(china(asked), days, FIGURES) == china(ends)


def test_a_year_whose_holidays_are_not_published_has_its_weekends_and_what_the_file_says() -> None:
    new_year = date(2031, 1, 1)
    assert not is_published(new_year)
    assert is_working(new_year, FIGURES)
    assert not is_working(new_year, replace(FIGURES, days_off=frozenset({new_year})))
    saturday = date(2031, 1, 4)
    assert not is_working(saturday, FIGURES)
    assert is_working(saturday, replace(FIGURES, days_worked=frozenset({saturday})))


@given(at=YEARS, days=st.integers(1, 12))
def test_the_end_is_that_of_a_working_day_with_as_many_behind_the_first(at: datetime, days: int) -> None:
    ends = working_days_after(at, days, FIGURES)
    day, last = day_of(at), day_of(ends - MINUTE)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(is_working(one, FIGURES) for one in between) == days
    assert is_working(last, FIGURES)
    assert ends == end_of(last)


def test_a_year_without_a_working_day_ends_all_the_same() -> None:
    """A mistake in the file: the bound of the search is reached."""
    off = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(500))
    ends = working_days_after(china("2026-01-05T10:00"), 5, replace(FIGURES, days_off=off))
    assert ends == end_of(date(2026, 1, 5) + timedelta(days=aftersale._LOOKED_AHEAD))


@given(at=YEARS)
def test_the_window_is_never_shorter_than_its_days_and_ends_with_one(at: datetime) -> None:
    until = window_until(at, FIGURES)
    assert until is not None
    assert timedelta(days=7) <= until - at <= timedelta(days=8)
    assert until.astimezone(CHINA).timetz().replace(tzinfo=None) == datetime.min.time()
    assert window_until(None, FIGURES) is None, "nobody knows when it was delivered: no window is made up"


@given(at=YEARS, hours=st.integers(1, 400), ahead=st.integers(-30, 60))
def test_of_several_goods_the_earliest_promise_holds(at: datetime, hours: int, ahead: int) -> None:
    presale = ShipPromise(on=day_of(at) + timedelta(days=ahead))
    promised = ShipPromise(hours=hours)
    ends = end_of(day_of(at) + timedelta(days=ahead))
    both = ShipPromise(hours, presale.on)

    def until(*promises: ShipPromise) -> datetime:
        return ship_until(at, kept(at, promises), FIGURES)

    assert until(promised, presale) == min(until(promised), until(presale))
    assert until(promised, presale) > at, "a presale whose day has passed is sent as anything else"
    assert until() == at + timedelta(hours=72)
    assert until(both) == (ends if ends > at else until(promised))


@given(at=YEARS, hours=st.integers(0, 200), status=st.sampled_from(["shipped", "exception", "delivered"]))
def test_a_parcel_that_nobody_scans_waits_for_a_word(at: datetime, hours: int, status: str) -> None:
    now = at + timedelta(hours=hours)
    parcel = ParcelTold(status, at)
    expected = {
        "delivered": "over",
        "exception": "stuck",
        "shipped": "stuck" if hours >= FIGURES.stuck_hours else "moving",
    }[status]
    assert moves(parcel, now, FIGURES) == expected
    clock = call_back_clock(parcel, FIGURES)
    assert (clock is None) == (status == "delivered")


class Bell:
    """A desk that remembers what stood: a ring is what was not there before."""

    def __init__(self) -> None:
        self.stood: set[tuple[str, datetime]] = set()
        self.rung: list[tuple[str, str, datetime]] = []

    def look(self, made: ClockWatch, now: datetime) -> None:
        for one in made.clocks:
            clock = one.clock
            for name, since in (
                ("soon", one.rings_at),
                ("over", clock.due_at),
            ):
                mark = (f"{name}:{one.case_id}:{clock.rule}", since)
                if since <= now and mark not in self.stood:
                    self.stood.add(mark)
                    self.rung.append((one.case_id, f"{name}:{clock.rule}", now))


TOLD = st.builds(
    AftersaleTold,
    status=st.sampled_from(["asked", "seller", "buyer", "platform", "refunded", "as the shop calls it"]),
    asked_at=YEARS,
    answered_at=st.none() | YEARS,
    due_at=st.none() | YEARS,
    disputed_at=st.none() | YEARS,
    kind=st.sampled_from(["refund", "return", "resend"]),
    unsent=st.booleans(),
    made_good=st.booleans(),
)


def _watched(cases: Iterable[AftersaleTold]) -> list[WatchedClock]:
    return [
        WatchedClock.of(str(n), clock, FIGURES)
        for n, told in enumerate(cases)
        for clock in aftersale_clocks(told, FIGURES)
    ]


@given(
    cases=st.lists(TOLD, max_size=6),
    looks=st.lists(st.tuples(YEARS, st.booleans()), min_size=1, max_size=12),
)
def test_every_clock_rings_once_however_often_the_engine_starts_and_the_clock_is_set(
    cases: list[AftersaleTold], looks: list[tuple[datetime, bool]]
) -> None:
    """``looks`` go to and fro, as a computer's clock that is set does; a restart makes the watch anew."""
    bell, made = Bell(), watch(_watched(cases))
    for now, restarts in looks:
        if restarts:
            made = watch(_watched(cases))
        bell.look(made, now)
    names = [(case_id, name) for case_id, name, _ in bell.rung]
    assert len(names) == len(set(names)), "rung twice"
    latest = max(now for now, _ in looks)
    due = {(one.case_id, f"over:{one.clock.rule}") for one in made.clocks if one.clock.due_at <= latest}
    assert {name for name in names if name[1].startswith("over")} == due, "missed"


def test_a_clock_that_is_reckoned_from_the_look_would_ring_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: were a bell's moment that of the look, every restart would ring anew."""
    told = AftersaleTold("asked", china("2026-11-27T18:00"))
    bell = Bell()
    for minutes in (16, 17):
        now = told.asked_at + minutes * MINUTE
        made = watch(_watched([told]))
        moved = [
            WatchedClock.of(one.case_id, CaseClock(one.clock.rule, one.clock.begins_at, now), FIGURES)
            for one in made.clocks
            if one.clock.due_at <= now
        ]
        bell.look(watch(moved), now)
    assert len([name for _, name, _ in bell.rung if name == "over:first_answer"]) == 2


@given(count=st.integers(0, 40), more=st.integers(0, 5), over=st.integers(0, 40))
def test_what_is_beyond_the_watch_is_counted(count: int, more: int, over: int) -> None:
    begins = china("2026-11-27T18:00")
    clocks = [
        WatchedClock.of(f"{n:03}", CaseClock("solution", begins, begins + (n + 1) * MINUTE), FIGURES)
        for n in range(count)
    ]
    made = watch(reversed(clocks), more)
    now = begins + over * MINUTE
    found = made.overdue(now)
    ended = min(count, over)
    assert (found.count if found is not None else 0) == (
        ended + (more if ended == count else 0) if ended else 0
    )
    if found is not None:
        assert (found.case_id, found.since) == ("000", begins + MINUTE)


def test_the_watch_has_a_bound_and_counts_beyond_it() -> None:
    begins = china("2026-11-27T18:00")
    clocks = [
        WatchedClock.of(f"{n:05}", CaseClock("solution", begins, begins + n * MINUTE), FIGURES)
        for n in range(aftersale.WATCHED_MOST + 7)
    ]
    made = watch(clocks)
    assert (len(made.clocks), made.more) == (aftersale.WATCHED_MOST, 7)
    found = made.overdue(begins + timedelta(days=30))
    assert found is not None
    assert found.count == aftersale.WATCHED_MOST + 7
