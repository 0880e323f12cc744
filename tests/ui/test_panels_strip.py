"""The strip: on air or not, real or rehearsed, what is wrong; and health in full."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from liveconsole.messages.state import ActState, AlarmState, SeatState, SourceState, State
from tests.ui.committed import NOW
from tests.ui.looking import look
from tests.ui.rooms import Evening, empty_state, manual_state, sample_state
from tests.ui.shots import settle
from ui import i18n
from ui.panels.health import HealthPanel, source_age, source_look, source_name
from ui.panels.on_air import OnAirStrip

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def strip(qtbot) -> OnAirStrip:  # type: ignore[no-untyped-def]
    made = OnAirStrip()
    qtbot.addWidget(made)
    made.resize(1440, 64)
    look(made, sample_state())
    return made


def with_alarms(state: State, *alarms: AlarmState, trouble: str = "") -> State:
    """What the engine says that somebody has to see to; its words alone matter here."""
    health = msgspec.structs.replace(state.health, trouble=trouble)
    return msgspec.structs.replace(state, alarms=list(alarms), health=health)


OVERSOLD = AlarmState("oversold", NOW, "围巾超卖 2 件", {"units": 2})
OWED = AlarmState("owed_end", NOW, "平台上还没有结束", {}, cue_id="c-bag")


def test_a_real_broadcast_is_red_and_counts(strip: OnAirStrip) -> None:
    assert (strip.pill.text(), strip.pill.tone) == ("直播中 01:12:36", "live")
    strip.tick(NOW + timedelta(seconds=24))
    assert strip.pill.text() == "直播中 01:13:00"


@pytest.mark.parametrize(
    ("status", "text"), [("open", "排练中 01:12:36"), ("none", "排练 · 未开始"), ("closed", "排练 · 未开始")]
)
def test_a_rehearsal_is_amber_and_never_says_on_air(strip: OnAirStrip, status: str, text: str) -> None:
    at = Evening("rehearsal", open_=status != "none")
    if status == "closed":
        at.ok("broadcast.close", {})
    look(strip, at.shown())
    assert (strip.pill.text(), strip.pill.tone) == (text, "warn")
    assert "模拟数据" in strip.sub.text()


@pytest.mark.parametrize(("status", "text"), [("none", "未开播"), ("closed", "已下播")])
def test_off_air_is_quiet(strip: OnAirStrip, status: str, text: str) -> None:
    at = Evening(open_=status != "none")
    if status == "closed":
        at.ok("broadcast.close", {})
    look(strip, at.shown())
    assert (strip.pill.text(), strip.pill.tone) == (text, "fg1")


def test_figures_are_the_rooms_own(strip: OnAirStrip) -> None:
    figures = [figure.accessibleName() for figure in (strip.online, strip.gmv, strip.orders, strip.rate)]
    assert figures == ["在线 3,482", "成交额 · 退 ¥398 ¥128,640", "订单 · 未付 18 742", "转化 6.8%"]


def test_the_second_line_says_which_broadcast_and_whose(strip: OnAirStrip) -> None:
    at = Evening()
    seat = SeatState("host", NOW, name="云朵")
    at.health = {"seats": [seat]}
    look(strip, at.shown())
    assert strip.sub.text() == "第 1 场 · 主播 云朵"
    at.ok("broadcast.close", {})
    at.ok("broadcast.open", {"title": "第二晚"})
    at.health = {}
    look(strip, at.shown())
    assert strip.sub.text() == "第 2 场", "a host who did not say her name has none"


@pytest.mark.parametrize("width", [960, 1024, 1366, 1920])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sign_of_what_is_to_be_seen_to_is_never_cut(qtbot, dressed, language: str, width: int) -> None:  # type: ignore[no-untyped-def]
    i18n.use(language)
    try:
        made = OnAirStrip()
        qtbot.addWidget(made)
        made.resize(width, 54)
        look(made, with_alarms(manual_state(), *[OVERSOLD] * 12))
        made.show()
        settle(dressed)
        assert made.alarm.width() >= made.alarm.minimumSizeHint().width()
        assert made.halt.geometry().right() <= width
        assert made.alarm.geometry().right() <= made._signs_box.geometry().left()
    finally:
        i18n.use("zh")


def test_without_exposures_there_is_no_conversion_and_it_says_why(strip: OnAirStrip) -> None:
    look(strip, empty_state())
    assert strip.rate.number.text() == "—"
    assert strip.rate.accessibleDescription() == "没有来源报商品曝光，算不出转化"
    assert strip.online.number.text() == "—"
    assert strip.online.accessibleDescription() == "没有来源报在线人数"


def test_where_nobody_reports_orders_no_figure_of_them_is_zero(strip: OnAirStrip) -> None:
    """K4: a person reads 27 sold off the phone; the strip knows no orders all the same."""
    at = Evening("manual")
    at.sale("s")
    at.fire("s")
    at.confirm("s")
    at.ok("cue.measure", {"cue_id": "s", "sold": 27, "left": 3})
    look(strip, at.shown())
    figures = (strip.gmv, strip.orders, strip.rate)
    assert [figure.accessibleName() for figure in figures] == [
        "成交额 — 平台不报",
        "订单 — 平台不报",
        "转化 — 平台不报",
    ]
    assert {figure.accessibleDescription() for figure in figures} == {"没有来源报订单"}
    at.buys("o1", "scarf", 9900)
    look(strip, at.shown())
    assert [figure.accessibleName() for figure in figures[:2]] == ["成交额 ¥99", "订单 · 未付 0 1"]


def test_what_is_by_hand_is_said(strip: OnAirStrip) -> None:
    assert strip.manual.isHidden()
    look(strip, manual_state())
    assert not strip.manual.isHidden()


def test_of_what_somebody_has_to_see_to_the_worst_stands_and_how_many_more(strip: OnAirStrip) -> None:
    assert strip.alarm.isHidden()
    look(strip, with_alarms(sample_state(), OVERSOLD, OWED))
    assert not strip.alarm.isHidden()
    assert (strip.alarm.text(), strip.alarm.tone) == ("2 件要看", "live"), "neither hides the other"
    look(strip, with_alarms(sample_state(), OVERSOLD))
    assert strip.alarm.text() == "1 件要看"
    look(strip, with_alarms(sample_state(), OVERSOLD, OWED))
    assert "围巾超卖 2 件" in strip.alarm.toolTip()
    assert "平台上还没有结束" in strip.alarm.toolTip()
    look(strip, with_alarms(sample_state(), OWED))
    assert (strip.alarm.text(), strip.alarm.tone) == ("1 件要看", "warn")
    look(strip, sample_state())
    assert strip.alarm.isHidden()


@pytest.mark.parametrize(
    ("trouble", "words", "advice"),
    [("cannot_write", "写不进磁盘", "腾出硬盘空间"), ("log_damaged", "有一处读不出来", "用备份恢复")],
)
def test_the_engines_own_trouble_is_counted_once_and_says_what_helps(
    strip: OnAirStrip, panel: HealthPanel, trouble: str, words: str, advice: str
) -> None:
    at = Evening()
    at.health = {"trouble": trouble}
    look(strip, at.shown())
    assert (strip.alarm.text(), strip.alarm.tone) == ("1 件要看", "live")
    look(panel, at.shown())
    [row] = panel.alarm_lines
    assert words in row.words.text()
    assert (advice in row.about.text(), row.keys) == (True, [])
    # An engine that says so in its health alone is heard all the same.
    look(strip, with_alarms(sample_state(), OWED, trouble=trouble))
    assert (strip.alarm.text(), strip.alarm.tone) == ("2 件要看", "live")
    look(strip, with_alarms(sample_state(), OWED))
    assert (strip.alarm.text(), strip.alarm.tone) == ("1 件要看", "warn")


def test_ages_grow_and_change_their_shape(strip: OnAirStrip) -> None:
    assert [sign.accessibleName() for sign in strip._signs[:3]] == ["评论 0.2 秒", "订单 2 秒", "OBS 未连"]
    strip.tick(NOW + timedelta(seconds=30))
    assert strip._signs[0].accessibleName() == "评论 30 秒"
    looks = [source_look(seconds)[:2] for seconds in (None, 1, 20, 90)]
    assert looks == [("ring", "fg2"), ("dot", "ok"), ("square", "warn"), ("triangle", "live")]
    assert len({shape for shape, _ in looks}) == 4


def test_more_sources_than_room_are_counted(strip: OnAirStrip) -> None:
    at = Evening()
    at.health = {"sources": {f"/s{n}": {"last_at": None, "events": 0} for n in range(7)}}
    look(strip, at.shown())
    assert strip._more.text() == "+3"


@pytest.mark.parametrize(
    ("source", "name"),
    [("/oba/comments", "评论"), ("/tape/abc123/take2", "录像"), ("/rehearsal/platform", "平台"),
     ("/x/y", "x"), ("", "未命名来源"), ("/\u202eevil", "evil")],
)  # fmt: skip
def test_sources_have_names(source: str, name: str) -> None:
    assert source_name(source) == name


def test_a_source_that_never_spoke_has_no_age() -> None:
    assert source_age(SourceState("/obs", None, 0), NOW) is None
    assert source_age(SourceState("/obs", NOW + timedelta(days=1), 1), NOW) == 0.0


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
    # Figures of an evening that takes too long to make.
    state = msgspec.structs.replace(
        state,
        audience=msgspec.structs.replace(state.audience, online=88_888, comments=1_000_000),
        orders=msgspec.structs.replace(state.orders, placed=9_999),
    )
    look(strip, state, NOW + timedelta(hours=10))
    settle(dressed)
    assert [widget.geometry() for widget in widgets] == before


def test_a_narrow_strip_gives_up_the_quieter_things_first(strip: OnAirStrip) -> None:
    strip.resize(960, 64)
    strip._fit()
    assert (strip._brief, strip.rate.isHidden()) == (3, True)
    assert not strip.gmv.isHidden()
    assert not strip.halt.isHidden()
    assert strip._row.minimumSize().width() <= 960
    strip.resize(1440, 64)
    strip._fit()
    assert (strip._brief, strip.rate.isHidden()) == (0, False)


def test_stop_all_is_held_and_the_list_is_asked_for(strip: OnAirStrip) -> None:
    asked: list[str] = []
    strip.halted.connect(lambda: asked.append("halt"))
    strip.alarms_asked.connect(lambda: asked.append("health"))
    QTest.mouseClick(strip.halt, Qt.MouseButton.LeftButton)
    assert asked == []
    QTest.mouseClick(strip._signs_box, Qt.MouseButton.LeftButton)
    look(strip, with_alarms(sample_state(), OWED))
    QTest.mouseClick(strip.alarm, Qt.MouseButton.LeftButton)
    strip.halt.held.emit()
    assert asked == ["health", "health", "halt"]


@pytest.fixture
def panel(qtbot) -> HealthPanel:  # type: ignore[no-untyped-def]
    made = HealthPanel()
    qtbot.addWidget(made)
    return made


def test_health_in_full(panel: HealthPanel) -> None:
    look(panel, manual_state())
    rows = [(row.name.text(), row.count.text(), row.age.text()) for row in panel.sources._rows]
    assert rows == [("评论", "44,147", "0.2 秒"), ("订单", "1,470", "2 秒"), ("OBS", "0", "未连")]
    assert panel._owed_title.isHidden(), "a person is asked for all of it: it stands above, as alarms"
    assert len(panel.alarm_lines) == len(manual_state().alarms) == 3
    panel.set_skipped(1203)
    assert panel._skipped.text() == "这个窗口略过了 1,203 条评论（日志里都在）"
    look(panel, empty_state())
    assert not panel._none.isHidden()
    assert panel.title.text() == "没有要看的事"


def test_the_engine_says_its_version_and_what_waits(panel: HealthPanel) -> None:
    at = Evening()
    at.health = {"version": "1.2.0", "waiting": 1203}
    look(panel, at.shown())
    assert panel._engine.text() == "引擎 1.2.0 · 排队 1,203"


def test_what_a_program_has_not_answered_yet_stands_below(panel: HealthPanel) -> None:
    at = Evening("rehearsal")
    at.sale()
    at.fire("c-sale")
    look(panel, at.shown(), NOW + timedelta(seconds=7))
    assert [line.text() for line in panel._owed_lines] == ["开始：秒杀 ¥99 · 3 号 · 等了 0:07"]
    assert not panel._owed_title.isHidden()


def test_every_alarm_stands_in_the_list_with_the_key_that_mends_it(panel: HealthPanel) -> None:
    act = ActState("cue.stop", {"cue_id": "c-sale"}, "停掉它")
    mended = AlarmState("oversold", NOW, "<b>围巾</b>\u202e超卖", {}, cue_id="c-sale", acts=[act])
    look(panel, with_alarms(sample_state(), mended, OWED))
    said = [line.words.text() for line in panel.alarm_lines]
    assert [words.split(" · ")[0] for words in said] == ["<b>围巾</b>超卖", "平台上还没有结束"]
    asked: list[tuple[str, object]] = []
    panel.act_asked.connect(lambda type_, data: asked.append((type_, data)))
    [key] = panel.alarm_lines[0].keys
    key.click()
    assert asked == [("cue.stop", {"cue_id": "c-sale"})]
    look(panel, sample_state())
    assert panel.alarm_lines == []


def test_promotions_that_nobody_here_made_are_named_as_letters(panel: HealthPanel) -> None:
    at = Evening()
    for n in range(5):
        at.fact("promotion.measured", {"cue_id": f"<b>{n}", "sold": 1})
    look(panel, at.shown())
    [row] = panel.alarm_lines
    assert row.words.text() == "平台上有 5 个这里没有的促销：<b>2、<b>3、<b>4"
    assert row.words.textFormat() == Qt.TextFormat.PlainText
    assert "没有计入任何促销" in row.about.text()


def test_simulated_sources_are_marked(panel: HealthPanel) -> None:
    at = Evening("rehearsal")
    at.health = {"sources": {"/rehearsal/comments": {"last_at": NOW, "events": 1}}}
    look(panel, at.shown())
    assert [row.simulated.text() for row in panel.sources._rows] == ["模拟"]
    look(panel, sample_state())
    assert [row.simulated.text() for row in panel.sources._rows] == ["", "", ""]


def test_without_a_source_no_sign_of_one_stands(strip: OnAirStrip) -> None:
    look(strip, sample_state())
    assert any(not sign.isHidden() for sign in strip._signs)
    look(strip, Evening().shown())
    assert all(sign.isHidden() for sign in strip._signs)
