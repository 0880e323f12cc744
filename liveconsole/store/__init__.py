"""The log of a room on disk, its read tables, keys, migrations and backup."""

from liveconsole.store.backup import backup, restore
from liveconsole.store.errors import (
    BackupDamaged,
    CannotWrite,
    InputTaken,
    KeyUnavailable,
    NoStore,
    OtherRoom,
    SeqTaken,
    StoreBroken,
    StoreError,
    StoreNewer,
    UnsafeLibrary,
    WrongCode,
)
from liveconsole.store.lines import door_line, stamp
from liveconsole.store.opening import open_store
from liveconsole.store.people import pids_in, shown
from liveconsole.store.reader import Reader
from liveconsole.store.rows import (
    Denial,
    EventRow,
    KeptAnswer,
    Meta,
    OrderRow,
    StoredEvent,
    Write,
    fact_digest,
)
from liveconsole.store.store import Store

__all__ = [
    "BackupDamaged",
    "CannotWrite",
    "Denial",
    "EventRow",
    "InputTaken",
    "KeptAnswer",
    "KeyUnavailable",
    "Meta",
    "NoStore",
    "OrderRow",
    "OtherRoom",
    "Reader",
    "SeqTaken",
    "Store",
    "StoreBroken",
    "StoreError",
    "StoreNewer",
    "StoredEvent",
    "UnsafeLibrary",
    "Write",
    "WrongCode",
    "backup",
    "door_line",
    "fact_digest",
    "open_store",
    "pids_in",
    "restore",
    "shown",
    "stamp",
]
