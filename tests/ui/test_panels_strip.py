"""The strip: on air or not, real or rehearsed, what is wrong; and health in full."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.committed import NOW
from tests.ui.sample_state import empty_state, manual_state, sample_state
from tests.ui.shots import settle
from ui.panels.health import HealthPanel, source_age, source_look, source_name
from ui.panels.on_air import OnAirStrip

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def strip(qtbot) -> OnAirStrip:  # type: ignore[no-untyped-def]
    made = OnAirStrip()
    qtbot.addWidget(made)
    made.resize(1440, 64)
    made.show_state(sample_state(), NOW)
    return made


def test_a_real_broadcast_is_red_and_counts(strip: OnAirStrip) -> None:
    assert (strip.pill.text(), strip.pill.tone) == ("直播中 01:12:36", "live")
    strip.tick(NOW + timedelta(seconds=24))
    assert strip.pill.text() == "直播中 01:13:00"


def test_a_rehearsal_is_amber_and_never_says_on_air(strip: OnAirStrip) -> None:
    for status, text in (("open", "排练中 01:12:36"), ("none", "排练 · 未开始"), ("closed", "排练 · 未开始")):
        state = sample_state()
        state["room"]["simulated"] = True
        state["broadcast"]["status"] = status
        strip.show_state(state, NOW)
        assert (strip.pill.text(), strip.pill.tone) == (text, "warn")
        assert "模拟数据" in strip.sub.text()


@pytest.mark.parametrize(("status", "text"), [("none", "未开播"), ("closed", "已下播")])
def test_off_air_is_quiet(strip: OnAirStrip, status: str, text: str) -> None:
    state = sample_state()
    state["broadcast"]["status"] = status
    strip.show_state(state, NOW)
    assert (strip.pill.text(), strip.pill.tone) == (text, "fg1")


def test_figures_are_the_rooms_own(strip: OnAirStrip) -> None:
    figures = [figure.accessibleName() for figure in (strip.online, strip.gmv, strip.orders, strip.rate)]
    assert figures == ["在线 3,482", "成交额 · 退 ¥398 ¥128,640", "订单 · 未付 18 742", "转化 6.8%"]


def test_without_exposures_there_is_no_conversion_and_it_says_why(strip: OnAirStrip) -> None:
    strip.show_state(manual_state(), NOW)
    assert strip.rate.number.text() == "—"
    assert strip.rate.accessibleDescription() == "没有来源报商品曝光，算不出转化"
    strip.show_state(empty_state(), NOW)
    assert strip.online.number.text() == "—"
    assert strip.online.accessibleDescription() == "没有来源报在线人数"


def test_what_is_by_hand_or_owed_or_oversold_is_said(strip: OnAirStrip) -> None:
    assert strip.manual.isHidden()
    assert strip.alarm.isHidden()
    strip.show_state(manual_state(), NOW)
    assert not strip.manual.isHidden()
    assert (strip.alarm.text(), strip.alarm.tone) == ("等平台 3", "warn")
    state = sample_state()
    state["orders"]["oversold"] = 2
    strip.show_state(state, NOW)
    assert (strip.alarm.text(), strip.alarm.tone) == ("超卖 2", "live")
    assert strip.alarm.toolTip() == ""


@pytest.mark.parametrize(
    ("trouble", "words", "advice"),
    [("cannot_write", "写不进硬盘", "腾出硬盘空间"), ("log_damaged", "日志有损坏", "用备份恢复")],
)
def test_the_engines_own_trouble_comes_first(
    strip: OnAirStrip, trouble: str, words: str, advice: str
) -> None:
    state = manual_state()
    state["orders"]["oversold"] = 2
    state["health"]["trouble"] = trouble
    strip.show_state(state, NOW)
    assert (strip.alarm.text(), strip.alarm.tone) == (words, "live")
    assert advice in strip.alarm.toolTip()
    state["health"]["trouble"] = ""
    strip.show_state(state, NOW)
    assert (strip.alarm.text(), strip.alarm.toolTip()) == ("超卖 2", "")


def test_ages_grow_and_change_their_shape(strip: OnAirStrip) -> None:
    assert [sign.accessibleName() for sign in strip._signs[:3]] == ["评论 0.2 秒", "订单 2 秒", "OBS 未连"]
    strip.tick(NOW + timedelta(seconds=30))
    assert strip._signs[0].accessibleName() == "评论 30 秒"
    looks = [source_look(seconds)[:2] for seconds in (None, 1, 20, 90)]
    assert looks == [("ring", "fg2"), ("dot", "ok"), ("square", "warn"), ("triangle", "live")]
    assert len({shape for shape, _ in looks}) == 4


def test_more_sources_than_room_are_counted(strip: OnAirStrip) -> None:
    state = sample_state()
    state["health"]["sources"] = [{"source": f"/s{n}", "last_at": None, "count": 0} for n in range(7)]
    strip.show_state(state, NOW)
    assert strip._more.text() == "+3"


@pytest.mark.parametrize(
    ("source", "name"),
    [("/oba/comments", "评论"), ("/tape/abc123/take2", "录像"), ("/rehearsal/platform", "平台"),
     ("/x/y", "x"), ("", "未命名来源"), ("/\u202eevil", "evil")],
)  # fmt: skip
def test_sources_have_names(source: str, name: str) -> None:
    assert source_name(source) == name


def test_a_source_that_never_spoke_has_no_age() -> None:
    assert source_age({"last_at": None}, NOW) is None
    assert source_age({"last_at": "2099-01-01T00:00:00+00:00"}, NOW) == 0.0


def test_without_the_keyboard_it_says_so_in_the_same_place(strip: OnAirStrip) -> None:
    height = strip.sizeHint().height()
    strip.set_keyboard(False)
    assert strip._second.currentIndex() == 1
    assert strip.keyboard.text() == "键盘不在本窗口"
    assert strip.sizeHint().height() == height
    strip.set_keyboard(True)
    assert strip._second.currentIndex() == 0


def test_numbers_that_grow_do_not_move_their_neighbours(strip: OnAirStrip, dressed: QApplication) -> None:
    strip.show()
    settle(dressed)
    widgets = (strip.pill, strip.online, strip.gmv, strip.orders, strip.rate, strip.halt)
    before = [widget.geometry() for widget in widgets]
    state = sample_state()
    state["audience"].update(online=88_888, comments=1_000_000)
    state["orders"].update(placed=9_999)
    strip.show_state(state, NOW + timedelta(hours=10))
    settle(dressed)
    assert [widget.geometry() for widget in widgets] == before


def test_a_narrow_strip_gives_up_the_quieter_things_first(strip: OnAirStrip) -> None:
    strip.resize(960, 64)
    strip._fit()
    assert strip._short
    assert strip.rate.isHidden()
    assert not strip.gmv.isHidden()
    assert not strip.halt.isHidden()
    assert strip._row.minimumSize().width() <= 960
    strip.resize(1440, 64)
    strip._fit()
    assert not strip._short
    assert not strip.rate.isHidden()


def test_stop_all_is_held_and_health_is_asked_for(strip: OnAirStrip) -> None:
    asked: list[str] = []
    strip.halted.connect(lambda: asked.append("halt"))
    strip.health_asked.connect(lambda: asked.append("health"))
    QTest.mouseClick(strip.halt, Qt.MouseButton.LeftButton)
    assert asked == []
    QTest.mouseClick(strip._signs_box, Qt.MouseButton.LeftButton)
    strip.halt.held.emit()
    assert asked == ["health", "halt"]


def test_health_in_full(qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = HealthPanel()
    qtbot.addWidget(panel)
    panel.show_state(manual_state(), NOW)
    rows = [(row.name.text(), row.count.text(), row.age.text()) for row in panel._rows]
    assert rows == [("评论", "44,147", "0.2 秒"), ("订单", "1,470", "2 秒"), ("OBS", "0", "未连")]
    assert [line.text() for line in panel._owed_lines] == [
        "开始：讲解 4 号 · 等了 0:41",
        "开始：秒杀 ¥99 · 3 号 · 等了 3:24",
        "结束：福袋「驼色好看」 · 等了 0:12",
    ]
    panel.set_skipped(1203)
    assert panel._skipped.text() == "这个窗口略过了 1,203 条评论（日志里都在）"
    panel.show_state(empty_state(), NOW)
    assert not panel._none.isHidden()
    assert panel._owed_lines[0].text() == "没有"
    assert panel._owed_lines[1].isHidden()


def test_promotions_that_nobody_here_made_are_named_as_letters(qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = HealthPanel()
    qtbot.addWidget(panel)
    state = sample_state()
    panel.show_state(state, NOW)
    assert panel._strange.isHidden()
    state["unknown_cues"] = [{"cue_id": f"<b>{n}\u202e", "at": "", "count": 2} for n in range(5)]
    panel.show_state(state, NOW)
    assert panel._strange.text() == "平台报来不认识的活动，没有计入任何促销：<b>0、<b>1、<b>2、等 5 个"
    assert panel._strange.textFormat() == Qt.TextFormat.PlainText


def test_simulated_sources_are_marked(qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = HealthPanel()
    qtbot.addWidget(panel)
    state = sample_state()
    state["health"]["sources"][0]["simulated"] = True
    panel.show_state(state, NOW)
    assert [row.simulated.text() for row in panel._rows] == ["模拟", "", ""]
