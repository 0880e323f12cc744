"""What may be wrong with the server of a room: a full disk, no connection left, limits of time and of rights,
a copy that takes nothing, another clock, an old version. Each is said in words, nothing is lost or there
twice, and the room goes on by itself once it is over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from liveconsole.bus.decode import read_events
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.engine.outcome import Fenced, Unwritten, WriteLost
from liveconsole.messages.inputs import FactsAnswer, FactsInput
from liveconsole.messages.refusals import word
from liveconsole.store.errors import CannotWrite, UnsafeLibrary
from liveconsole.store.linking import check_log
from tests import services
from tests.contract.engine_process import BATCH, comment
from tests.faults.harness.processes import Engine, Zygote, until
from tests.unit.store.conftest import NOW

psycopg = pytest.importorskip("psycopg", reason="the extra postgresql is not installed")

from liveconsole.store.postgres import leading, opening, wall  # noqa: E402
from liveconsole.store.postgres.address import address_of  # noqa: E402
from liveconsole.store.postgres.leading import Leadership  # noqa: E402
from liveconsole.store.postgres.opening import open_postgres  # noqa: E402
from liveconsole.store.postgres.store import PostgresStore  # noqa: E402

ROLE: Final = services.USER


FUNCTION: Final = (
    "CREATE FUNCTION public.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} RETURN NULL; END $$"
)
ON_EVENT: Final = (
    "CREATE TRIGGER no BEFORE INSERT ON liveconsole.event FOR EACH STATEMENT EXECUTE FUNCTION public.no()"
)


class Server:
    """A database of its own on the tests' server; `ask` is its superuser, `outside` where it only reads."""

    def __init__(self) -> None:
        self._server = services.postgres(durable=False)
        self.url = self._server.database()
        self.name = self.url.partition("?")[0].rpartition("/")[2]

    def ask(self, *statements: str) -> Any:
        return self._server.ask(self.url, *statements)

    def outside(self, *statements: str) -> None:
        self._server.ask("postgres", *statements)

    def cut_all(self) -> None:
        self.ask(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{self.name}'"
            f" AND usename = '{ROLE}'"
        )

    def close(self) -> None:
        self.outside(f"ALTER ROLE {ROLE} CONNECTION LIMIT -1", f"ALTER ROLE {ROLE} RESET ALL")
        self._server.drop(self.url)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def store(server: Server, tmp_path: Path) -> Iterator[PostgresStore]:
    """A room of its own in that database."""
    opened = open_postgres(address_of(server.url), tmp_path / "room", room_id=tmp_path.name)
    yield opened
    opened.close()


def facts(*ids: str) -> FactsInput:
    return read_events(BATCH, msgspec.json.encode([comment(id_) for id_ in ids]), simulated=False)


def says(state: str) -> Callable[[Server], None]:
    """The server answers so whatever is put into the log."""

    def begin(server: Server) -> None:
        server.ask(FUNCTION.format(f"RAISE EXCEPTION 'wanted' USING ERRCODE = '{state}';"), ON_EVENT)

    return begin


def says_nothing_more(server: Server) -> None:
    server.ask("DROP TRIGGER no ON liveconsole.event", "DROP FUNCTION public.no")


def only_reads(server: Server) -> None:
    """As behind an address that has moved to a copy."""
    server.outside(f"ALTER DATABASE {server.name} SET default_transaction_read_only = on")
    server.cut_all()


def writes_again(server: Server) -> None:
    server.outside(f"ALTER DATABASE {server.name} SET default_transaction_read_only = off")
    server.cut_all()


def full_of_connections(server: Server) -> None:
    server.ask(f"ALTER ROLE {ROLE} CONNECTION LIMIT 0")
    server.cut_all()


def has_connections(server: Server) -> None:
    server.ask(f"ALTER ROLE {ROLE} CONNECTION LIMIT -1")


def no_rights(server: Server) -> None:
    server.ask(f"REVOKE INSERT ON liveconsole.event FROM {ROLE}")


def rights(server: Server) -> None:
    server.ask(f"GRANT INSERT ON liveconsole.event TO {ROLE}")


