"""Where a room's database is: ``postgresql://USER@HOST/DB``, never with a password in it."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict

from liveconsole.store.postgres.schema import SETTING, VIEWS

SCHEMES: Final = ("postgresql://", "postgres://")
_CONNECT_SECONDS: Final = 4
_IDLE: Final = psycopg.pq.TransactionStatus.IDLE
_USUAL: Final = {
    "connect_timeout": _CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}
"""A cable that was pulled is noticed in seconds, on both ends."""


class CuttableConnection(psycopg.Connection[Any]):
    """A connection that another thread may end. It holds the line a second time: the driver gives its own
    number back whenever it sees an end, and what has that number next is somebody else's."""

    _second: socket.socket | None = None
    _cutting: threading.Lock
    """Between the two that use the second: closed, its number is somebody else's as well."""

    @classmethod
    def connect(cls, conninfo: str = "", **more: Any) -> Self:
        """As psycopg's; raises psycopg.Error."""
        made = super().connect(conninfo, **more)
        made._cutting = threading.Lock()
        try:
            # Not `socket.dup` of an object: it lets both wait, and the driver's must not.
            made._second = socket.socket(fileno=socket.dup(made.pgconn.socket))
        except OSError as error:  # no descriptor is left
            made.close()
            raise psycopg.OperationalError(str(error)) from error
        return made

    def cut(self) -> None:
        """End it, on any thread: who waits for an answer that never comes is told of a lost connection."""
        with self._cutting:
            if self._second is not None:
                with suppress(OSError):
                    self._second.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """As psycopg's; also of one that was lost."""
        with self._cutting:
            second, self._second = self._second, None
        if second is not None:
            second.close()
        super().close()


class BadAddress(ValueError):
    """What was given is no address of a database; ``str`` says why, without repeating it."""


@dataclass(frozen=True, slots=True)
class Address:
    """A database, and who we are there."""

    words: dict[str, Any]
    password: str = field(default="", repr=False)

    def connect(
        self, room: int | None = None, *, name: str = "liveconsole", **more: Any
    ) -> CuttableConnection:
        """Open a connection; with ``room``, one that sees that room's rows."""
        options = f"-c search_path={VIEWS},pg_catalog"
        if room is not None:
            options += f" -c {SETTING}={room}"
        words = {**_USUAL, **self.words, "options": options, "application_name": name, **more}
        if self.password:
            words["password"] = self.password
        return CuttableConnection.connect(**words)

    @property
    def shown(self) -> str:
        """Return it as it may stand in a log."""
        return f"{self.words.get('host', 'local')}/{self.words.get('dbname', '')}"


def address_of(url: str, password: str = "") -> Address:
    """Read an address. Raises BadAddress."""
    if not url.startswith(SCHEMES):
        raise BadAddress("an address begins with postgresql://")
    try:
        words = conninfo_to_dict(url)
    except psycopg.Error as e:
        raise BadAddress("this is no address of a database") from e
    if words.get("password"):
        raise BadAddress("a password does not belong into the address")
    if not words.get("dbname"):
        raise BadAddress("the address names no database")
    words.pop("options", None)
    return Address(words, password)


def has_ended(raw: psycopg.Connection[Any]) -> bool:
    """Tell whether a server that was asked nothing has said something: that it ends this connection, nearly
    always. To begin anew is right whatever it was."""
    try:
        descriptor = raw.pgconn.socket
        if raw.pgconn.transaction_status != _IDLE:
            return False
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([descriptor], [], [], 0)[0])
    except (psycopg.Error, OSError, ValueError):
        return True
