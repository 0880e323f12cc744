"""The rundown on the desk: its lines and clock, 下一品 before and after, what a person does with a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.rights import may
from liveconsole.messages.state import State
from liveconsole.messages.verdicts import Verdict
from liveconsole.views.goods import Goods, goods_of
from liveconsole.views.rundown import Mix
from tests.ui.committed import NOW
from tests.ui.fake_bus import until
from tests.ui.rooms import Evening, by_hand, planned, rundown_state, running, sale_of
from tests.ui.sections import show
from ui.panels.rundown import RundownPanel
from ui.panels.rundown.mix import mix_advice, mix_lines
from ui.panels.rundown.paste import PasteSheet
from ui.panels.rundown.sheet import SegmentSheet
from ui.panels.rundown.writing import read_rows, written
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.widgets import FireButton
from ui.words.next import Plan, plan


class AnsweringSeat:
    """Notes what is asked and answers at once."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer = answer or Answer(True)
        self.words: list[dict[str, Any]] = []

    def now(self) -> datetime:
        return NOW

    async def judge(self, type: str, data: Any) -> Verdict:
        return msgspec.convert({"ok": True, "words": self.words}, Verdict)

    def ask_then(self, owner: object, type: str, data: Any, then: Callable[[Answer], None]) -> None:
        self.asked.append((type, data))
        then(self.answer)


def begun(*segments: dict[str, Any], ago: float = 60) -> Evening:
    """A rundown of these, the first of which has been on for so long."""
    at = Evening(ago=ago)
    at.ok("rundown.put", {"segments": list(segments), "replace": True}, "assistant")
    at.next()
    at.until(0)
    return at


def plan_of(state: State) -> Plan:
    return plan(RoomView(state).only(*RundownPanel.SECTIONS))


@pytest.fixture
def panel(dressed: QApplication, qtbot: Any) -> RundownPanel:
    made = RundownPanel()
    qtbot.addWidget(made)
    made.resize(380, 760)
    show(made, rundown_state())
    made.show()
    return made


def test_the_lines_say_number_price_kinds_and_time(panel: RundownPanel) -> None:
    said = [row.said() for row in panel.model.rows]
    assert said[2].startswith("3 号 100% 山羊绒围巾 驼色 200×70 秒杀 优惠券 福袋 ¥199 → ¥99 计划 8:00 讲解中")
    assert said[3].endswith("下一品")
    assert said[0].endswith("讲过")
    assert said[6].endswith("已下架")
    row, clock = panel.model.rows[2], panel.model.pace
    assert row.times(clock) == ("6:21 / 8:00", "fg0")
    assert panel.model.rows[0].times(clock) == ("12:10", "fg2")
    assert panel.model.rows[3].times(clock) == ("6:00", "fg1")


def test_the_clock_runs_on_between_two_states(panel: RundownPanel) -> None:
    ahead = panel.model.pace.ahead_seconds  # type: ignore[union-attr]
    assert ahead is not None
    # What is off the shelf is left out: its eight minutes are gained.
    assert panel.ahead.text() == f"提前 {ahead // 60}:{ahead % 60:02}"
    assert panel.benefits.text() == "本小时福利 3 / 3–5"
    later = NOW + timedelta(seconds=99 + ahead + 160)
    panel.tick(later)
    assert panel.ahead.text() == "落后 2:40"
    assert panel.model.rows[2].times(panel.model.pace)[1] == "warn"


def test_the_hour_is_counted_against_three_to_five_and_begins_anew(panel: RundownPanel) -> None:
    assert (panel.benefits.text(), panel.benefits.tone) == ("本小时福利 3 / 3–5", "ok")
    panel.tick(NOW + timedelta(hours=1))
    assert (panel.benefits.text(), panel.benefits.tone) == ("本小时福利 0 / 3–5，还差 3", "fg1")
    at = planned()
    for n in range(3):
        at.fire(at.coupon(f"c-more-{n}"))
    show(panel, at.shown())
    assert (panel.benefits.text(), panel.benefits.tone) == ("本小时福利 6 / 3–5，够多了", "warn")
    at = Evening(open_=False)
    at.ok("rundown.put", {"segments": [{"product_id": "coat", "minutes": 8}]})
    show(panel, at.shown())
    assert panel.benefits.text() == ""


def test_the_mix_is_drawn_against_three_five_two_planned_and_so_far(panel: RundownPanel) -> None:
    at = planned()
    at.ok("rundown.put", {"segments": [{"segment_id": "s2", "tag": "proof"}]})
    show(panel, at.shown())
    assert [line.said() for line in panel.mix.lines] == [
        "计划 63 分：讲解 20，证言 9，福利 34",
        "已讲 28 分：讲解 12，证言 9，福利 6",
    ]
    assert panel.mix.advice == "按 3:5:2 证言还差 22 分"
    assert panel.mix.advice in panel.mix.accessibleDescription()
    panel.tick(NOW + timedelta(minutes=10))
    assert panel.mix.lines[1].said() == "已讲 38 分：讲解 12，证言 9，福利 16"
    panel.grab()


