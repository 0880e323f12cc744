"""定点 on the desk: calm while it is kept, a card with keys when it slips, gone once a way is taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from liveconsole.intake.moments import moment_of
from liveconsole.messages.rights import may
from tests.ui.committed import NOW
from tests.ui.rooms import Evening, planned
from tests.ui.sections import show
from tests.ui.test_rundown import AnsweringSeat
from ui.panels.rundown import RundownPanel
from ui.panels.rundown.sheet import SegmentSheet
from ui.seat.room import RoomView

ALT = Qt.KeyboardModifier.AltModifier


def slipping(minutes: float = 9) -> Evening:
    """The sixth segment must begin so many minutes from now; 1:39, six and eight minutes come before it."""
    at = planned()
    soon = (at.now + timedelta(minutes=minutes)).isoformat()
    at.ok("rundown.put", {"segments": [
        {"segment_id": "s6", "anchor_at": soon},
        {"segment_id": "s5", "least_minutes": 1},
        {"segment_id": "s4", "tag": "proof", "cues": []},
    ]})  # fmt: skip
    return at


@pytest.fixture
def panel(dressed: QApplication, qtbot: Any) -> RundownPanel:
    made = RundownPanel()
    qtbot.addWidget(made)
    made.resize(380, 760)
    show(made, slipping().shown())
    made.show()
    return made


def taken(panel: RundownPanel) -> list[tuple[str, str, list[str]]]:
    found: list[tuple[str, str, list[str]]] = []
    panel.keep_asked.connect(lambda *asked: found.append(asked))
    return found


def test_the_card_says_how_late_and_what_each_way_costs(panel: RundownPanel) -> None:
    card = panel.anchor
    assert card.isVisible()
    assert card.words.text().startswith("定点 ")
    assert card.words.text().endswith("要晚 6:39")
    said = [(key.words.text(), key.costs.text()) for key in card.keys if key.isVisible()]
    at = (NOW + timedelta(minutes=9)).astimezone().strftime("%H:%M")
    title = "亲肤保暖内衣套装"
    assert said[0] == (f"缩短 {title}", f"{at} 开始 · 少 6:39")
    assert [words for words, _ in said[1:]] == [f"跳过 {title}", f"和 {title} 对调"]
    assert said[1][1].endswith(f"不讲 {title} · 优惠券 不上")
    assert said[2][1].endswith("福袋、优惠券 换时间")


def test_a_key_asks_for_its_way_as_it_was_shown(panel: RundownPanel) -> None:
    found = taken(panel)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_1, ALT)
    QTest.mouseClick(panel.anchor.keys[1], Qt.MouseButton.LeftButton)
    first, second = panel.anchor.face.ways[:2]
    assert found == [
        ("s6", first.way, list(first.segment_ids)),
        ("s6", second.way, list(second.segment_ids)),
    ]


def test_it_is_gone_once_a_way_was_taken_and_the_line_says_the_moment(
    dressed: QApplication, qtbot: Any
) -> None:
    at = slipping()
    panel = RundownPanel()
    qtbot.addWidget(panel)
    show(panel, at.shown())
    line = next(row for row in panel.model.rows if row.segment_id == "s6")
    assert (line.anchored, line.slips) == ((NOW + timedelta(minutes=9)).astimezone().strftime("%H:%M"), True)
    way = panel.anchor.face.ways[0]
    at.ok("rundown.keep", {"segment_id": "s6", "way": way.way, "expect": list(way.segment_ids)})
    show(panel, at.shown())
    assert panel.anchor.isHidden()
    assert not next(row for row in panel.model.rows if row.segment_id == "s6").slips


def test_what_is_skipped_tonight_says_so(dressed: QApplication, qtbot: Any) -> None:
    at = slipping()
    at.ok("rundown.keep", {"segment_id": "s6", "way": "skip"})
    panel = RundownPanel()
    qtbot.addWidget(panel)
    show(panel, at.shown())
    skipped = [row.marks() for row in panel.model.rows if row.skip]
    assert skipped == [[("今晚跳过", "fg1")]]


def test_where_nothing_would_keep_it_the_card_says_why(dressed: QApplication, qtbot: Any) -> None:
    at = slipping()
    for product_id in ("gloves", "thermal"):
        at.ok("pledge.put", {"text": "一定讲", "product_id": product_id})
    at.ok("rundown.put", {"segments": [{"segment_id": "s5", "least_minutes": None}]})
    at.ok(
        "rundown.put",
        {"segments": [{"segment_id": "s6", "anchor_at": (at.now + timedelta(seconds=30)).isoformat()}]},
    )
    panel = RundownPanel()
    qtbot.addWidget(panel)
    show(panel, at.shown())
    assert panel.anchor.face.ways == ()
    assert panel.anchor.why.text().startswith("前面几段都不能再短")


def test_nothing_stands_there_while_it_is_kept(dressed: QApplication, qtbot: Any) -> None:
    panel = RundownPanel()
    qtbot.addWidget(panel)
    show(panel, slipping(minutes=20).shown())
    assert panel.anchor.isHidden()
    assert any(row.anchored for row in panel.model.rows)


def test_a_seat_that_may_not_has_no_key(panel: RundownPanel) -> None:
    found = taken(panel)
    panel.set_allowed({name for name in ("go.next",) if may("viewer", name)})
    QTest.keyClick(panel.list, Qt.Key.Key_1, ALT)
    assert found == []
    assert not any(key.isEnabled() for key in panel.anchor.keys)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("20:12", (20, 12, 0)),
        ("8:05:30", (8, 5, 30)),
        ("20：12", (20, 12, 0)),
        ("20点12分", (20, 12, 0)),
        ("9点", (9, 0, 0)),
    ],
)
def test_a_moment_is_the_next_time_the_clock_shows_it(typed: str, said: tuple[int, int, int]) -> None:
    at = moment_of(typed, NOW)
    assert at is not None
    here = at.astimezone()
    assert (here.hour, here.minute, here.second) == said
    assert timedelta(0) < at - NOW <= timedelta(days=1)


@pytest.mark.parametrize("typed", ["25:00", "20:60", "八点", "20", "20-12"])
def test_what_is_no_time_of_day_is_none(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        moment_of(typed, NOW)


def test_a_segment_is_given_its_moment_and_its_least_length(dressed: QApplication, qtbot: Any) -> None:
    seat: Any = AnsweringSeat()
    sheet = SegmentSheet(seat, "s6", RoomView(slipping().shown()))
    qtbot.addWidget(sheet)
    kept = sheet.segment()["anchor_at"]
    assert kept == (NOW + timedelta(minutes=9)).isoformat()
    sheet.anchor.setText("不知道")
    sheet.submit()
    assert (seat.asked, sheet.anchor_field.answered) == ([], "这不是几点几分")
    sheet.anchor.setText("")
    sheet.least.setValue(3)
    sheet.submit()
    ((_, data),) = seat.asked
    assert (data["segments"][0]["anchor_at"], data["segments"][0]["least_minutes"]) == (None, 3.0)


def test_several_together_say_what_is_skipped_cut_and_exchanged(panel: RundownPanel) -> None:
    at = slipping(1)
    current = at.shown().rundown.current
    at.ok("rundown.put", {"segments": [
        {"segment_id": current, "least_minutes": 0}, {"segment_id": "s4", "least_minutes": 1},
    ]})  # fmt: skip
    show(panel, at.shown())
    card = panel.anchor
    (way,) = card.face.ways
    assert way.way == "combine"
    assert card.keys[0].words.text() == way.words
    assert way.words.count("，") == way.words.count("跳过") + way.words.count("缩短") - 1
