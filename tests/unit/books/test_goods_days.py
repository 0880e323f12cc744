"""Sums of goods and parcels by day: kept as things come, equal to what Python counts order by order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from liveconsole.engine import refill
from liveconsole.store import goods_days, open_store, order_days, parcel_days
from liveconsole.store.order_flags import CLOSED, COUNTED, PAID, PLACED
from tests.unit.books.test_boards_parts import anything
from tests.unit.engine.evenings import Evenings

HOUR = 3_600_000_000


@pytest.fixture
def evenings(tmp_path: Path) -> Iterator[Evenings]:
    store = open_store(tmp_path / "data", room_id="room")
    yield Evenings(store)
    store.close()


def days(evenings: Evenings, dice: random.Random) -> None:
    """An evening of anything, and five days on which parcels and after-sales are told of in any order, also
    of orders that nobody knows yet; then paid, given back, closed."""
    evenings.open()
    anything(evenings, dice)
    evenings.close()
    known = [f"o{n}" for n in range(30)]
    for _ in range(5):
        facts: list[tuple[str, dict[str, Any]]] = []
        for order_id in dice.sample([*known, "later", "odd\0id"], 9):
            status = dice.choice(["shipped", "in_transit", "delivered", "returned"])
            facts.append(("order.shipment", {"order_id": order_id, "status": status}))
        for _ in range(4):
            case: dict[str, Any] = {
                "aftersale_id": dice.choice(["c1", "c2", "c3", "c\0d"]),
                "order_id": dice.choice(known),
            }
            what: dict[str, Any] = {
                "kind": dice.choice(["return", "refund"]),
                "status": dice.choice(["asked", "refunded"]),
            }
            facts.append(("aftersale.updated", case | what))
        for order_id in dice.sample(known, 4):
            money: list[tuple[str, dict[str, Any]]] = [
                ("order.paid", {"order_id": order_id, "paid_fen": dice.randrange(20_000)}),
                ("order.refunded", {"order_id": order_id, "refund_fen": dice.randrange(9_000)}),
                ("order.closed", {"order_id": order_id, "reason": ""}),
            ]
            facts.append(dice.choice(money))
        dice.shuffle(facts)
        evenings.post(*(evenings.event(type_, data) for type_, data in facts))
        evenings.wait(dice.choice([0.5, 20, 30]) * 3600)
    lines = [
        {"sku_id": sku, "quantity": 1, "unit_price_fen": fen} for sku, fen in (("a", 700), ("b", 0), ("a", 1))
    ]
    for order_id in ("later", "odd\0id"):
        who = {"id": "v9", "name": "小红"}
        evenings.fact("order.placed", order_id=order_id, buyer=who, lines=lines, total_fen=701)
        evenings.fact("order.paid", order_id=order_id, paid_fen=701)


def kept(evenings: Evenings) -> tuple[dict[Any, Any], dict[Any, Any]]:
    with evenings.store._file.reading() as c:
        goods = {tuple(row[:3]): tuple(row[3:8]) for row in c.exec_driver_sql(
            "SELECT day, broadcast, product_id, paid, units, gmv_fen, refund_fen, orders"
            " FROM product_day")}  # fmt: skip
        parcels = {tuple(row[:3]): tuple(row[3:6]) for row in c.exec_driver_sql(
            "SELECT day, broadcast, hours, orders, delivered_units, returned_units"
            " FROM parcel_day")}  # fmt: skip
        return goods, parcels


def counted(evenings: Evenings) -> tuple[dict[Any, Any], dict[Any, Any]]:
    goods: dict[Any, Any] = defaultdict(lambda: [0] * 5)
    parcels: dict[Any, Any] = defaultdict(lambda: [0] * 3)
    with evenings.store._file.reading() as c:
        lines: dict[str, list[Any]] = defaultdict(list)
        for order_id, *line in c.exec_driver_sql(
            "SELECT order_id, coalesce(product_id, ''), quantity, unit_price_fen"
            " FROM order_line ORDER BY line"
        ):
            lines[order_id].append(line)
        back = {
            row[0]
            for row in c.exec_driver_sql(
                "SELECT order_id FROM aftersale WHERE kind = 'return' AND status IN ('returned', 'refunded')"
            )
        }
        orders = list(
            c.exec_driver_sql(
                "SELECT order_id, placed_at, flags, paid_fen, refund_fen, paid_at, shipped_at, delivered_at,"
                " ship, units, broadcast FROM order_row"
            )
        )
    for id_, at, flags, paid_fen, refund, paid_at, shipped, delivered, ship, units, number in orders:
        day = order_days.NO_DAY if at is None else (at + order_days.EAST_US) // order_days.DAY_US
        paid = bool(flags & (PLACED | COUNTED)) and flags & (PAID | CLOSED) == PAID
        gmv = paid_fen if flags & PAID else 0
        mine = lines[id_] or [["", 0, 0]]
        weights = [quantity * fen for _, quantity, fen in mine]
        shares = zip(mine, largest(gmv, weights), largest(refund, weights), strict=True)
        met = set()
        for (product, quantity, unit_fen), fen, given in shares:
            first = product not in met
            met.add(product)
            sums = goods[day, number, product]
            sums[0] += int(paid and first and bool(lines[id_]))
            sums[1] += quantity if paid and unit_fen else 0
            sums[2] += fen
            sums[3] += given
            sums[4] += first
        hours = -2
        if paid and paid_at is not None:
            if shipped is not None:
                hours = min(max(0, -((paid_at - shipped) // HOUR)), parcel_days.HOURS_MOST)
            elif refund < paid_fen:
                hours = -1
        came = delivered is not None or ship == "returned"
        sums = parcels[day, number, hours]
        sums[0] += 1
        sums[1] += units if came else 0
        sums[2] += units if came and (id_ in back or ship == "returned") else 0
    return {key: tuple(v) for key, v in goods.items()}, {key: tuple(v) for key, v in parcels.items()}


def largest(fen: int, weights: list[int]) -> list[int]:
    """By the largest remainder, of fractions."""
    if not sum(weights):
        return [*([0] * (len(weights) - 1)), fen]
    exact = [Fraction(fen * weight, sum(weights)) for weight in weights]
    shares = [int(each) for each in exact]
    for n in sorted(range(len(weights)), key=lambda n: (shares[n] - exact[n], n))[: fen - sum(shares)]:
        shares[n] += 1
    return shares


@pytest.mark.parametrize("seed", range(4))
def test_sums_of_goods_and_parcels_are_what_counting_comes_to(evenings: Evenings, seed: int) -> None:
    days(evenings, random.Random(seed))
    found = kept(evenings)
    assert found == counted(evenings)
    assert {hours for *_, hours in found[1]} & {-1, -2}, "some wait"
    assert max(hours for *_, hours in found[1]) > 0, "some were sent"
    assert sum(row[2] for row in found[1].values()), "some came back"
    refill.refill(evenings.store)
    assert kept(evenings) == found


@pytest.mark.parametrize("of", [goods_days, parcel_days])
def test_an_order_that_did_not_leave_would_be_seen(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch, of: Any
) -> None:
    """The twin: what an order was stays in the sums."""
    monkeypatch.setattr(of, "leave", lambda c, order_ids: False)
    days(evenings, random.Random(0))
    found, wanted = kept(evenings), counted(evenings)
    assert (found[0] != wanted[0], found[1] != wanted[1]) == (of is goods_days, of is parcel_days)


def test_an_aftersale_that_moves_to_another_order_leaves_the_first(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the twin: nobody asks at which order it stood."""
    for asked in (True, False):
        if not asked:
            monkeypatch.setattr(parcel_days, "orders_of", lambda c, ids: set())
        first, second = f"one{asked}", f"two{asked}"
        for order_id in (first, second):
            evenings.placed(order_id, units=1 if order_id == first else 5)
            evenings.paid(order_id)
            evenings.fact("order.shipment", order_id=order_id, status="delivered")
        for order_id in (first, second):
            case = {"aftersale_id": f"c{asked}", "kind": "return", "status": "refunded"}
            evenings.fact("aftersale.updated", **case, order_id=order_id)
        assert (kept(evenings) == counted(evenings)) is asked
