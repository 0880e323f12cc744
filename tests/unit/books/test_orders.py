"""The list of all orders: search, states, filters, pages, counts, and what never leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.books import BOOKS, order_search, orders
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.domain.order_states import NARROWED, SQL, STEPS, done_before, state_of, step_of
from liveconsole.messages.bounds import BOOK_BYTES
from liveconsole.messages.order_pages import ORDER_STATES, BookOrder, OrderBookPage
from liveconsole.store import open_store
from liveconsole.store.rows import micros, moment
from tests.unit.engine.evenings import START, Evenings

NAME = "林小红是她的名字"
SEEN, CLOSED_BITS = (0, 1, 2, 8, 16, 24), ("seen", "held", "placed", "paid", "closed")


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    return Evenings(open_store(tmp_path / "data", room_id="room"))


@pytest.fixture
def reader(evenings: Evenings) -> Iterator[BookReader]:
    made = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now)
    yield made
    made.close()


def page(reader: BookReader, **query: str) -> OrderBookPage:
    return msgspec.json.decode(BOOKS["orders"](reader, query), type=OrderBookPage)


def ids(reader: BookReader, **query: str) -> list[str]:
    return [order.order_id for order in page(reader, **query).orders]


def one(reader: BookReader, order_id: str) -> BookOrder:
    (found,) = page(reader, q=order_id).orders
    return found


def test_the_rule_and_its_question_are_one(reader: BookReader) -> None:
    """Every order that there can be, by both; and what narrows a state leaves none of it out."""
    done = done_before(START, 7)
    places = (None, done - timedelta(microseconds=1), done)
    rows = [
        (status, paid, refund, flags, past, ship, at)
        for status, (paid, refund), flags, past, ship, at in product(
            ("seen", "held", "placed", "paid", "closed"),
            ((0, 0), (0, 5), (100, 0), (100, 40), (100, 100), (100, 120)),
            (0, 8, 26),
            (0, 1),
            (None, *STEPS),
            places,
        )
    ]
    values = ", ".join(
        "(" + ", ".join("NULL" if v is None else repr(v) for v in (*row[:6], row[6] and micros(row[6]))) + ")"
        for row in rows
    )
    table = "WITH o(status, paid_fen, refund_fen, flags, past, ship, delivered_at) AS (VALUES " + values + ")"
    narrowed = ", ".join(f"({sql})" for sql in NARROWED.values())
    found = reader.rows(f"{table} SELECT {SQL}, {narrowed} FROM o", {"done": micros(done)})
    seen = set()
    for (status, paid, refund, flags, past, ship, at), (told, *narrow) in zip(rows, found, strict=True):
        state = state_of(
            status,
            paid_fen=paid,
            refund_fen=refund,
            flags=flags,
            past=bool(past),
            ship=ship,
            delivered_at=at,
            done=done,
        )
        assert told == state
        delivered_at_some_time = ship != "delivered" or at is not None
        if state in NARROWED and delivered_at_some_time:
            assert narrow[list(NARROWED).index(state)] == 1
        seen.add(state)
    assert seen == set(ORDER_STATES)


def test_an_order_goes_through_its_states(evenings: Evenings, reader: BookReader) -> None:
    evenings.open()
    evenings.placed("o1")
    states = [one(reader, "o1").state]
    evenings.paid("o1")
    states.append(one(reader, "o1").state)
    for status in ("shipped", "in_transit", "揽收了", "out_for_delivery", "exception", "delivered"):
        evenings.fact("order.shipment", order_id="o1", status=status, carrier="顺丰", waybill="SF1")
        states.append(one(reader, "o1").state)
    told = one(reader, "o1").shipment
    assert told is not None
    assert (told.carrier, told.waybill) == ("顺丰", "SF1")
    evenings.wait(7 * 86_400)
    states.append(one(reader, "o1").state)
    evenings.wait(86_400)
    states.append(one(reader, "o1").state)
    evenings.fact("order.refunded", order_id="o1", refund_fen=9900)
    states.append(one(reader, "o1").state)
    assert states == [
        "unpaid", "to_ship", "shipped", "shipped", "shipped", "out_for_delivery", "exception", "delivered",
        "delivered", "done", "closed",
    ]  # fmt: skip
    assert step_of("揽收了") == "shipped"


def test_the_window_of_the_users_own_file_holds(evenings: Evenings, reader: BookReader) -> None:
    evenings.open()
    evenings.placed("o1")
    evenings.paid("o1")
    evenings.fact("order.shipment", order_id="o1", status="delivered")
    evenings.wait(2 * 86_400)
    assert one(reader, "o1").state == "delivered"
    own = reader.folder / "seller"
    own.mkdir()
    (own / "aftersale.toml").write_text("window_days = 1\n", "utf-8")
    assert one(reader, "o1").state == "done"


def some(evenings: Evenings) -> None:
    evenings.open()
    evenings.placed("20260601-0001")
    evenings.placed("20260601-0002")
    who = {"id": "buyer-7", "name": NAME}
    line = {"sku_id": "b", "quantity": 2, "unit_price_fen": 100}
    evenings.fact("order.placed", order_id="X-9", buyer=who, lines=[line], total_fen=200, scene="window")
    evenings.paid("X-9", 200)
    line = {"sku_id": "old", "quantity": 1, "title": "去年的毛毯"}
    past = {"order_id": "P-1", "placed_at": "2020-02-20T08:00:00+08:00", "total_fen": 500, "lines": [line]}
    evenings.ok("orders.import", orders=[{**past, "paid_fen": 500, "province": "上海"}])


@pytest.mark.parametrize("few", [0, order_search.FEW])
def test_an_order_is_found_by_what_people_know_of_it(
    evenings: Evenings, reader: BookReader, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Both ways of looking find the same: goods that few orders have, and goods that many have."""
    monkeypatch.setattr(order_search, "FEW", few)
    some(evenings)
    assert ids(reader, q="20260601-0002") == ["20260601-0002"]
    assert ids(reader, q="-0001") == ["20260601-0001"]
    assert ids(reader, q="001") == [], "an end has four letters at least"
    assert ids(reader, q="羊毛") == ["X-9", "20260601-0002", "20260601-0001"]
    assert ids(reader, q="毛毯") == ["P-1"], "what no catalogue has is called as the file called it"
    assert ids(reader, q="林小红") == ["X-9"]
    assert (
        ids(reader, q="buyer-7") == ids(reader, buyer="红是") == ids(reader, q="羊毛", buyer="林") == ["X-9"]
    )
    assert ids(reader, q="没有这个") == []
    assert ids(reader, q="羊毛", sort="oldest", state="unpaid") == ["20260601-0001", "20260601-0002"]


