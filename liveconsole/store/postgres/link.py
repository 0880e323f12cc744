"""`port.Link` to one room in a PostgreSQL database.

The fence is here: every transaction that writes first takes the room's row, at the epoch that this engine
leads in and, where it appends, at the head that it expects. Who does not lead any more writes nothing.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import errors as pg
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from liveconsole.store.errors import (
    CLOSED,
    CannotWrite,
    OtherLeader,
    SeqTaken,
    StoreBroken,
    TookTooLong,
    error_of,
)
from liveconsole.store.port import STRAIGHT, Collision
from liveconsole.store.postgres import texts
from liveconsole.store.postgres.address import Address, CuttableConnection, has_ended
from liveconsole.store.postgres.causes import told, was_ended
from liveconsole.store.postgres.people import SealedPeople
from liveconsole.store.postgres.schema import TABLES
from liveconsole.store.postgres.sealing import Seal
from liveconsole.store.postgres.words import spoken

log = logging.getLogger(__name__)

OLDEST: Final = 150_000
_LOOK_SECONDS: Final = 0.02
"""Between two looks at whether a question's time is over."""
_HEAD = f"SELECT head, epoch FROM {TABLES}.room WHERE room_id = ?"
_HOLD = f"SELECT head FROM {TABLES}.room WHERE room_id = ? AND epoch = ? FOR NO KEY UPDATE"
_APPEND = f"UPDATE {TABLES}.room SET head = head + ? WHERE room_id = ? AND epoch = ? AND head = ?"
_APPEND_AT_ONCE = f"BEGIN; {_APPEND.replace('?', '%d')}"
"""Of whole numbers alone."""


def connection_name(room: int, epoch: int) -> str:
    """Return what the server calls a leader's connection: the next leader ends it by that name."""
    return f"liveconsole room {room} epoch {epoch}"


class LinksTogether:
    """The links of one store, which end together. Any thread makes one beside the others, and any thread ends
    them: a set that grows while it is gone through ends whoever goes through it."""

    def __init__(self) -> None:
        self._links: weakref.WeakSet[PostgresLink] = weakref.WeakSet()
        self._changing = threading.Lock()

    def add(self, link: PostgresLink) -> None:
        """From now on it is one of them."""
        with self._changing:
            self._links.add(link)

    def now(self) -> list[PostgresLink]:
        """Return those that are used yet."""
        with self._changing:
            return list(self._links)


