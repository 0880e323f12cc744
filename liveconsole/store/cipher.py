"""One connection to one encrypted file, opened safely or not at all.

SQLCipher through SQLAlchemy: whole file encrypted, every page carries an HMAC, and the linked SQLite is
free of the WAL-reset bug (3.7.0 to 3.51.2 can lose committed pages). WAL with synchronous=FULL is set *and
read back* at every open: with NORMAL a power cut takes the last commits along (reference: 90 and 388
acknowledged ones).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlcipher3 import dbapi2

from liveconsole.store.errors import (
    CLOSED,
    CannotWrite,
    Cause,
    KeyUnavailable,
    StoreBroken,
    StoreError,
    TookTooLong,
    UnsafeLibrary,
    error_of,
)
from liveconsole.store.people_rows import PlainPeople
from liveconsole.store.port import Collision

BUSY_MS: Final = 5_000
PAGE: Final = 4_096
"""SQLCipher's default; the store and its backups use no other."""
_CACHE_KIB: Final = 64 * 1024
_CHECKPOINT_PAGES: Final = (
    4_000  # 16 MiB of log between checkpoints: half as many as by default, same longest pause
)
_FULL: Final = 2

_STEPS: Final = 50_000
"""Steps of SQLite's machine between two looks at the clock, well under a millisecond."""
_NOTADB: Final = 26
_CAUSES: Final[dict[int, Cause]] = {
    10 | 4 << 8: "unsure",  # IOERR_FSYNC
    10 | 5 << 8: "unsure",  # IOERR_DIR_FSYNC
    3: "read_only",  # PERM
    5: "busy",  # BUSY
    6: "busy",  # LOCKED
    7: "io_error",  # NOMEM
    8: "read_only",  # READONLY
    9: "too_long",  # INTERRUPT
    10: "io_error",  # IOERR
    11: "damaged",  # CORRUPT
    13: "disk_full",  # FULL
    14: "io_error",  # CANTOPEN
    15: "busy",  # PROTOCOL: who may write could not be settled
    17: "busy",  # SCHEMA: it changed under the statement more often than it is prepared again
    22: "io_error",  # NOLFS
    _NOTADB: "damaged",
}
"""What SQLite says (a whole code, else its lower byte) → what it comes to; whatever is not here is a bug."""


