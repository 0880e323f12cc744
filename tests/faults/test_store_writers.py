"""Two writers on one log: the fence holds, and its twin shows what happens without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from liveconsole.store import EventRow, InputTaken, SeqTaken, Store, Write, cipher_store, open_store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def sale(writer: str) -> list[EventRow]:
    return [EventRow("order.granted", NOW, "producer", b'{"by":"%b"}' % writer.encode())]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    first, second = open_store(tmp_path), open_store(tmp_path)
    yield first, second
    first.close()
    second.close()


def test_of_two_writers_with_the_same_seq_one_must_stop(two: tuple[Store, Store]) -> None:
    first, second = two
    first.commit(Write(0, sale("first")))
    with pytest.raises(SeqTaken):
        second.commit(Write(0, sale("second")))
    assert [e.data for e in first.events_after(0)] == [b'{"by":"first"}']


SIZES = [1, 7, 250, 2_345]
"""Writes of one statement, of some, and of those that carry many rows."""


@pytest.mark.parametrize("size", SIZES)
def test_the_key_of_the_table_is_a_fence_by_itself(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Without the comparison, as for a writer that read the end of the log before the other's commit."""
    monkeypatch.setattr(cipher_store, "_LAST", "SELECT 0, x''")
    two[0].commit(Write(0, sale("first") * size))
    with pytest.raises(SeqTaken):
        two[1].commit(Write(0, sale("second") * size))
    assert [e.data for e in two[0].events_after(0)] == [b'{"by":"first"}'] * size


@pytest.mark.parametrize("size", SIZES)
def test_twin_without_the_fence_both_sell_the_last_unit(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    blind = "INSERT INTO event (type_id, at, actor, source_id, input_id, time, data, digest, link)"

    def wherever_it_ends(c: Connection, _known: dict[int, str], rows: list[tuple[object, ...]]) -> None:
        c.exec_driver_sql(blind + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [row[1:] for row in rows])

    monkeypatch.setattr(cipher_store, "_LAST", "SELECT 0, x''")
    monkeypatch.setattr(cipher_store, "add", wherever_it_ends)
    two[0].commit(Write(0, sale("first") * size))
    two[1].commit(Write(0, sale("second") * size))
    told = [e.data for e in two[0].events_after(0)]
    assert told == [b'{"by":"first"}'] * size + [b'{"by":"second"}'] * size


def test_a_fact_that_two_writers_bring_stands_once(two: tuple[Store, Store]) -> None:
    fact = EventRow("comment.posted", NOW, "producer", b"{}", "/s", "1")
    two[0].commit(Write(0, [fact]))
    with pytest.raises(InputTaken):
        two[1].commit(Write(1, [fact]))
    assert two[0].last_seq() == 1


def test_twin_without_the_unique_index_it_stands_twice(two: tuple[Store, Store]) -> None:
    with two[0]._file.writing() as c:
        c.exec_driver_sql("DROP INDEX event_input")
    fact = EventRow("comment.posted", NOW, "producer", b"{}", "/s", "1")
    two[0].commit(Write(0, [fact]))
    two[1].commit(Write(1, [fact]))
    assert two[0].last_seq() == 2


def test_a_word_that_the_other_writer_numbered_first_keeps_its_number(two: tuple[Store, Store]) -> None:
    """Each writer has its own memory of the vocabulary; the table decides."""
    two[0].commit(Write(0, [EventRow("a.new", NOW, "host", b"{}", "/one", "1")]))
    two[1].commit(Write(1, [EventRow("b.new", NOW, "host", b"{}", "/two", "1")]))
    two[0].commit(Write(2, [EventRow("b.new", NOW, "host", b"{}", "/two", "2")]))
    said = [(e.type, e.source, e.id) for e in two[1].events_after(0)]
    assert said == [("a.new", "/one", "1"), ("b.new", "/two", "1"), ("b.new", "/two", "2")]
