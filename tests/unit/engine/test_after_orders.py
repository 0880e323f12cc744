"""What comes after an order stands in the read tables as it was told, in whatever order, and again after a
refill."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from liveconsole.engine import refill
from liveconsole.store import Store, filling, open_store
from liveconsole.store.rows import micros
from liveconsole.store.tables import BOOKS
from tests.table_rows import rows_of
from tests.unit.engine.evenings import START, Evenings, encoded


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    return Evenings(open_store(tmp_path / "data", room_id="room"))


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    with store._file.reading() as c:
        return [dict(row._mapping) for row in rows_of(c, table, "ORDER BY 1, 2")]


def whole(store: Store) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(store, table) for table in BOOKS}


def shipped(evenings: Evenings, status: str, at: datetime, **more: Any) -> dict[str, Any]:
    event = evenings.event("order.shipment", {"order_id": "kept", "status": status, **more})
    return {**event, "time": at.isoformat()}


def test_an_order_has_its_lines_and_where_it_was_bought(evenings: Evenings) -> None:
    evenings.open()
    lines = [
        {"sku_id": "a", "quantity": 2, "unit_price_fen": 9900},
        {"sku_id": "nobody's", "quantity": 1, "unit_price_fen": 100},
    ]
    who, where = {"id": "v", "name": "小红"}, {"scene": "live", "province": "浙江", "payment": "wechat"}
    evenings.fact("order.placed", order_id="o1", buyer=who, lines=lines, total_fen=19900, **where)
    evenings.paid("o1", 19900)
    first_paid = evenings.now
    evenings.paid("o1", 19900)
    (order,) = rows(evenings.store, "order_row")
    assert {name: order[name] for name in where} == where
    assert (order["paid_at"], order["past"], order["tail"]) == (micros(first_paid), 0, "o1")
    told = [tuple(row.values()) for row in rows(evenings.store, "order_line")]
    assert told == [
        ("o1", 1, "a", "a", 2, 9900, None, None),
        ("o1", 2, None, "nobody's", 1, 100, None, None),
    ]


def test_a_second_word_of_an_order_leaves_its_lines(evenings: Evenings) -> None:
    evenings.open()
    evenings.placed("o1", units=1)
    evenings.placed("o1", units=7)
    assert [row["quantity"] for row in rows(evenings.store, "order_line")] == [1]


def test_what_the_console_granted_has_lines(evenings: Evenings) -> None:
    evenings.open()
    assert evenings.request("mine")["ok"]
    assert [(row["order_id"], row["sku_id"]) for row in rows(evenings.store, "order_line")] == [("mine", "b")]


@pytest.mark.parametrize("places", list(permutations(range(3))))
def test_the_newest_word_of_a_shipment_stands_in_whatever_order(
    evenings: Evenings, places: tuple[int, ...]
) -> None:
    evenings.first_evening()
    steps = [
        shipped(evenings, "shipped", START, carrier="顺丰", waybill="SF1"),
        shipped(evenings, "out_for_delivery", START + timedelta(days=2), text="派送中"),
        shipped(evenings, "delivered", START + timedelta(days=2, hours=3)),
    ]
    came = []
    for place in places:
        evenings.wait(5)
        evenings.post(steps[place])
        came.append(micros(evenings.now))
    (row,) = rows(evenings.store, "shipment")
    assert (row["status"], row["carrier"], row["waybill"]) == ("delivered", "顺丰", "SF1")
    assert row["at"] == micros(START + timedelta(days=2, hours=3))
    assert row["shipped_at"] == came[0], "our clock, at the first word"
    assert row["delivered_at"] == came[places.index(2)]
    order = next(row for row in rows(evenings.store, "order_row") if row["order_id"] == "kept")
    assert (order["ship"], order["delivered_at"]) == ("delivered", row["delivered_at"])


def test_a_shipment_may_come_before_its_order(evenings: Evenings) -> None:
    evenings.open()
    evenings.fact("order.shipment", order_id="o1", status="shipped")
    assert rows(evenings.store, "order_row") == []
    evenings.placed("o1")
    assert rows(evenings.store, "order_row")[0]["ship"] == "shipped"
    assert rows(evenings.store, "order_row")[0]["status"] == "placed"


def test_an_after_sale_keeps_when_it_was_asked_answered_and_over(evenings: Evenings) -> None:
    evenings.first_evening()
    told = {"aftersale_id": "a1", "order_id": "back", "kind": "refund"}
    moments = {}
    for status in ("asked", "seller", "buyer", "refunded"):
        evenings.wait(60)
        evenings.fact("aftersale.updated", **told, status=status, amount_fen=100)
        moments[status] = micros(evenings.now)
    (row,) = rows(evenings.store, "aftersale")
    assert row["status"] == "refunded"
    assert (row["asked_at"], row["answered_at"], row["closed_at"]) == (
        moments["asked"],
        moments["buyer"],
        moments["refunded"],
    )


def everything(evenings: Evenings) -> None:
    evenings.first_evening()
    evenings.fact("order.shipment", order_id="kept", status="shipped", waybill="SF1")
    evenings.open("第二场")
    evenings.placed("late", units=3)
    evenings.fact("order.shipment", order_id="kept", status="delivered")
    evenings.fact("order.shipment", order_id="late", status="exception", text="破损")
    evenings.fact("aftersale.updated", aftersale_id="a1", order_id="kept", kind="return", status="asked")
    evenings.fact("review.posted", product_id="a", stars=2, text="起球", order_id="kept")
    answer: dict[str, Any] = {"act": "compensate", "aftersale_id": "a1", "reason": "破损", "amount_fen": 1}
    asked = evenings.ok("shop.answer", **answer)
    evenings.ok("shop.confirm", ask_id=asked["ask_id"], done=True)
    evenings.ok("case.step", case_id="aftersale/a1", step="ask", note="周五能到")
    evenings.ok("review.consent", review_id=1, agreed=True)
    evenings.fact("order.placed", order_id="kept", buyer={"id": "x"}, lines=[], total_fen=1, scene="window")
    evenings.fact("order.settled", order_id="kept", settled_fen=9_000)
    evenings.fact("share.brought", cue_id="c", viewer={"id": "v", "name": "小红"}, by={"id": "w"})
    evenings.ok("prepare.tick", item="video", done=True)
    evenings.ok("order.note", order_id="kept", text="寄公司", tags=["address"])
    evenings.ok("order.note", order_id="kept", tags=[])
    line = {"sku_id": "old", "quantity": 2, "title": "旧款"}
    then = {"placed_at": "2020-02-20T08:00:00+08:00", "paid_at": "2020-02-20T08:01:00+08:00"}
    past = {"order_id": "past", "total_fen": 500, "paid_fen": 500, "province": "上海", **then}
    evenings.ok("orders.import", orders=[{**past, "buyer": {"id": "b9", "name": "阿南"}, "lines": [line]}])
    evenings.fact("order.refunded", order_id="past", refund_fen=500)
    evenings.close()
    evenings.open("第三场")


def test_a_refill_gives_the_same_rows_as_living(evenings: Evenings) -> None:
    everything(evenings)
    before = whole(evenings.store)
    assert all(before[table] for table in BOOKS if table != "member"), "members: tests/unit/books"
    refill.refill(evenings.store)
    assert whole(evenings.store) == before


def test_an_order_of_the_past_touches_nothing_of_the_room(evenings: Evenings) -> None:
    evenings.open()
    evenings.placed("o1")
    room = encoded(evenings.room)
    then = {"placed_at": "2020-02-20T08:00:00+08:00", "total_fen": 700, "paid_fen": 700}
    some = [
        {"order_id": id_, **then, "lines": [{"sku_id": "a", "quantity": 9}]} for id_ in ("p1", "p2", "p1")
    ]
    assert evenings.ok("orders.import", orders=[*some, {"order_id": "o1", **then}]) == {
        "accepted": 2,
        "duplicates": 2,
    }
    after = structs.replace(evenings.room, seq=evenings.room.seq - 1)
    assert len(encoded(after)) == len(room)
    assert evenings.room.orders.keys() == {"o1"}
    assert evenings.room.skus["a"].sold == 0
    assert evenings.ok("orders.import", orders=some) == {"accepted": 0, "duplicates": 3}
    (told,) = evenings.log("orders.imported")
    assert [order["order_id"] for order in told["data"]["orders"]] == ["p1", "p2"]


def test_a_fact_about_an_order_of_the_past_goes_to_its_row(evenings: Evenings) -> None:
    then = {"placed_at": "2020-02-20T08:00:00+08:00", "total_fen": 700, "paid_fen": 700}
    evenings.ok("orders.import", orders=[{"order_id": "p1", **then}])
    evenings.open()
    for _ in range(2):
        evenings.fact("order.refunded", order_id="p1", refund_fen=300)
        evenings.placed("p1")
        evenings.restart()
    assert evenings.room.orders == {}
    assert evenings.room.totals.refund_fen == 0
    row = evenings.order("p1")
    assert (row.status, row.paid_fen, row.refund_fen, row.total_fen, row.broadcast) == (
        "paid",
        700,
        300,
        700,
        0,
    )


def test_a_buyer_of_the_past_can_be_forgotten(evenings: Evenings) -> None:
    then = {"placed_at": "2020-02-20T08:00:00+08:00", "total_fen": 700, "paid_fen": 700}
    who = {"id": "old-buyer", "name": "林小红的全名"}
    evenings.ok("orders.import", orders=[{"order_id": "p1", **then, "buyer": who}])
    sealed = [event.data for event in evenings.store.events_after(0) if event.type == "orders.imported"]
    assert "林小红".encode() not in sealed[0], "names lie beside the log"
    assert "林小红" in str(evenings.log("orders.imported"))
    evenings.fact("review.posted", product_id="a", stars=1, text="@林小红的全名 说不好", order_id="p1")
    evenings.ok("viewer.forget", viewer_id="old-buyer")
    assert "林小红" not in str(evenings.log("orders.imported"))
    before = whole(evenings.store)
    assert "林小红" not in str(before), "no text of the tables names him either"
    refill.refill(evenings.store)
    assert whole(evenings.store) == before
    evenings.open()
    evenings.placed("p1")
    assert evenings.ok("orders.import", orders=[{"order_id": "p1", **then}])["duplicates"] == 1


def test_twin_a_text_that_stays_in_a_table_is_seen(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liveconsole.store.store.forget", lambda c, events: None)
    evenings.fact("comment.posted", viewer={"id": "v9", "name": "林小红的全名"}, text="在")
    evenings.fact("review.posted", product_id="a", stars=1, text="@林小红的全名 说不好")
    evenings.ok("viewer.forget", viewer_id="v9")
    assert "林小红" in str(whole(evenings.store))


def test_a_note_is_at_an_order_that_somebody_knows(evenings: Evenings) -> None:
    evenings.first_evening()
    evenings.open()
    evenings.ok("order.note", "assistant", order_id="kept", text="改地址")
    assert evenings.no("order.note", "assistant", order_id="nobody's", text="x") == "unknown_order"
    assert evenings.no("order.note", "assistant", order_id="kept") == "bad_shape"


def test_twin_a_refill_that_forgets_a_table_is_seen(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything(evenings)
    before = whole(evenings.store)
    put = filling.fill
    monkeypatch.setattr(
        "liveconsole.store.store.fill",
        lambda c, write: put(c, type(write)(write.expected_seq, orders=write.orders)),
    )
    refill.refill(evenings.store)
    assert whole(evenings.store) != before
    assert rows(evenings.store, "shipment") == []


def test_the_room_in_memory_keeps_nothing_of_it(evenings: Evenings) -> None:
    evenings.open()
    evenings.placed("o1")
    before = evenings.room.orders["o1"]
    kept = repr(before)
    evenings.fact("order.shipment", order_id="o1", status="shipped")
    evenings.fact("review.posted", product_id="a", stars=5)
    assert repr(evenings.room.orders["o1"]) == kept
