"""A viewer's card at the desk: asked for by V or the right mouse key; somebody is forgotten from there."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from liveconsole.messages.fields import FORGOTTEN
from liveconsole.messages.viewer_card import CardOrder, ViewerCard
from tests.ui.committed import event as committed
from tests.ui.fake_bus import until
from tests.ui.rooms import rundown_state
from tests.ui.test_desk import sit
from ui.panels.feed.person import ViewerSheet, _order

__all__ = ["sit"]

CARD = {
    "viewer_id": "u1",
    "name": "<b>小明</b>",
    "placed": 3,
    "paid": 2,
    "paid_fen": 9_800,
    "refund_fen": 0,
    "orders": [{"order_id": "o1", "total_fen": 4_900, "placed_at": None, "status": "paid", "broadcast": 1}],
    "comments": [{"seq": 7, "text": "多少钱"}],
}


def said(seq: int, viewer: dict[str, str], text: str) -> dict[str, Any]:
    return committed(seq, "comment.posted", {"viewer": viewer, "text": text})


async def opened(at: Any) -> ViewerSheet:
    """The card of who spoke last, by V on the row in the frame."""
    view = at.desk.feed.view
    at.bus.cards["u1"] = CARD
    at.bus.say(said(101, {"id": "u1", "name": "<b>小明</b>"}, "多少钱"))
    await until(lambda: len(at.desk.feed.feed) == 1)
    view.choose(-1)
    QTest.keyClick(view, Qt.Key.Key_V)
    sheet = at.desk.side.sheet
    assert isinstance(sheet, ViewerSheet)
    await until(lambda: "3" in sheet.sums.text())
    return sheet


async def test_the_card_says_what_the_room_knows_as_letters_only(sit: Any) -> None:
    at = await sit(rundown_state(), "assistant")
    sheet = await opened(at)
    assert sheet.title.text() == "<b>小明</b>"
    assert "98" in sheet.sums.text()
    assert "多少钱" in sheet.lately.text()
    assert not sheet.forget.isVisible(), "only the host forgets"


async def test_bags_and_marks_and_orders_stand_on_it(sit: Any) -> None:
    at = await sit(rundown_state(), "host")
    sheet = await opened(at)
    assert sheet.orders.text() == "—  o1 · ¥49.00 · 已付"
    assert not sheet.bags.isVisible()
    assert not sheet.marks.isVisible()
    bags = [
        {"cue_id": "b1", "prize": "<i>贝雷帽", "place": "won", "at": "2026-11-24T12:00:00Z"},
        {"cue_id": "b2", "prize": "围巾", "place": "kept_out", "at": None},
    ]
    sheet.show_card(msgspec.convert(CARD | {"bags": bags, "marks": ["name_only", "won"]}, ViewerCard))
    won, kept_out = sheet.bags.text().split("\n")
    assert won.endswith("<i>贝雷帽 · 中奖，还没领")
    assert kept_out == "待上  围巾 · 不参加"
    assert sheet.marks.text() == "只有名字，没有编号 · 最近中过奖"


async def test_a_plain_click_on_the_name_opens_it_and_esc_closes_it(sit: Any) -> None:
    at = await sit(rundown_state(), "assistant")
    view = at.desk.feed.view
    at.bus.cards["u1"] = CARD
    at.bus.say(said(101, {"id": "u1", "name": "小明"}, "多少钱"))
    await until(lambda: len(at.desk.feed.feed) == 1)
    (name,) = (text.rect for text in view.painted() if text.text == "小明")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=name.center())
    sheet = at.desk.side.sheet
    assert isinstance(sheet, ViewerSheet)
    await until(lambda: "98" in sheet.sums.text())
    at.press(Qt.Key.Key_Escape)
    assert at.desk.side.sheet is None


def test_a_paid_order_shows_what_was_paid_where_nobody_told_of_its_placing() -> None:
    told = {"order_id": "o1", "status": "paid", "total_fen": 0, "placed_at": None, "broadcast": 1}
    assert "¥49.00 · 已付" in _order(msgspec.convert(told | {"paid_fen": 4_900}, CardOrder))
    placed = told | {"status": "placed", "total_fen": 4_900}
    assert "¥49.00 · 未付" in _order(msgspec.convert(placed, CardOrder))


async def test_orders_that_nobody_reports_are_a_dash_with_its_reason(sit: Any) -> None:
    at = await sit(rundown_state(), "host")
    sheet = await opened(at)
    unknown = CARD | dict.fromkeys(("placed", "paid", "paid_fen", "refund_fen")) | {"orders": []}
    sheet.show_card(msgspec.convert(unknown, ViewerCard))
    assert sheet.sums.text() == "订单 — · 没有来源报订单"


async def test_the_host_forgets_with_two_presses_and_the_feed_begins_anew(sit: Any) -> None:
    at = await sit(rundown_state(), "host")
    sheet = await opened(at)
    sheet.forget.click()
    assert at.bus.asked == []
    assert sheet.sure.isVisible()
    assert "备份" in sheet.said.text()
    sheet.no.click()
    assert not sheet.sure.isVisible()
    sheet.forget.click()
    sheet.yes.click()
    assert await at.asked() == [("viewer.forget", {"viewer_id": "u1"})]
    await until(lambda: at.desk.side.sheet is None)

    gone = {"id": FORGOTTEN, "name": FORGOTTEN}
    at.bus.say(committed(102, "viewer.forgotten", {"viewer_id": FORGOTTEN, "name": FORGOTTEN}))
    await until(lambda: len(at.bus.after) == 2)
    at.bus.say(
        said(101, gone, "多少钱"),
        committed(102, "viewer.forgotten", {"viewer_id": FORGOTTEN}),
        said(103, gone, "在"),
    )
    await until(lambda: len(at.desk.feed.feed) == 2)
    assert "小明" not in "".join(at.desk.feed.view.sentences())
    assert "已忘记的人" in at.desk.feed.view.sentences()[0]
    assert len(at.bus.after) == 2, "it begins anew once"


async def test_by_the_right_mouse_key_and_not_for_somebody_forgotten(sit: Any) -> None:
    at = await sit(rundown_state(), "operator")
    sheet = await opened(at)
    sheet.close_sheet()
    view = at.desk.feed.view
    top = view._placed_rows()[0].top
    where = view.viewport().rect().topLeft()
    where.setY(top + 2)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, view.mapToGlobal(where))
    QApplication.sendEvent(view.viewport(), asked)
    assert isinstance(at.desk.side.sheet, ViewerSheet)
    at.desk.side.close_sheet()
    at.bus.say(said(110, {"id": FORGOTTEN, "name": FORGOTTEN}, "x"))
    await until(lambda: len(at.desk.feed.feed) == 2)
    view.set_filter("all")
    view.choose(-1)
    QTest.keyClick(view, Qt.Key.Key_V)
    assert at.desk.side.sheet is None