def test_without_minutes_there_is_no_mix_and_in_a_low_window_it_makes_room(panel: RundownPanel) -> None:
    held = QWidget()
    panel.setParent(held)
    held.show()
    panel.show()
    assert panel.mix.isVisible()
    panel.resize(380, panel.minimumSizeHint().height())
    assert not panel.mix.isVisible()
    panel.resize(380, 760)
    assert panel.mix.isVisible()
    show(panel, begun({"product_id": "coat"}, ago=0).shown())
    assert (panel.mix.lines, panel.mix.advice) == ([], "")
    assert not panel.mix.isVisible()
    panel.setParent(None)


def test_a_mix_that_fits_says_so_and_a_thin_part_has_no_words() -> None:
    lines = mix_lines(Mix({"explain": 30, "proof": 50, "benefit": 20}, {"explain": 0.01}))
    assert len(lines) == 1, "nothing was said yet"
    assert mix_advice(lines) == "接近 3:5:2"


def test_the_next_key_says_what_it_will_do_and_then_what_came_of_it(panel: RundownPanel) -> None:
    assert panel.box.key.face == "下一品 · 4 号 羊毛手套 男女同款"
    assert panel.box.says.text() == "结束 3 号 讲解 → 讲解 4 号 → 秒杀 ¥59×18 待上"
    running = ["秒杀 进行中", "优惠券 进行中", "福袋 进行中"]
    assert panel.box.done == ["结束上一品", "讲解", "提词到这段", *running, "优惠券 没上"]
    assert "优惠券 没上：" in panel.box.why.text()
    asked: list[str] = []
    panel.box.asked.connect(lambda: asked.append("next"))
    QTest.mouseClick(panel.box.key, Qt.MouseButton.LeftButton)
    assert asked == ["next"]


def test_a_pin_that_nobody_confirmed_is_no_success(panel: RundownPanel) -> None:
    at = by_hand()
    at.ok("rundown.put", {"segments": [{"segment_id": "s1", "product_id": "beret", "minutes": 5}]})
    at.next()
    show(panel, at.shown())
    assert panel.box.done[1] == "讲解：等平台"
    at.confirm(at.room.rundown.segments["s1"].steps[1].cue_id, done=False)
    show(panel, at.shown())
    assert panel.box.done[1] == "讲解 没上"


def test_what_the_rules_would_not_take_is_said_before_the_key_is_pressed(panel: RundownPanel) -> None:
    at = planned()
    at.ok("rundown.put", {"segments": [{"segment_id": "s4", "cues": [sale_of("gloves", 4900, 18)]}]})
    show(panel, at.shown())
    assert "秒杀 ¥49×18 不能上" in panel.box.says.text()


def test_a_promotion_that_waits_for_the_next_product_already_is_named(panel: RundownPanel) -> None:
    at = planned()
    at.approve(at.coupon("c-cosy", name="手套立减 8 元", scope={"product_ids": ["gloves"]}))
    show(panel, at.shown())
    assert panel.box.says.text().endswith("秒杀 ¥59×18 待上 → 手套立减 8 元 待上")


def test_the_key_is_held_against_the_segment_it_names() -> None:
    at = planned()
    assert plan_of(at.shown()).expect == {"segment_id": "s4", "product_id": "gloves"}
    for _ in range(4):
        at.next()
    assert plan_of(at.shown()).blocked == "排品表后面没有可讲的了"
    assert plan_of(running().shown()).expect == "gloves"


def test_keys_and_drags_ask_for_moves(panel: RundownPanel) -> None:
    asked: list[tuple[str, ...]] = []
    panel.move_asked.connect(lambda *a: asked.append(("move", *a)))
    panel.copy_asked.connect(lambda *a: asked.append(("copy", *a)))
    panel.edit_asked.connect(lambda *a: asked.append(("edit", *a)))
    panel.remove_asked.connect(lambda *a: asked.append(("remove", *a)))
    panel.list.choose("s4")
    alt, ctrl = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(panel.list, Qt.Key.Key_Up, alt)
    QTest.keyClick(panel.list, Qt.Key.Key_Down, alt)
    QTest.keyClick(panel.list, Qt.Key.Key_D, ctrl)
    QTest.keyClick(panel.list, Qt.Key.Key_F2)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(panel.list, key)
    assert asked == [
        ("move", "s4", "s3"),
        ("move", "s4", "s6"),
        ("copy", "s4"),
        ("edit", "s4"),
        ("remove", "s4"),
    ]
    carried = panel.model.mimeData([panel.model.index(7)])
    action = Qt.DropAction.MoveAction
    assert not panel.model.dropMimeData(carried, action, 4, 0, QModelIndex())
    assert asked[-1] == ("move", "s8", "s5")
    assert panel.model.rows[7].segment_id == "s8"  # nothing moves before the engine said so
    assert not panel.model.dropMimeData(QMimeData(), action, 0, 0, QModelIndex())
    panel.list.choose("s8")
    QTest.keyClick(panel.list, Qt.Key.Key_Down, alt)
    assert asked[-1] == ("move", "s8", "s5")


