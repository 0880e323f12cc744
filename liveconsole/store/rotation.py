"""Another key for a store: a copy under the new key takes the database's place.

Killed at any moment, the store opens with one of the two. The new key is kept beside the old one first, and
``store.json`` says so; the database changes by one rename, which is on disk before the old key goes. What was
broken off is brought to its end, or undone, when the store is opened next.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from liveconsole.failpoints import failpoint
from liveconsole.paths import sync_folder
from liveconsole.store import keys
from liveconsole.store.cipher import CipherFile, export, faults, raw_key, touch_own
from liveconsole.store.errors import CannotWrite, NoStore, StoreBroken
from liveconsole.store.keys import KeySource

_PART: Final = ".room.db.rotating"


def rotate(folder: Path, database: str, *, key_source: KeySource | None = None) -> None:
    """Give the store in ``folder`` a new key, in the place where its key is; for whoever holds the folder.

    Copies that an upgrade left are under the old key and go; backups have codes of their own and stay. Raises
    NoStore, KeyUnavailable, CannotWrite, StoreBroken: then the store is as it was.
    """
    path = folder / database
    if not path.exists():
        raise NoStore(f"no store in {folder}")
    finish(folder, database, key_source=key_source)
    _, old = keys.key_of(folder, key_source)
    _fold_wal(path, old)
    new = secrets.token_bytes(32)
    keys.keep_next(folder, new, key_source)
    failpoint("next key kept")
    try:
        _copy(path, old, folder / _PART, new)
    except BaseException:
        finish(folder, database, key_source=key_source)
        raise
    failpoint("copied under next key")
    (folder / _PART).replace(path)
    sync_folder(folder)
    failpoint("database has next key")
    keys.take_next(folder, key_source)
    for copy in folder.glob(f"{path.stem}.before-*"):
        copy.unlink(missing_ok=True)


def finish(folder: Path, database: str, *, key_source: KeySource | None = None) -> None:
    """Bring a rotation that was broken off to its end, or undo it; nothing where none was."""
    placed = keys.placed_in(folder)
    if placed is None or not placed.next:
        return
    (folder / _PART).unlink(missing_ok=True)
    if keys.has_next(folder, folder / database, key_source):
        sync_folder(folder)
        keys.take_next(folder, key_source)
    else:
        keys.drop_next(folder, key_source)


def _fold_wal(path: Path, key: bytes) -> None:
    """The rename takes the database's file alone along: nothing may stand beside it."""
    file = CipherFile(path, key)
    try:
        file.pragma("wal_checkpoint(TRUNCATE)")
    finally:
        file.close()
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size:
        raise CannotWrite("busy", "another program reads the store")


def _copy(path: Path, old: bytes, part: Path, new: bytes) -> None:
    part.unlink(missing_ok=True)
    touch_own(part)
    export(path, raw_key(old), part, raw_key(new))
    if wrong := faults(part, raw_key(new)):
        raise StoreBroken(f"the copy under the new key did not come out whole: {wrong[0]}")
