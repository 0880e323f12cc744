"""Two engines of one room in a database: whatever happens to the first, one writes, and the second leads.

Quick: two rounds of each fault; `LIVECONSOLE_DEEP=1` plays fifty (200 in all).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, Final

import pytest

from liveconsole.cli import backup as backup_command
from liveconsole.cli import verify_log
from liveconsole.store import EventRow, Write
from liveconsole.store.errors import OtherLeader, StoreError
from tests import services
from tests.contract.engine_process import BATCH, EngineProcess
from tests.unit.store.conftest import NOW

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="freezes processes by signals")

ROUNDS: Final = 50 if os.environ.get("LIVECONSOLE_DEEP") == "1" else 2
TTL: Final = 1.5
"""Half of what engines use: what is proved does not hang on it."""
_forking = multiprocessing.get_context("fork") if sys.platform != "win32" else None
Freeze = str
"""Where the first engine stops itself: "" nowhere."""


def rows(first: int) -> list[EventRow]:
    return [
        EventRow(
            "comment.posted", NOW, "producer", b'{"text":"a"}', "/a", f"{os.getpid()}-{n}", None, b"d" * 16
        )
        for n in range(first, first + 20)
    ]


def lead_and_write(url: str, folder: Path, freeze: Freeze, told: Pipe) -> None:
    """The first engine: leads, and commits twenty events over and over. Tells of each commit that is on
    disk, and how it ended."""
    import psycopg

    from liveconsole.store.postgres import store as rooms
    from liveconsole.store.postgres.address import address_of
    from liveconsole.store.postgres.leading import Leadership
    from liveconsole.store.postgres.opening import open_postgres

    os.environ["LIVECONSOLE_KEYRING"] = "off"
    with open_postgres(address_of(url), folder) as store:
        room, seq = store.number, store.last_seq()
    leader = Leadership(address_of(url), room, "first", ttl=TTL)
    epoch = leader.try_to_lead()
    store = open_postgres(address_of(url), folder, epoch=epoch)
    lost: list[bool] = []
    leader.keep(lambda: lost.append(True))
    put = rooms.PostgresStore._put_events
    done = 0

    written = psycopg.Copy.write_row

    def written_in_part(self: Any, row: Any) -> None:
        written(self, row)
        if done >= 3 and freeze == "in a copy" and row[1] % 20 == 10:
            self.connection.pgconn.flush()
            os.kill(os.getpid(), signal.SIGSTOP)

    psycopg.Copy.write_row = written_in_part  # type: ignore[method-assign]

    def frozen(self: Any, c: Any, events: Any) -> None:
        put(self, c, events)
        if done >= 3 and freeze == "in transaction":
            os.kill(os.getpid(), signal.SIGSTOP)

    rooms.PostgresStore._put_events = frozen  # type: ignore[assignment, method-assign]
    told.send(("leads", epoch))
    try:
        while not lost:
            if done >= 3 and freeze == "between":
                os.kill(os.getpid(), signal.SIGSTOP)
            store.commit(Write(seq, rows(seq)))
            seq, done = seq + 20, done + 1
            told.send(("committed", seq))
            time.sleep(0.005)
        told.send(("ended", "lost"))
    except OtherLeader:
        told.send(("ended", "fenced"))
    except StoreError as error:
        told.send(("ended", type(error).__name__))
    told.send(("may ask", leader.may_ask()))
    os._exit(0)


class First:
    """The first engine's process, and what it told."""

    def __init__(self, url: str, folder: Path, freeze: Freeze = "") -> None:
        assert _forking is not None
        self.told, away = _forking.Pipe(duplex=False)
        self.process = _forking.Process(target=lead_and_write, args=(url, folder, freeze, away), daemon=True)
        self.process.start()
        away.close()
        self.last, self.end, self.asks = 0, "", None

    def hear(self, seconds: float, until: str, least: int = 0) -> None:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if not self.told.poll(0.05):
                continue
            try:
                what, value = self.told.recv()
            except EOFError:
                return
            self.last = value if what == "committed" else self.last
            self.end = value if what == "ended" else self.end
            self.asks = value if what == "may ask" else self.asks
            if what == until and (what != "committed" or value >= least):
                return
        raise AssertionError(f"the first engine did not tell {until!r} in {seconds} s")

    def await_frozen(self) -> None:
        status = Path(f"/proc/{self.process.pid}/stat")
        limit = time.monotonic() + 20
        while status.read_text().rpartition(")")[2].split()[0] != "T":
            assert time.monotonic() < limit
            time.sleep(0.01)
        while self.told.poll(0):
            what, value = self.told.recv()
            self.last = value if what == "committed" else self.last

    def over(self) -> None:
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.told.close()


