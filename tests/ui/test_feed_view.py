"""The painted feed: nothing moves under the eye, outside text is only text, keys do what they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from liveconsole.views.feed import Feed
from tests.ui.committed import NOW, busy, comment, event, order
from tests.ui.rooms import sample_state
from tests.ui.sections import show
from ui.panels.feed import FeedPanel
from ui.panels.feed.words import because

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def panel(qtbot) -> FeedPanel:  # type: ignore[no-untyped-def]
    made = FeedPanel(Feed(200))
    qtbot.addWidget(made)
    made.resize(400, 640)
    show(made, sample_state())
    made.show()
    return made


def _unlike(first: int, count: int) -> list[dict]:  # type: ignore[type-arg]
    return [comment(n, f"第 {n} 条") for n in range(first, first + count)]


def _seen(panel: FeedPanel) -> list[str]:
    return [row.text for row in panel.view.visible()]


def _wheel(panel: FeedPanel, notches: int, *, times: int = 1) -> None:
    where = QPointF(50, 50)
    view = panel.view
    for _ in range(times):
        moved = QWheelEvent(
            where, view.mapToGlobal(where), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), moved)


def test_it_follows_the_newest(panel: FeedPanel) -> None:
    panel.take(_unlike(0, 100))
    assert _seen(panel)[-1] == "第 99 条"
    panel.take(_unlike(100, 5))
    assert _seen(panel)[-1] == "第 104 条"
    assert not panel.view.is_paused


def test_scrolled_back_nothing_moves_whatever_comes(panel: FeedPanel) -> None:
    panel.take(_unlike(0, 150))
    _wheel(panel, 2)
    before = _seen(panel)
    picture = panel.view.viewport().grab().toImage()
    assert before[-1] == "第 143 条"
    panel.take(_unlike(150, 37))
    assert _seen(panel) == before
    assert panel.view.viewport().grab().toImage() == picture
    assert panel.foot.resume.face == "已暂停 · 新消息 37 条"
    panel.take(_unlike(187, 1000))  # the ring has let go of what is seen
    assert panel.feed.first > 150
    assert _seen(panel) == before
    assert panel.view.viewport().grab().toImage() == picture
    assert panel.view.unseen == 1037


def test_end_and_the_band_follow_again(panel: FeedPanel) -> None:
    panel.take(_unlike(0, 150))
    ways: tuple[Callable[[], object], ...] = (
        lambda: QTest.keyClick(panel.view, Qt.Key.Key_End),
        lambda: panel.foot.resume.click(),
        lambda: _wheel(panel, -1, times=60),
    )
    for resume in ways:
        QTest.keyClick(panel.view, Qt.Key.Key_PageUp)
        paused = panel.view.is_paused
        resume()
        assert (paused, panel.view.is_paused) == (True, False)
        assert _seen(panel)[-1] == "第 149 条"


def test_keys_of_the_feed_move_by_rows_and_pages(panel: FeedPanel) -> None:
    panel.take(_unlike(0, 150))
    QTest.keyClick(panel.view, Qt.Key.Key_Up)
    assert _seen(panel)[-1] == "第 148 条"
    QTest.keyClick(panel.view, Qt.Key.Key_Home)
    assert _seen(panel)[0] == "第 0 条"
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert _seen(panel)[0] == "第 1 条"


def test_a_few_rows_need_no_scrolling(panel: FeedPanel) -> None:
    panel.take(_unlike(0, 3))
    _wheel(panel, 3)
    assert not panel.view.is_paused
    assert _seen(panel) == ["第 0 条", "第 1 条", "第 2 条"]


def test_the_foot_and_the_rows_stay_where_they_are_when_paused(panel: FeedPanel) -> None:
    panel.take(_unlike(0, 150))
    QApplication.sendPostedEvents()
    before = panel.view.geometry()
    QTest.keyClick(panel.view, Qt.Key.Key_Up)
    panel.take(_unlike(150, 5))
    panel.tick(NOW)
    QApplication.sendPostedEvents()
    assert panel.view.geometry() == before


def test_a_filter_shows_its_rows_in_order(panel: FeedPanel) -> None:
    panel.take(
        [comment(1, "有黑色吗"), order(2, "o1", "scarf", 9900), comment(3, "好看"), comment(4, "会起球吗")]
    )
    panel.choose("question")
    assert _seen(panel) == ["有黑色吗", "会起球吗"]
    panel.choose("order")
    assert panel.view.sentences()[0].endswith("3 号 +1 单")
    panel.choose("all")
    assert len(_seen(panel)) == 4
    panel._topics["quality"].click()
    assert _seen(panel) == ["会起球吗"]
    panel._topics["quality"].click()
    assert len(_seen(panel)) == 4


def test_rows_read_as_sentences(panel: FeedPanel) -> None:
    viewer = {"viewer": {"id": "p1", "name": "糖糖"}}
    panel.take(
        [
            order(1, "o1", "scarf", 9900),
            order(2, "o2", "coat", 128000),
            event(3, "order.paid", {"order_id": "o1", "paid_fen": 9900}),
            event(4, "order.refunded", {"order_id": "o1", "refund_fen": 9900}),
            event(5, "viewer.entered", viewer),
            event(6, "viewer.entered", viewer),
            event(7, "gift.sent", viewer | {"gift": "小心心", "count": 3, "value_fen": 30}),
            event(8, "cue.ended", {"cue_id": "c-sale", "because": "sold_out"}),
            event(9, "cue.unknown", {"cue_id": "c-coupon"}),
            comment(10, "好看", name=""),
            comment(11, "好看"),
        ]
    )
    said = [line.split(" ", 1)[1] for line in panel.view.sentences()]
    assert said == [
        "3 号 +1 单",
        "1 号 下单 ¥1,280.00 · 大额",
        "3 号 已付款 1 单",
        "3 号 退款 1 单",
        "糖糖 等 2 人来了",
        "糖糖 送出 小心心 ×3",
        "秒杀 3 号 结束 · 售罄",
        "优惠券 满 199 减 20 平台没有回话",
        "用户 好看 ×2",
    ]


def test_every_way_to_end_has_words() -> None:
    codes = ("sold_out", "time_up", "stopped", "halted", "platform", "drawn")
    assert all(because(code) != code for code in codes)


def test_outside_text_is_cleaned_and_bounded(panel: FeedPanel) -> None:
    panel.take([comment(1, "<b>x</b>\u202eevil\u200b\n二", name="&A\u2066<i>"), comment(2, "长" * 500)])
    assert "&A<i> <b>x</b>evil 二" in panel.view.sentences()[0]
    panel.view.viewport().grab()
    (long,) = (text for text in panel.view.painted() if text.text.startswith("长"))
    assert (long.full, long.tip.count("长")) == (False, 500)
    assert long.rect.height() == 3 * panel.view.paints.sizes.line


def test_questions_and_orders_are_tinted(panel: FeedPanel) -> None:
    panel.take([comment(1, "好看"), comment(2, "有黑色吗"), order(3, "o1", "scarf", 9900)])
    picture = panel.view.viewport().grab().toImage()
    high = panel.view.row_height
    grounds = [picture.pixelColor(3, high * row + high // 2).name() for row in range(3)]
    assert len(set(grounds)) == 3


def test_repeats_count_up_without_moving_text(panel: FeedPanel) -> None:
    panel.take([comment(n, f"第 {n} 条") for n in range(3)])
    high = panel.view.row_height
    before = panel.view.viewport().grab().toImage()
    panel.take([comment(9, "第 1 条")])
    after = panel.view.viewport().grab().toImage()
    edge = panel.view.viewport().width() - 80
    assert before != after
    assert before.copy(0, 0, edge, 3 * high) == after.copy(0, 0, edge, 3 * high)


def test_the_second_tells_rate_people_and_topics(panel: FeedPanel) -> None:
    panel.take(list(busy(480)))
    panel.tick(NOW)
    assert panel.note.text().endswith("条/秒 · 重复已合并")
    assert int(panel.meter.people.text()) > 0
    assert panel._topics["size"].accessibleDescription() != "0"
    assert panel.view.viewport().accessibleDescription().count("\n") >= 5


def test_before_anything_came_it_says_so(panel: FeedPanel) -> None:
    assert panel._stack.currentIndex() == 0
    assert "还没有评论" in panel._empty.accessibleName()
    panel.take(_unlike(0, 1))
    assert panel._stack.currentIndex() == 1
