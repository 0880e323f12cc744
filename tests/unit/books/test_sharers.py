"""Sharers: who brought how many and what it came to, and no buyer's name or purchase among it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.books import sharers
from liveconsole.books.answering import answer
from liveconsole.books.reading import BookReader
from liveconsole.domain.influence import SharerSums, influence
from liveconsole.messages.sharers import SharerRow, SharersPage
from liveconsole.store import open_store
from tests.unit.engine.evenings import Evenings

BUYERS = {"wx-buyer-1": "李小花", "wx-buyer-2": "王大力", "wx-buyer-3": "赵四"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Evenings]:
    evenings = Evenings(open_store(tmp_path / "data", room_id="room"))
    evenings.open()
    yield evenings
    evenings.store.close()


def _raw(evenings: Evenings, **query: str) -> bytes:
    reader = BookReader(
        evenings.store.beside(), simulated=evenings.store.meta.simulated, now=lambda: evenings.now
    )
    try:
        return answer(reader, "sharers", query)
    finally:
        reader.close()


def _rows(evenings: Evenings, **query: str) -> dict[str, SharerRow]:
    page = msgspec.json.decode(_raw(evenings, **query), type=SharersPage)
    return {row.sharer: row for row in page.rows}


def _brings(evenings: Evenings, by: str, buyer: str, cue_id: str = "c") -> None:
    viewer = {"id": buyer, "name": BUYERS[buyer]}
    evenings.fact("share.brought", cue_id=cue_id, viewer=viewer, by={"id": by, "name": f"分享员{by}"})


def _buys(evenings: Evenings, order_id: str, buyer: str, fen: int, sku_id: str = "a", **more: Any) -> None:
    lines = [{"sku_id": sku_id, "quantity": 1, "unit_price_fen": fen}]
    who = {"id": buyer, "name": BUYERS[buyer]}
    evenings.fact("order.placed", order_id=order_id, buyer=who, lines=lines, total_fen=fen, **more)
    evenings.fact("order.paid", order_id=order_id, paid_fen=fen)


def test_orders_count_after_somebody_came_and_for_the_first_who_brought_him(room: Evenings) -> None:
    _buys(room, "before", "wx-buyer-1", 5_000)
    _brings(room, "s1", "wx-buyer-1")
    _brings(room, "s2", "wx-buyer-1")
    _brings(room, "s2", "wx-buyer-2")
    _buys(room, "after", "wx-buyer-1", 10_000)
    room.fact("order.refunded", order_id="after", refund_fen=2_000)
    rows = _rows(room)
    assert (rows["s1"].visits, rows["s1"].orders, rows["s1"].amount_fen) == (1, 1, 8_000)
    assert (rows["s2"].visits, rows["s2"].orders, rows["s2"].amount_fen) == (2, 0, 0)
    assert rows["s1"].name == "分享员s1"
    assert list(rows) == ["s1", "s2"], "the strongest first"


def test_influence_is_made_of_percentiles_among_the_shops_sharers() -> None:
    best, next_, idle = influence(
        [SharerSums(900, 9, 3, 2), SharerSums(100, 10, 3, 1), SharerSums(0, 0, 0, 0)]
    )
    assert (best.amount, best.visits, best.orders, best.days) == (100.0, 66.7, 100.0, 100.0)
    assert best.score == round(0.4 * 100 + 0.3 * 200 / 3 + 0.2 * 100 + 0.1 * 100, 1)
    assert (next_.amount, next_.visits) == (66.7, 100.0)
    assert idle.score == 0.0
    assert influence([]) == []
    assert influence([SharerSums(1, 1, 1, 1)])[0].score == 100.0


def test_what_is_older_than_thirty_days_does_not_count(room: Evenings) -> None:
    _brings(room, "s1", "wx-buyer-1")
    _buys(room, "o1", "wx-buyer-1", 10_000)
    room.now += timedelta(days=31)
    assert _rows(room) == {}
    _brings(room, "s1", "wx-buyer-2", "d")
    _buys(room, "o2", "wx-buyer-1", 3_000)
    row = _rows(room)["s1"]
    assert (row.visits, row.days, row.orders, row.amount_fen) == (1, 1, 1, 3_000)


def test_goods_of_his_own_and_commission_by_the_line(room: Evenings) -> None:
    goods = [{"sku_id": "a", "price_fen": 18_000, "percent": "12.5"}]
    room.ok("sharer.put", viewer_id="s1", goods=goods)
    _brings(room, "s1", "wx-buyer-1")
    _buys(room, "o1", "wx-buyer-1", 18_001)
    row = _rows(room)["s1"]
    assert row.commission_fen == 18_001 * 125 // 1_000
    assert [(one.title, one.price_fen, one.percent) for one in row.goods] == [("羊毛衫", 18_000, "12.5")]
    _buys(room, "o2", "wx-buyer-1", 5_000, "b")
    assert _rows(room)["s1"].commission_fen is None, "nobody agreed on one for these goods: not nought"
    room.now += timedelta(days=3, minutes=1)
    assert _rows(room)["s1"].goods == []


def test_no_buyer_and_no_purchase_leaves_the_book(room: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, buyer in enumerate(BUYERS):
        _brings(room, "s1", buyer)
        _buys(room, f"order-{number}", buyer, 10_000 + number)
    with room.store._file.reading() as c:
        pids = {row[0] for row in c.exec_driver_sql("SELECT viewer FROM brought")}

    def leaks(raw: bytes) -> list[str]:
        text = json.dumps(json.loads(raw), ensure_ascii=False)
        return [word for word in (*BUYERS, *BUYERS.values(), *pids, "order-", "10001") if word in text]

    assert leaks(_raw(room)) == []
    assert leaks(_raw(room, sharer="s1")) == []
    assert set(_rows(room, sharer="s1")) == {"s1"}
    # The twin: a book that told who came would be caught.
    real = sharers._encode

    def telling(page: Any) -> bytes:
        return real({"page": page, "came": list(BUYERS.values())})

    monkeypatch.setattr(sharers, "_encode", telling)
    assert leaks(_raw(room))


def test_a_sharer_who_is_forgotten_has_no_name(room: Evenings) -> None:
    _brings(room, "s1", "wx-buyer-1")
    with room.store._file.writing() as c:
        found = room.store._file.people.one(c, "s1")
        assert found is not None
        c.exec_driver_sql("DELETE FROM person WHERE pid = ?", (found[0],))
    assert [(row.sharer, row.name) for row in _rows(room).values()] == [("forgotten", "forgotten")]
