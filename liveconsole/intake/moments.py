"""Moments as people type them, and as files have them. Pure.

``20:12`` is the next time that the clock on the wall shows it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final

from liveconsole.domain.china import CHINA

_TYPED: Final = re.compile(
    r"\s*(\d{1,2})\s*[:点]\s*(\d{1,2})?(?:\s*[:分]\s*(\d{1,2}))?\s*[分秒]?\s*", re.ASCII
)
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?", re.ASCII)


def moment_of(text: str, now: datetime) -> datetime | None:
    """Return the next time that the clock on the wall shows what was typed; None where nothing was.

    Raises:
        ValueError: it is no time of day.
    """
    if not text.strip():
        return None
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        raise ValueError(text)
    hour, minute, second = (int(part or 0) for part in found.groups())
    here = now.astimezone()
    at = here.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return at if at > here else at + timedelta(days=1)


def written_moment(text: str) -> datetime | None:
    """Return a day, or a day and a time, as people and programs write them in files, in UTC; without an
    offset it is China's. None where nothing stands there.

    Raises:
        ValueError: it is no moment.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    day = _DAY.match(plain)
    if day is None:
        raise ValueError(text)
    rest = plain[day.end() :].strip().lstrip("T").strip()
    year, month, date = map(int, day.groups())
    moment = datetime.fromisoformat(f"{year:04}-{month:02}-{date:02}T{_clock(rest)}")
    if not 1970 < moment.year < 2200:
        raise ValueError(text)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=CHINA)).astimezone(UTC)


def _clock(rest: str) -> str:
    """``9:05`` → ``09:05``; no time is midnight."""
    return f"0{rest}" if re.match(r"\d:", rest) else rest or "00:00"
