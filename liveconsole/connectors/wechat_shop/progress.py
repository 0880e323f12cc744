"""How far the shop is followed: one file in the data folder, of one log.

It is written once what was read is on the log. Where it is gone or torn, or the log is another one than it
was written for (a backup was put in place), the last week is read again: what is told again is known by its
id.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.connectors.wechat_shop.sweep import AHEAD, Marks
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import write_own

log = logging.getLogger(__name__)

FILE: Final = "wechat_shop.json"
FILE_LIMIT: Final = 32 << 20
_WEEK: Final = 7 * 86_400


class Progress(Struct):
    """Of one appid. ``since``: orders that were placed before are those of another time, and not told.
    ``store``: whose log it was written for."""

    appid: str
    since: int
    orders: Marks
    aftersales: Marks
    store: str = ""


def begun(appid: str, at: float, store: str) -> Progress:
    """Return the progress of a shop that is followed from a moment of our clock on. The shop's clock may be
    behind it."""
    since = int(at) - AHEAD
    return Progress(appid, since, Marks(since), Marks(since), store)


def anew(appid: str, since: int, now: float, store: str) -> Progress:
    """Return the progress of a shop that was followed before, nobody knows how far: as far back as one
    question may reach."""
    until = max(since, int(now) - _WEEK)
    return Progress(appid, since, Marks(until), Marks(until), store)


def fits(kept: Progress, store: str) -> bool:
    """Tell whether it was written for this log: one that was put in place ends before."""
    return kept.store == store


def load(folder: Path, appid: str) -> Progress | None:
    """Return what is kept of this appid."""
    path = folder / FILE
    try:
        if path.stat().st_size > FILE_LIMIT:
            log.warning("%s is too large and is begun anew", FILE)
            return None
        kept = msgspec.json.decode(path.read_bytes(), type=Progress)
    except FileNotFoundError:
        return None
    except (OSError, *UNREADABLE) as why:
        log.warning("%s cannot be read and is begun anew: %s", FILE, type(why).__name__)
        return None
    return kept if kept.appid == appid else None


def save(folder: Path, progress: Progress) -> None:
    """Write it, whole or not at all.

    Raises:
        OSError: it cannot be written; the next one may.
    """
    write_own(folder / FILE, msgspec.json.encode(progress))
