"""The store in an encrypted file of its own, which holds one room (`cipher`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from liveconsole.store import chain, keys
from liveconsole.store.cipher import CipherFile
from liveconsole.store.errors import SeqTaken, StoreBroken
from liveconsole.store.filling import add, many, marks
from liveconsole.store.read_access import FileAccess
from liveconsole.store.rows import Meta, Write
from liveconsole.store.store import Store, StoredRow

WAL_LONG: Final = 16_000
"""Pages (64 MiB) in the -wal file from which a checkpoint waits for its readers."""
_READERS_MS: Final = 100

_LAST = "SELECT seq, link FROM event ORDER BY seq DESC LIMIT 1"
_ADD_EVENTS: Final = many(
    "INSERT INTO event (seq, type_id, at, actor, source_id, input_id, time, data, digest, link)", marks(10)
)
_ADD_PERSONS: Final = many(
    "INSERT INTO person (pid, outside_id, name, seen_seq)",
    marks(4),
    "ON CONFLICT (pid) DO UPDATE SET outside_id = excluded.outside_id, seen_seq = excluded.seen_seq,"
    " name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END",
)
_TO_CLEAR: Final = "to_clear"


class CipherStore(Store):
    """`Store` over a `CipherFile`."""

    _file: CipherFile

    def __init__(self, file: CipherFile, folder: Path, meta: Meta) -> None:
        self._checkpointed = 0
        super().__init__(file, folder, meta)

    @contextmanager
    def _appending(self, write: Write) -> Iterator[tuple[Connection, bytes]]:
        with self._file.writing() as c:
            found, link = c.exec_driver_sql(_LAST).first() or (0, chain.BEGIN)
            if found != write.expected_seq:
                raise SeqTaken(write.expected_seq, found)
            if link is None:
                raise StoreBroken("the log has lost its links")
            yield c, link

    def _put_events(self, c: Connection, rows: Sequence[StoredRow]) -> None:
        add(c, _ADD_EVENTS, rows)

    def _put_persons(self, c: Connection, persons: Mapping[str, tuple[str, str]], seen_seq: int) -> None:
        add(c, _ADD_PERSONS, [(pid, *who, seen_seq) for pid, who in persons.items()])

    def clear_what_is_left(self) -> None:
        """Overwrite what a forgotten person left in the files besides rows: SQLite moves rows from page to
        page and leaves the old bytes behind, the -wal file holds pages as they were, and so do the copies
        that an upgrade made. Takes about a second for 200,000 persons; broken off, it is done anew.
        """
        for copy in self.folder.glob(f"{self._file.path.stem}.before-*"):
            copy.unlink(missing_ok=True)
        with self._file.writing() as c:
            c.exec_driver_sql("CREATE TABLE person_again AS SELECT * FROM person ORDER BY pid")
            c.exec_driver_sql("DELETE FROM person")
            c.exec_driver_sql("INSERT INTO person SELECT * FROM person_again ORDER BY pid")
            c.exec_driver_sql("DROP TABLE person_again")
            c.exec_driver_sql("DELETE FROM meta WHERE name = ?", (_TO_CLEAR,))
        self.to_clear = not self._file.empty_wal(wait_ms=_READERS_MS)  # a reader held it: at the next turn

    def redact(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """As `Store.redact`; the old bytes neither in the file nor in the -wal file."""
        super().redact(rows)
        self._file.pragma("wal_checkpoint(TRUNCATE)")

    def copy_out(self, part: Path, phrase: str) -> None:
        self._file.export_to(part, phrase)

    def checkpoint_by_hand(self, latest: int) -> None:
        """From now on the caller checkpoints when it suits him; SQLite by itself where the -wal file holds
        ``latest`` pages all the same."""
        self._file.pragma(f"wal_autocheckpoint={latest}")

    def pages_written(self) -> int:
        """Pages in the -wal file since the last `checkpoint`."""
        pages = self._file.pages_in_wal()
        if pages < self._checkpointed:  # it began anew
            self._checkpointed = 0
        return pages - self._checkpointed

    def checkpoint(self) -> None:
        """Copy the -wal file into the database. Readers hold nobody up, but where it has grown long behind
        them we wait a moment until the last of them has its page."""
        pages = self._file.pages_in_wal()
        self._checkpointed = pages
        self._file.checkpoint(wait_ms=_READERS_MS if pages >= WAL_LONG else 0)

    def size(self) -> int | None:
        """See `Store.size`."""
        path = self._file.path
        try:
            return sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*") if each.is_file())
        except OSError:
            return None

    def access(self) -> FileAccess:
        """See `Store.access`."""
        return FileAccess(str(self._file.path), self._file.key)

    def describe(self) -> dict[str, object]:
        """For ``doctor``: how the file is kept and what it holds. No key, no personal data."""
        return {
            **self.meta.versions,
            "room": self.meta.room_id,
            "simulated": self.meta.simulated,
            "epoch": self.meta.epoch,
            "journal_mode": self._file.pragma("journal_mode")[0],
            "synchronous": self._file.pragma("synchronous")[0],
            "last_seq": self.last_seq(),
            "log_head": self.log_head().link,
            "bytes": self._file.path.stat().st_size,
            **keys.describe(self.folder),
        }
