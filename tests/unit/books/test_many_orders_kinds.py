"""What the bench puts into a store is the same in a file and in a database: books answer the same."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from liveconsole.bench import many_orders
from liveconsole.books import BOOKS
from liveconsole.books.reading import BookReader
from tests import stores
from tests.unit.books.test_many_orders import QUERIES
from tests.unit.engine.evenings import START


def test_both_stores_are_filled_alike(tmp_path: Path) -> None:
    said: list[list[bytes]] = []
    for name in stores.KINDS:
        with stores.kind_of(name).open(tmp_path / name) as store:
            many_orders.fill(store, START, orders=3_000, people=600)
            many_orders.open_cases(store)
            with closing(BookReader(store.beside(), simulated=False, now=lambda: START)) as reader:
                orders = [BOOKS["orders"](reader, {**query, "limit": "50"}) for query in QUERIES]
                rest = [BOOKS["cases"](reader, {"limit": "50"}), BOOKS["customers"](reader, {"limit": "50"})]
            said.append([*orders, *rest])
    stores.let_go()
    for query, ours, theirs in zip([*QUERIES, {}, {}], *said, strict=True):
        assert ours == theirs, query
    assert len({len(one) for one in said[0]}) > 5, "different questions have different answers"