class PostgresLink:
    """See `port.Link`. ``epoch``: that in which this connection may write; None: it only reads."""

    def __init__(
        self,
        address: Address,
        room: int,
        folder: Path,
        seal: Seal,
        *,
        epoch: int | None = None,
        beside: PostgresLink | None = None,
    ) -> None:
        self.address, self.room, self.seal, self.epoch = address, room, seal, epoch
        self.people = SealedPeople(seal)
        self._raw: CuttableConnection | None = None
        self._closed = False
        self._all: LinksTogether = LinksTogether() if beside is None else beside._all
        self._all.add(self)
        if beside is not None and beside._closed:
            self._closed = True
        self._folder = folder
        self._engine = create_engine("postgresql+psycopg://", creator=self._open, poolclass=NullPool)
        event.listen(self._engine, "before_cursor_execute", _translated, retval=True)
        self._connection: Connection | None = None
        self._held: Connection | None = None
        self._live()

    @property
    def folder(self) -> Path:
        return self._folder

    def _open(self) -> CuttableConnection:
        name = "liveconsole reader" if self.epoch is None else connection_name(self.room, self.epoch)
        raw = self.address.connect(self.room, name=name)
        texts.adapt(raw)
        self._raw = raw
        if self.epoch is None:
            raw.isolation_level, raw.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        return raw

    def _live(self) -> Connection:
        if self._connection is not None and self._raw is not None and has_ended(self._raw):
            self._give_up()
        if self._connection is None:
            if self._closed:
                raise CannotWrite(CLOSED, "this store is closed")
            try:
                self._connection = self._engine.connect()
            except (DBAPIError, psycopg.Error) as e:
                raise told(e.orig if isinstance(e, DBAPIError) else e) from e
            self._connection.info[STRAIGHT] = _Straight(self._connection)
        return self._connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if self._held is not None:
            with self._told():
                yield self._held
            return
        with self._transaction() as c:
            yield c

    @contextmanager
    def holding(self) -> Iterator[None]:
        with self.reading() as c:
            self._held = c
            try:
                yield
            finally:
                self._held = None

    @contextmanager
    def reading_until(self, is_over: Callable[[], bool]) -> Iterator[Connection]:
        if is_over():
            raise TookTooLong("its time was over before it began")
        with self.reading() as c:
            ended = threading.Event()
            raw: Any = c.connection.driver_connection
            watch = threading.Thread(target=_cancel_once, args=(raw, is_over, ended), name="book time")
            watch.start()
            try:
                yield c
            except CannotWrite as error:
                if was_ended(error.__cause__):  # by us, or by the server's own limit
                    raise error_of("too_long", str(error)) from error
                raise
            finally:
                ended.set()
                watch.join()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, psycopg.Error) as e:
            raise told(e.orig if isinstance(e, DBAPIError) else e) from e

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._transaction() as c:
            if c.exec_driver_sql(_HOLD, (self.room, self._leading)).first() is None:
                self._fenced(c, None)
            yield c

    @contextmanager
    def appending(self, expected: int, events: int) -> Iterator[Connection]:
        """`writing` that moves the head of the log by so many events. Raises OtherLeader or SeqTaken."""
        with self._transaction() as c:
            if not self._begun_with(c, _APPEND_AT_ONCE % (events, self.room, self._leading, expected)):
                self._fenced(c, expected)
            yield c

    def _begun_with(self, c: Connection, statement: str) -> bool:
        """Begin the transaction with this, in one message instead of two: to wait for an answer is what a
        small commit costs. True where one row was changed."""
        raw: Any = c.connection.driver_connection
        result = raw.pgconn.exec_(statement.encode())
        if result.status == psycopg.pq.ExecStatus.COMMAND_OK:
            return bool(result.command_tuples == 1)
        if raw.pgconn.status != psycopg.pq.ConnStatus.OK:
            raise psycopg.OperationalError(raw.pgconn.get_error_message())
        raise pg.error_from_result(result)

    @property
    def _leading(self) -> int:
        if self.epoch is None:
            raise OtherLeader(0, 0)
        return self.epoch

    def _fenced(self, c: Connection, expected: int | None) -> None:
        row = c.exec_driver_sql(_HEAD, (self.room,)).first()
        if row is None:
            raise StoreBroken("the room is not in the database any more")
        head, epoch = row
        if epoch != self.epoch:
            raise OtherLeader(head if expected is None else expected, head)
        raise SeqTaken(-1 if expected is None else expected, head)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        c = self._live()
        try:
            with c.begin():
                yield c
        except (DBAPIError, psycopg.Error) as e:
            cause = e.orig if isinstance(e, DBAPIError) else e
            self._drop_lost()
            if isinstance(cause, pg.IntegrityError):
                raise e if isinstance(e, IntegrityError) else IntegrityError(None, None, cause) from e
            raise told(cause) from e
        except BaseException:
            self._drop_lost()
            raise

    def _drop_lost(self) -> None:
        """A connection that ended is given up; the next use makes another."""
        c = self._connection
        if c is None:
            return
        # Asked for its driver, one that is invalid makes itself another, of which nothing here knows.
        raw: Any = None if c.invalidated else c.connection.driver_connection
        if raw is None or raw.closed or raw.broken:
            self._give_up()

    def _give_up(self) -> None:
        c, self._connection = self._connection, None
        if c is not None:
            with suppress(Exception):
                c.invalidate()
            with suppress(Exception):
                c.close()
            log.warning("the connection to the database was lost")

    def beside(self, *, writes: bool = False) -> PostgresLink:
        """See `port.Link`; ``writes``: one that may write as long as this one may."""
        epoch = self.epoch if writes else None
        return PostgresLink(self.address, self.room, self._folder, self.seal, epoch=epoch, beside=self)

    def let_go(self) -> None:
        """Use this connection and all beside it no more, and end whatever waits for an answer of theirs. On
        any thread; each is closed by whose it is, as always."""
        for each in self._all.now():
            each._closed = True
            if (raw := each._raw) is not None:
                raw.cut()

    def collision(self, error: IntegrityError) -> Collision:
        diagnosed = getattr(error.orig, "diag", None)
        name = getattr(diagnosed, "constraint_name", "") or ""
        if name == "event_pkey":
            return "seq"
        return "input" if name in ("event_input", "answer_pkey") else ""

    def close(self) -> None:
        self._closed = True
        c, self._connection = self._connection, None
        if c is not None:
            with suppress(Exception):
                c.close()
        self._engine.dispose()


def _cancel_once(raw: psycopg.Connection[Any], is_over: Callable[[], bool], ended: threading.Event) -> None:
    while not ended.wait(_LOOK_SECONDS):
        if is_over():
            with suppress(psycopg.Error):
                raw.cancel_safe(timeout=1.0)


class _Straight:
    """`port.Straight` for psycopg."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _raw(self) -> psycopg.Connection[Any]:
        raw: Any = self._connection.connection.driver_connection
        return raw  # type: ignore[no-any-return]

    def execute(self, statement: str, values: Any = ()) -> Any:
        return self._raw().cursor().execute(spoken(statement), tuple(values))

    def executemany(self, statement: str, rows: Any) -> Any:
        if rows:
            self._raw().cursor().executemany(spoken(statement), list(rows))


def _translated(
    _connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    return spoken(statement), parameters