class CipherFile:
    """A connection with a raw 32-byte key. One thread at a time; ``readonly`` for followers beside a
    writer."""

    def __init__(self, path: Path, key: bytes, *, readonly: bool = False) -> None:
        assert_library()
        self.path, self.readonly = path, readonly
        self.people = PlainPeople()
        self._key = key
        self._broken = False
        self._held = False
        self._begin: Literal["BEGIN", "BEGIN IMMEDIATE"] = "BEGIN"
        self._engine = create_engine(
            "sqlite://",
            module=dbapi2,
            creator=lambda: dbapi2.connect(str(path), isolation_level=None, check_same_thread=False),
            poolclass=NullPool,
        )
        event.listen(self._engine, "connect", self._prepare)
        event.listen(self._engine, "begin", self._begun)
        try:
            self._connection = self._engine.connect()
        except DBAPIError as e:
            raise told(e.orig) from e
        except dbapi2.Error as e:
            raise told(e) from e

    def _prepare(self, raw: Any, _record: Any) -> None:
        try:
            unlock(raw, raw_key(self._key))
            cursor = raw.cursor()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA secure_delete=ON")  # what is deleted or changed leaves no bytes behind
            cursor.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
            cursor.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
            cursor.execute(
                "PRAGMA fullfsync=ON"
            )  # macOS: fsync alone does not reach the disk; no-op elsewhere
            cursor.execute("PRAGMA checkpoint_fullfsync=ON")
            (mode,) = cursor.execute("PRAGMA journal_mode=WAL").fetchone()
            cursor.execute("PRAGMA synchronous=FULL")
            (level,) = cursor.execute("PRAGMA synchronous").fetchone()
            if mode != "wal" or level != _FULL:
                raise UnsafeLibrary(f"the file is kept in journal_mode={mode}, synchronous={level}")
            if self.readonly:
                cursor.execute("PRAGMA query_only=ON")
            cursor.close()
        except BaseException:
            raw.close()
            raise

    def _begun(self, connection: Connection) -> None:
        connection.exec_driver_sql(self._begin)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; takes no lock that a writer would feel."""
        if self._held:
            with self._told():
                yield self._connection
            return
        with self._transaction("BEGIN"):
            yield self._connection

    @contextmanager
    def holding(self) -> Iterator[None]:
        """One consistent view for every `reading` inside. What was deciphered stays at hand until its end: a
        commit of another connection otherwise empties the cache at the next reading."""
        with self.reading():
            self._held = True
            try:
                yield
            finally:
                self._held = False

    @contextmanager
    def reading_until(self, is_over: Callable[[], bool]) -> Iterator[Connection]:
        """`reading` that ends with TookTooLong once ``is_over`` says so, which is asked every few hundred µs
        of work; for questions whose cost is not known before.

        Raises:
            TookTooLong: it is over.
        """
        if is_over():
            raise TookTooLong("its time was over before it began")
        self._raw().set_progress_handler(is_over, _STEPS)
        try:
            with self.reading() as connection:
                yield connection
        finally:
            self._raw().set_progress_handler(None, 0)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction with the write lock from its first moment; on disk when it ends, or undone."""
        if self._broken:
            raise StoreBroken(f"{self.path.name} failed to reach the disk before")
        with self._transaction("BEGIN IMMEDIATE"):
            yield self._connection

    @contextmanager
    def _transaction(self, begin: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[None]:
        if self._connection.closed:
            raise CannotWrite(CLOSED, "this store is closed")
        self._begin = begin
        try:
            with self._connection.begin():
                yield
        except (DBAPIError, dbapi2.Error) as e:
            self._undo()
            cause = e.orig if isinstance(e, DBAPIError) else e
            if isinstance(cause, dbapi2.IntegrityError):
                raise
            error = told(cause)
            self._broken = self._broken or isinstance(error, StoreBroken)
            raise error from e

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, dbapi2.Error) as e:
            raise told(e.orig if isinstance(e, DBAPIError) else e) from e

    def _undo(self) -> None:
        """A COMMIT that failed leaves SQLite inside its transaction, and SQLAlchemy takes it for ended."""
        raw = self._raw()
        if raw.in_transaction:
            with suppress(dbapi2.Error):
                raw.rollback()

    def _raw(self) -> Any:
        raw = self._connection.connection.driver_connection
        assert raw is not None
        return raw

    def pragma(self, name: str) -> list[Any]:
        """First column of what ``PRAGMA name`` answers, outside any transaction."""
        try:
            return [row[0] for row in self._raw().execute(f"PRAGMA {name}").fetchall()]
        except dbapi2.Error as e:
            raise told(e) from e

    def pages_in_wal(self) -> int:
        """Pages that stand in the -wal file, copied into the database already or not."""
        return int(self._wal("NOOP")[1])

    def checkpoint(self, *, wait_ms: int = 0) -> None:
        """Copy the -wal file into the database as far as its readers let us, so that the next commit begins
        it anew. With ``wait_ms``, wait so long for readers that hold it; a page read lets go in time."""
        self.pragma(f"busy_timeout={wait_ms}")
        try:
            self._wal("RESTART")
        finally:
            self.pragma(f"busy_timeout={BUSY_MS}")

    def empty_wal(self, *, wait_ms: int) -> bool:
        """Copy the -wal file into the database and cut it to nothing, unless a reader holds it for longer
        than ``wait_ms``; whether it is empty now."""
        self.pragma(f"busy_timeout={wait_ms}")
        try:
            return bool(self.pragma("wal_checkpoint(TRUNCATE)")[0] == 0)
        finally:
            self.pragma(f"busy_timeout={BUSY_MS}")

    def _wal(self, mode: Literal["NOOP", "RESTART"]) -> tuple[int, int, int]:
        """Whether a reader was in the way, pages in the file, pages of them in the database."""
        try:
            found: tuple[int, int, int] = self._raw().execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except dbapi2.Error as e:
            error = told(e)
            self._broken = self._broken or isinstance(error, StoreBroken)
            raise error from e
        return found

    def copy_to(self, target: Path) -> None:
        """A consistent copy under the same key, while others may go on writing. `target` must not exist."""
        touch_own(target)
        export(self.path, raw_key(self._key), target, raw_key(self._key))

    def export_to(self, target: Path, phrase: str) -> None:
        """`export` of this file under a passphrase."""
        export(self.path, raw_key(self._key), target, phrase)

    @property
    def folder(self) -> Path:
        """Return the data folder in which it lies."""
        return self.path.parent

    def collision(self, error: IntegrityError) -> Collision:
        """See `port.Link`: SQLite names the columns."""
        said = str(error.orig)
        if "event.seq" in said:
            return "seq"
        return "input" if "event.source_id" in said or "answer.command_id" in said else ""

    def beside(self) -> CipherFile:
        """Another, read-only connection to the same file, for another thread."""
        return CipherFile(self.path, self._key, readonly=True)

    @property
    def key(self) -> bytes:
        """Return the key of the file, for who opens it beside us (`read_access`)."""
        return self._key

    def close(self) -> None:
        """The last connection to close takes the -wal file along; a full disk may keep it, which loses
        nothing."""
        with suppress(DBAPIError, dbapi2.Error):
            self._connection.close()
        self._engine.dispose()


