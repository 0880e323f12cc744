"""The clocks of what comes after the order: pure, out of figures that a person may edit.

A clock is a pair of moments that follow from what was told alone, never from when somebody looked: after a
restart, or a step of the computer's clock, it is the same clock, and rings at the same moment. Days are
China's, and a working day is one of the published calendar, make-up days among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Final

import chinese_calendar
import msgspec
from msgspec import Struct

from liveconsole.domain.china import day_of, end_of
from liveconsole.messages.cases import CaseClock, CaseRule
from liveconsole.messages.facts import AFTERSALE_DISPUTED, AFTERSALE_OVER

Minutes = Annotated[int, msgspec.Meta(ge=1, le=7 * 24 * 60)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=60 * 24)]
Days = Annotated[int, msgspec.Meta(ge=1, le=365)]
Stars = Annotated[int, msgspec.Meta(ge=0, le=5)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]

_DAY: Final = timedelta(days=1)
_LOOKED_AHEAD: Final = 400
"""Days among which a working day is looked for: a year of holidays is a mistake in a file."""


class Exceptional(Struct, frozen=True, forbid_unknown_fields=True):
    """Goods without a refund window. ``words``: it stands for a product that has one of them as a group, or
    in its title."""

    category: str
    category_en: str
    words: Annotated[list[str], msgspec.Meta(max_length=50)] = []


class Figures(Struct, frozen=True):
    """What sellers go by after the order (``resources/seller/aftersale.toml``)."""

    first_answer_minutes: Minutes = 15
    solution_hours: Hours = 48
    fast_refund_minutes: Minutes = 120
    make_good_hours: Hours = 24
    ship_hours: Hours = 72
    window_days: Days = 7
    dispute_days_least: Days = 3
    dispute_days: Days = 5
    pay_minutes: Minutes = 15
    stuck_hours: Hours = 48
    call_back_hours: Hours = 4
    reply_hours: Hours = 24
    reply_stars: Stars = 3
    urgent_hours: Hours = 4
    rings_minutes: Minutes = 60
    """Before its end a clock is said to end soon."""
    first_answer_rings_minutes: Minutes = 5
    recovery_days: Days = 30
    recovery_stars: Stars = 4
    recovery_goal_percent: Percent = 80
    exceptional: Annotated[list[Exceptional], msgspec.Meta(max_length=50)] = []
    days_off: Annotated[frozenset[date], msgspec.Meta(max_length=400)] = frozenset()
    days_worked: Annotated[frozenset[date], msgspec.Meta(max_length=400)] = frozenset()


class AftersaleTold(Struct, frozen=True):
    """One after-sale, as the books have it."""

    status: str
    asked_at: datetime
    answered_at: datetime | None = None
    """When the buyer had a first word, of ours or by what was done."""
    due_at: datetime | None = None
    """The platform's own."""
    disputed_at: datetime | None = None
    """When the platform was called in first: a later word of it moves no clock."""
    kind: str = ""
    unsent: bool = False
    """Known not to be on its way; where nobody tells of parcels it is not known."""
    made_good: bool = False
    """What was missing was sent or paid for, or the shop was asked to."""


def is_working(day: date, figures: Figures) -> bool:
    """Tell whether a day of China is worked on. Of a year whose holidays are not published Monday to Friday
    are; the file's own days come first."""
    if day in figures.days_off:
        return False
    if day in figures.days_worked:
        return True
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def is_published(day: date) -> bool:
    """Tell whether the holidays of its year are known to the calendar."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def working_days_after(at: datetime, days: int, figures: Figures) -> datetime:
    """Return the end of the ``days``-th working day behind the one of ``at``, in UTC."""
    day = day_of(at)
    for _ in range(_LOOKED_AHEAD):
        day += _DAY
        if is_working(day, figures):
            days -= 1
            if days <= 0:
                break
    return end_of(day)


def aftersale_clocks(told: AftersaleTold, figures: Figures) -> list[CaseClock]:
    """Return the clocks that run for an after-sale, the one that ends first before the others."""
    if told.status in AFTERSALE_OVER:  # one that was closed and is the platform's now is open again
        return []
    found = []
    if told.answered_at is None:
        found.append(_clock("first_answer", told.asked_at, timedelta(minutes=figures.first_answer_minutes)))
    if told.status == AFTERSALE_DISPUTED:
        begins = told.disputed_at or told.asked_at
        found.append(CaseClock("dispute", begins, working_days_after(begins, figures.dispute_days, figures)))
    else:
        found.append(_clock("solution", told.asked_at, timedelta(hours=figures.solution_hours)))
        if told.kind == "refund" and told.unsent:
            fast = timedelta(minutes=figures.fast_refund_minutes)
            found.append(_clock("fast_refund", told.asked_at, fast))
        if told.kind == "resend" and not told.made_good:
            found.append(_clock("make_good", told.asked_at, timedelta(hours=figures.make_good_hours)))
    if told.due_at is not None:
        begins = min(told.asked_at, told.due_at)
        found.append(CaseClock("platform", begins, told.due_at))
    return by_end(found)


def window_until(delivered_at: datetime | None, figures: Figures) -> datetime | None:
    """Return the last moment of 7 days after 签收: the end of the seventh day behind it, China's."""
    if delivered_at is None:
        return None
    return end_of(day_of(delivered_at) + timedelta(days=figures.window_days))


