"""How long a segment is to be, as people and sheets write it: 8, 8:30, 8分30秒, 90秒, 20:00-20:10. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST: Final = 720.0
_HOURS: Final = r"(?:小时|个小时|个钟|钟头|hours|hour|hrs|hr|h)"
_MINUTES: Final = r"(?:分钟|分|minutes|minute|mins|min|m|')"
_SECONDS: Final = r"(?:秒钟|秒|seconds|second|secs|sec|s|\"|'')"
_NUMBER: Final = r"(\d{1,4}(?:\.\d{1,2})?)"
SAID: Final = (
    rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?\s*{_HOURS}\s*)?(?:\d{{1,4}}(?:\.\d{{1,2}})?\s*{_MINUTES}\s*)?"
    rf"\d{{1,5}}(?:\.\d{{1,2}})?\s*(?:{_HOURS}|{_MINUTES}|{_SECONDS})|\d{{1,2}}:\d\d(?::\d\d)?|\d{{1,3}}(?:\.\d{{1,2}})?"
)
"""A piece of a line that may be one; `minutes_of` says what it is."""
_PARTS: Final = re.compile(
    rf"(?:{_NUMBER}\s*{_HOURS})?\s*(?:{_NUMBER}\s*{_MINUTES}(?!'))?\s*(?:(\d{{1,5}}(?:\.\d{{1,2}})?)\s*{_SECONDS})?"
)
_PLAIN: Final = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
_CLOCK: Final = re.compile(r"(\d{1,3}):([0-5]\d)")
_LONG_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)")
_FROM_TO: Final = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-~至到—–]+\s*(\d{1,2}):([0-5]\d)")


def minutes_of(text: str) -> float | None:
    """None: it is no length, or one of over twelve hours."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip().removeprefix("约").strip()
    plain = re.sub("[’′]", "'", plain.replace("″", '"').replace("”", '"').replace("''", '"'))
    plain = plain.replace("半个小时", "30分").replace("半小时", "30分").replace("半个钟", "30分")
    found = _found(plain)
    return None if found is None or found > MOST else round(found, 2)


def _found(plain: str) -> float | None:
    if _PLAIN.fullmatch(plain):
        return float(plain)
    if (clock := _CLOCK.fullmatch(plain)) is not None:
        return int(clock[1]) + int(clock[2]) / 60
    if (clock := _LONG_CLOCK.fullmatch(plain)) is not None:
        first, second, third = map(int, clock.groups())
        # A sheet makes half past eight of 「8:30」, and shows it as 8:30:00.
        return first + second / 60 if first and not third else 60 * first + second + third / 60
    if (span := _FROM_TO.fullmatch(plain)) is not None:
        start, end = int(span[1]) * 60 + int(span[2]), int(span[3]) * 60 + int(span[4])
        return float((end - start) % (24 * 60)) or None
    parts = _PARTS.fullmatch(plain)
    if parts is None or not any(parts.groups()):
        return None
    hours, minutes, seconds = (float(part or 0) for part in parts.groups())
    return 60 * hours + minutes + seconds / 60
