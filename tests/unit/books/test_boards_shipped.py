"""发货及时率 out of the sums against the rule of one order, whatever it was promised."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from liveconsole.books.boards.after import after_of
from liveconsole.books.boards.scope import BoardScope, scope_of
from liveconsole.books.reading import BookReader
from liveconsole.domain.aftersale import Figures
from liveconsole.domain.shipping import ShipPromise, ship_until
from liveconsole.store import Store, open_store
from liveconsole.store.order_flags import COUNTED, PAID, PLACED
from liveconsole.store.rows import LineRow, OrderRow, ShipmentRow, ToldOfOrder, Write, micros
from tests.ship_rule import kept

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
NOW = BEGIN + timedelta(days=6)
SINCE = BEGIN + timedelta(hours=30)
"""Since when anybody tells of parcels."""
NONE = ShipPromise()
PROMISES = {
    "none has one of its own": [NONE],
    "longer ones": [NONE, ShipPromise(240), ShipPromise(96)],
    "shorter ones": [NONE, ShipPromise(24), ShipPromise(120)],
    "a presale's day": [NONE, ShipPromise(on=date(2026, 6, 2)), ShipPromise(12, date(2026, 6, 5))],
    "of all kinds": [NONE, ShipPromise(1), ShipPromise(400), ShipPromise(300, date(2026, 6, 3))],
}
Rate = tuple[int, int]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "room")
    yield store
    store.close()


def fill(store: Store, promises: list[ShipPromise], figures: Figures) -> dict[object, Rate]:
    """Orders of two broadcasts and of a file, in several commits; → in time and due, of all and of each."""
    dice = random.Random(7)
    whole: Counter[object] = Counter()
    in_time: Counter[object] = Counter()
    late: list[tuple[datetime, int]] = []
    first = NOW
    for commit in range(4):
        orders, told, lines, shipments = [], [], [], []
        for n in range(100 * commit, 100 * commit + 100):
            id_, paid = f"o{n}", BEGIN + timedelta(minutes=dice.randrange(3 * 1440))
            back, number = 10 if dice.random() < 0.2 else 0, n % 3
            flags = PLACED | PAID | COUNTED
            orders.append(OrderRow(id_, "paid", "p", 10, 10, back, None, paid, n + 1, number, 1, flags))
            told.append(ToldOfOrder(id_, paid, "live", "浙江", "wechat", past=not number))
            mine = [dice.choice(promises) for _ in range(dice.choice([0, 1, 1, 2, 3]))]
            for line, one in enumerate(mine, 1):
                day = None if one.on is None else one.on.isoformat()
                lines.append(LineRow(id_, line, "a", "a", 1, 10, one.hours, day))
            until = ship_until(paid, kept(paid, mine), figures)
            # at the very end of one promise or another, a µs before or behind it, or any time
            usual, any_time = (paid + timedelta(hours=h) for h in (figures.ship_hours, dice.randrange(200)))
            shipped = dice.choice([until, usual, any_time]) + timedelta(microseconds=dice.choice([-1, 0, 1]))
            if dice.random() < 0.7 and SINCE <= shipped <= NOW:
                row = ShipmentRow(id_, "shipped", None, None, None, None, shipped, shipped, n + 1)
                shipments.append(row)
                for of in (None, number):
                    whole[of] += 1
                    in_time[of] += shipped <= until
            elif until <= NOW and back < 10 and number:  # of a file nobody tells parcels
                late.append((until, number))
        store.fill_books(Write(0, orders=orders, told=told, lines=lines))
        shipments.sort(key=lambda row: row.at)
        first = shipments[0].at if not commit else first
        store.fill_books(Write(0, shipments=shipments))
    for until, number in late:  # before any parcel was told of nobody knows it
        for of in (None, number) if until > first else ():
            whole[of] += 1
    assert {until > first for until, _ in late} == {True, False} or figures.ship_hours > 24
    return {of: (in_time[of], whole[of]) for of in whole}


def rate(reader: BookReader, scope: BoardScope, figures: Figures) -> Rate:
    found = after_of(reader, scope, figures).rates["shipped_in_time"]
    return found.part, found.whole


@pytest.mark.parametrize("hours", [72, 20])
@pytest.mark.parametrize("promises", PROMISES.values(), ids=list(PROMISES))
def test_as_many_are_due_and_in_time_as_the_rule_says(
    store: Store, promises: list[ShipPromise], hours: int
) -> None:
    figures = Figures(ship_hours=hours)
    wanted = fill(store, promises, figures)
    assert 20 < wanted[None][0] < wanted[None][1]
    with closing(BookReader(store.beside(), simulated=False, now=lambda: NOW)) as reader:
        days = scope_of(reader, {"from": "2026-06-01", "to": "2026-06-05"})
        assert rate(reader, days, figures) == wanted[None]
        for number in (1, 2):
            one = BoardScope(micros(NOW), micros(BEGIN), micros(NOW), number)
            assert rate(reader, one, figures) == wanted[number]