def slow(server: Server) -> None:
    """The server lets a statement take 50 ms, and is slower than that."""
    server.ask(
        f"ALTER ROLE {ROLE} SET statement_timeout = '50ms'",
        FUNCTION.format("PERFORM pg_sleep(10);"),
        ON_EVENT,
    )
    server.cut_all()


def fast(server: Server) -> None:
    says_nothing_more(server)
    server.ask(f"ALTER ROLE {ROLE} RESET ALL")
    server.cut_all()


MATRIX: Final = {
    "its disk is full": (says("53100"), says_nothing_more, "disk_full"),
    "its memory is full": (says("53200"), says_nothing_more, "server_full"),
    "it has no connection left": (full_of_connections, has_connections, "server_full"),
    "it is a copy that takes nothing": (only_reads, writes_again, "read_only"),
    "it is slower than it lets itself be": (slow, fast, "busy"),
    "it lets us write no more": (no_rights, rights, "no_rights"),
    "its disk fails": (says("58030"), says_nothing_more, "io_error"),
    "it goes down": (says("57P01"), says_nothing_more, "away"),
    "somebody else holds the rows": (says("40P01"), says_nothing_more, "busy"),
}


@pytest.mark.parametrize("fault", MATRIX)
def test_it_is_said_in_words_and_the_room_goes_on(server: Server, store: PostgresStore, fault: str) -> None:
    begin, end, reason = MATRIX[fault]
    core = RoomCore(store, now=NOW, chance=SystemChance())
    core.process([facts("1")], NOW)
    begin(server)
    for _ in range(2):  # for as long as it lasts
        with pytest.raises(Unwritten) as caught:
            core.process([facts("2", "3")], NOW)
    said = [word("cannot_write", {"detail": str(caught.value)}, english=english) for english in (False, True)]
    assert str(caught.value).startswith(f"{reason}: ")
    assert all(reason not in one for one in said), said
    end(server)
    (answer,) = core.process([facts("2", "3")], NOW).answers
    assert isinstance(answer, FactsAnswer)
    assert (answer.accepted, answer.duplicates) == (2, 0)
    assert [event.seq for event in store.events_after(0)] == [1, 2, 3]
    assert check_log(store).differs is None


def test_tables_that_are_not_ours_end_the_engine_and_take_nothing(
    server: Server, store: PostgresStore
) -> None:
    """Somebody took one away: to refuse one post after the other would lose them all."""
    core = RoomCore(store, now=NOW, chance=SystemChance())
    core.process([facts("1")], NOW)
    server.ask("ALTER TABLE liveconsole.event RENAME TO gone")
    try:
        with pytest.raises(WriteLost, match="not those of this program"):
            core.process([facts("2")], NOW)
    finally:
        server.ask("ALTER TABLE liveconsole.gone RENAME TO event")


def test_a_copy_that_was_behind_is_no_end_of_the_log(server: Server, store: PostgresStore) -> None:
    """The address moved to a server that lacks what another one acknowledged: nothing is put in its place."""
    core = RoomCore(store, now=NOW, chance=SystemChance())
    core.process([facts("1", "2", "3")], NOW)
    server.ask(
        f"DELETE FROM liveconsole.event WHERE seq = 3 AND room_id = {store.number}",
        f"UPDATE liveconsole.room SET head = 2 WHERE room_id = {store.number}",
    )
    server.cut_all()
    with pytest.raises(Fenced, match="stands at 2, this writer expected 3; it has lost events"):
        core.process([facts("4")], NOW)
    assert store.last_seq() == 2


def test_an_older_server_is_refused_in_words(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "OLDEST", 990_000)
    with pytest.raises(UnsafeLibrary, match=r"PostgreSQL 1\d: 99 or newer"):
        open_postgres(address_of(server.url), tmp_path / "old")


