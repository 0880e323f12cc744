"""Spans of time as people read them."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final

from ui.i18n import t

_DAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def countdown(seconds: float) -> str:
    """What is left, as ``2:41`` or ``1:02:03``; a begun second counts whole, nothing is less than 0:00."""
    return clock(math.ceil(max(0.0, seconds)))


def clock(seconds: float) -> str:
    """What has passed, as ``2:41`` or ``1:02:03``."""
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def wall_clock(at: datetime) -> str:
    """A moment as the clock on the wall shows it, ``20:05``."""
    here = at.astimezone()
    # strftime looks for a module at every call, which costs more than all the rest of a line.
    return f"{here.hour:02}:{here.minute:02}"


def day_words(at: datetime) -> str:
    """``11-27 周四``, here."""
    here = at.astimezone()
    return f"{here.month:02}-{here.day:02} {t(_DAYS[here.weekday()])}"


def long_clock(seconds: float) -> str:
    """What has passed with two digits everywhere, as ``01:12:36``."""
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}"


def age(seconds: float) -> str:
    """How long ago, in the unit that tells most: tenths under a second, seconds to two minutes, minutes."""
    if seconds < 1:
        return t("{n} 秒", n=f"{max(0.0, seconds):.1f}")
    if seconds < 120:
        return t("{n} 秒", n=int(seconds))
    if seconds < 7200:
        return t("{n} 分", n=int(seconds // 60))
    return t("{n} 小时", n=int(seconds // 3600))
