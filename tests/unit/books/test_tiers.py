"""Tiers by the seller's figures, by hand: money a month, brands and groups, and who is heard of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from liveconsole.books import tiers
from liveconsole.books.customers import page
from liveconsole.books.reading import BookReader
from liveconsole.domain.china import begin_of
from liveconsole.messages.customers import CustomerPage, CustomerRow
from liveconsole.store.opening import open_store
from liveconsole.store.rows import EventRow, LineRow, Write
from liveconsole.store.store import Store
from tests.unit.books.customer_rows import Order, fill, pid

ON = date(2026, 11, 29)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "room")
    yield store
    store.close()


@pytest.fixture
def reader(store: Store) -> Iterator[BookReader]:
    reader = BookReader(store.beside(), simulated=False, now=lambda: datetime(2026, 11, 29, 12, tzinfo=UTC))
    yield reader
    reader.close()


def asked(reader: BookReader) -> tuple[CustomerPage, dict[str, CustomerRow]]:
    told = page(reader, {"rfm": "seed", "on": ON.isoformat()})
    return told, {row.viewer_id: row for row in told.rows}


def say(store: Store, name: str, times: int, day: date) -> None:
    data = json.dumps({"viewer": {"id": pid(name)}, "text": "好"}, separators=(",", ":")).encode()
    at = begin_of(day) + timedelta(hours=20)
    events = [EventRow("comment.posted", at, "producer", data, "s", f"{name}{day}{n}") for n in range(times)]
    store.commit(Write(store.last_seq(), events=events))


def lines(store: Store, number: int, *products: str) -> None:
    rows = [LineRow(f"o{number}", place, one, one, 1, 100) for place, one in enumerate(products)]
    store.commit(Write(store.last_seq(), lines=rows))


def test_each_bound_by_hand(store: Store, reader: BookReader) -> None:
    month = ON - timedelta(days=40)
    orders = [
        Order("高", month, 1_500_000),
        Order("少一分", month, 1_499_999),
        Order("两样", month, 2_000_000),
        Order("潜", month, 300_000),
        Order("差一分", month, 299_999),
        Order("旧", date(2026, 8, 29), 9_000_000),
        Order("新", ON - timedelta(days=29), 1_000),
        Order("不新", ON - timedelta(days=30), 1_000),
        Order("退", month, 2_000_000, refund_fen=1_800_000),
    ]
    fill(store, orders)
    for number in (0, 1, 8):
        lines(store, number, "a", "b", "c")
    lines(store, 2, "a", "b", "b")
    told, rows = asked(reader)
    tier = {order.buyer: rows[pid(order.buyer)].group for order in orders}
    assert tier == {
        "高": "high", "少一分": "potential", "两样": "potential", "潜": "potential", "差一分": "new",
        "旧": "new", "新": "new", "不新": "new", "退": "new",
    }  # fmt: skip
    assert rows[pid("高")].monthly_fen == 500_000
    assert [rows[pid(name)].groups for name in ("高", "两样", "潜")] == [3, 2, None]
    assert [rows[pid(name)].first_order for name in ("新", "不新")] == [True, False]
    assert [(group.name, group.customers, group.expected) for group in told.groups] == [
        ("high", 1, 15), ("potential", 3, 35), ("new", 5, 50),
    ]  # fmt: skip
    assert all(group.do_zh and group.do_en for group in told.groups)
    assert sum(group.share or 0 for group in told.groups) == pytest.approx(1)


def test_a_brand_counts_once_and_groups_where_goods_have_none(store: Store, reader: BookReader) -> None:
    fill(store, [Order(name, ON - timedelta(days=9), 1_500_000) for name in ("同牌", "分组")])
    lines(store, 0, "a", "b", "c")
    lines(store, 1, "d", "e")
    goods = [
        *({"product_id": one, "brand": " 暖屿 "} for one in "abc"),
        {"product_id": "d", "groups": ["围巾", "冬"]},
        {"product_id": "e", "groups": ["帽子"]},
    ]
    put = EventRow("catalogue.put", begin_of(ON), "host", json.dumps({"products": goods}).encode())
    store.commit(Write(store.last_seq(), events=[put]))
    _, rows = asked(reader)
    assert (rows[pid("同牌")].groups, rows[pid("同牌")].group) == (1, "potential")
    assert (rows[pid("分组")].groups, rows[pid("分组")].group) == (3, "high")


def test_who_is_heard_three_times_in_seven_days_is_no_newcomer(
    store: Store, reader: BookReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(
        store,
        [Order("说", date(2026, 1, 1), 1_000), Order("买", ON, 1_000), Order("早说", date(2026, 1, 1), 900)],
    )
    say(store, "早说", 9, ON - timedelta(days=7))
    say(store, "说", 3, ON - timedelta(days=6))
    say(store, "买", 2, ON)
    say(store, "说", 5, ON + timedelta(days=1))
    told, rows = asked(reader)
    assert [rows[pid(name)].interactions for name in ("说", "买", "早说")] == [3, 3, 0]
    assert [rows[pid(name)].group for name in ("说", "买", "早说")] == ["potential", "potential", "new"]
    assert not told.partly
    monkeypatch.setattr(tiers, "HEARD_MOST", 2)
    fill(store, [Order("新人", ON, 100)], begin=9)
    opened = EventRow("broadcast.opened", begin_of(ON + timedelta(days=2)), "host", b"{}")
    store.commit(Write(store.last_seq(), events=[opened]))
    told, rows = asked(reader)
    assert told.partly, "more was said than was looked through, and that is said"
    assert rows[pid("说")].interactions == 0
