"""``forgotten.json``: the pids of those who were forgotten, beside the store.

A backup from before still knows them. Where it is restored into this folder, they are forgotten again at the
first start, before anybody is answered. A pid is a keyed hash: the list names nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from liveconsole.messages.inputs import CommandInput
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import write_own

if TYPE_CHECKING:
    from liveconsole.engine.core import RoomCore

log = logging.getLogger(__name__)

FILE: Final = "forgotten.json"


def listed(folder: Path) -> set[str]:
    """Return the pids of the list; what cannot be read is none, and said in the log."""
    try:
        return set(msgspec.json.decode((folder / FILE).read_bytes(), type=list[str]))
    except FileNotFoundError:
        return set()
    except (OSError, *UNREADABLE) as error:
        log.warning("%s cannot be read: %s", FILE, error)
        return set()


def keep(folder: Path, pids: Iterable[str]) -> None:
    """Put these in it; where the disk does not take them, the next start does."""
    try:
        write_own(folder / FILE, msgspec.json.encode(sorted(pids)))
    except OSError as error:
        log.warning("%s cannot be written: %s", FILE, error)


def forget_again(core: RoomCore, folder: Path, now: datetime) -> int:
    """Forget whom this room has forgotten and a restored log knows; how many those are.

    Raises what `RoomCore.process` raises.
    """
    there, known = listed(folder), core.people.forgotten
    again = sorted(there - known)
    for pid in again:
        core.process([CommandInput("", "viewer.forget", {"viewer_id": pid}, "platform")], now)
    if core.people.forgotten != there:
        keep(folder, core.people.forgotten)
    return len(again)
