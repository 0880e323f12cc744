"""When a backup is due. Pure; the clock is the computer's, for nobody is promised a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from liveconsole.messages.backups import BackupDone, BackupFailed, BackupPlan

FIRST_AGAIN: Final = timedelta(minutes=10)
LAST_AGAIN: Final = timedelta(hours=2)
"""After a failure it is tried again after the first, and then after twice as long, up to the last."""


class KeptBackups(Struct):
    """What is remembered of the backups of one plan: ``done`` those that lie there, oldest first."""

    place: str = ""
    """Of which plan; of another one nothing was made yet."""
    done: list[BackupDone] = []
    failed: BackupFailed | None = None
    broadcast: int = 0
    """The newest broadcast whose end is in one of them."""


def is_due(plan: BackupPlan, kept: KeptBackups, closed: int, now: datetime) -> bool:
    """Tell whether one is to be made now, off air.

    Args:
        closed: the number of the broadcast that was closed last; 0: none.
    """
    if kept.failed is not None and now < kept.failed.at + _again(kept.failed.times):
        return False
    if not kept.done or kept.failed is not None:
        return True
    if plan.after_broadcast and closed > kept.broadcast:
        return True
    return kept.done[-1].at < _latest(plan.hour, now)


def _again(times: int) -> timedelta:
    doubled: timedelta = FIRST_AGAIN * (1 << min(times - 1, 10))
    return min(LAST_AGAIN, doubled)


def _latest(hour: int, now: datetime) -> datetime:
    """The last time that the clock showed this hour."""
    here = now.astimezone()
    today = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= here else today - timedelta(days=1)
