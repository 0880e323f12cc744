"""The same evenings with nothing ever leaving the room: the same books, the same figures, the same debts."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.json import encode

from liveconsole.domain import settled
from liveconsole.domain.order import tally
from liveconsole.domain.room_orders import OrderTotals
from liveconsole.engine.history import report
from liveconsole.store import Store, open_store
from liveconsole.store.rows import Sums
from liveconsole.views.report import fold
from tests.unit.engine.evenings import Evenings, tables

EVENINGS = 12


def play(shop: Evenings, seed: int) -> None:
    """Evenings a day apart; at any time something is told of any order so far, and told again."""
    dice = Random(seed)
    told: list[str] = []
    for evening in range(EVENINGS):
        shop.open(f"{evening}")
        shop.sale(f"sale-{evening}", quantity=50, per_buyer=50)
        if evening % 3 == 0:
            shop.coupon(f"coupon-{evening}", valid_seconds=2 * 86_400)
        for n in range(12):
            order_id = f"o{evening}-{n}"
            roll = dice.random()
            if roll < 0.5:
                told.append(order_id)
                shop.placed(order_id, f"sale-{evening}" if dice.random() < 0.5 else None)
            elif roll < 0.7:
                more: dict[str, Any] = {}
                if evening % 3 == 0 and dice.random() < 0.5:
                    more["coupon_id"] = shop.claim(f"coupon-{evening}", f"v{n}")
                assert shop.request(order_id, f"v{n}", **more)["ok"]
                told.append(order_id)
            for _ in range(dice.randint(0, 2) if told else 0):
                tell(shop, dice, dice.choice(told))
        shop.wait(120)
        shop.close()
        for _ in range(3):
            tell(shop, dice, dice.choice(told))
        shop.wait(86_400)
    shop.open("the last")


def tell(shop: Evenings, dice: Random, order_id: str) -> None:
    what = dice.choice(["paid", "paid", "paid", "closed", "refunded", "placed"])
    if what == "placed":
        shop.placed(order_id)
    elif what == "paid":
        shop.paid(order_id, dice.choice([9900, 9000]))
    elif what == "closed":
        shop.fact("order.closed", order_id=order_id, reason="退货")
    else:
        shop.fact("order.refunded", order_id=order_id, refund_fen=dice.randint(1, 9900))


def books(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Broadcasts and orders; a seq may differ, for late facts bring no others along."""
    found = tables(store)
    orders = [row[:8] + row[9:] for row in found["order_row"]]
    return {"broadcast": [row[:4] + row[5:] for row in found["broadcast"]], "order_row": orders}


@pytest.mark.parametrize("seed", range(8))
def test_with_the_archive_off_books_and_debts_are_the_same(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = open_store(tmp_path / "on", person_key=bytes(32))
    shop = Evenings(on)
    play(shop, seed)
    with monkeypatch.context() as off_only:
        off_only.setattr(settled, "leave", lambda room, carried: None)
        off = open_store(tmp_path / "off", person_key=bytes(32))
        whole = Evenings(off)
        play(whole, seed)
    assert len(shop.room.orders) < len(whole.room.orders) / 2, "or the test shows nothing"
    assert books(on) == books(off)
    assert shop.room.totals == whole.room.totals
    assert shop.room.holds == whole.room.holds
    assert set(shop.room.live) == set(whole.room.live)
    assert owing(shop) == set(shop.room.orders) <= owing(whole)
    for order_id in owing(whole) - owing(shop):  # a debt that came up late stands in the books
        owed = shop.order(order_id)
        assert (owed.status, owed.paid_fen > owed.refund_fen) == ("closed", True)
    lines = shop.log()
    for number in range(1, EVENINGS + 2):  # a report reads a part of the log, and says what the whole says
        assert encode(report(on, number, simulated=False)) == encode(fold(lines, broadcast=number)), number
    # and the books are the orders', one by one
    for row in off.broadcasts():
        totals = OrderTotals()
        for order in whole.room.orders.values():
            if order.broadcast == row.number:
                tally(totals, order, 1)
        assert row.sums == Sums(*(getattr(totals, name) for name in Sums._fields))
    for store in (on, off):
        store.close()


def owing(shop: Evenings) -> set[str]:
    """Orders that wait for their money, or whose money waits to go back, and are not a week old."""
    return {
        order_id
        for order_id, order in shop.room.orders.items()
        if settled._is_open(order, shop.now, frozenset(shop.room.queue))
    }
