"""发货及时率 out of the tables against the rule of one order, whatever promises its goods have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from liveconsole.books.boards import after
from liveconsole.books.boards.after import after_of
from liveconsole.books.boards.scope import scope_of
from liveconsole.books.reading import BookReader
from liveconsole.domain.aftersale import Figures
from liveconsole.domain.shipping import ShipPromise, ship_until
from liveconsole.store import Store, open_store
from liveconsole.store.order_flags import COUNTED, PAID, PLACED
from liveconsole.store.rows import GoodsRow, LineRow, OrderRow, ShipmentRow, ToldOfOrder, Write

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
NOW = BEGIN + timedelta(days=6)
PROMISES = {
    "none has one of its own": {},
    "longer ones": {"s1": ShipPromise(240), "s2": ShipPromise(96)},
    "shorter ones": {"s1": ShipPromise(24), "s2": ShipPromise(120)},
    "a presale's day": {"s1": ShipPromise(on=date(2026, 6, 2)), "s2": ShipPromise(12, date(2026, 6, 5))},
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "room")
    yield store
    store.close()


@pytest.mark.parametrize("promises", PROMISES.values(), ids=list(PROMISES))
def test_as_many_are_due_and_in_time_as_the_rule_says(
    store: Store, promises: dict[str, ShipPromise], monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, figures = random.Random(7), Figures()
    orders, told, lines, shipments = [], [], [], []
    due = in_time = 0
    for n in range(400):
        id_, paid = f"o{n}", BEGIN + timedelta(minutes=dice.randrange(3 * 1440))
        back = 10 if dice.random() < 0.2 else 0
        orders.append(
            OrderRow(id_, "paid", "p", 10, 10, back, None, paid, n + 1, 0, 1, PLACED | PAID | COUNTED)
        )
        told.append(ToldOfOrder(id_, paid, "live", "浙江", "wechat"))
        skus = dice.sample(["s0", "s1", "s2", "s9"], dice.choice([0, 1, 1, 2]))
        lines += [LineRow(id_, at, sku, sku, 1, 10) for at, sku in enumerate(skus, 1)]
        until = ship_until(paid, [promises.get(sku, ShipPromise()) for sku in skus], figures)
        # at the very end of one promise or another, a µs before or behind it, or any time
        moments = [
            until,
            paid + timedelta(hours=figures.ship_hours),
            paid + timedelta(hours=dice.randrange(200)),
        ]
        shipped = dice.choice(moments) + timedelta(microseconds=dice.choice([-1, 0, 1]))
        if dice.random() < 0.7 and shipped <= NOW:
            shipments.append(ShipmentRow(id_, "shipped", None, None, None, None, shipped, shipped, n + 1))
            due, in_time = due + 1, in_time + (shipped <= until)
        elif until <= NOW and back < 10:
            due += 1
    goods = [
        GoodsRow(sku, sku, sku, "", None, one.hours, None if one.on is None else one.on.isoformat())
        for sku, one in {"s0": ShipPromise(), **promises}.items()
    ]
    store.fill_books(Write(0, orders=orders, told=told, lines=lines, shipments=shipments, goods=goods))
    with closing(BookReader(store.beside(), simulated=False, now=lambda: NOW)) as reader:
        scope = scope_of(reader, {"from": "2026-06-01", "to": "2026-06-05"})
        monkeypatch.setattr(after, "LOOKED_FOR", 0)
        rates = [after_of(reader, scope, figures, len(orders)).rates]
        monkeypatch.setattr(after, "PROMISED_MOST", -1)
        rates.append(after_of(reader, scope, figures, len(orders)).rates)
    for rate in (each["shipped_in_time"] for each in rates):  # out of the sums, and order by order
        assert (rate.part, rate.whole) == (in_time, due)
    assert 20 < in_time < due