def test_a_chosen_segment_stays_chosen_where_it_moves(panel: RundownPanel) -> None:
    panel.list.choose("s6")
    at = planned()
    at.ok("rundown.move", {"segment_id": "s6", "before": "s2"})
    show(panel, at.shown())
    assert panel.list.currentIndex().row() == 1
    assert panel.list.chosen() is not None
    assert panel.list.chosen().segment_id == "s6"  # type: ignore[union-attr]


def test_what_minutes_are_for_stays_told_by_the_promotions_until_somebody_says_it(
    dressed: QApplication, qtbot: Any
) -> None:
    seat: Any = AnsweringSeat()
    at = planned()
    at.ok("rundown.put", {"segments": [{"segment_id": "s4", "tag": "proof"}]})
    state = at.shown()
    for segment_id in ("s3", "s4"):
        sheet = SegmentSheet(seat, segment_id, RoomView(state))
        qtbot.addWidget(sheet)
        sheet.submit()
        if segment_id == "s3":
            QTest.keyClick(sheet.tag, Qt.Key.Key_Down)
            sheet.submit()
    assert [data["segments"][0]["tag"] for _, data in seat.asked] == [None, "explain", "proof"]
    assert [written(segment)["tag"] for segment in state.rundown.segments[2:4]] == [None, "proof"]


def test_an_empty_rundown_says_what_to_do(panel: RundownPanel) -> None:
    show(panel, running().shown())
    assert panel.empty.isVisible()
    assert panel.from_cart.isVisible()
    assert panel.paste.isVisible()
    assert panel.box.key.face == "下一品 · 4 号 羊毛手套 男女同款"  # along the cart, as before


def test_an_assistant_prepares_and_goes_nowhere(panel: RundownPanel) -> None:
    panel.set_allowed([name for name in COMMANDS if may("assistant", name)])
    panel.list.choose("s5")
    assert not panel.box.isVisible()
    assert not panel.go.isVisible()
    assert all(panel.tools[what].isEnabled() for what in ("up", "down", "edit", "copy", "remove"))
    asked: list[str] = []
    panel.go_asked.connect(asked.append)
    panel._ask("go")
    assert asked == []


def test_no_button_of_it_takes_the_focus_that_spends_money(panel: RundownPanel) -> None:
    for key in panel.findChildren(FireButton):
        assert key.focusPolicy() == Qt.FocusPolicy.NoFocus


# Pasting ------------------------------------------------------------------------------------------------


async def test_two_hundred_rows_are_read_and_the_bad_ones_marked(dressed: QApplication, qtbot: Any) -> None:
    seat: Any = AnsweringSeat()
    sheet = PasteSheet(seat, RoomView(rundown_state()))
    qtbot.addWidget(sheet)
    lines = ["编号\t分钟\t话术\t促销"]
    lines += [f"{n % 8 + 1}\t{n % 9 + 1}\t先讲面料\t" for n in range(197)]
    lines += ["99\t5\t没有这个号\t", "3\tabc\t\t", "3\t8\t好价\t秒99 x50 限2 5分", "1-3,5\t6\t\t"]
    sheet.text.setPlainText("\n".join(lines))
    sheet.read()
    assert sheet.count.text() == "读到 202 段，2 行不对（不会放进来）"
    sheet.put.click()
    await until(lambda: seat.asked)
    [(type_, data)] = seat.asked
    assert (type_, len(data["segments"]), data["replace"]) == ("rundown.put", 202, False)
    assert data["segments"][197]["cues"] == [
        {
            "kind": "flash_sale",
            "spec": {"sku_id": "scarf", "price_fen": 9900, "quantity": 50, "per_buyer": 2, "seconds": 300},
        }
    ]
    assert [s["product_id"] for s in data["segments"][-4:]] == ["coat", "silk", "scarf", "thermal"]


async def test_a_refused_paste_stays_with_its_reason(dressed: QApplication, qtbot: Any) -> None:
    seat: Any = AnsweringSeat(Answer(False, code="over_limit", params={"detail": "x"}))
    sheet = PasteSheet(seat, RoomView(rundown_state()))
    qtbot.addWidget(sheet)
    sheet.text.setPlainText("1-8 6")
    sheet.read()
    sheet.put.click()
    await until(sheet.said.text)
    assert sheet.is_here()


