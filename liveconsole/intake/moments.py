"""A time of day as people type it: ``20:12`` is the next time that the clock on the wall shows it. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Final

_TYPED: Final = re.compile(
    r"\s*(\d{1,2})\s*[:点]\s*(\d{1,2})?(?:\s*[:分]\s*(\d{1,2}))?\s*[分秒]?\s*", re.ASCII
)


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
