"""What was pushed and not fetched yet, on disk: kept before it is answered, gone when the room has it.

Every push stays wrapped as it came: this place has no key to it and learns nothing of a buyer. What was
delivered twice is kept once, for as long as the platform repeats a delivery. Where nobody fetches, the oldest
make way and are counted: a push is a hint, and what it hinted at the room's own asking finds.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, TypeVar

from msgspec import Struct

from liveconsole.connectors.relay.crypto import Wrapped
from liveconsole.paths import own_folder
from liveconsole.tasks import spawn

FILE: Final = "pushes.sqlite"
KEPT_MOST: Final = 50_000
KEPT_BYTES: Final = 64 * 1024 * 1024
BATCH_BYTES: Final = 2 * 1024 * 1024
"""Of one answer; a single push may be longer."""
REPEATED_FOR: Final = timedelta(hours=4)
"""The platform repeats a delivery ten times within 3.6 hours."""
_AT_ONCE: Final = 500
"""Pushes that one transaction takes: a storm waits for one write, not for one each."""
_COLUMNS: Final = "timestamp, nonce, signature, encrypt"
_SCHEMA: Final = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS push (
  id INTEGER PRIMARY KEY AUTOINCREMENT, came INTEGER NOT NULL, timestamp TEXT NOT NULL, nonce TEXT NOT NULL,
  signature TEXT NOT NULL, encrypt TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (digest BLOB PRIMARY KEY, came INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_came ON seen (came);
CREATE TABLE IF NOT EXISTS told (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO told VALUES ('bytes', 0), ('dropped', 0);
"""

Kept = Literal["kept", "again"]
T = TypeVar("T")


class KeptPush(Struct, frozen=True):
    """``came``: Unix milliseconds of the relay."""

    id: int
    came: int
    push: Wrapped


class Batch(Struct, frozen=True):
    """What there is behind an id. ``dropped``: how many were never fetched and are gone, since the first."""

    pushes: list[KeptPush]
    more: bool
    dropped: int
    last: int
    """The id that was given last: what lies behind it was never here."""
    now: int = 0
    """Unix milliseconds of the relay when it told; with ``came``, the age of each by one clock."""


