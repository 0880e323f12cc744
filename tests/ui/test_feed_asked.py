"""The room's questions on the desk: rows with bars or chips, a press for the host, answered on every seat."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.panels.feed import FeedPanel
from ui.panels.feed.asked import ROWS, QuestionButton

TOLD = [
    {"question_id": 1, "text": "165 / 52 公斤穿什么码?", "people": 87},
    {"question_id": 2, "text": "什么时候发货?", "people": 31},
    {"question_id": 3, "text": "有没有黑色 XL?", "people": 24},
    {"question_id": 4, "text": "能和大衣一起发货吗?", "people": 15},
    {"question_id": 5, "text": "起球吗?", "people": 0, "answered": True},
    {"question_id": 6, "text": "洗了会缩水吗?", "people": 0, "answered": True},
]


@pytest.fixture
def panel(qtbot: QtBot) -> FeedPanel:
    made = FeedPanel()
    qtbot.addWidget(made)
    made.resize(384, 900)
    made.show()
    made.show_questions({"questions": TOLD, "left_out": 0})
    return made


def shown(panel: FeedPanel) -> list[QuestionButton]:
    QTest.qWait(0)
    return [button for button in panel.asked.buttons if button.isVisible()]


def test_five_rows_with_their_people_where_there_is_height(panel: FeedPanel) -> None:
    rows = shown(panel)
    assert [row.parts()[1][0] for row in rows] == ["87 人", "31 人", "24 人", "15 人", "✓ 已答"]
    assert len(rows) == ROWS
    assert [row.accessibleName() for row in rows] == [one["text"] for one in TOLD[:ROWS]]
    assert panel.topics.isVisible(), "the fixed groups are the small line under them"


def test_chips_come_first_then_one_line_without_caption_then_no_ones(panel: FeedPanel) -> None:
    """Rule 3 of the layout: each step gives its height to the rows."""
    assert shown(panel)[0].parts()[2][0] == "", "a bar"
    high = panel.view.row_height
    for rows, lines, caption, meter in ((21, 2, True, True), (16, 1, False, True), (12, 1, False, False)):
        panel.resize(338, rows * high)
        chips = shown(panel)
        assert len({chip.y() for chip in chips}) == lines, rows
        assert panel.asked._caption.isVisible() == caption
        assert panel.meter.isVisible() == meter
        assert not panel.topics.isVisible()
        assert len(chips[0].parts()) == 2, "no bar"
        edge = panel.asked._field.width()
        assert all(chip.geometry().right() < edge for chip in chips)
        assert all(chip.height() == chip.sizeHint().height() for chip in chips), "no style makes them higher"
        assert panel.asked._field.height() >= max(chip.geometry().bottom() for chip in chips)
        assert panel.asked.rest.text() == f"+{len(TOLD) - len(chips)}" or len(chips) == len(TOLD)


def test_no_part_of_a_row_covers_another(panel: FeedPanel) -> None:
    long = [{"question_id": 1, "text": "平时穿 M 的话 165 的身高 52 公斤会不会太长啊?" * 2, "people": 1_234}]
    for width in (300, 338, 384):
        for height in (900, 600):
            panel.resize(width, height)
            panel.show_questions({"questions": long})
            (only,) = shown(panel)
            boxes = [box for _, box, _ in only.parts()]
            assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])
            assert only.parts()[0][2]
            assert "会不会太长" in only.toolTip(), "what is cut has a tip"


def test_a_press_is_for_the_host_and_then_it_can_be_ticked_off(panel: FeedPanel) -> None:
    picked: list[tuple[str, int]] = []
    answered: list[dict[str, Any]] = []
    panel.view.picked.connect(lambda text, people: picked.append((text, people)))
    panel.answered.connect(answered.append)
    shown(panel)[1].click()
    assert picked == [("什么时候发货?", 31)]
    panel.answer.give()
    assert answered == [{"text": "什么时候发货?"}]
    assert not panel.answer.isVisible()
    shown(panel)[0].setFocus()
    QTest.keyClick(shown(panel)[0], Qt.Key.Key_A)
    assert answered[1:] == [{"text": "165 / 52 公斤穿什么码?"}]


def test_a_group_answered_at_one_seat_is_answered_at_all(panel: FeedPanel) -> None:
    at = "2026-11-24T12:18:00.000000Z"
    comments = [
        {
            "seq": n,
            "type": "comment.posted",
            "at": at,
            "data": {"viewer": {"id": f"p{n}", "name": ""}, "text": "多少钱"},
        }
        for n in range(1, 4)
    ]
    told = {"seq": 4, "type": "question.answered", "at": at, "data": {"text": None, "group": "price"}}
    panel.take(comments)
    assert panel.feed.counts.topics()["price"] == 3
    panel.take([told])
    assert panel.feed.counts.topics()["price"] == 0
    panel.take([{**comments[0], "seq": 5}])
    late = FeedPanel()
    late.take([{**comments[0], "seq": 5}])
    late.feed.take_earlier([*comments, told])
    assert late.feed.counts.topics()["price"] == panel.feed.counts.topics()["price"] == 1
    unaware = FeedPanel()
    unaware.take([{**comments[0], "seq": 5}])
    unaware.feed.take_earlier(comments)
    assert unaware.feed.counts.topics()["price"] == 4, "the twin: without the fact the late seat counts on"


def test_nothing_is_asked_takes_no_room(panel: FeedPanel) -> None:
    panel.show_questions({"questions": [], "left_out": 0})
    assert not panel.asked.isVisible()
    assert panel.topics.isVisible()
