"""What a data folder remembers of updates: whether a person agreed, when was asked last, what was told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Final

import msgspec
from filelock import FileLock, Timeout
from msgspec import Meta, Struct, structs

from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import mark_folder, own_folder, write_own
from liveconsole.updates.notice import NOTICE_BYTES

FILE: Final = "update.json"
LOCK: Final = "update.lock"
EVERY: Final = timedelta(days=1)
_LIMIT: Final = 4 * NOTICE_BYTES
_WAITS: Final = 5.0
"""Seconds for another program to have written it."""
_changing = Lock()
_Moment = Annotated[datetime, Meta(tz=True)]


class KeptUpdate(Struct, frozen=True):
    """The whole file."""

    agreed: bool = False
    """A person said that the program may ask. Nobody is asked before."""
    asked_at: _Moment | None = None
    seen: _Moment | None = None
    """Date of the newest notice that was believed: an older one is a replay."""
    notice: str = ""
    """That notice as it came; it is looked at anew whenever it is shown."""


def load(base: Path) -> KeptUpdate:
    """Return what is kept; nothing where there is no file or it cannot be read. Blocks on the disk."""
    try:
        with open(base / FILE, "rb") as file:
            return msgspec.json.decode(file.read(_LIMIT), type=KeptUpdate)
    except (OSError, *UNREADABLE):
        return KeptUpdate()


def save(base: Path, kept: KeptUpdate) -> None:
    """Write it whole. A folder that cannot be written only means being asked again. Blocks on the disk."""
    with suppress(OSError):
        own_folder(base)
        mark_folder(base)
        write_own(base / FILE, msgspec.json.encode(kept))


def change(base: Path, **fields: Any) -> KeptUpdate:
    """Set some of it and leave the rest as it is now: who takes back his yes while a question is under way
    has taken it back, in whichever program. Blocks on the disk; any thread."""
    with _changing, _alone(base):
        now = structs.replace(load(base), **fields)
        save(base, now)
        return now


@contextmanager
def _alone(base: Path) -> Iterator[None]:
    """No other program changes it meanwhile: a command and a desk of one folder, or two desks. Where the
    folder cannot be written, or another one holds it for long, it is as it was without."""
    with ExitStack() as held:
        with suppress(OSError, Timeout):
            own_folder(base)
            held.enter_context(FileLock(base / LOCK, timeout=_WAITS, thread_local=False))
        yield


def is_due(kept: KeptUpdate, now: datetime) -> bool:
    """Tell whether it may be asked by itself: somebody agreed, and not within a day. A clock that was set
    back counts as a day."""
    if not kept.agreed:
        return False
    return kept.asked_at is None or not timedelta(0) <= now - kept.asked_at < EVERY
