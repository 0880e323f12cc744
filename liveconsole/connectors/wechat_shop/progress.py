"""How far the shop is followed: one file in the data folder. It is written once what was read is on the log;
a file that is gone or torn costs readings, never facts: what is told again is known by its id."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.connectors.wechat_shop.sweep import AHEAD, Marks
from liveconsole.paths import write_own

log = logging.getLogger(__name__)

FILE: Final = "wechat_shop.json"
FILE_LIMIT: Final = 32 << 20


class Progress(Struct):
    """Of one appid. ``since``: orders that were placed before are those of another time, and not told."""

    appid: str
    since: int
    orders: Marks
    aftersales: Marks


def begun(appid: str, at: float) -> Progress:
    """Return the progress of a shop that is followed from a moment of our clock on. The shop's clock may be
    behind it."""
    since = int(at) - AHEAD
    return Progress(appid, since, Marks(since), Marks(since))


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
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as why:
        log.warning("%s cannot be read and is begun anew: %s", FILE, type(why).__name__)
        return None
    return kept if kept.appid == appid else None


def save(folder: Path, progress: Progress) -> None:
    """Write it, whole or not at all.

    Raises:
        OSError: it cannot be written; the next one may.
    """
    write_own(folder / FILE, msgspec.json.encode(progress))
