"""The books' process: it answers as the books do, and whatever becomes of it, its engine goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from liveconsole.books.answering import answer
from liveconsole.books.reading import BookReader
from liveconsole.books.wire import ANSWER_MOST, BookAnswer, framed
from liveconsole.bus.starting import child_environment, program
from liveconsole.engine import book_process
from liveconsole.engine.book_answers import BookAnswers
from liveconsole.engine.book_process import AskedBook, BookCommand, BookProcess
from liveconsole.failpoints import VARIABLE
from liveconsole.messages.bounds import BOOKS_WAITING
from liveconsole.messages.inputs import NotTaken
from liveconsole.store import keys, open_store, rotation
from liveconsole.store.cipher import opens
from liveconsole.store.cipher_store import CipherStore
from liveconsole.store.errors import StoreBroken, StoreError
from liveconsole.tasks import spawn
from tests.goals import within

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ORDERS = {"limit": "5"}
FAKE = """
import sys, time
def heard():
    length = int.from_bytes(sys.stdin.buffer.read(4), "big")
    sys.stdin.buffer.read(length)
def say(frame):
    sys.stdout.buffer.write(frame)
    sys.stdout.buffer.flush()
heard()
say(bytes.fromhex(sys.argv[1]))
heard()
if sys.argv[2] == "hang":
    time.sleep(60)
if sys.argv[2] != "die":
    say(bytes.fromhex(sys.argv[2]))
    time.sleep(60)
"""
"""A process that opens as it should, and then does what no reader of books does."""


def real(failpoint: str = "") -> BookCommand:
    return BookCommand([*program(), "read-books"], {**child_environment(), VARIABLE: failpoint})


def fake(then: str | bytes) -> BookCommand:
    words = then if isinstance(then, str) else then.hex()
    return BookCommand([sys.executable, "-c", FAKE, framed(BookAnswer(0)).hex(), words], dict(os.environ))


def orders() -> AskedBook:
    return AskedBook("orders", ORDERS, NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CipherStore]:
    store = open_store(tmp_path / "room")
    yield store
    store.close()


@pytest.fixture
def started(store: CipherStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Starts processes that are ended with the test, before what it patched is put back."""
    there: list[BookProcess] = []

    def start(command: BookCommand) -> BookProcess:
        there.append(BookProcess(command, store.access(), simulated=True))
        return there[-1]

    yield start
    for process in there:
        process.end()


def ended(pid: int, within: float = 5.0) -> bool:
    """Whether a process is gone in time; one that nobody has waited for yet is."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False


on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


@on_linux
def test_it_answers_as_the_books_do_and_shows_the_key_to_nobody(store: CipherStore, started: Any) -> None:
    process = started(real())
    near = BookReader(store.beside(), simulated=True, now=lambda: NOW)
    assert process.ask(orders()) == answer(near, "orders", ORDERS)
    near.close()
    with pytest.raises(NotTaken) as refused:
        process.ask(AskedBook("orders", {"limit": "x"}, NOW))
    assert (refused.value.code, refused.value.detail) == ("bad_query", "limit")
    key, shown = store.access().key, Path(f"/proc/{process.pid}")
    told = (shown / "cmdline").read_bytes() + (shown / "environ").read_bytes()
    assert key not in told
    assert key.hex().encode() not in told.lower()
    assert key.hex() not in repr(store.access()) + str(store.access())
    assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, 0)

    first = process.pid
    os.kill(
        first, signal.SIGKILL
    )  # between two questions: the next one tells of it, the one after is answered
    with pytest.raises(NotTaken) as down:
        process.ask(orders())
    assert down.value.code == "books_down"
    assert process.ask(orders())
    assert process.pid not in (None, first)
    second = process.pid
    process.end()
    assert ended(second)
    with pytest.raises(NotTaken) as stopped:
        process.ask(orders())
    assert stopped.value.code == "engine_stopped"


def test_a_version_that_was_installed_meanwhile_reads_no_books_for_the_engine_before(
    started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables may be others to it, and what is said another language."""
    monkeypatch.setattr(book_process, "__version__", "0.1.0")
    process = started(real())
    for code in ("books_of_another_version", "books_down"):  # the second is not started so soon
        with pytest.raises(NotTaken) as error:
            process.ask(orders())
        assert (error.value.code, error.value.retry_after >= 1) == (code, True)
        process._not_before += 60
    assert error.value.detail == ""
    monkeypatch.undo()
    assert started(real()).ask(orders()), "the twin: of its own version it is answered"


@on_linux
def test_killed_in_the_middle_of_a_question_it_is_begun_again_ever_later(
    store: CipherStore, started: Any
) -> None:
    process = started(fake("hang"))
    process.start()
    told: list[NotTaken] = []

    def ask() -> None:
        with pytest.raises(NotTaken) as error:
            process.ask(orders())
        told.append(error.value)

    for _ in range(2):
        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.1)
        if (pid := process.pid) is not None:
            os.kill(pid, signal.SIGKILL)
        asking.join(5)
    assert [error.code for error in told] == ["books_down"] * 2
    began = time.monotonic()
    with pytest.raises(NotTaken) as waits:
        process.ask(orders())
    assert (waits.value.code, waits.value.retry_after >= 1) == ("books_down", True)
    within(time.monotonic() - began, 0.1, "nobody waits for a process that is not to be started yet")
    assert process.pid is None


