"""Every command of the program with a room that is in a database: it reads it, or says in words why not, or
has nothing to do with where a room is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from liveconsole.books.answering import answer
from liveconsole.books.reading import BookReader
from liveconsole.bus.nats.keys import new_seed, public_of
from liveconsole.bus.sharing.seats_kept import SeatRecord, SeatsFile, SeatsInDatabase
from liveconsole.bus.starting import child_environment, program
from liveconsole.cli import main, told_commands
from liveconsole.cli.stores import open_kept, password_in
from liveconsole.connectors.rehearsal import headless
from liveconsole.engine.book_process import AskedBook, BookCommand, BookProcess
from liveconsole.engine.lease import Lease
from liveconsole.store.errors import OtherLeader
from liveconsole.store.kept_at import InDatabase, address_in, remember
from liveconsole.store.rows import Write
from tests import services
from tests.contract.engine_process import ROOT

psycopg = pytest.importorskip("psycopg", reason="the extra postgresql is not installed")

from liveconsole.store.postgres import opening  # noqa: E402
from liveconsole.store.postgres.address import address_of  # noqa: E402
from liveconsole.store.postgres.leading import Leadership  # noqa: E402

READS: Final = {
    "report": ["--html"],
    "boards": [],
    "history": [],
    "customers": [],
    "evidence": [],
    "export": ["--orders", "{folder}/orders.csv"],
    "settlement": [],
    "sharers": [],
    "verify-log": [],
    "backup": ["{folder}/b.lcbackup"],
    "keys": [],
    "doctor": [],
    "tokens": [],
    "nats": ["write", "--address", "127.0.0.1", "--folder", "{folder}/nats"],
}
"""Command -> its words: it reads the room, and says 0."""
TAKES: Final = frozenset({"serve", "restore", "rooms"})
"""Those that are told the database by ``--database``; played in tests of their own."""
PLAYS: Final = frozenset({"playback"})
AT_THE_DOOR: Final = frozenset(
    {"open", "replay", "import", "publish", "tail", "shop", "receipt", "forget", "repair", "share", "join"}
)
"""They speak to an engine, which knows where its room is."""
NO_ROOM: Final = frozenset(
    {"rehearse", "relay", "verify-draw", "browser", "on-air", "guide", "completion", "man", "update"}
    | {"licenses", "bench"}
)
"""They read no room of a person's: another's, a file, this machine, or one that they make."""
MAY_SAY: Final = {"doctor": (0, 1), "evidence": (0, 1)}
"""What a rehearsed room of a minute lacks is no fault of where it is kept."""


def test_every_command_is_classed() -> None:
    classed = [*READS, *TAKES, *PLAYS, *AT_THE_DOOR, *NO_ROOM]
    assert sorted(classed) == sorted(told_commands()), "a new command says what it does with a database"


@pytest.fixture(scope="module")
def place() -> Iterator[InDatabase]:
    server = services.postgres(durable=False)
    url = server.database()
    yield InDatabase(url, "rehearsal")
    server.drop(url)


@pytest.fixture(scope="module")
def folder(place: InDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose room, a rehearsed evening, is in a database."""
    made = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIVECONSOLE_KEYRING", "off")

        def opened(folder: Path, **more: object) -> object:
            return opening.open_postgres(address_of(place.url), folder, **more)  # type: ignore[arg-type]

        patch.setattr(headless, "open_store", opened)
        headless.run_headless(7, "default", 60.0, made)
        remember(made, place)
        yield made


@pytest.mark.parametrize("name", READS)
def test_it_reads_the_room_wherever_it_is(
    name: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(folder=tmp_path) for word in READS[name]]
    code = main([name, *words, "--data", str(folder)])
    said = capsys.readouterr()
    assert code in MAY_SAY.get(name, (0,)), said.err
    assert "room.db" not in said.out + said.err, "it looked for a file"
    assert "Traceback" not in said.err


