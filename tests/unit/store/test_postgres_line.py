"""A connection that another thread ends: who waits on it is told, and nobody else's is ever meant."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from tests import services

psycopg = pytest.importorskip("psycopg", reason="the extra postgresql is not installed")

from liveconsole.store.postgres.address import CuttableConnection, address_of  # noqa: E402


@pytest.fixture
def line() -> Iterator[CuttableConnection]:
    made = address_of(services.postgres(durable=False).database()).connect()
    yield made
    made.close()


def test_who_waits_for_an_answer_that_never_comes_is_told(line: CuttableConnection) -> None:
    said: list[BaseException] = []

    def wait() -> None:
        try:
            line.execute("SELECT pg_sleep(600)")
        except psycopg.OperationalError as error:
            said.append(error)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    with closing(
        address_of(f"postgresql://{services.USER}@/postgres?host={line.info.host}").connect()
    ) as other:
        asleep = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'"
        while other.execute(asleep, (line.info.backend_pid,)).fetchone() is None:
            other.rollback()
    line.cut()
    waiting.join(30)
    assert len(said) == 1
    line.cut()  # again does no harm
    line.close()
    line.cut()
    line.close()


def test_the_drivers_line_waits_for_nothing(line: CuttableConnection) -> None:
    """It reads as much as there is: one that waits for more hangs in the middle of a long answer."""
    assert not os.get_blocking(line.pgconn.socket)
    assert line.execute("SELECT repeat('x', 4000000)").fetchone() == ("x" * 4_000_000,)


def by_its_number(line: CuttableConnection) -> Callable[[], object]:
    """The twin: as one would cut it, by what the driver says is its descriptor."""
    number = line.pgconn.socket

    def cut() -> None:
        own = socket.socket(fileno=number)
        with suppress(OSError):
            own.shutdown(socket.SHUT_RDWR)
        own.detach()

    return cut


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are given out anew in order on POSIX")
@pytest.mark.parametrize("twin", [False, True])
def test_a_number_that_is_somebody_elses_by_now_is_left_alone(line: CuttableConnection, twin: bool) -> None:
    """The driver lets go of a lost connection in its own thread, in the middle of the cut; the room's door
    has the number next."""
    cut = by_its_number(line) if twin else line.cut
    number = line.pgconn.socket
    line.pgconn.finish()
    held: list[Any] = []
    while (pair := socket.socketpair())[0].fileno() != number:
        held.append(pair)
        if len(held) > 64:
            os.dup2(pair[0].fileno(), number)
            pair = (socket.socket(fileno=number), pair[1])
            break
    ours, theirs = pair
    cut()
    try:
        ours.sendall(b"still here")
        assert not twin
        assert theirs.recv(16) == b"still here"
    except OSError:
        assert twin, "a stranger's line was ended"
    for one, other in [*held, pair]:
        one.close()
        other.close()


def test_no_descriptor_is_left_behind(line: CuttableConnection) -> None:
    address = address_of(f"postgresql://{services.USER}@/{line.info.dbname}?host={line.info.host}")

    def open_now() -> int:
        return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0

    before = open_now()
    for lost in (False, True) * 20:
        one = address.connect()
        if lost:
            one.pgconn.finish()  # as the driver does when it sees that the server has gone
        one.close()
    assert open_now() == before
