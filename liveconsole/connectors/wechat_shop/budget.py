"""How many calls are made and how many are left: polls slow down before the platform makes them. Pure.

No table of limits is public. What `quota/get` says counts, of the day and of the minute; where it says
nothing there is a bound of our own, and a path that answered 45011 is asked less often than it was then,
from there on.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct, field

from liveconsole.connectors.wechat_shop.errors import SLOW_SECONDS
from liveconsole.domain.china import CHINA

_MINUTE: Final = timedelta(minutes=1)
A_MINUTE: Final = 600
"""Calls of one path that are made a minute where nobody has said how many may be: who lists too often is
banned."""
CAREFUL_A_MINUTE: Final = 45
"""The same while the platform is being asked how many may be: a program that starts with much to catch up
with knows nothing yet."""
_SPARE: Final = 0.9
"""Of what may be asked a minute, so much is: effects, and whoever else asks, need the rest."""
_LOW: Final = 0.2
"""From this part of the day's calls on, what is left is spread over what is left of the day."""
_LEAST_A_MINUTE: Final = 6
_KEPT: Final = 20_000
"""Calls of the last minute that are counted, over all paths."""


class PathBudget(Struct):
    """One path: its calls of the last minute, and what is known of its limits."""

    calls: deque[datetime] = field(default_factory=lambda: deque(maxlen=_KEPT))
    a_minute: int = A_MINUTE
    careful: bool = False
    """The platform is being asked about it."""
    daily: int | None = None
    left: int | None = None
    until: datetime | None = None
    """Not to be asked before."""
    used_up: bool = False
    """What ``until`` waits for is another day."""
    day: str = ""
    """China's day that ``left`` is of."""


class Budget:
    """Of one appid. Moments are given, never read."""

    def __init__(self) -> None:
        self._paths: dict[str, PathBudget] = {}

    def careful(self, path: str, now: datetime) -> None:
        """Ask a path seldom until the platform has said of it, or will not say (`learned`)."""
        self._of(path, now).careful = True

    @property
    def unsaid(self) -> bool:
        """Tell whether the platform has still to say of a path."""
        return any(of.careful for of in self._paths.values())

    def spent(self, path: str, now: datetime) -> None:
        """Count a call."""
        of = self._of(path, now)
        _forget(of, now)
        of.calls.append(now)
        if of.left is not None:
            of.left = max(0, of.left - 1)

    def refused(self, path: str, action: str, now: datetime) -> None:
        """Take note of a refusal that tells of a limit (``slow``, ``tomorrow``)."""
        of = self._of(path, now)
        if action == "slow":
            of.until = now + timedelta(seconds=SLOW_SECONDS)
            of.a_minute = min(of.a_minute, max(_LEAST_A_MINUTE, int(len(of.calls) * _SPARE)))
        elif action == "tomorrow":
            of.until, of.used_up, of.left = _next_day(now), True, 0

    def learned(self, path: str, reply: dict[str, Any], now: datetime) -> None:
        """Take what ``quota/get`` answered of a path; nothing, where it will not answer."""
        of, quota = self._of(path, now), reply.get("quota")
        of.careful = False
        quota = quota if isinstance(quota, dict) else {}
        of.daily, of.left = _count(quota, "daily_limit"), _count(quota, "remain")
        rate = reply.get("rate_limit")
        rate = rate if isinstance(rate, dict) else {}
        calls, seconds = _count(rate, "call_count"), _count(rate, "refresh_second")
        if calls and seconds:
            of.a_minute = min(A_MINUTE, max(_LEAST_A_MINUTE, int(calls * 60 / seconds * _SPARE)))
        if of.used_up and of.left:
            of.until, of.used_up = None, False
        elif of.left == 0 and of.daily:
            of.until, of.used_up = _next_day(now), True

    def pause(self, path: str, now: datetime) -> float:
        """Return for how many seconds a poll of this path is to wait."""
        of = self._of(path, now)
        _forget(of, now)
        if of.until is not None:
            if now < of.until:
                return (of.until - now).total_seconds()
            of.until, of.used_up = None, False
        wait = 0.0
        most = min(of.a_minute, CAREFUL_A_MINUTE) if of.careful else of.a_minute
        if len(of.calls) >= most:
            oldest = of.calls[len(of.calls) - most]
            wait = (oldest + _MINUTE - now).total_seconds()
        if of.left and of.daily and of.left < of.daily * _LOW and of.calls:
            apart = (_next_day(now) - now).total_seconds() / of.left
            wait = max(wait, (of.calls[-1] - now).total_seconds() + apart)
        return max(0.0, wait)

    def used_up(self, path: str, now: datetime) -> bool:
        """Tell whether the day's calls of a path are gone."""
        of = self._of(path, now)
        return of.used_up and of.until is not None and now < of.until

    def forgive(self) -> None:
        """Ask again what was not to be asked: a person had it looked at."""
        for of in self._paths.values():
            of.until, of.used_up = None, False

    def calls_minute(self, now: datetime) -> int:
        """Return how many calls were made in the last minute, of all paths."""
        for of in self._paths.values():
            _forget(of, now)
        return sum(len(of.calls) for of in self._paths.values())

    def quota_left(self) -> int | None:
        """Return what is left today of the path that has least; None where nobody said."""
        return min((of.left for of in self._paths.values() if of.left is not None), default=None)

    def _of(self, path: str, now: datetime) -> PathBudget:
        of = self._paths.setdefault(path, PathBudget())
        day = f"{now.astimezone(CHINA):%Y%m%d}"
        if of.day != day:  # another day has calls of its own, and how many nobody has said yet
            of.day, of.left = day, None
        return of


def _forget(of: PathBudget, now: datetime) -> None:
    while of.calls and now - of.calls[0] >= _MINUTE:
        of.calls.popleft()


def _next_day(now: datetime) -> datetime:
    """The platform's day is that of China."""
    day = now.astimezone(CHINA) + timedelta(days=1)
    return day.replace(hour=0, minute=0, second=30, microsecond=0)


def _count(of: dict[str, Any], name: str) -> int | None:
    found = of.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None