class PushInbox:
    """The file of one relay. Only its own thread touches the file."""

    def __init__(self, folder: Path, *, most: int = KEPT_MOST, most_bytes: int = KEPT_BYTES) -> None:
        self._path = own_folder(folder) / FILE
        self._most, self._most_bytes = most, most_bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pushes")
        self._waiting: list[tuple[Wrapped, datetime, asyncio.Future[Kept]]] = []
        self._writing: asyncio.Task[None] | None = None
        self.arrived = asyncio.Condition()
        """Told whenever something new is on disk."""
        self.last = 0
        """The id that was given last."""
        self._db: sqlite3.Connection | None = None

    async def open(self) -> None:
        await self._do(self._open)

    async def close(self) -> None:
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._do(self._shut)
        self._thread.shutdown()

    async def keep(self, push: Wrapped, now: datetime) -> Kept:
        """Return when it is on disk; ``again`` where it was delivered before.

        Raises:
            OSError, sqlite3.Error: it is not, and the platform has to deliver it once more.
        """
        done: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((push, now, done))
        if self._writing is None or self._writing.done():
            self._writing = spawn(self._write(), name="pushes to disk")
        return await done

    async def after(self, id_: int, limit: int) -> Batch:
        """Return what was kept behind an id, the oldest first."""
        return await self._do(partial(self._after, id_, limit))

    async def let_go(self, upto: int) -> int:
        """Forget what the room has: everything up to this id. Return how many there were."""
        return await self._do(partial(self._let_go, upto))

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _write(self) -> None:
        while self._waiting:
            now, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            try:
                kept = await self._do(partial(self._keep, [(push, at) for push, at, _ in now]))
            except (OSError, sqlite3.Error) as error:
                for _, _, done in now:
                    if not done.done():
                        done.set_exception(error)
                continue
            for (_, _, done), one in zip(now, kept, strict=True):
                if not done.done():
                    done.set_result(one)
            if "kept" in kept:
                self.last += kept.count("kept")
                async with self.arrived:
                    self.arrived.notify_all()

    # on the thread of the file

    def _open(self) -> None:
        self._db = sqlite3.connect(self._path, isolation_level=None)
        self._path.chmod(0o600)
        self._db.executescript(_SCHEMA)
        (self.last,) = self._db.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'push'"
        ).fetchone()

    def _shut(self) -> None:
        if self._db is not None:
            self._db.close()

    def _keep(self, pushes: list[tuple[Wrapped, datetime]]) -> list[Kept]:
        db = self._begun()
        try:
            kept = [self._one(db, push, at) for push, at in pushes]
            self._make_way(db)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        return kept

    def _one(self, db: sqlite3.Connection, push: Wrapped, at: datetime) -> Kept:
        came = int(at.timestamp() * 1000)
        digest = sha256("\0".join((push.timestamp, push.nonce, push.encrypt)).encode()).digest()
        if db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, came)).rowcount == 0:
            return "again"
        db.execute(
            f"INSERT INTO push (came, {_COLUMNS}) VALUES (?, ?, ?, ?, ?)",
            (came, push.timestamp, push.nonce, push.signature, push.encrypt),
        )
        db.execute("UPDATE told SET value = value + ? WHERE name = 'bytes'", (len(push.encrypt),))
        old = came - int(REPEATED_FOR / timedelta(milliseconds=1))
        db.execute("DELETE FROM seen WHERE came < ?", (old,))
        return "kept"

    def _make_way(self, db: sqlite3.Connection) -> None:
        """The oldest go until what is there is within its bounds; the last that came always stays."""
        while True:
            count, last = db.execute("SELECT count(*), max(id) FROM push").fetchone()
            over = max(0, count - self._most)
            if not over and _told(db, "bytes") > self._most_bytes and count > 1:
                over = max(1, count // 100)
            if not over:
                return
            oldest = db.execute("SELECT id FROM push ORDER BY id LIMIT 1 OFFSET ?", (over - 1,)).fetchone()
            gone = _forget(db, min(oldest[0], last - 1))
            db.execute("UPDATE told SET value = value + ? WHERE name = 'dropped'", (gone,))

    def _after(self, id_: int, limit: int) -> Batch:
        assert self._db is not None
        pushes: list[KeptPush] = []
        more, size = False, 0
        for row in self._db.execute(
            f"SELECT id, came, {_COLUMNS} FROM push WHERE id > ? ORDER BY id LIMIT ?",
            (id_, limit + 1),
        ):
            size += len(row[5])
            if more := len(pushes) >= limit or (bool(pushes) and size > BATCH_BYTES):
                break
            pushes.append(KeptPush(row[0], row[1], Wrapped(*row[2:])))
        return Batch(pushes, more, _told(self._db, "dropped"), self.last)

    def _let_go(self, upto: int) -> int:
        db = self._begun()
        try:
            gone = _forget(db, upto)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        return gone

    def _begun(self) -> sqlite3.Connection:
        assert self._db is not None
        self._db.execute("BEGIN IMMEDIATE")
        return self._db


def _told(db: sqlite3.Connection, name: str) -> int:
    (value,) = db.execute("SELECT value FROM told WHERE name = ?", (name,)).fetchone()
    return int(value)


def _forget(db: sqlite3.Connection, upto: int) -> int:
    (size,) = db.execute(
        "SELECT coalesce(sum(length(encrypt)), 0) FROM push WHERE id <= ?", (upto,)
    ).fetchone()
    gone = db.execute("DELETE FROM push WHERE id <= ?", (upto,)).rowcount
    db.execute("UPDATE told SET value = max(0, value - ?) WHERE name = 'bytes'", (size,))
    return gone
