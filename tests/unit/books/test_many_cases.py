"""Cases among very many orders: each group by an index, in time. The deep one has 8,000 open ones of a
million orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import thread_time
from types import ModuleType

import msgspec
import pytest

from liveconsole.bench import many_orders
from liveconsole.books import BOOKS
from liveconsole.books.cases import page as pages
from liveconsole.books.cases import told
from liveconsole.books.reading import BookReader
from liveconsole.messages.cases import GROUPS, CasePage
from liveconsole.store.cipher_store import CipherStore
from tests.goals import within
from tests.unit.books.test_many_orders import filled, reading
from tests.unit.engine.evenings import START

MOST_MS = 300


def opened(folder: Path, orders: int, people: int) -> CipherStore:
    store = filled(folder, orders, people)
    many_orders.open_cases(store)
    return store


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BookReader]:
    store = opened(tmp_path_factory.mktemp("cases"), 20_000, 4_000)
    made = reading(store)
    yield made
    made.close()
    store.close()


def page(reader: BookReader, group: str, **query: str) -> CasePage:
    return msgspec.json.decode(BOOKS["cases"](reader, {"group": group, **query}), type=CasePage)


def took_ms(reader: BookReader, group: str) -> float:
    """Of this thread's own time: what else runs on the machine does not count."""
    begun = thread_time()
    BOOKS["cases"](reader, {"group": group, "limit": "100"})
    return (thread_time() - begun) * 1_000


def open_now(reader: BookReader) -> int:
    return sum(one.count for one in page(reader, "urgent").groups if one.group != "urgent")


WALKS = ("SCAN o", "SCAN e", "SCAN r", "SCAN x", "SCAN case_step", "SCAN aftersale", "SCAN order_row")
"""Steps of a plan that go through a whole table, which grows with the years."""


def plans(reader: BookReader, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every step of every plan by which the groups and one card of each kind are found."""
    rows = BookReader.rows
    steps: list[str] = []

    def look(self: BookReader, sql: str, values: object = (), **how: object) -> list[object]:
        steps.extend(str(row[-1]) for row in rows(self, f"EXPLAIN QUERY PLAN {sql}", values))  # type: ignore[arg-type]
        return rows(self, sql, values, **how)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(BookReader, "rows", look)
        shown = [page(reader, group).rows for group in GROUPS]
        for case_id in {rows_[0].case_id for rows_ in shown if rows_}:
            BOOKS["cases"](reader, {"case": case_id})
    return steps


@pytest.mark.of_a_file
def test_every_group_is_found_by_an_index(reader: BookReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes through all orders, reviews, goods, steps, or the log."""
    steps = plans(reader, monkeypatch)
    assert len(steps) > 100
    assert [step for step in steps if step in WALKS] == []
    assert "SEARCH e USING INDEX event_rare (type_id=?)" in steps


@pytest.mark.parametrize(
    ("module", "name", "sql", "step"),
    [
        (
            pages,
            "_TOLD",
            "SELECT t.name, (SELECT e.at FROM event e WHERE e.type_id = t.id ORDER BY e.seq DESC LIMIT 1)"
            " FROM type t WHERE t.name = 'order.placed'",
            "SCAN e",
        ),
        (told, "_UNPAID", told._UNPAID.replace("o.placed_at > ?", "o.units > ?"), "SCAN o"),
    ],
)
@pytest.mark.of_a_file
def test_twin_a_walk_would_be_seen(
    reader: BookReader, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, sql: str, step: str
) -> None:
    sql = sql.replace("FROM order_row o", "FROM order_row o NOT INDEXED")
    monkeypatch.setattr(module, name, sql)
    assert step in plans(reader, monkeypatch)


@pytest.mark.of_a_file
def test_what_waits_is_what_a_walk_finds(reader: BookReader) -> None:
    """The quick ways against a look at every row."""
    since = told._back(START, timedelta(days=told.DAYS_BACK))
    low = reader.rows(
        "SELECT seq FROM review r NOT INDEXED WHERE at > ? AND stars <= 3 AND NOT EXISTS"
        " (SELECT 1 FROM case_step c WHERE c.case_id = 'review/' || r.seq) ORDER BY at LIMIT 100",
        (since,),
    )
    assert low
    assert [row.case_id for row in page(reader, "review").rows] == [f"review/{seq}" for (seq,) in low]
    unpaid = reader.rows(
        "SELECT order_id FROM order_row NOT INDEXED WHERE status = 'placed' AND placed_at > ?"
        " ORDER BY placed_at",
        (told._back(START, told.UNPAID_BACK),),
    )
    assert unpaid
    assert [row.order_id for row in page(reader, "unpaid").rows] == [id_ for (id_,) in unpaid]


@pytest.mark.deep
@pytest.mark.timeout(600)
def test_eight_thousand_cases_of_a_million_orders_are_listed_in_time(tmp_path: Path) -> None:
    store = opened(tmp_path / "data", 1_000_000, 200_000)
    reader = reading(store)
    assert open_now(reader) >= 8_000
    took = sorted(took_ms(reader, group) for _ in range(5) for group in GROUPS)
    within(took[len(took) * 95 // 100], MOST_MS, took[-10:])
    reader.close()
    store.close()
