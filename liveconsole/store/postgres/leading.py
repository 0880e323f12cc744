"""Who leads a room in a database: one engine writes, another stands by and takes over in seconds.

Three things together, each of which alone fails (docs/decisions/0026): an advisory lock, which goes with a
process that dies; a lease by the database's clock, which a frozen process cannot renew; and the end of the
old leader's connections, whose open transaction would block everybody. What makes a second writer harmless is
none of them: it is the fence in each commit (`link`). Clocks of the machines are asked for one thing alone:
how old our last good renewal is. That is looked at on a thread of its own, for the one that renews waits for
ever where the network was cut.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import psycopg

from liveconsole.steady import steady_clock
from liveconsole.store.errors import NoStore
from liveconsole.store.kept_at import LEASE_SECONDS, TELL_SECONDS
from liveconsole.store.postgres.address import Address, CuttableConnection
from liveconsole.store.postgres.causes import told
from liveconsole.store.postgres.link import connection_name
from liveconsole.store.postgres.schema import TABLES
from liveconsole.store.postgres.server_clock import GOOD_NS, NOW, ServerClock
from liveconsole.store.postgres.wall import STANDBY, make_wall, tell

log = logging.getLogger(__name__)

TTL: Final = LEASE_SECONDS
RENEW_SECONDS: Final = 0.5
LOOK_SECONDS: Final = 0.2
"""So often somebody who stands by looks whether he may lead."""
MARGIN: Final = 1.0
"""Nothing is asked of a platform in the lease's last second: it may be another's when that arrives."""
_RENEWALS: Final = 2
"""A living leader renews at least once in the time of so many."""
_WATCH_SECONDS: Final = 0.1
_END_MS: Final = 2_000
_LOCK_SECONDS: Final = 1.0
_CLASS: Final = 0x4C43
"""Under which our advisory locks are among those of others in the same database."""

_LOCK = "SELECT pg_try_advisory_lock(%s, %s)"
_UNLOCK = "SELECT pg_advisory_unlock(%s, %s)"
_LEASE = f"SELECT epoch, until < clock_timestamp(), until::text FROM {TABLES}.lease WHERE room_id = %s"
_END_OLD = (
    "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = ANY(%s) AND pid <> pg_backend_pid()"
)
_RAISE_ROOM = f"UPDATE {TABLES}.room SET epoch = %s + 1 WHERE room_id = %s AND epoch = %s"
_RAISE_LEASE = (
    f"UPDATE {TABLES}.lease SET epoch = %s + 1, holder = %s, until = clock_timestamp() + %s * interval '1 s'"
    " WHERE room_id = %s AND epoch = %s"
)
_RENEW = (
    f"UPDATE {TABLES}.lease SET until = clock_timestamp() + %s * interval '1 s'"
    f" WHERE room_id = %s AND epoch = %s RETURNING {NOW}"
)
_TIME = f"SELECT {NOW}"
_LOOKS: Final = 3
"""Times that the server's clock is read at take-over, until one answer came soon enough."""
_GIVE = f"UPDATE {TABLES}.lease SET until = '-infinity', holder = '' WHERE room_id = %s AND epoch = %s"


_steady = steady_clock()


def since_start() -> float:
    """Seconds by a clock that goes on while the machine sleeps."""
    return _steady() / 1e9


