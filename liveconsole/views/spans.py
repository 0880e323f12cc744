"""A span of time as a person reads it off a phone, in whole seconds. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 30 * 86_400
"""The bound of ``cue.confirm``'s ``remaining_seconds``."""

_CLOCK: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]?\d)", re.ASCII)
_SECONDS: Final = re.compile(r"(\d{1,7})(?:秒|s)?", re.ASCII)
_WORDS: Final = re.compile(
    r"(?:(\d{1,3})(?:小时|时|h))?(?:(\d{1,4})(?:分钟|分|min|m))?(?:(\d{1,5})(?:秒|s)?)?", re.ASCII
)


def parse_remaining(text: str) -> int | None:
    """Seconds of ``4:12``, ``1:02:03``, ``252``, ``252秒``, ``4分12`` or ``4 min 12 s``; None for anything
    else. A bare number is seconds: what a countdown shows without a colon."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    found = _CLOCK.fullmatch(plain)
    if found is None and _SECONDS.fullmatch(plain) is None and plain:
        found = _WORDS.fullmatch(plain)
    if found is not None:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
    elif bare := _SECONDS.fullmatch(plain):
        hours, minutes, seconds = 0, 0, int(bare[1])
    else:
        return None
    whole = hours * 3600 + minutes * 60 + seconds
    return whole if whole <= LONGEST else None