def test_the_brokers_file_names_the_seats_that_lie_in_the_room(
    folder: Path, place: InDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Written without them it would lock them all out, and with those of an engine's folder let in again whom
    another engine sent away."""
    seat = SeatRecord(
        "5ea7", "前台", "assistant", False, "desk", "hash", datetime(2026, 11, 30, tzinfo=UTC), proved=True
    )
    there, gone = (public_of(new_seed()) for _ in range(2))
    seats = [replace(seat, nats_key=there), replace(seat, id="90fe", token_hash="old", nats_key=gone)]
    with opening.open_postgres(address_of(place.url), folder, create=False, room_id=place.room) as store:
        SeatsInDatabase(store.seats()).write(SeatsFile(seats, removed=["old"]))
    words = ["--data", str(folder), "--folder", str(tmp_path)]
    assert main(["nats", "write", "--address", "127.0.0.1", *words]) == 0
    (own,) = (tmp_path / "rooms").glob("*.conf")
    assert there in own.read_text("utf-8")
    assert gone not in own.read_text("utf-8")
    capsys.readouterr()
    assert main(["nats", "show", "--data", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "5ea7" in said
    assert "90fe" not in said


def test_who_reads_beside_the_engine_can_write_nothing(folder: Path) -> None:
    with open_kept(folder) as store:
        assert store.last_seq() > 0
        with pytest.raises(OtherLeader):
            store.commit(Write(store.last_seq()))


def test_another_key_is_refused_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--rotate", "--data", str(folder)]) == 1
    assert "every engine that may lead it has the same key" in capsys.readouterr().err


def test_a_past_broadcast_is_played(folder: Path) -> None:
    words = [sys.executable, "-m", "liveconsole", "playback", "--data", str(folder)]
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    playing = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=ROOT)
    assert playing.stdout is not None
    line = playing.stdout.readline()
    playing.send_signal(signal.SIGTERM)
    _, said = playing.communicate(timeout=20)
    assert line, said
    assert json.loads(line)["ready"]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_the_books_are_read_by_a_process_of_their_own(folder: Path) -> None:
    with open_kept(folder) as store:
        command = BookCommand([*program(), "read-books"], child_environment())
        process = BookProcess(command, store.access(), simulated=True)
        near = BookReader(store.beside(), simulated=True, now=lambda: headless.EPOCH, seconds=30)
        try:
            for book in ("orders", "boards", "customers"):
                assert process.ask(AskedBook(book, {}, headless.EPOCH)) == answer(near, book, {})
            shown = Path(f"/proc/{process.pid}")
            told = (shown / "cmdline").read_bytes() + (shown / "environ").read_bytes()
            key = store.access().key
            assert key not in told
            assert key.hex().encode() not in told.lower()
            assert key.hex() not in repr(store.access())
        finally:
            near.close()
            process.end()


def test_backups_and_restores_beside_one_that_stands_by(
    folder: Path,
    place: InDatabase,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A backup takes nothing from anybody; nothing is restored over a room that somebody leads or stands by
    for, in its database or in its folder."""
    address = address_in(place, password_in(folder))
    with open_kept(folder) as store:
        leads = Leadership(address, store.number, "one", ttl=60.0)  # type: ignore[attr-defined]
        stands = Leadership(address, store.number, "two", ttl=60.0)  # type: ignore[attr-defined]
    assert leads.try_to_lead() is not None
    assert stands.try_to_lead() is None
    lease = Lease(folder)
    try:
        assert main(["backup", str(tmp_path / "b"), "--data", str(folder)]) == 0
        code = capsys.readouterr().out.strip()
        monkeypatch.setattr("sys.stdin", _Typed(code))
        assert main(["restore", str(tmp_path / "b"), "--data", str(folder)]) == 3
        assert "or stands by there: stop it first" in capsys.readouterr().err
        into = ["--database", place.url, "--room", place.room, "--data", str(tmp_path / "new")]
        assert main(["restore", str(tmp_path / "b"), *into]) == 1
        assert "restore under another name" in capsys.readouterr().err
        assert stands.try_to_lead() is None, "it stands by as before"
        into[3] = "another"
        assert main(["restore", str(tmp_path / "b"), *into]) == 0
        assert main(["restore", str(tmp_path / "b"), "--data", str(tmp_path / "file")]) == 0, "and both ways"
    finally:
        lease.release()
        stands.give_up()
        leads.give_up()


class _Typed:
    """A stdin that says the same line whenever it is asked."""

    def __init__(self, line: str) -> None:
        self._line = line

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        return self._line + "\n"