@pytest.mark.parametrize(
    ("then", "code"),
    [
        ("hang", "took_too_long"),
        ("die", "books_down"),
        (framed(BookAnswer(7, b"{}")), "books_down"),
        (b"\x00\x00\x00\x02no", "books_down"),
        ((ANSWER_MOST + 1).to_bytes(4, "big") + b"x", "books_down"),
    ],
    ids=["hangs", "dies", "answers another", "says nothing known", "says too much"],
)
def test_what_does_not_answer_as_it_should_is_ended(
    started: Any, monkeypatch: pytest.MonkeyPatch, then: str | bytes, code: str
) -> None:
    monkeypatch.setattr(book_process, "_STOPS_WITHIN", 0.05)
    process = started(fake(then))
    process.start()
    pid = process.pid
    with pytest.raises(NotTaken) as told:
        process.ask(orders(), 0.2 if then == "hang" else 10.0)
    assert told.value.code == code
    assert process.pid is None
    assert ended(pid) or not Path("/proc/self/stat").exists()


@pytest.mark.parametrize("broken", [True, False])
def test_a_disk_that_fails_it_is_the_stores_error(
    started: Any, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    monkeypatch.setattr(book_process, "_GOES_WITHIN", 0.05)
    process = started(fake(framed(BookAnswer(1, failed="a page cannot be read", broken=broken))))
    with pytest.raises(StoreError) as told:
        process.ask(orders())
    assert isinstance(told.value, StoreBroken) is broken
    assert process.pid is not None, "the process itself is as good as before"


@pytest.mark.of_a_file
def test_a_store_that_it_cannot_open_is_told_and_nothing_hangs(tmp_path: Path, store: CipherStore) -> None:
    access = store.access()
    process = BookProcess(
        real(), type(access)(str(tmp_path / "none" / "room.db"), access.key), simulated=True
    )
    with pytest.raises(StoreError):
        process.start()
    assert process.pid is None
    nowhere = BookProcess(BookCommand([str(tmp_path / "no-such-program")], {}), access, simulated=True)
    with pytest.raises(NotTaken) as down:
        nowhere.start()
    assert down.value.code == "books_down"


PARENT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from liveconsole.engine.book_process import AskedBook, BookCommand, BookProcess
from liveconsole.store import open_store
from tests.unit.engine.test_book_process import NOW, real
store = open_store(Path(sys.argv[1]))
process = BookProcess(real("B0:hang"), store.access(), simulated=True)
process.start()
print(process.pid, flush=True)
process.ask(AskedBook("orders", {}, NOW), 60)
"""


@pytest.mark.of_a_file
@on_linux
def test_it_ends_with_its_engine_and_lets_go_of_the_file(tmp_path: Path) -> None:
    """Killed while a question hangs; another key is taken at once, which nobody may hold the file at."""
    folder = tmp_path / "room"
    open_store(folder).close()
    old = keys.key_of(folder)[1]
    root = str(Path(__file__).resolve().parents[3])
    engine = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**child_environment(), "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": root},
    )
    assert engine.stdout is not None
    assert engine.stderr is not None
    pid = int(engine.stdout.readline())
    assert b"B0:hang" in engine.stderr.readline(), "it is in the middle of a question"
    engine.kill()
    engine.wait()
    assert ended(pid)
    engine.stdout.close()
    engine.stderr.close()
    rotation.rotate(folder, "room.db")
    assert not opens(folder / "room.db", old)


class _Slow:
    """Books whose process answers when it is let."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.asked = self.dropped = self.rested = 0
        self.is_up, self.pid = True, 1

    def ask(self, asked: AskedBook) -> bytes:
        if not asked.begin(self.stop):
            raise NotTaken("took_too_long")
        self.asked += 1
        self.begun.set()
        self.go.wait(10)
        asked.over()
        return b"{}"

    def stop(self) -> None:
        self.dropped += 1
        self.go.set()

    def rest(self) -> None:
        self.rested += 1

    def end(self) -> None:
        self.go.set()


async def test_questions_wait_in_a_line_that_has_an_end_and_who_goes_is_not_waited_for(
    store: CipherStore,
) -> None:
    slow = _Slow()
    books = BookAnswers(store, lambda: NOW, lambda _error: None)
    books._process = slow  # type: ignore[assignment]
    waiting = [spawn(books.ask("orders", {}), name="asks") for _ in range(BOOKS_WAITING + 1)]
    await asyncio.to_thread(slow.begun.wait, 10)
    with pytest.raises(NotTaken) as busy:
        await books.ask("orders", {})
    assert busy.value.code == "books_busy"
    for each in waiting[1:]:
        each.cancel()
    await asyncio.sleep(0)
    assert (slow.asked, slow.dropped) == (1, 0), "who had not begun is forgotten"
    waiting[0].cancel()
    assert await asyncio.gather(*waiting, return_exceptions=True) != []
    assert slow.dropped == 1, "and what runs is stopped"
    books.forget()
    assert await books.ask("orders", {}) == b"{}"
    assert slow.rested == 1, "somebody was forgotten: no process remembers him"
    books.close()


async def test_a_look_of_the_engines_own_starts_no_process(store: CipherStore) -> None:
    books = BookAnswers(store, lambda: NOW, lambda _error: None, real())
    assert (await books.watch()).clocks == []
    pids = [books.pid]
    await books.ask("orders", {})
    pids.append(books.pid)
    assert [pid is None for pid in pids] == [True, False]
    assert (await books.watch()).clocks == []
    await asyncio.to_thread(books.close)