class Leadership:
    """One engine's claim to a room. `try_to_lead` until it gives an epoch, then `keep`, at last `give_up`."""

    def __init__(self, address: Address, room: int, holder: str, *, ttl: float = TTL) -> None:
        """``ttl``: seconds that the lease is good for, the same for all engines of a room."""
        self._address, self._room, self._holder, self._ttl = address, room, holder, ttl
        self._raw: CuttableConnection | None = None
        self._epoch: int | None = None
        self.clock = ServerClock()
        """The room's wall time, from when it leads on."""
        self.is_lost = False
        """The room is another's, or nobody can say whose it is."""
        self._good = 0.0
        self._lease: tuple[int, str] | None = None
        self._lease_since = 0.0
        self._tells = self._told = b""
        self._said = self._heard = self._written = 0.0
        self._stop = threading.Event()
        self._losing = threading.Lock()
        self._threads: list[threading.Thread] = []

    @property
    def epoch(self) -> int | None:
        """See `kept_at.Leader`."""
        return self._epoch

    def try_to_lead(self) -> int | None:
        """Return the epoch in which we lead from now on; None where somebody else does. Raises CannotWrite
        where the database cannot be reached."""
        try:
            return self._try()
        except psycopg.Error as e:
            self._drop()
            raise told(e) from e

    def _try(self) -> int | None:
        raw, began = self._live(), since_start()
        locked = self._locked(raw)
        row = raw.execute(_LEASE, (self._room,)).fetchone()
        if row is None:
            raise NoStore("this room is in the database no more")
        epoch, is_over = int(row[0]), self._is_over((int(row[0]), str(row[2])), said_over=bool(row[1]))
        if not locked and not is_over:
            return None
        # Freed: the connection that held it is gone. Or the lease ran out: its holder is frozen or cut off.
        self.end_old(raw, epoch)
        until = time.monotonic() + _LOCK_SECONDS
        while not locked and time.monotonic() < until:
            locked = self._locked(raw)
            if not locked:
                time.sleep(0.02)
        if not locked:
            return None  # somebody else who stands by was faster
        with raw.transaction():
            raw.execute("SET LOCAL lock_timeout = '1s'")
            raised = raw.execute(_RAISE_ROOM, (epoch, self._room, epoch)).rowcount
            leased = raw.execute(_RAISE_LEASE, (epoch, self._holder, self._ttl, self._room, epoch)).rowcount
            if (raised, leased) != (1, 1):
                raise psycopg.Rollback
        if (raised, leased) != (1, 1):
            raw.execute(_UNLOCK, (_CLASS, self._room))
            return None
        self._read_clock(raw)
        make_wall(raw)
        self._epoch, self._good = epoch + 1, began
        raw.execute("SELECT set_config('application_name', %s, false)", (_lease_name(self._room, epoch + 1),))
        log.info("this engine leads the room from epoch %d on", self._epoch)
        return self._epoch

    def _is_over(self, lease: tuple[int, str], *, said_over: bool) -> bool:
        """Tell whether nobody renews a lease any more. The server's clock may be set while it runs, so we
        count by our own for how long it stood as it is: set forward, the lease of a leader who lives would be
        over in that moment; set back, that of a frozen one for an hour not."""
        now = since_start()
        if lease != self._lease:
            self._lease, self._lease_since = lease, now
        stood = now - self._lease_since
        return stood >= self._ttl or (said_over and stood >= _RENEWALS * RENEW_SECONDS)

    def end_old(self, raw: psycopg.Connection[Any], epoch: int) -> None:
        """End the connections of who led in an epoch: frozen, it holds locks and a transaction for ever."""
        names = [connection_name(self._room, epoch), _lease_name(self._room, epoch)]
        raw.execute(_END_OLD, (_END_MS, names))

    def _locked(self, raw: psycopg.Connection[Any]) -> bool:
        row = raw.execute(_LOCK, (_CLASS, self._room)).fetchone()
        return row is not None and bool(row[0])

    def _read_clock(self, raw: psycopg.Connection[Any]) -> None:
        for _ in range(_LOOKS):
            asked = self.clock.steady()
            row = raw.execute(_TIME).fetchone()
            answered = self.clock.steady()
            assert row is not None
            self.clock.read(int(row[0]), asked, answered)
            if answered - asked <= GOOD_NS:
                return

    def keep(self, lost: Callable[[], object]) -> None:
        """Renew on a thread of its own; ``lost`` is called on another, once, when the room is another's or
        nobody can say whose it is: however the network hangs, before the lease is over."""
        self._threads = [
            threading.Thread(target=self._renewing, args=(lost,), name="lease", daemon=True),
            threading.Thread(target=self._watching, args=(lost,), name="lease watch", daemon=True),
        ]
        for each in self._threads:
            each.start()

    def _renewing(self, lost: Callable[[], object]) -> None:
        while not self._stop.wait(RENEW_SECONDS) and not self.is_lost:
            began = since_start()
            asked = self.clock.steady()
            try:
                row = self._live().execute(_RENEW, (self._ttl, self._room, self._epoch)).fetchone()
            except psycopg.Error as e:
                log.warning("the lease could not be renewed: %s", type(e).__name__)
                self._drop()
                continue  # whether it is over says the watch
            if row is None:
                self._lose(lost)
                return
            self._good = began
            self.clock.read(int(row[0]), asked, self.clock.steady())
            self._tell_wall()

    def _tell_wall(self) -> None:
        body, said = self._tells, self._said
        if said == self._heard or self._raw is None or self._epoch is None:
            return  # an engine that says nothing more is not spoken for by its lease
        if body == self._told and since_start() - self._written < TELL_SECONDS:
            return
        try:
            tell(self._raw, self._room, self._epoch, body)
        except psycopg.Error as e:
            log.warning("the wall of rooms was not told: %s", type(e).__name__)
        else:
            self._told, self._heard, self._written = body, said, since_start()

    def _watching(self, lost: Callable[[], object]) -> None:
        while not self._stop.wait(_WATCH_SECONDS) and not self.is_lost:
            if self.age() >= self._ttl:
                self._lose(lost)

    def _lose(self, lost: Callable[[], object]) -> None:
        with self._losing:
            if self.is_lost or self._stop.is_set():
                return
            self.is_lost = True
        log.error("this engine leads no more")
        lost()

    def tell(self, body: bytes) -> None:
        """See `kept_at.Leader`."""
        self._tells, self._said = body, since_start()

    def wall(self) -> int:
        """See `kept_at.Leader`."""
        return self.clock.now()

    def age(self) -> float:
        """Seconds since the last good renewal began."""
        return since_start() - self._good

    def may_ask(self) -> bool:
        """Tell whether a question to a platform may go out now: nobody else leads before it arrives."""
        return self._epoch is not None and not self.is_lost and self.age() < self._ttl - MARGIN

    def give_up(self) -> None:
        """Hand over at once: who stands by need not wait for the lease to run out."""
        self._stop.set()
        for each in self._threads:
            each.join(0.0 if self.is_lost else self._ttl)
            while each.is_alive():  # it waits for an answer that does not come, or has just connected anew
                if (raw := self._raw) is not None:
                    raw.cut()
                each.join(_WATCH_SECONDS)
        if self._epoch is not None and not self.is_lost:
            try:
                given = self._live().execute(_GIVE, (self._room, self._epoch)).rowcount
            except psycopg.Error:
                given = 0
            # Not ours to give any more, or nobody can say: a commit was told so before a renewal was.
            self.is_lost = given != 1
        self._drop()

    def _live(self) -> CuttableConnection:
        if self._raw is None or self._raw.closed:
            name = f"{STANDBY}{self._room}" if self._epoch is None else _lease_name(self._room, self._epoch)
            self._raw = self._address.connect(name=name, autocommit=True)
            self._raw.execute("SET statement_timeout = '4s'")
            self._raw.execute("SET lock_timeout = '1s'")
            if self._epoch is not None:
                self._locked(self._raw)  # the lock went with the connection
        return self._raw

    def _drop(self) -> None:
        raw, self._raw = self._raw, None
        if raw is not None:
            with suppress(psycopg.Error):
                raw.close()


def _lease_name(room: int, epoch: int) -> str:
    return f"liveconsole lease {room} epoch {epoch}"