def exception_of(title: str, groups: Iterable[str], figures: Figures) -> Exceptional | None:
    """Return what keeps goods from being sent back without a reason; None: nothing that is known."""
    groups = set(groups)
    for one in figures.exceptional:
        if one.category in groups or any(word in groups or word in title for word in one.words if word):
            return one
    return None


def review_clock(stars: int, at: datetime, replied: bool, figures: Figures) -> CaseClock | None:
    """Return the clock of a review that wants an answer."""
    if replied or stars > figures.reply_stars:
        return None
    return _clock("reply", at, timedelta(hours=figures.reply_hours))


def pay_clock(placed_at: datetime, figures: Figures) -> CaseClock:
    """Return until when an order waits for its money."""
    return _clock("pay", placed_at, timedelta(minutes=figures.pay_minutes))


def by_end(clocks: Iterable[CaseClock]) -> list[CaseClock]:
    """Return clocks, the one that ends first before the others."""
    return sorted(clocks, key=lambda clock: (clock.due_at, clock.begins_at, clock.rule))


def rings_from(rule: CaseRule, begins_at: datetime, due_at: datetime, figures: Figures) -> datetime:
    """Return since when a clock is said to end soon: a moment of its own, which no look at it moves."""
    minutes = figures.first_answer_rings_minutes if rule == "first_answer" else figures.rings_minutes
    return max(begins_at, due_at - timedelta(minutes=minutes))


def is_urgent(clock: CaseClock | None, now: datetime, figures: Figures) -> bool:
    """Tell whether it ends within the next hours, or did."""
    return clock is not None and clock.due_at <= now + timedelta(hours=figures.urgent_hours)


class Ringing(Struct, frozen=True):
    """What stands at a moment, of the clocks of one kind of bell: how many, and the first of them."""

    count: int
    case_id: str
    clock: CaseClock
    since: datetime


class WatchedClock(Struct, frozen=True):
    """The clock of a case that ends first, and since when it is said to end soon."""

    case_id: str
    clock: CaseClock
    rings_at: datetime

    @classmethod
    def of(cls, case_id: str, clock: CaseClock, figures: Figures) -> WatchedClock:
        return cls(case_id, clock, rings_from(clock.rule, clock.begins_at, clock.due_at, figures))


class ClockWatch(Struct, frozen=True):
    """The clocks that end first, sorted by their ends, of everything that waits. ``more``: so many end later
    than the last of them. It is made of the books, and asked with any moment until it is made anew."""

    clocks: list[WatchedClock] = []
    more: int = 0

    def overdue(self, now: datetime) -> Ringing | None:
        """Return what has ended by ``now``."""
        found = [one for one in self.clocks if one.clock.due_at <= now]
        if not found:
            return None
        first = found[0]
        beyond = self.more if len(found) == len(self.clocks) else 0
        return Ringing(len(found) + beyond, first.case_id, first.clock, first.clock.due_at)

    def ends_soon(self, now: datetime) -> Ringing | None:
        """Return what rings and has not ended."""
        found = [one for one in self.clocks if one.rings_at <= now < one.clock.due_at]
        if not found:
            return None
        first = found[0]
        return Ringing(len(found), first.case_id, first.clock, first.rings_at)


WATCHED_MOST: Final = 1_000
"""Clocks that are watched one by one; what ends behind them is counted."""


def watch(clocks: Iterable[WatchedClock], more: int = 0) -> ClockWatch:
    """Return the watch of these, and of ``more`` that end later than all of them."""
    found = sorted(clocks, key=lambda one: (one.clock.due_at, one.case_id))
    return ClockWatch(found[:WATCHED_MOST], more + max(0, len(found) - WATCHED_MOST))


def _clock(rule: CaseRule, begins: datetime, lasts: timedelta) -> CaseClock:
    return CaseClock(rule, begins, begins + lasts)
