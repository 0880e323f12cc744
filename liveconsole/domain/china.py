"""China's days: one time for the whole country, and no summer time since 1991."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8))
_DAY: Final = timedelta(days=1)


def day_of(at: datetime) -> date:
    """Return the day of China of an aware moment."""
    return at.astimezone(CHINA).date()


def begin_of(day: date) -> datetime:
    """Return the first moment of a day of China, in UTC."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the first moment behind a day of China, in UTC."""
    return begin_of(day + _DAY)
