"""The feed's extras: answered groups, badges, unpaid with their time, search, signs and sounds."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.messages.state import CatalogueState
from liveconsole.views.feed import Feed
from tests.ui.committed import NOW, comment, event, order, wire
from tests.ui.fake_bus import until
from tests.ui.rooms import sample_state
from tests.ui.sections import show
from ui import preferences
from ui.panels.feed import FeedPanel
from ui.panels.feed.words import minutes

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def panel(qtbot: Any) -> FeedPanel:
    made = FeedPanel()
    qtbot.addWidget(made)
    made.resize(420, 700)
    show(made, sample_state())
    made.show()
    return made


def _lines(panel: FeedPanel) -> list[str]:
    return [line.split(" ", 1)[1] for line in panel.view.sentences()]


def _seen(panel: FeedPanel) -> list[str]:
    return [row.text for row in panel.view.visible()]


def test_a_group_is_answered_and_counts_from_then_on(panel: FeedPanel) -> None:
    panel.take([comment(1, "多少钱"), comment(2, "什么价"), comment(3, "好看")])
    panel.tick(NOW)
    chip = panel._topics["price"]
    assert chip.accessibleDescription() == "2"
    assert panel.answer.isHidden()
    chip.click()
    assert _seen(panel) == ["多少钱", "什么价"]
    QTest.keyClick(panel.view, Qt.Key.Key_A)
    assert (chip.accessibleDescription(), chip.isChecked(), panel.answer.isHidden()) == ("✓", False, True)
    assert "回答过，之后又问了 0 条" in chip.toolTip()
    assert len(_seen(panel)) == 3
    assert "价格" in panel.foot.status.text()
    panel.take([comment(4, "到手价呢")])
    panel.tick(NOW)
    assert chip.accessibleDescription() == "1"
    assert "之后又问了 1 条" in chip.toolTip()
    assert panel._topics["size"].accessibleDescription() == "0", "nobody asked, nobody answered"


def test_other_goods_bring_other_groups_and_no_window(panel: FeedPanel) -> None:
    """A window of its own, if only for a moment, took the keyboard away from whoever was typing."""
    shown: list[QWidget] = []

    class Windows(QObject):
        def eventFilter(self, one: QObject, happened: QEvent) -> bool:
            if happened.type() == QEvent.Type.Show and isinstance(one, QWidget) and one.isWindow():
                shown.append(one)
            return False

    app = QApplication.instance()
    assert app is not None
    windows = Windows()
    app.installEventFilter(windows)
    before = panel.topics
    try:
        room = sample_state()
        foods = [structs.replace(p, title="山东红富士苹果 5 斤装") for p in room.catalogue.products]
        show(panel, structs.replace(room, catalogue=CatalogueState(foods)))
    finally:
        app.removeEventFilter(windows)
    assert panel.topics is not before, "food is asked about otherwise"
    assert panel.topics.isVisible()
    assert not shown


def test_the_answered_key_does_nothing_without_a_group(panel: FeedPanel) -> None:
    panel.take([comment(1, "多少钱")])
    panel.tick(NOW)
    QTest.keyClick(panel.view, Qt.Key.Key_A)
    assert panel._topics["price"].accessibleDescription() == "1"


def test_buyers_first_timers_and_lures_carry_their_word(panel: FeedPanel) -> None:
    bought = order(2, "o1", "scarf", 9900)
    bought["data"]["buyer"] = {"id": "p-糖糖", "name": "糖糖"}
    panel.take(
        [
            event(1, "broadcast.opened", {"title": ""}),
            bought,
            comment(3, "好看", name="糖糖"),
            comment(4, "新来", name="小红"),
            comment(5, "加v❤看主页", name="小红"),
        ]
    )
    assert _lines(panel)[1:] == [
        "糖糖 3 号 +1 单",
        "糖糖 买过 好看",
        "小红 首次 新来",
        "小红 〔已拦截：站外引流〕",
    ]
    panel.choose("marked")
    assert _lines(panel) == ["小红 〔站外引流〕 加v❤看主页"], "whoever looks for such is shown it"


def test_unpaid_orders_say_how_long_they_are_held_or_have_waited(panel: FeedPanel) -> None:
    granted = order(1, "a", "scarf", 9900) | {"type": "order.granted"}
    granted["data"]["hold_until"] = wire(NOW + timedelta(seconds=271))
    panel.take([granted, order(2, "b", "beret", 6900, at=NOW - timedelta(minutes=12))])
    panel.tick(NOW)
    panel.choose("unpaid")
    assert _lines(panel) == ["3 号 ¥99.00 未付 剩 4:31", "6 号 ¥69.00 未付 等 12:00"]
    assert panel.foot.status.text() == "未付 2 单 · ¥168.00 · 最早 4:31 后释放"
    panel.take([event(3, "order.paid", {"order_id": "a", "paid_fen": 9900})])
    panel.tick(NOW + timedelta(seconds=60))
    assert _lines(panel) == ["6 号 ¥69.00 未付 等 13:00"]
    panel.view.viewport().grab()
    panel.take([event(4, "order.lapsed", {"order_id": "b"})])
    panel.tick(NOW + timedelta(seconds=61))
    assert panel._stack.currentWidget() is panel._nothing


def test_time_is_said_in_minutes() -> None:
    assert [minutes(s) for s in (-3, 0, 59.9, 60, 3599, 3600, 4000)] == [
        "0:00", "0:00", "0:59", "1:00", "59:59", "1:00:00", "1:06:40",
    ]  # fmt: skip


def test_search_filters_at_once_and_escape_ends_it(panel: FeedPanel) -> None:
    panel.take(
        [comment(1, "驼色好看"), comment(2, "起球吗"), comment(3, "ok", name="小驼"), comment(4, "驼")]
    )
    panel.look_for()
    line = panel.search._line
    line.insert("驼")
    assert _seen(panel) == ["驼色好看", "ok", "驼"]
    panel.take([comment(5, "驼峰"), comment(6, "别的")])
    assert _seen(panel) == ["驼色好看", "ok", "驼", "驼峰"]
    line.setText("没有这个词")
    assert panel._stack.currentWidget() is panel._nothing
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert panel.search.isHidden()
    assert len(_seen(panel)) == 6


class Log:
    """Pages of a log, newest first; each waits to be let go."""

    def __init__(self, pages: list[dict[str, Any] | None]) -> None:
        self.pages, self.asked = pages, []  # type: ignore[var-annotated]
        self.go = asyncio.Semaphore(0)

    async def search(self, words: str, before: int) -> dict[str, Any] | None:
        self.asked.append((words, before))
        await self.go.acquire()
        return self.pages.pop(0)


def _page(before: int, *seqs: int) -> dict[str, Any]:
    return {"events": [comment(n, f"驼 {n}") for n in seqs], "before": before, "at": wire(NOW)}


async def test_the_whole_broadcast_is_searched_in_the_background(panel: FeedPanel) -> None:
    log = Log([_page(80, 90, 95), _page(40), _page(1, 3, 7)])
    panel.search_with(log.search)
    panel.take([comment(99, "驼色"), comment(100, "别的")])
    panel.look_for()
    panel.search._line.insert("驼")
    QTest.keyClick(panel.search._line, Qt.Key.Key_Return)
    await until(lambda: log.asked == [("驼", 0)])
    log.go.release()
    await until(lambda: len(log.asked) == 2)
    assert _seen(panel) == ["驼 90", "驼 95"]
    assert "已找到 2 条" in panel.foot.status.text()
    panel.take([comment(101, "驼 101")])  # what comes meanwhile does not disturb what was found
    assert _seen(panel) == ["驼 90", "驼 95"]
    log.go.release()
    log.go.release()
    await until(lambda: "共 4 条" in panel.foot.status.text())
    assert log.asked == [("驼", 0), ("驼", 80), ("驼", 40)]
    assert _seen(panel) == ["驼 3", "驼 7", "驼 90", "驼 95"]
    panel.search.leave()
    assert _seen(panel) == ["驼色", "别的", "驼 101"]


async def test_a_search_that_loses_the_engine_says_so_and_one_that_is_left_stops(panel: FeedPanel) -> None:
    log = Log([_page(80, 90), None, _page(1, 5)])
    panel.search_with(log.search)
    panel._search_all("驼")
    log.go.release()
    log.go.release()
    await until(lambda: "中断，已找到 1 条" in panel.foot.status.text())
    panel._search_all("驼")
    await until(lambda: len(log.asked) == 3)
    panel.choose("question")
    log.go.release()
    await asyncio.sleep(0)
    assert panel.shown.search is None
    assert _seen(panel) == []


def test_highlights_ring_once_and_not_for_what_is_old(
    panel: FeedPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(preferences.current().sounds, "play", rung.append)
    panel.take([comment(1, "付不了款", at=NOW - timedelta(minutes=5))])
    panel.tick(NOW)
    assert rung == []
    panel.take([comment(2, "下不了单")])
    panel.tick(NOW)
    panel.tick(NOW + timedelta(seconds=1))
    assert rung == ["alert"]


def test_rising_refunds_are_said_and_rung_once(panel: FeedPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(preferences.current().sounds, "play", rung.append)
    panel.take([comment(1, "开始", at=NOW - timedelta(minutes=40))])
    panel.tick(NOW)
    assert panel._sounds.refunds.isHidden()
    panel.take([event(n, "order.refunded", {"order_id": f"o{n}", "refund_fen": 1}) for n in range(2, 6)])
    panel.tick(NOW)
    panel.tick(NOW + timedelta(seconds=1))
    assert panel._sounds.refunds.text() == "退款变多 4"
    assert "近 10 分钟退款 4 单" in panel._sounds.refunds.accessibleDescription()
    assert rung == ["alert"]
    panel.tick(NOW + timedelta(minutes=20))
    assert panel._sounds.refunds.isHidden()


def _click(panel: FeedPanel, row: int, kind: QMouseEvent.Type) -> None:
    view = panel.view
    at = QPointF(80, row * view.row_height + view.row_height / 2)
    left = Qt.MouseButton.LeftButton
    pressed = QMouseEvent(kind, at, view.mapToGlobal(at), left, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), pressed)


def test_a_comment_is_picked_by_key_or_double_click_and_says_so(panel: FeedPanel) -> None:
    picked: list[tuple[str, int]] = []
    panel.view.picked.connect(lambda text, count: picked.append((text, count)))
    panel.take([comment(1, "起球吗"), comment(2, "起球吗"), comment(3, "好看"), order(4, "o", "scarf", 1)])
    QTest.keyClick(panel.view, Qt.Key.Key_P)
    assert picked == [("起球吗", 2)]
    _click(panel, 1, QMouseEvent.Type.MouseButtonPress)
    panel.take([comment(9, "后来的")])  # the frame stays with its row
    _click(panel, 3, QMouseEvent.Type.MouseButtonDblClick)
    assert picked[1:] == [("好看", 1)]
    assert _lines(panel)[:2] == ["糖糖 已选 起球吗 ×2", "糖糖 已选 好看"]
    _click(panel, 2, QMouseEvent.Type.MouseButtonPress)
    QTest.keyClick(panel.view, Qt.Key.Key_P)
    assert len(picked) == 2  # an order is no question


def test_the_frame_moves_by_key_and_reaches_every_row(panel: FeedPanel) -> None:
    panel.take([comment(n, f"第 {n} 条") for n in range(60)])

    def step(key: Qt.Key) -> None:
        QTest.keyClick(panel.view, key, Qt.KeyboardModifier.ShiftModifier)

    def chosen() -> str:
        assert panel.view.chosen is not None
        return panel.view.chosen.text

    step(Qt.Key.Key_Up)
    assert panel.view.is_paused
    assert chosen() == "第 59 条"
    for n in range(58, -1, -1):
        step(Qt.Key.Key_Up)
        assert chosen() == f"第 {n} 条"
        assert panel.view.chosen in panel.view.visible()
    step(Qt.Key.Key_Up)
    step(Qt.Key.Key_Down)
    assert chosen() == "第 1 条"


def test_own_lists_are_read_and_a_broken_one_is_told(qtbot: Any, tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_text(
        "[[group]]\nid = 'gift'\nzh = '<b>赠品'\nwords = ['赠品']", "utf-8"
    )
    (tmp_path / "highlights.toml").write_text("rule = 3", "utf-8")
    before = preferences.current()
    try:
        preferences.use(preferences.Preferences(tmp_path))
        panel = FeedPanel()
        qtbot.addWidget(panel)
    finally:
        preferences.use(before)
    assert list(panel._topics) == ["gift"]
    assert panel._topics["gift"].accessibleName() == "<b>赠品"
    assert panel._notice.said.startswith("highlights.toml 用不了")
    panel.take([comment(1, "赠品拍不了")])
    row = panel.feed.row(0)
    assert (row.topic, row.mark) == ("gift", "wrong")


async def test_an_edited_list_counts_when_somebody_comes_back_to_the_desk(qtbot: Any, tmp_path: Path) -> None:
    kept = preferences.current()
    preferences.use(preferences.Preferences(tmp_path))
    try:
        panel = FeedPanel()
    finally:
        preferences.use(kept)
    qtbot.addWidget(panel)
    panel.resize(420, 700)
    show(panel, sample_state())
    panel.show()
    panel.take([comment(1, "多少钱"), comment(2, "有小样吗")])
    panel.tick(NOW)
    panel._topics["price"].click()
    assert _seen(panel) == ["多少钱"]
    own = tmp_path / "questions.toml"
    own.write_text('[[group]]\nid = "gift"\nzh = "<b>小样</b>"\nwords = ["小样"]\n', "utf-8")

    def comes_back() -> None:
        panel.activateWindow()
        QCoreApplication.sendEvent(panel, QEvent(QEvent.Type.ActivationChange))

    comes_back()
    await until(lambda: list(panel._topics) == ["gift"])
    assert len(_seen(panel)) == 2, "the group that was chosen is gone: everything is shown"
    panel._topics["gift"].click()
    assert _seen(panel) == ["有小样吗"], "what was said before is looked at anew"
    panel.take([comment(3, "小样还有没有")])
    panel.tick(NOW)
    assert panel._topics["gift"].accessibleDescription() == "1"
    own.write_text("[[group", "utf-8")
    comes_back()
    await until(lambda: "price" in panel._topics)
    assert "questions.toml" in panel._notice.said
    notice = panel._notice.said
    comes_back()
    await asyncio.sleep(0.1)
    assert panel._notice.said == notice, "nothing has changed since"


def test_a_click_beside_every_row_chooses_none(panel: FeedPanel) -> None:
    panel.take([comment(1, "一")])
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 300))
    assert panel.view.chosen is None


def test_a_feed_of_its_own_is_taken_as_it_is(qtbot: Any) -> None:
    feed = Feed(10)
    panel = FeedPanel(feed)
    qtbot.addWidget(panel)
    assert panel.feed is feed


def test_a_desk_that_came_late_tells_the_whole_broadcasts_comments(panel: FeedPanel) -> None:
    show(panel, sample_state())
    panel.take([comment(1, "来了")])
    panel.tick(NOW)
    assert panel.foot.status.text() == "实时 · 本场评论 44,147 条"
