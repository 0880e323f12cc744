"""How a book reads: bounds of time and size, queries, days of China."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from liveconsole import books
from liveconsole.books import reading
from liveconsole.books.answering import answer
from liveconsole.books.reading import BadQuery, BookReader, day_in, limit_in, number_in
from liveconsole.domain.china import begin_of, day_of, end_of
from liveconsole.messages.bounds import BOOK_BYTES
from liveconsole.messages.inputs import NotTaken
from liveconsole.store.errors import CannotWrite, TookTooLong
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "room")
    yield store
    store.close()


@pytest.fixture
def reader(store: Store) -> Iterator[BookReader]:
    reader = BookReader(store.beside(), simulated=True, now=lambda: NOW, seconds=0.1)
    yield reader
    reader.close()


def test_a_question_without_end_ends_in_time_and_the_next_one_is_answered(reader: BookReader) -> None:
    with pytest.raises(TookTooLong):
        reader.rows(ENDLESS)
    assert reader.rows("SELECT :a + 1", {"a": 1}) == [(2,)]
    assert reader.rows("SELECT ? + 1", (1,)) == [(2,)]


def test_a_reader_of_books_cannot_write(reader: BookReader) -> None:
    with pytest.raises(CannotWrite):
        reader.rows("DELETE FROM order_row")


def test_answers_name_what_is_wrong_in_a_query_and_are_bounded(
    reader: BookReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wants(book: BookReader, query: Mapping[str, str]) -> bytes:
        return b"%d" % number_in(query, "number", 7)

    monkeypatch.setitem(books.BOOKS, "wants", wants)
    monkeypatch.setitem(books.BOOKS, "slow", lambda book, query: book.rows(ENDLESS))
    monkeypatch.setitem(books.BOOKS, "large", lambda book, query: b" " * (BOOK_BYTES + 1))
    assert answer(reader, "wants", {}) == b"7"
    with pytest.raises(NotTaken) as refused:
        answer(reader, "wants", {"number": "-1"})
    assert (refused.value.code, refused.value.detail) == ("bad_query", "number")
    with pytest.raises(NotTaken) as late:
        answer(reader, "slow", {})
    assert late.value.code == "took_too_long"
    with pytest.raises(AssertionError):
        answer(reader, "large", {})


@pytest.mark.parametrize("text", ["-1", "1.0", "１", "9" * 19, "1e3", str(2**53 + 1)])
def test_a_number_of_a_query_is_a_plain_one(text: str) -> None:
    with pytest.raises(BadQuery):
        number_in({"n": text}, "n", 0)


def test_a_page_has_a_bound() -> None:
    assert [limit_in({"limit": text}) for text in ("", "0", "17", "501")] == [
        reading.PAGE_MOST,
        1,
        17,
        reading.PAGE_MOST,
    ]


@pytest.mark.parametrize("text", ["2026-02-30", "26-1-1", "0001-01-01", "9999-12-31", "today"])
def test_a_day_of_a_query_is_a_day(text: str) -> None:
    with pytest.raises(BadQuery):
        day_in({"from": text}, "from")


def test_days_of_china_follow_each_other_without_a_gap() -> None:
    assert day_in({"from": "2026-11-29"}, "from") == date(2026, 11, 29)
    assert day_in({}, "from") is None
    assert begin_of(date(2026, 11, 29)) == datetime(2026, 11, 28, 16, tzinfo=UTC)
    days = [date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 1)]
    assert all(end_of(one) == begin_of(next_) for one, next_ in itertools.pairwise(days))
    assert day_of(datetime(2026, 11, 28, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 28)
    assert day_of(datetime(2026, 11, 28, 16, tzinfo=UTC)) == date(2026, 11, 29)
