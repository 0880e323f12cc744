"""全部订单 in the shop window: states, pages, searches, notes and tags."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from liveconsole.bus.errors import Rejected
from liveconsole.messages.cases import CaseRow
from liveconsole.messages.order_pages import ORDER_STATES, OrderBookPage
from tests.ui.fake_bus import until
from tests.ui.shop_rooms import card, orders, page, told, urgent
from tests.ui.shop_sitting import AtShop, at_shop, with_keyboard
from ui.windows.shop import reading
from ui.windows.shop.orders import placed_words

K = Qt.Key
pytestmark = pytest.mark.usefixtures("dressed")


async def test_all_orders_are_listed_by_their_states_and_searched_by_the_engine() -> None:
    async with at_shop() as at:
        at.press(K.Key_BracketLeft)  # round to the last group
        await until(lambda: [row.kind for row in at.window.reading.rows] == list(ORDER_STATES))
        assert at.window.list.order.text() == "最新在前"
        assert at.window.groups.keys["all"].shown == "108"
        shown = at.window.list._model.rows
        due = (shown[0].paid_word, shown[0].paid, shown[0].rule)
        assert due == ("应付", "¥128.00", placed_words(orders()[0], at.seat.now()))
        assert shown[1].why == "要改地址 · 先别发 · #老客"
        assert shown[7].title == "不认识的商品"
        at.press(K.Key_S)
        await until(lambda: [row.kind for row in at.window.reading.rows] == ["unpaid"])
        at.press(K.Key_U)
        assert QGuiApplication.clipboard().text() == "还有 10 单没付，最早的占着大衣"
        at.press(K.Key_S)
        await until(lambda: [row.kind for row in at.window.reading.rows] == ["to_ship"])
        assert not at.window.list.states.read_out.isVisible()
        at.window.list.states.choose("")
        at.window.list.search.setText("44003")
        at.window.list._seek()
        await until(lambda: [row.order_id for row in at.window.reading.rows] == ["44003"])
        queries = [query for name, query in at.bus.books_asked if name == "orders"]
        assert {"q": "44003", "state": "", "limit": reading.PAGE, "counts": 1} in queries


def _no_cases(query: dict[str, Any]) -> Any:
    if "case" in query:
        raise Rejected("bad_shape", "case", 400)
    return msgspec.to_builtins(page([]))


async def test_an_order_that_nobody_waits_for_shows_what_the_books_know() -> None:
    async with at_shop() as at:
        at.bus.books_told["cases"] = _no_cases
        at.press(K.Key_BracketLeft)
        await until(lambda: len(at.window.reading.rows) == len(ORDER_STATES))
        at.press(K.Key_J, K.Key_J)
        await until(lambda: at.window.card.order.way.isVisible())
        assert at.window.card.order.way.accessibleName().endswith("签收 — · 售后 无")
        assert at.window.card.order.parcel.isVisible()
        assert not at.window.card.steps.isVisible()


async def test_a_note_is_the_line_and_tags_come_and_go_by_their_names() -> None:
    async with at_shop() as at:
        at.press(K.Key_BracketLeft)
        await until(lambda: len(at.window.reading.rows) == len(ORDER_STATES))
        at.press(K.Key_J)
        await until(at.window.card.note.isVisible)
        at.press(K.Key_R)
        QTest.keyClicks(with_keyboard(at.window), "call first")
        at.press(K.Key_Return, K.Key_Escape, K.Key_R)
        await until(lambda: ("order.note", {"order_id": "44001", "text": "call first"}) in at.bus.asked)
        QTest.keyClicks(with_keyboard(at.window), "#new #new")
        at.press(K.Key_Return)
        await until(lambda: ("order.note", {"order_id": "44001", "tags": ["老客", "new"]}) in at.bus.asked)
        at.window.commands.write_note("#老客")
        await until(lambda: at.bus.asked[-1] == ("order.note", {"order_id": "44001", "tags": []}))


async def test_a_case_shows_the_note_and_the_tags_of_its_order() -> None:
    async with at_shop() as at:
        shown = replace(card(urgent()[4]), note="先别发", tags=["老客", "address"])
        at.bus.books_told["cases"] = lambda query: (
            msgspec.to_builtins(shown) if "case" in query else told(query)
        )
        await at.chosen(4)
        note = at.window.card.note
        await until(note.tags.isVisible)
        assert (note.now.text(), note.tags.text()) == ("先别发", "#老客 要改地址")
        shown = replace(shown, note="", tags=[])
        at.window.reading.card_told.emit(shown)
        assert not note.now.isVisible()
        assert not note.tags.isVisible()


async def test_an_order_of_the_list_shows_its_tags_until_its_card_is_there() -> None:
    async with at_shop() as at:
        at.bus.books_told["cases"] = _no_cases
        at.press(K.Key_BracketLeft)
        await until(lambda: len(at.window.reading.rows) == len(ORDER_STATES))
        at.press(K.Key_J)
        await until(at.window.card.note.tags.isVisible)
        assert (at.window.card.note.now.text(), at.window.card.note.tags.text()) == ("先别发", "#老客")
        at.press(K.Key_J)
        await until(lambda: not at.window.card.note.tags.isVisible())


async def test_a_search_that_walks_is_gone_on_with_until_it_ends() -> None:
    def walks(query: dict[str, Any]) -> Any:
        at_page = int(query.get("after") or 0)
        found = orders()[:1] if at_page == 4 else []
        behind = str(at_page + 1) if at_page < 5 and query.get("q") else ""
        return msgspec.to_builtins(OrderBookPage(found, behind, [], None))

    async with at_shop() as at:
        at.bus.books_told["orders"] = walks
        at.press(K.Key_BracketLeft)
        await until(lambda: at.window.list.empty.title.text() == "没有这样的订单")
        at.window.list.search.setText("rare")
        at.window.list._seek()
        assert at.window.list.empty.title.text() == "正在读…"
        await until(lambda: len(at.window.reading.rows) == 1 and at.window.reading.is_whole)
        assert at.window.list.count.text() == "找到 1 单"


async def test_a_buyer_is_looked_for_by_name_where_it_is_said_so() -> None:
    async with at_shop() as at:
        at.press(K.Key_BracketLeft)
        await until(lambda: len(at.window.reading.rows) == len(ORDER_STATES))
        at.window.list.search.setText("@林")
        at.window.list._seek()
        wanted = {"buyer": "林", "state": "", "limit": reading.PAGE, "counts": 1}
        await until(lambda: ("orders", wanted) in at.bus.books_asked)


async def _has(at: AtShop, count: int) -> None:
    await until(lambda: len(at.window.reading.rows) == count)


def _many(count: int, begin: int = 0) -> list[CaseRow]:
    return [replace(urgent()[4], case_id=f"order/{n}", order_id=str(n)) for n in range(begin, begin + count)]


async def test_pages_come_as_the_list_is_scrolled_and_nothing_moves() -> None:
    whole = _many(450)

    def pages(query: dict[str, Any]) -> Any:
        if "case" in query:
            return told(query)
        begin = int(query.get("after") or 0)
        behind = begin + query["limit"]
        found = page(whole[begin:behind], after=str(behind) if behind < len(whole) else "")
        return msgspec.to_builtins(found)

    async with at_shop() as at:
        at.bus.books_told["cases"] = pages
        at.press(K.Key_BracketRight)
        await until(lambda: len(at.window.reading.rows) == reading.PAGE)
        assert at.window.list.count.text().endswith("先列 100 单")
        bar = at.window.list.rows.verticalScrollBar()
        for want in (200, 300, 400, 450):
            bar.setValue(bar.maximum())
            stood = bar.value()
            await _has(at, want)
            assert bar.value() == stood
        assert [row.case_id for row in at.window.reading.rows] == [row.case_id for row in whole]
        at.window.reading.again()
        at.time += 5
        at.window.tick(at.seat.now())
        await until(lambda: not at.window.reading._runs)
        assert len(at.window.reading.rows) == 450


async def test_no_list_grows_beyond_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST", 150)
    async with at_shop() as at:
        at.bus.books_told["cases"] = lambda query: (
            told(query)
            if "case" in query
            else msgspec.to_builtins(page(_many(100, int(query.get("after") or 0)), after="100"))
        )
        at.press(K.Key_BracketRight)
        await until(lambda: len(at.window.reading.rows) == 100)
        for _ in range(3):
            at.window.reading.more()
            await until(lambda: not at.window.reading._more_runs)
        assert len(at.window.reading.rows) == 150
