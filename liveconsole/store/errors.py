"""What can go wrong with a store, as errors that say what a person can do. All of them are known errors:
none leaves half a write behind.

What a driver says is one of the causes below, in either store, and a cause is one error (`error_of`): what
passes or a person can end is `CannotWrite`, and asked for again; of what nobody knows how it stands is
`StoreBroken`, and the engine ends; what only our own statement or value can be blamed for is `StoreBug`, and
refused alone while the room goes on.
"""

from __future__ import annotations

from typing import Final, Literal

from liveconsole.paths import FolderNewer

CLOSED = "closed"
"""`CannotWrite.reason` of a store that was let go: it comes back no more."""


class StoreError(Exception):
    """Base of everything the store says."""


class NoStore(StoreError):
    """There is no store in that folder and none was to be made."""


class StoreLost(StoreError):
    """The key of a store is there and its database is not: nothing new is made in its place."""


class KeyUnavailable(StoreError):
    """The store is there and its key is not (or does not fit). The program exits 4; no other key is ever
    made."""


class StoreNewer(FolderNewer):
    """A newer version of the program wrote this store: its schema, what its tables hold or a type on its log
    is beyond this one. No StoreError: what a command does about those is nothing to do here."""


class OtherRoom(StoreError):
    """The store belongs to another room, or is simulated where a real one was asked for (or the reverse)."""


class UnsafeLibrary(StoreError):
    """The linked SQLite has no cipher, lies in the WAL-reset bug range, or will not keep FULL."""


class SeqTaken(StoreError):
    """Somebody else wrote since: the writer must stop and read. Nothing was written."""

    def __init__(self, expected: int, found: int) -> None:
        said = f"the log stands at {found}, this writer expected {expected}"
        lost = (
            "; it has lost events that were kept: is it a copy that was behind?" if found < expected else ""
        )
        super().__init__(said + lost)
        self.expected, self.found = expected, found


class OtherLeader(SeqTaken):
    """Another engine leads this room: this one ends, and writes nothing any more."""

    def __str__(self) -> str:
        return f"fenced: another engine leads this room, its log stands at {self.found}"


class InputTaken(StoreError):
    """A (source, id) or an answered command id of this write is known already, or stands in it twice.
    Nothing was written."""


class CannotWrite(StoreError):
    """Nothing was written, and the store is usable again as soon as the cause is gone.

    ``reason``: one of `PASSING`, or `CLOSED`; in words `messages.refusals.WRITE_REASONS`.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class StoreBroken(StoreError):
    """The disk lied or the file is damaged: this Store must be closed and never written again.

    After a failed fsync nobody knows what is on disk, and asking again would say yes (PostgreSQL learnt
    that in 2018); only opening the file anew and folding the log tells.
    """


class TookTooLong(StoreError):
    """A question to the read tables did not end within its time. Nothing is wrong with the store."""


class WrongCode(StoreError):
    """The recovery code has a typing error, or does not open this backup."""


class BackupDamaged(StoreError):
    """The backup file is cut or changed."""


class StoreBug(StoreError):
    """A statement or a value of ours that the store does not take: a fault of the program. Nothing was
    written, nothing is wrong with the store."""


Cause = Literal[
    "disk_full",
    "read_only",
    "busy",
    "io_error",
    "away",
    "no_rights",
    "server_full",
    "too_long",
    "unsure",
    "damaged",
    "not_ours",
    "bug",
]
PASSING: Final[frozenset[Cause]] = frozenset(
    {"disk_full", "read_only", "busy", "io_error", "away", "no_rights", "server_full"}
)
"""Nothing was written, and it may be later. ``busy``: another one holds what we need, or it took longer than
the server lets it. ``away``: the database is not reached. ``no_rights``: it does not let us. ``server_full``:
it has no connection or no memory left."""
_BROKEN: Final[dict[Cause, str]] = {
    "unsure": "the disk failed to keep what was written",
    "damaged": "the {what} is damaged",
    "not_ours": "the tables of the {what} are not those of this program",
}


def error_of(cause: Cause, said: str, what: str = "file") -> StoreError:
    """Return the store's own error for a cause; ``said``: by the driver of what it is kept in."""
    if cause in PASSING:
        return CannotWrite(cause, said)
    if cause == "too_long":
        return TookTooLong("the question took longer than it may")
    if cause == "bug":
        return StoreBug(said)
    return StoreBroken(f"{_BROKEN[cause].format(what=what)} ({said})")
