"""Days that people ask about by a word, as days of China, both inclusive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain.china import day_of

RANGES: Final = ("today", "yesterday", "week", "month_so_far", "month_before")


def days_of(name: str, now: datetime) -> dict[str, str]:
    """Return ``from`` and ``to`` as ``GET /v1/boards`` takes them; nothing for a word that is none of
    `RANGES`. ``week``: seven days with today."""
    today = day_of(now)
    first, last = today, today
    if name == "yesterday":
        first = last = today - timedelta(days=1)
    elif name == "week":
        first = today - timedelta(days=6)
    elif name == "month_so_far":
        first = today.replace(day=1)
    elif name == "month_before":
        last = today.replace(day=1) - timedelta(days=1)
        first = last.replace(day=1)
    elif name != "today":
        return {}
    return {"from": first.isoformat(), "to": last.isoformat()}