async def test_a_pasted_row_with_a_word_to_look_at_says_so_and_is_put_with_a_second_press(
    dressed: QApplication, qtbot: Any
) -> None:
    seat: Any = AnsweringSeat()
    word = {
        "field": "segments.1.script",
        "term": "最好",
        "text": "最好",
        "zh": "绝对化用语",
        "suggestion": "很好",
    }
    seat.words = [word]
    sheet = PasteSheet(seat, RoomView(rundown_state()))
    qtbot.addWidget(sheet)
    sheet.text.setPlainText("99 5 没有这个号\n1 6 好看\n2 6 最好的围巾")
    sheet.read()
    sheet.put.click()
    await until(lambda: "再按一次" in sheet.said.text())
    items = [sheet.preview.model.item(place) for place in range(3)]
    assert [item.below for item in items if item.warned] == ["「最好」：绝对化用语，可以说「很好」"]
    assert seat.asked == []
    sheet.put.click()
    [(_, data)] = seat.asked
    assert data["override"] == ["最好"]


def _goods() -> Goods:
    room = RoomView(rundown_state())
    return goods_of(room.catalogue, room.cart)


@pytest.mark.parametrize(
    ("typed", "products", "minutes"),
    [
        ("1-3,5 6", ["coat", "silk", "scarf", "thermal"], 6.0),
        ("1-3,5", ["coat", "silk", "scarf", "thermal"], 5.0),
        ("3 8 秒99 x50 限2 5分", ["scarf"], 8.0),
        ("3号 8分钟 先讲面料，再讲尺码", ["scarf"], 8.0),
        ("3,8", ["scarf"], 8.0),
        ("3", ["scarf"], 5.0),
    ],
)
def test_typed_lines_are_rows_too(typed: str, products: list[str], minutes: float) -> None:
    rows: Any = read_rows(typed, _goods()).rows
    assert [row.segment["product_id"] for row in rows] == products
    assert {row.segment["minutes"] for row in rows} == {minutes}


# One segment --------------------------------------------------------------------------------------------


def test_a_segment_is_edited_and_a_promotion_added_in_one_line(dressed: QApplication, qtbot: Any) -> None:
    seat: Any = AnsweringSeat()
    sheet = SegmentSheet(seat, "s4", RoomView(rundown_state()))
    qtbot.addWidget(sheet)
    sheet.minutes.setValue(7.5)
    sheet.line.setText("秒49")
    assert "没写数量" in sheet.line_field.answered
    sheet.submit()
    assert seat.asked == []  # a line that was not taken is not lost without a word
    sheet.line.setText("秒49 x10 限1 5分")
    assert sheet.line_field.answered.startswith("回车加上：秒杀 ¥49×10")
    QTest.keyClick(sheet.line, Qt.Key.Key_Return)
    sheet.submit()
    [(type_, data)] = seat.asked
    [put] = data["segments"]
    assert (type_, put["segment_id"], put["minutes"]) == ("rundown.put", "s4", 7.5)
    assert [cue["spec"]["price_fen"] for cue in put["cues"]] == [5900, 4900]
    assert put["cues"][1]["spec"]["sku_id"] == "gloves"
    sheet.wording.forget()  # its question would be asked in the next test, where no loop runs


def test_a_segment_that_is_gone_is_not_saved(dressed: QApplication, qtbot: Any) -> None:
    seat: Any = AnsweringSeat()
    sheet = SegmentSheet(seat, "s4", RoomView(rundown_state()))
    qtbot.addWidget(sheet)
    at = planned()
    at.ok("rundown.remove", {"segment_ids": ["s4"]})
    sheet.show_room(RoomView(at.shown()), NOW)
    assert not sheet.save.isEnabled()
    assert "移出" in sheet.said.text()
    sheet.wording.forget()


def test_what_may_be_done_with_a_row_takes_no_height_and_each_line_names_its_key(panel: RundownPanel) -> None:
    panel.list.choose("s4")
    panel._show_rights()
    said = [entry.text() for entry in panel.menu.actions()]
    assert said[:3] == ["跳到这段\tCtrl+PgDn", "修改\tF2", "上移\tAlt+↑"]
    assert panel.menu.key.accessibleName() == "选中这行的操作"
    asked: list[str] = []
    panel.copy_asked.connect(asked.append)
    panel.tools["copy"].trigger()
    panel.set_allowed(set())
    panel.tools["copy"].trigger()
    assert asked == ["s4"], "who may not, cannot"
    panel.list.choose("s3")
    panel.set_allowed(None)
    assert "正在讲这段" in panel.go.text()
    assert not panel.go.isEnabled()