def raw_key(key: bytes) -> str:
    """Return the literal by which SQLCipher takes 32 bytes as they are, without deriving anything."""
    if len(key) != 32:
        raise KeyUnavailable(f"a key has 32 bytes, not {len(key)}")
    return f"x'{key.hex()}'"


def unlock(raw: Any, key: str) -> None:
    """Set the key (a ``raw_key`` or a passphrase without quotes) and try it; KeyUnavailable if it does not
    fit."""
    raw.execute(
        "PRAGMA cipher_log_level=NONE"
    )  # otherwise a wrong key writes to stderr past every log filter
    raw.execute(f'PRAGMA key="{key}"')
    try:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError as e:
        if _code(e) & 0xFF == _NOTADB:
            raise KeyUnavailable("the key does not fit the store, or the file's first page is damaged") from e
        raise


def opens(path: Path, key: bytes) -> bool:
    """Tell whether a key fits a database; False where there is none. Changes nothing."""
    if not path.exists():
        return False
    raw = dbapi2.connect(str(path), isolation_level=None)
    try:
        unlock(raw, raw_key(key))
    except KeyUnavailable:
        return False
    except dbapi2.Error as e:
        raise told(e) from e
    finally:
        raw.close()
    return True


def export(path: Path, key: str, target: Path, target_key: str) -> None:
    """Copy a store into the empty file `target` under another key, on disk when this returns. Both keys as
    ``unlock`` takes them. One read transaction: a writer goes on meanwhile and is not in the copy."""
    raw = dbapi2.connect(str(path), isolation_level=None)
    try:
        unlock(raw, key)
        raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        raw.execute("ATTACH DATABASE ? AS copy KEY ?", (str(target), target_key))
        raw.execute("PRAGMA copy.synchronous=FULL")
        raw.execute("BEGIN")
        raw.execute("SELECT sqlcipher_export('copy')").fetchone()
        raw.execute("COMMIT")
        raw.execute("DETACH DATABASE copy")
    except dbapi2.Error as e:
        raise told(e) from e
    finally:
        raw.close()


def first_row(path: Path, key: str, query: str) -> tuple[Any, ...] | None:
    """Return what a query answers first, of a file that is no open store. The key as ``unlock`` takes it."""
    raw = dbapi2.connect(str(path), isolation_level=None)
    try:
        unlock(raw, key)
        found: tuple[Any, ...] | None = raw.execute(query).fetchone()
    except dbapi2.Error as e:
        raise told(e) from e
    finally:
        raw.close()
    return found


def faults(path: Path, key: str) -> list[str]:
    """Return what both checks say about a file: every page against its HMAC, then the b-trees. Empty = whole.

    Raises KeyUnavailable for a key that does not fit, which a damaged first page cannot be told from.
    """
    size = path.stat().st_size
    if size == 0 or size % PAGE:
        return [f"{size} bytes are no whole pages"]
    raw = dbapi2.connect(str(path), isolation_level=None)
    try:
        unlock(raw, key)
        raw.execute("PRAGMA query_only=ON")
        said = [str(row[0]) for row in raw.execute("PRAGMA cipher_integrity_check").fetchall()]
        said += [str(row[0]) for row in raw.execute("PRAGMA quick_check").fetchall() if row[0] != "ok"]
    except dbapi2.Error as e:
        return [str(e)]
    finally:
        raw.close()
    return said


def told(error: BaseException | None) -> StoreError:
    """Return the store's own error for one of the driver's."""
    code = _code(error)
    return error_of(_CAUSES.get(code) or _CAUSES.get(code & 0xFF, "bug"), str(error))


def _code(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", 0) or 0)


def library_versions() -> dict[str, str]:
    """Return what is linked: ``sqlite`` and ``cipher`` ("" where there is none)."""
    raw = dbapi2.connect(":memory:")
    try:
        row = raw.execute("PRAGMA cipher_version").fetchone()
    finally:
        raw.close()
    return {"sqlite": dbapi2.sqlite_version, "cipher": row[0] if row else ""}


def is_outside_reset_bug(version: tuple[int, ...]) -> bool:
    """Tell whether a SQLite has no WAL-reset corruption: in from 3.7.0, mended in 3.51.3 and 3.53.0 (3.52.0
    was withdrawn)."""
    return (3, 51, 3) <= version < (3, 52, 0) or version >= (3, 53, 0)


def assert_library() -> None:
    """Raise UnsafeLibrary unless the linked SQLite can be trusted with a log."""
    if not is_outside_reset_bug(tuple(int(part) for part in dbapi2.sqlite_version.split("."))):
        raise UnsafeLibrary(
            f"SQLite {dbapi2.sqlite_version} can lose committed pages; 3.51.3 or newer is needed"
        )
    if not library_versions()["cipher"]:
        raise UnsafeLibrary("this SQLite has no cipher")


def touch_own(path: Path) -> None:
    """Make an empty file that only its owner may read; SQLite gives -wal and -shm the same rights."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
