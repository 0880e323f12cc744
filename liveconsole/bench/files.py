"""Connections as a program without our store would open them, to a file of the same make."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2

from liveconsole.store.cipher import raw_key, unlock
from liveconsole.store.keys import key_of
from liveconsole.store.opening import DATABASE, open_store

_PRAGMAS: Final = (
    "busy_timeout=60000",
    "cache_size=-65536",
    "wal_autocheckpoint=4000",
    "journal_mode=WAL",
    "synchronous=FULL",
)
"""The store's own (`liveconsole.store.cipher`), but more patient: no rival shall fail for waiting."""


def made(folder: Path) -> Path:
    """A folder with an empty store in it."""
    open_store(folder).close()
    return folder


def connect(folder: Path) -> Any:
    """A driver's connection to the store in ``folder``, with its key, WAL and FULL."""
    raw = dbapi2.connect(str(folder / DATABASE), isolation_level=None, check_same_thread=False)
    unlock(raw, raw_key(key_of(folder)[1]))
    for pragma in _PRAGMAS:
        raw.execute(f"PRAGMA {pragma}").fetchall()
    return raw
