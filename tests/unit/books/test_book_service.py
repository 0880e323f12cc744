"""What an engine and its books' process say to each other, and how the process hears it."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest

from liveconsole import __version__, books, logs
from liveconsole.books.process import BookService
from liveconsole.books.reading import BookReader
from liveconsole.books.wire import (
    ANSWER_MOST,
    BadFrame,
    BookAnswer,
    BookQuestion,
    BooksOpened,
    BookStopped,
    ToReader,
    framed,
    read_frame,
    to_engine,
    to_reader,
)
from liveconsole.store import open_store
from tests.unit.books.test_reading import ENDLESS

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_a_frame_has_a_bound_and_is_whole_or_none() -> None:
    longest = b"x" * 10
    frame = len(longest).to_bytes(4, "big") + longest
    assert read_frame(io.BytesIO(frame), 10) == longest
    assert read_frame(io.BytesIO(b""), 10) is None
    for cut in (frame[:2], frame[:4], frame[:-1]):
        with pytest.raises(BadFrame):
            read_frame(io.BytesIO(cut), 10)
    with pytest.raises(BadFrame):
        read_frame(io.BytesIO(frame), 9)
    for bad in (b"", b"\x80", b"\xc1"):
        with pytest.raises(BadFrame):
            to_reader(bad)
        with pytest.raises(BadFrame):
            to_engine(bad)
    said = BookQuestion(3, "orders", {"q": "羊绒"}, NOW, 4.0)
    assert to_reader(framed(said)[4:]) == said


class Served:
    """A service in a thread, and both ends of its pipes."""

    def __init__(self, folder: Path) -> None:
        told, self._speak = os.pipe()
        self._hear, says = os.pipe()
        self.told, self.says = os.fdopen(told, "rb"), os.fdopen(says, "wb", buffering=0)
        self.speak: IO[bytes] = os.fdopen(self._speak, "wb", buffering=0)
        self.hear = os.fdopen(self._hear, "rb")
        self.service = BookService(self.told, self.says, end=self._end)
        self.over = threading.Event()
        self.code: int | None = None
        threading.Thread(target=self.service.serve, daemon=True).start()
        store = open_store(folder)
        self.say(BooksOpened(store.access(), False, 1, __version__))
        store.close()
        assert self.answer() == BookAnswer(0)

    def _end(self, code: int) -> None:
        self.code = code
        self.over.set()

    def say(self, told: ToReader) -> None:
        self.speak.write(framed(told))

    def answer(self) -> BookAnswer:
        frame = read_frame(self.hear, ANSWER_MOST)
        assert frame is not None
        return to_engine(frame)

    def ask(self, number: int, name: str, seconds: float = 30.0, **query: str) -> None:
        self.say(BookQuestion(number, name, query, NOW, seconds))


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Its process is this one: what would end it is noted."""
    monkeypatch.setattr(logs, "set_up", lambda *_words, **_more: None)
    there = Served(tmp_path / "room")
    yield there
    there.speak.close()
    assert there.over.wait(5)
    there.hear.close()


def slow(reader: BookReader, query: Mapping[str, str]) -> bytes:
    reader.rows(ENDLESS)
    return b"{}"


def test_a_question_that_nobody_waits_for_is_stopped_and_the_next_one_is_answered(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def endless(reader: BookReader, query: Mapping[str, str]) -> bytes:
        begun.set()
        return slow(reader, query)

    def now(reader: BookReader, query: Mapping[str, str]) -> bytes:
        return reader.now().isoformat().encode()

    monkeypatch.setitem(books.BOOKS, "endless", endless)
    monkeypatch.setitem(books.BOOKS, "now", now)
    served.ask(1, "endless")
    assert begun.wait(5)
    served.say(BookStopped(1))
    assert served.answer() == BookAnswer(1, refused="took_too_long", detail="endless")
    served.say(BookStopped(1))  # behind its end: it stops nothing that comes after
    served.ask(2, "now")
    assert served.answer() == BookAnswer(2, NOW.isoformat().encode())


def test_everything_that_one_question_does_has_one_bound(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many short questions to the tables as of a long one."""

    def many(reader: BookReader, query: Mapping[str, str]) -> bytes:
        while True:
            reader.rows("SELECT 1")

    monkeypatch.setitem(books.BOOKS, "many", many)
    monkeypatch.setitem(books.BOOKS, "slow", slow)
    for number, name in enumerate(("many", "slow"), 1):
        served.ask(number, name, 0.1)
        assert served.answer() == BookAnswer(number, refused="took_too_long", detail=name)


def test_a_bug_of_a_book_is_an_answer_and_says_nothing_of_people(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(reader: BookReader, query: Mapping[str, str]) -> bytes:
        raise ValueError(query["q"])

    monkeypatch.setitem(books.BOOKS, "bug", bug)
    served.ask(1, "bug", q="小明")
    assert served.answer() == BookAnswer(1, bug=True)
    served.ask(2, "boards")
    assert served.answer().refused == "bad_query"


@pytest.mark.parametrize(("said", "code"), [(b"", 0), (b"\0\0\0\1x", 1), (b"\xff\xff\xff\xff", 1)])
def test_it_ends_where_its_engine_has_ended_or_says_what_nobody_knows(
    served: Served, said: bytes, code: int
) -> None:
    if said:
        served.speak.write(said)
    else:
        served.speak.close()
    assert served.over.wait(5)
    assert served.code == code


def test_it_lives_as_long_as_somebody_holds_the_other_end(served: Served) -> None:
    """The twin: it is the end of stdin that it hears, and nothing else."""
    held = os.dup(served.speak.fileno())
    served.speak.close()
    assert not served.over.wait(0.3)
    os.close(held)
    assert served.over.wait(5)