@pytest.fixture(scope="module")
def server() -> services.Postgres:
    return services.postgres(durable=True)


@pytest.fixture
def url(server: services.Postgres) -> Iterator[str]:
    found = server.database()
    yield found
    server.drop(found)


def take_over(
    url: str, folder: Path, seconds: float, *, end_old: bool = True
) -> tuple[float, int, int] | None:
    """Stand by until it may lead, then commit once: seconds until then, the head found, the epoch."""
    from liveconsole.store.postgres import leading
    from liveconsole.store.postgres.address import address_of
    from liveconsole.store.postgres.opening import open_postgres

    began = time.monotonic()
    with open_postgres(address_of(url), folder) as store:
        room = store.number
    leader = leading.Leadership(address_of(url), room, "second", ttl=TTL)
    if not end_old:
        leader.end_old = lambda *_: None  # type: ignore[method-assign]
    try:
        while (epoch := leader.try_to_lead()) is None:
            if time.monotonic() - began > seconds:
                return None
            time.sleep(leading.LOOK_SECONDS)
        with open_postgres(address_of(url), folder, epoch=epoch) as store:
            head = store.last_seq()
            store.commit(Write(head, rows(1_000_000 + head)))
            seqs = [event.seq for event in store.events_after(0)]
            assert seqs == list(range(1, head + 21)), "no hole, nothing twice"
        return time.monotonic() - began, head, epoch
    finally:
        leader.give_up()


@pytest.mark.parametrize("fault", ["killed", "between", "in a copy", "in transaction"])
def test_the_second_takes_over_and_the_first_writes_nothing_more(
    url: str, tmp_path: Path, fault: str
) -> None:
    slowest = 0.0
    for _ in range(ROUNDS):
        first = First(url, tmp_path, "" if fault == "killed" else fault)
        try:
            first.hear(30, "leads")
            if fault == "killed":
                first.hear(20, "committed", least=1)
                first.process.kill()
                first.process.join()
                while first.told.poll(0):
                    try:
                        first.last = first.told.recv()[1]
                    except EOFError:
                        break
            else:
                first.await_frozen()
            found = take_over(url, tmp_path, 30)
            assert found is not None
            took, head, _ = found
            assert head >= first.last, "what was acknowledged is there"
            slowest = max(slowest, took)
            if fault != "killed":
                assert first.process.pid is not None
                os.kill(first.process.pid, signal.SIGCONT)
                first.hear(20, "may ask")
                assert first.end in ("fenced", "lost", "CannotWrite"), "it ends itself"
                assert first.asks is False, "and asks nothing of a platform"
        finally:
            first.over()
    print(f"{fault}: slowest take-over {slowest:.2f} s of {ROUNDS}")


def test_twin_without_ending_the_old_connections_nobody_takes_over(url: str, tmp_path: Path) -> None:
    first = First(url, tmp_path, "in transaction")
    try:
        first.hear(30, "leads")
        first.await_frozen()
        assert take_over(url, tmp_path, TTL + 2, end_old=False) is None
    finally:
        first.over()


