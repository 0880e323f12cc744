"""Days of China in SQL: ``(us + OF_CHINA) / DAY + EPOCH_DAY`` is the ordinal of a moment's day."""

from __future__ import annotations

from datetime import date
from typing import Final

DAY: Final = 86_400_000_000
OF_CHINA: Final = 8 * 3_600_000_000
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


def day_sql(moment: str) -> str:
    """Return the expression for the day of a column in microseconds."""
    return f"(({moment} + {OF_CHINA}) / {DAY} + {EPOCH_DAY})"