def test_the_wall_takes_no_more_than_its_bound(
    server: Server, store: PostgresStore, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(address_of(server.url).connect(autocommit=True)) as raw:
        wall.make_wall(raw)
        wall.tell(raw, store.number, 1, b"x" * wall.TOLD_MOST)
        with caplog.at_level(logging.WARNING):
            wall.tell(raw, store.number, 1, b"y" * (wall.TOLD_MOST + 1))
        assert f"{wall.TOLD_MOST + 1} bytes" in caplog.text
    ((body,),) = server.ask(f"SELECT body FROM liveconsole_wall.told WHERE room_id = {store.number}")
    assert bytes(body) == b"x" * wall.TOLD_MOST


# Whose lease it is, while the server's clock is set ---------------------------------------------------------


class Steady:
    """The clock of the one who looks, in seconds."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        patch.setattr(leading, "since_start", lambda: self.now)


def by_the_servers_clock(patch: pytest.MonkeyPatch) -> None:
    """The twin: what the server says is over is over, and nothing else."""
    patch.setattr(Leadership, "_is_over", lambda _self, _lease, said_over: said_over)


@pytest.fixture
def two(server: Server, store: PostgresStore) -> Iterator[tuple[Leadership, Leadership]]:
    """One that leads, frozen or not as a test plays it, and one that looks."""
    made = [Leadership(address_of(server.url), store.number, name) for name in ("leads", "looks")]
    assert made[0].try_to_lead() is not None
    yield made[0], made[1]
    for one in reversed(made):
        one.give_up()


@pytest.mark.parametrize("twin", [False, True])
def test_a_server_clock_that_is_set_forward_relieves_nobody_who_lives(
    server: Server, two: tuple[Leadership, Leadership], monkeypatch: pytest.MonkeyPatch, twin: bool
) -> None:
    """Every lease is over in that moment; who lives renews it half a second later."""
    steady = Steady(monkeypatch)
    if twin:
        by_the_servers_clock(monkeypatch)
    forward = "UPDATE liveconsole.lease SET until = clock_timestamp() - interval '1 hour'"
    server.ask(forward)
    assert (two[1].try_to_lead() is None) is not twin
    if twin:
        return
    for number in range(5):
        steady.now += leading.RENEW_SECONDS
        server.ask(f"{forward} - {number + 1} * interval '1 s'")  # renewed, by a clock that is set each time
        assert two[1].try_to_lead() is None
    steady.now += leading.RENEW_SECONDS * 2
    assert two[1].try_to_lead() is not None, "and one that does not renew it is relieved"


@pytest.mark.parametrize("twin", [False, True])
def test_a_server_clock_that_is_set_back_keeps_no_frozen_leader(
    server: Server, two: tuple[Leadership, Leadership], monkeypatch: pytest.MonkeyPatch, twin: bool
) -> None:
    """Its lease would be good for an hour."""
    steady = Steady(monkeypatch)
    if twin:
        by_the_servers_clock(monkeypatch)
    server.ask("UPDATE liveconsole.lease SET until = clock_timestamp() + interval '1 hour'")
    assert two[1].try_to_lead() is None
    steady.now += leading.TTL - 0.1
    assert two[1].try_to_lead() is None
    steady.now += 0.1
    assert (two[1].try_to_lead() is None) is twin


# As a program -----------------------------------------------------------------------------------------------


@pytest.mark.timeout(60)
def test_a_program_before_a_copy_says_what_it_waits_for_and_leads_when_that_is_over(
    server: Server, zygote: Zygote | None, tmp_path: Path
) -> None:
    """A name that was moved to the wrong server; nobody else leads, and it does not say so."""
    open_postgres(address_of(server.url), tmp_path / "room", room_id="waits").close()
    only_reads(server)
    words = ("--port", "0", "--database", server.url, "--room", "waits")
    engine = Engine(zygote, tmp_path / "room", *words).start(ready=False)
    try:
        until(lambda: "nobody can lead" in engine.errors(), 20, why=engine.errors())
        assert "can only be read" in engine.errors()
        assert "another engine leads" not in engine.errors()
        writes_again(server)
        engine.until_ready()
        assert engine.errors().count("nobody can lead") <= 2, "once for each thing that was in the way"
        engine.done("note.put", text="接着播")
    finally:
        engine.process.kill()
        engine.process.wait(10)


def test_who_may_not_come_in_is_told_so(server: Server, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite) as caught:
        open_postgres(address_of(server.url.replace(f"//{ROLE}@", "//nobody_we_know@")), tmp_path / "x")
    assert caught.value.reason in ("no_rights", "away")