def test_twin_without_the_lock_a_kill_is_noticed_by_the_lease_alone(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from liveconsole.store.postgres import leading

    first = First(url, tmp_path)
    try:
        first.hear(30, "leads")
        first.hear(20, "committed", least=1)
        killed = time.monotonic()
        first.process.kill()
        first.process.join()
        monkeypatch.setattr(leading.Leadership, "_locked", lambda self, raw: _over(self, raw))
        found = take_over(url, tmp_path, 30)
        assert found is not None
        assert time.monotonic() - killed > TTL * 0.6
    finally:
        first.over()


def _over(leader: Any, raw: Any) -> bool:
    """As if the lock said nothing before the lease is over."""
    row = raw.execute("SELECT until < clock_timestamp() FROM liveconsole.lease").fetchone()
    return bool(row[0])


def test_twin_without_the_fence_two_write(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the epoch in the commit keeps out who led before; UNIQUE alone lets both append in turn."""
    from liveconsole.store.postgres import link
    from liveconsole.store.postgres.address import address_of
    from liveconsole.store.postgres.opening import open_postgres

    with open_postgres(address_of(url), tmp_path) as one, open_postgres(address_of(url), tmp_path) as two:
        one.commit(Write(0, rows(0)))
        two.commit(Write(20, rows(20)))
        services.postgres(durable=True).ask(url, "UPDATE liveconsole.room SET epoch = epoch + 1")
        with pytest.raises(OtherLeader):
            one.commit(Write(40, rows(40)))
        with pytest.raises(OtherLeader):
            one.keep_secret("s", b"1")
        assert two.last_seq() == 40
        bent = link._APPEND_AT_ONCE.replace("epoch = %d", "epoch >= %d")
        assert bent != link._APPEND_AT_ONCE
        monkeypatch.setattr(link, "_APPEND_AT_ONCE", bent)
        one.commit(Write(40, rows(40)))
        two.commit(Write(60, rows(60)))


def test_a_room_in_a_database_is_served_killed_and_served_by_the_one_that_stood_by(
    server: services.Postgres, url: str, tmp_path: Path
) -> None:
    """The program itself: what was answered before the kill is there, known ids stay known, and the books
    answer; every command finds the room afterwards, and the database's password is nowhere."""
    words = ("--database", url, "--room", "r", "--port", "0")
    first = EngineProcess(tmp_path / "a", *words).start()
    second = EngineProcess(tmp_path / "b", *words)
    shutil.copytree(tmp_path / "a" / "database", tmp_path / "b" / "database")
    try:
        event = {"specversion": "1.0", "id": "c1", "source": "/t", "type": "comment.posted"}
        event["data"] = {"viewer": {"id": "v1", "name": "小林"}, "text": "多少钱"}  # type: ignore[assignment]
        assert first.call("POST", "/v1/events", [event], role="producer", kind=BATCH).json["accepted"] == 1
        head = first.call("GET", "/v1/state").json["seq"]
        assert first.call("GET", "/v1/health").json["room"] == "r"
        second.start(ready=False)
        assert second.process.stderr is not None
        assert b"stands by" in second.process.stderr.readline()
        first.kill()
        assert second.process.stdout is not None
        assert json.loads(second.process.stdout.readline())["ready"]
        second.found = json.loads((tmp_path / "b" / "engine.json").read_bytes())
        assert second.call("GET", "/v1/state").json["seq"] >= head
        again = second.call("POST", "/v1/events", [event], role="producer", kind=BATCH).json
        assert (again["accepted"], again["duplicates"]) == (0, 1)
        assert second.call("GET", "/v1/orders").status == 200
        line = next(x for x in second.call("GET", "/v1/log?after=0").lines if x["type"] == "comment.posted")
        assert line["data"]["viewer"]["name"] == "小林"
        assert second.stop() == 0
    finally:
        for one in (first, second):
            if one._process is not None and one.process.poll() is None:
                one.kill()
    assert verify_log.run(["--data", str(tmp_path / "b")]) == 0
    assert backup_command.run([str(tmp_path / "r.lcbackup"), "--data", str(tmp_path / "b")]) == 0