def test_filters_and_pages(evenings: Evenings, reader: BookReader) -> None:
    some(evenings)
    assert ids(reader) == ["X-9", "20260601-0002", "20260601-0001", "P-1"]
    assert ids(reader, scene="window") == ["X-9"]
    assert ids(reader, province="上海") == ["P-1"]
    assert ids(reader, broadcast="1") == ["X-9", "20260601-0002", "20260601-0001"]
    assert ids(reader, **{"from": "2020-02-20", "to": "2020-02-20"}) == ["P-1"]
    assert ids(reader, state="done") == ["P-1"], "of the past nobody told of a parcel"
    for sort in ("newest", "oldest"):
        walked, after = [], ""
        while True:
            found = page(reader, sort=sort, limit="1", after=after)
            walked += [order.order_id for order in found.orders]
            after = found.after
            if not after:
                break
        assert walked == ids(reader, sort=sort)
        assert len(walked) == 4


def test_a_page_walks_so_far_and_the_next_goes_on(
    evenings: Evenings, reader: BookReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(evenings)
    monkeypatch.setattr(order_search, "SPAN", 2)
    for sort in ("newest", "oldest"):
        for wanted, query in ((["P-1"], {"province": "上海"}), ([], {"province": "没有"})):
            walked, after, pages = [], "", 0
            while True:
                found = page(reader, sort=sort, after=after, **query)
                walked += [order.order_id for order in found.orders]
                after, pages = found.after, pages + 1
                if not after:
                    break
            assert walked == wanted
            assert pages == 3, "two, two, and the end"


def test_counts_and_sums_of_the_range(evenings: Evenings, reader: BookReader) -> None:
    some(evenings)
    evenings.fact("order.closed", order_id="20260601-0002", reason="不要了")
    assert page(reader).counts is None
    counted = page(reader, counts="1").counts
    assert counted is not None
    assert [(each.state, each.orders, each.total_fen) for each in counted if each.orders] == [
        ("unpaid", 1, 9900),
        ("to_ship", 1, 200),
        ("closed", 1, 9900),
    ], "the last ninety days"
    whole = page(reader, counts="1", **{"from": "2000-01-01"}).counts
    assert whole is not None
    assert sum(each.orders for each in whole) == 4


def test_what_is_read_out_to_those_who_have_not_paid(evenings: Evenings, reader: BookReader) -> None:
    evenings.open()
    assert page(reader, state="unpaid").urge is None
    some_at = evenings.now
    evenings.placed("o1")
    evenings.placed("o2")
    told = page(reader, state="unpaid", sort="oldest").urge
    assert told is not None
    assert "还有 2 单没有付款" in told.zh
    assert "羊毛衫" in told.zh
    assert (some_at + timedelta(hours=8)).strftime("%H:%M") in told.zh
    assert "2 orders are not paid" in told.en
    evenings.paid("o1")
    evenings.paid("o2")
    assert page(reader, state="unpaid").urge is None


def test_a_note_its_tags_and_a_wanted_address(evenings: Evenings, reader: BookReader) -> None:
    some(evenings)
    evenings.ok("order.note", "assistant", order_id="X-9", text=f"{NAME}要寄公司", tags=["急", "address"])
    assert ids(reader, tag="address") == ["X-9"]
    found = one(reader, "X-9")
    assert (found.note, found.tags, found.change_address) == (f"{NAME}要寄公司", ["急", "address"], True)
    evenings.ok("order.note", "assistant", order_id="X-9", tags=["急"])
    again = one(reader, "X-9")
    assert (again.note, again.change_address) == (found.note, False), "what is not sent stays"
    assert ids(reader, tag="address") == []
    evenings.ok("order.note", order_id="P-1", text="老客")
    assert one(reader, "P-1").note == "老客"
    evenings.ok("viewer.forget", viewer_id="buyer-7")
    after = one(reader, "X-9")
    assert NAME not in after.note
    assert after.buyer == ""
    assert ids(reader, q=NAME) == []


def test_of_buyers_only_masked_names_leave_it(evenings: Evenings, reader: BookReader) -> None:
    some(evenings)
    body = BOOKS["orders"](reader, {}).decode()
    assert NAME not in body
    assert "buyer-7" not in body
    assert "林**" in body


def test_an_order_of_which_only_the_payment_is_known(evenings: Evenings, reader: BookReader) -> None:
    evenings.open()
    evenings.paid("lonely", 700)
    found = one(reader, "lonely")
    assert (found.total_fen, found.paid_fen, found.placed_at) == (None, 700, None)


@pytest.mark.parametrize(
    "query",
    [
        {"state": "gone"}, {"sort": "dearest"}, {"after": "x"}, {"after": "1"}, {"after": "-.1"},
        {"from": "2020-13-01"}, {"q": "x" * 101}, {"q": "\0"}, {"limit": "-1"}, {"broadcast": "one"},
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_read_says_which_field(reader: BookReader, query: dict[str, str]) -> None:
    with pytest.raises(BadQuery) as why:
        page(reader, **query)
    assert why.value.field in query


def test_a_page_has_a_bound_of_bytes(
    evenings: Evenings, reader: BookReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    evenings.open()
    for number in range(12):
        evenings.placed(f"o{number:02}")
    monkeypatch.setattr(orders, "_PAGE_BYTES", 2_000)
    walked: list[Any] = []
    after = ""
    while True:
        found = page(reader, after=after)
        assert len(msgspec.json.encode(found)) < 3_000 < BOOK_BYTES
        walked += [order.order_id for order in found.orders]
        after = found.after
        if not after:
            break
    assert walked == [f"o{number:02}" for number in reversed(range(12))]


def test_a_shown_moment_is_the_rows(evenings: Evenings, reader: BookReader) -> None:
    some(evenings)
    assert one(reader, "P-1").placed_at == datetime(2020, 2, 20, tzinfo=UTC)
    assert moment(micros(START)) == START
