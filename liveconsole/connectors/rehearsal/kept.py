"""The folders of past rehearsals: the newest few stay, bounded in number, days and bytes.

Only what is surely a rehearsal of ours goes: a real room, a link, a folder somebody works in never do.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from filelock import FileLock, Timeout

from liveconsole.connectors.rehearsal import settings
from liveconsole.paths import LOCK, own_folder

KEPT: Final = 5
"""With the one that begins."""
DAYS: Final = 30
BYTES: Final = 1_000_000_000
_NAME: Final = re.compile(r"(\d{8}-\d{6})-(?:-?\d+)(?:-\d+)?")
_GOING: Final = re.compile(r"\.going-[0-9a-f]{8}")
_WRITTEN: Final = "%Y%m%d-%H%M%S"
_LOCK: Final = "rehearsal.lock"


class Gone(NamedTuple):
    """A rehearsal that was removed, and how many bytes it had."""

    name: str
    size: int


def new_folder(base: Path, seed: int) -> Path:
    """Make a fresh one for this rehearsal, so that nothing of an older one stands in its log."""
    name = f"{time.strftime(_WRITTEN)}-{seed}"
    for more in ["", *(f"-{n}" for n in range(2, 1000))]:
        try:
            (own_folder(base) / (name + more)).mkdir(mode=0o700)
        except FileExistsError:
            continue
        return base / (name + more)
    raise FileExistsError(f"no new folder for a rehearsal in {base}")


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """While inside, nobody takes the folder for an old one, also before and after its engine runs."""
    lock = FileLock(folder / _LOCK, thread_local=False)
    with contextlib.suppress(Timeout):  # a second desk on one rehearsal: the first one holds it
        lock.acquire(timeout=0)
    try:
        yield
    finally:
        lock.release()


def remove_old(base: Path, now: datetime) -> list[Gone]:
    """Remove what is more than `KEPT` with the one to come, older than `DAYS` or beyond `BYTES`; the newest
    one stays in any case. ``now`` is local time, as the names are."""
    gone: list[Gone] = []
    together = 0
    for number, folder in enumerate(_rehearsals(base), 1):
        size = _size(folder)
        old = now - datetime.strptime(folder.name[:15], _WRITTEN) > timedelta(days=DAYS)  # noqa: DTZ007
        surplus = number >= KEPT or old or together + size > BYTES
        if number > 1 and surplus and _remove(folder):
            gone.append(Gone(folder.name, size))
        else:
            together += size
    return gone


def _rehearsals(base: Path) -> list[Path]:
    """Newest first, and what an earlier removal could not finish is finished."""
    found = []
    for folder in base.iterdir() if base.is_dir() else ():
        if _GOING.fullmatch(folder.name) and _is_own_folder(folder):
            shutil.rmtree(folder, ignore_errors=True)
        elif _NAME.fullmatch(folder.name) and _dated(folder.name) and _is_own_folder(folder):
            found.append(folder)
    return sorted((f for f in found if (f / settings.FILE).is_file()), reverse=True)


def _dated(name: str) -> bool:
    try:
        datetime.strptime(name[:15], _WRITTEN)  # noqa: DTZ007  # a folder's name is local time
    except ValueError:
        return False
    return True


def _is_own_folder(folder: Path) -> bool:
    """A real folder of this user's: no link, on Windows no junction either."""
    try:
        told = folder.lstat()
    except OSError:
        return False
    elsewhere = getattr(told, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    ours = not hasattr(os, "geteuid") or told.st_uid == os.geteuid()
    return stat.S_ISDIR(told.st_mode) and not elsewhere and ours


def _size(folder: Path) -> int:
    size = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += Path(place, name).lstat().st_size
    return size


def _remove(folder: Path) -> bool:
    """Whether it went. It gets another name first, so that nothing opens what is half removed."""
    from liveconsole.store.opening import is_surely_simulated  # takes a while, and mostly nothing is to go

    going = folder.with_name(f".going-{secrets.token_hex(4)}")
    with contextlib.ExitStack() as locks:
        try:
            for name in (_LOCK, LOCK):
                lock = FileLock(folder / name, thread_local=False)
                lock.acquire(timeout=0)
                locks.callback(lock.release)
            if not is_surely_simulated(folder):
                return False
            if os.name == "nt":
                locks.close()  # an open file keeps its folder's name there
            folder.rename(going)
        except (Timeout, OSError):
            return False
    shutil.rmtree(going, ignore_errors=True)
    return True
