"""Sums of days, and what stands beside an order: kept as they come, equal to what counting finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liveconsole.engine import refill
from liveconsole.store import open_store, order_days
from tests.table_rows import rows_of
from tests.unit.books.test_boards import evening, placed
from tests.unit.engine.evenings import Evenings


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    return Evenings(open_store(tmp_path / "data", room_id="room"))


def counted(evenings: Evenings) -> list[Any]:
    """The sums of every day and entrance, counted order by order."""
    sums = ", ".join(f"coalesce(sum({each}), 0)" for each in order_days.SUMS.values())
    day = f"coalesce((o.placed_at + {order_days.EAST_US}) / {order_days.DAY_US}, {order_days.NO_DAY})"
    with evenings.store._file.reading() as c:
        return list(c.exec_driver_sql(
            f"SELECT {day}, o.broadcast, coalesce(o.scene, ''), {sums}, max(o.seq) FROM order_row o"
            " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        ))  # fmt: skip


def kept(evenings: Evenings) -> list[Any]:
    with evenings.store._file.reading() as c:
        return rows_of(c, "order_day", "WHERE orders > 0 ORDER BY day, broadcast, scene")


BESIDE = {
    "shipped_at": "(SELECT s.shipped_at FROM shipment s WHERE s.order_id = o.order_id)",
    "ship_told": "(SELECT s.at FROM shipment s WHERE s.order_id = o.order_id)",
    "delivered_at": "(SELECT s.delivered_at FROM shipment s WHERE s.order_id = o.order_id)",
    "lines": "(SELECT count(*) FROM order_line l WHERE l.order_id = o.order_id)",
    "only_product": "(SELECT CASE WHEN count(*) = 1 THEN coalesce(max(l.product_id), '') END"
    " FROM order_line l WHERE l.order_id = o.order_id)",
    "only_units": "(SELECT CASE WHEN count(*) = 1"
    " THEN sum(CASE WHEN l.unit_price_fen = 0 THEN 0 ELSE l.quantity END) END"
    " FROM order_line l WHERE l.order_id = o.order_id)",
}
"""What an order's row has so that nothing has to be looked for → where it comes from."""


def beside_orders(evenings: Evenings) -> tuple[list[Any], list[Any]]:
    """As they are kept, and as they are looked for: what stands beside orders, and buyers' first ones."""
    first = f"SELECT buyer, min(placed_at) FROM order_row o WHERE buyer <> '' AND {order_days.PAID_FOR}"
    with evenings.store._file.reading() as c:
        kept, sought = (
            list(c.exec_driver_sql(f"SELECT order_id, {', '.join(names)} FROM order_row o ORDER BY 1"))
            for names in (BESIDE, BESIDE.values())
        )
        kept += c.exec_driver_sql("SELECT buyer, placed_at FROM buyer_first ORDER BY 1")
        sought += c.exec_driver_sql(f"{first} AND placed_at IS NOT NULL GROUP BY 1 ORDER BY 1")
    return kept, sought


def test_what_stands_beside_an_order_is_what_would_be_found(evenings: Evenings) -> None:
    many_days(evenings)
    evenings.fact("order.shipment", order_id="later", status="delivered")
    placed(evenings, "later", 700)
    evenings.paid("later", 700)
    evenings.paid("bare", 300)
    two = [{"sku_id": sku, "quantity": 2, "unit_price_fen": fen} for sku, fen in (("a", 900), ("b", 0))]
    who = {"id": "v1", "name": "小红"}
    evenings.fact("order.placed", order_id="two", buyer=who, lines=two, total_fen=1_800)
    evenings.fact("order.shipment", order_id="n1", status="shipped")
    evenings.wait(60)
    evenings.fact("order.shipment", order_id="n1", status="in_transit")
    evenings.fact("order.shipment", order_id="odd\0id", status="shipped")
    kept, sought = beside_orders(evenings)
    assert kept == sought
    assert {row[4] for row in kept if len(row) > 2} >= {0, 1, 2}, "without lines, of one and of several"
    before = [row for row in kept if len(row) == 2]
    for row in before:  # nobody has paid for anything any more: nobody has a first order
        with evenings.store._file.reading() as c:
            ids = [
                id_ for (id_,) in c.exec_driver_sql("SELECT order_id FROM order_row WHERE buyer = ?", row[:1])
            ]
        for id_ in ids:
            evenings.fact("order.closed", order_id=id_, reason="")
    kept, sought = beside_orders(evenings)
    assert kept == sought
    assert len([row for row in kept if len(row) == 2]) < len(before)
    refill.refill(evenings.store)
    assert beside_orders(evenings) == (kept, sought)


def many_days(evenings: Evenings) -> None:
    """Two evenings, one over midnight, with late payments, refunds, closings and odd ids."""
    evening(evenings)
    evenings.close()
    evenings.wait(86_400)
    evenings.open()
    evenings.wait(3.2 * 3600)
    for n in range(6):
        placed(evenings, f"n{n}", 9_900, scene="share" if n % 2 else "live")
        evenings.wait(120)
    placed(evenings, "odd\0id", 700)
    evenings.paid("odd\0id", 700)
    evenings.paid("n5", 9_900)
    evenings.fact("order.closed", order_id="n5", reason="")
    evenings.paid("nobody's", 100)
    evenings.paid("o12", 500)
    evenings.fact("order.refunded", order_id="o2", refund_fen=10_200)
    evenings.fact("order.closed", order_id="o3", reason="")
    placed(evenings, "nobody's", 100, scene="video")


def test_sums_of_days_are_what_counting_comes_to_and_again_after_a_refill(evenings: Evenings) -> None:
    many_days(evenings)
    found = kept(evenings)
    assert found == counted(evenings)
    dated = [row for row in found if row[0] != order_days.NO_DAY]
    assert len({row[0] for row in dated}) == 3, "the second evening went over midnight in China"
    assert {row[1] for row in dated} == {1, 2}
    refill.refill(evenings.store)
    assert kept(evenings) == found


def test_an_order_that_did_not_leave_its_day_before_would_be_seen(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: what an order was stays in the sums."""
    monkeypatch.setattr(order_days, "leave", lambda c, order_ids: order_days.Leaving())
    many_days(evenings)
    assert kept(evenings) != counted(evenings)
