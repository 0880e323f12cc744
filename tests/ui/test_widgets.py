"""The widget kit: outside text stays text, money buttons fire once, pictures tell the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from liveconsole.views.money import yuan, yuan_short
from ui.clean import CAP, clean
from ui.widgets import (
    END_SECONDS,
    Bar,
    Chip,
    EmptyState,
    Figure,
    FilterChip,
    FireButton,
    FlowRow,
    HoldButton,
    KeyCap,
    KindMark,
    Money,
    Notice,
    NumberField,
    PlainLabel,
    Ring,
    Sparkline,
    button,
    plain_tip,
)
from ui.widgets.plain import break_lines
from ui.widgets.when import age, clock, countdown, long_clock

pytestmark = pytest.mark.usefixtures("dressed")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVIL = "<b>粗</b><img src=http://127.0.0.1:9/x> &Alt \u202egnp.exe\u202c\u0000 QLabel{color:red}"


# Text ---------------------------------------------------------------------------------------------


def test_mark_up_is_shown_as_written() -> None:
    label = PlainLabel(EVIL)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text().startswith("<b>粗</b><img src=http://127.0.0.1:9/x> &Alt gnp.exe")
    assert label.buddy() is None
    with pytest.raises(ValueError, match="plain text only"):
        label.setTextFormat(Qt.TextFormat.RichText)


def test_an_ampersand_makes_no_shortcut_on_a_button() -> None:
    assert button("A&B").shortcut().isEmpty()
    assert QPushButton("A&B").shortcut().isEmpty() is False  # what it guards against


def test_a_tooltip_is_no_mark_up() -> None:
    assert "<b>" not in plain_tip(EVIL)
    assert "&lt;b&gt;" in plain_tip(EVIL)
    assert plain_tip("") == ""


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("普通评论，165/52 戴会太长吗？", "普通评论，165/52 戴会太长吗？"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("一行\n两行\t三", "一行 两行 三"),
        ("H\u0300\u0301\u0302\u0303\u0304\u0305\u0306i", "H\u0300\u0301\u0302\u0303i"),
        ("tag\U000e0041\U000e0042", "tag"),
        ("\ud800x", "x"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("שלום", "\u2068שלום\u2069"),
        ("", ""),
    ],
)
def test_text_is_cleaned_for_painting(given_text: str, shown: str) -> None:
    assert clean(given_text) == shown


def test_text_is_capped() -> None:
    assert len(clean("长" * 10_000)) == CAP
    assert len(clean("👨" + "\u200d👩" * 20_000)) <= CAP


def test_what_a_label_cuts_off_is_seen_to_be(qtbot: QtBot, dressed: QApplication) -> None:
    label, long = PlainLabel(lines=0), PlainLabel(lines=0, most=2_000)
    for each in (label, long):
        qtbot.addWidget(each)
    for text in ("长" * CAP, "长" * (CAP + 1), "\n".join(["一条"] * 400), "א" * 900):
        label.setText(text)
        long.setText(text)
        assert len(label.text()) <= CAP + 2
        assert ("…" in label.text()) is (len(text) > CAP)
        assert "…" not in long.text()
    label.setText("א" * 900)
    assert label.text().endswith("…\u2069"), "what runs the other way stays apart from its neighbours"


@given(st.text(max_size=80))
def test_whatever_is_said_nothing_that_steers_is_left(text: str) -> None:
    shown = clean(text)
    assert not any(c in shown for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200b\u200e\u200f\n\r\t\0")
    assert len(shown) <= CAP + 2


def test_a_narrow_label_elides_and_says_so() -> None:
    label = PlainLabel("双面呢羊毛大衣 藏青", elide=True)
    label.resize(400, 20)
    assert not label.is_cut()
    label.resize(50, 20)
    assert label.is_cut()
    assert label.minimumSizeHint().width() < label.sizeHint().width()
    assert (
        PlainLabel("双面呢羊毛大衣").minimumSizeHint().width()
        == PlainLabel("双面呢羊毛大衣").sizeHint().width()
    )


def test_reserved_lines_keep_their_height() -> None:
    short, long = PlainLabel("短", lines=2), PlainLabel("很长" * 60, lines=2)
    assert short.sizeHint().height() == long.sizeHint().height()
    lines = break_lines("很长" * 60, long.font(), 200, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert len(break_lines("很长" * 60, long.font(), 200, 0)) > 2


def test_a_list_breaks_between_its_things_where_it_is_cut_as_well() -> None:
    label = PlainLabel("", role="small")
    first, rest = "只认 排练 · 707 人参与", "抽 3 人 · 奖品 羊绒围巾一条送礼盒"
    width = QFontMetrics(label.font()).horizontalAdvance(first) + 8
    lines = break_lines(f"{first} · {rest}", label.font(), width, 2)
    assert lines[0] == first
    assert lines[1].startswith("抽 3 人 · ")
    assert lines[1].endswith("…"), "the rest is seen to be cut"
    wide = break_lines(f"短 · {'很长' * 60}", label.font(), width, 2)
    assert wide[0].startswith("短 · 很长"), "a thing too wide for a line breaks anywhere: both lines are used"


# Money and time -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fen", "long", "short"),
    [(128000, "¥1,280.00", "¥1,280"), (9950, "¥99.50", "¥99.50"), (0, "¥0.00", "¥0"),
     (-5, "-¥0.05", "-¥0.05"), (12864000000, "¥128,640,000.00", "¥128,640,000")],
)  # fmt: skip
def test_money_is_written_as_people_read_it(fen: int, long: str, short: str) -> None:
    assert (yuan(fen), yuan_short(fen)) == (long, short)


@given(st.integers(-(10**12), 10**12))
def test_no_fen_is_lost_in_writing(fen: int) -> None:
    assert int(yuan(fen).replace("¥", "").replace(",", "").replace(".", "")) == fen


def test_missing_money_is_a_dash() -> None:
    assert Money(None).text() == "—"
    assert Money(9900).text() == "¥99.00"


def test_spans_are_read_at_a_glance() -> None:
    assert [countdown(s) for s in (160.2, 0, -3, 3723)] == ["2:41", "0:00", "0:00", "1:02:03"]
    assert (clock(160.9), long_clock(4356)) == ("2:40", "01:12:36")
    assert [age(s) for s in (0.24, 2.9, 119, 300, 8000)] == ["0.2 秒", "2 秒", "119 秒", "5 分", "2 小时"]


# Buttons ------------------------------------------------------------------------------------------


def _fired(fire: FireButton) -> list[int]:
    seen: list[int] = []
    fire.fired.connect(lambda: seen.append(1))
    return seen


def test_a_fire_button_never_has_focus_or_default_and_never_repeats() -> None:
    fire = FireButton("开抢", key="Ctrl+1")
    assert fire.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert (fire.isDefault(), fire.autoDefault(), fire.autoRepeat()) == (False, False, False)


def _double_click(target: QPushButton) -> None:
    """What a window system sends for two quick presses."""
    types = QEvent.Type
    for type_ in (
        types.MouseButtonPress,
        types.MouseButtonRelease,
        types.MouseButtonDblClick,
        types.MouseButtonRelease,
    ):
        held = Qt.MouseButton.NoButton if type_ == types.MouseButtonRelease else Qt.MouseButton.LeftButton
        where = QPointF(5, 5)
        no_keys = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(type_, where, target.mapToGlobal(where), Qt.MouseButton.LeftButton, held, no_keys)
        QApplication.sendEvent(target, event)


def test_one_press_fires_once_and_so_does_a_double_click() -> None:
    fire, plain = FireButton("开抢"), QPushButton()
    seen, echoes = _fired(fire), []
    plain.clicked.connect(lambda: echoes.append(1))
    QTest.mouseClick(fire, Qt.MouseButton.LeftButton)
    assert len(seen) == 1
    _double_click(fire)
    assert len(seen) == 2
    _double_click(plain)
    assert len(echoes) == 2  # what it guards against


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select])
def test_no_key_fires_even_with_focus_forced_on_it(key: Qt.Key) -> None:
    fire, plain = FireButton("开抢"), QPushButton()
    seen, plainly = _fired(fire), []
    plain.clicked.connect(lambda: plainly.append(1))
    for each in (fire, plain):
        QApplication.sendEvent(each, QFocusEvent(QEvent.Type.FocusIn))
        QTest.keyClick(each, key)
    assert seen == []
    if key == Qt.Key.Key_Space:
        assert plainly == [1]  # what it guards against


def test_a_blocked_button_is_no_button_and_says_why() -> None:
    fire = FireButton("不能开抢")
    seen = _fired(fire)
    fire.block("低于底价 ¥42.00 <b>")
    QTest.mouseClick(fire, Qt.MouseButton.LeftButton)
    fire.click()
    assert seen == []
    assert "&lt;b&gt;" in fire.toolTip()
    assert fire.accessibleDescription() == "低于底价 ¥42.00 <b>"
    fire.block("")
    fire.click()
    assert seen == [1]


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _holder() -> tuple[HoldButton, _Clock, list[int]]:
    clock_ = _Clock()
    hold = HoldButton("全停", key="F12", clock=clock_)
    seen: list[int] = []
    hold.held.connect(lambda: seen.append(1))
    return hold, clock_, seen


def test_stop_all_is_held_for_a_second() -> None:
    hold, clock_, seen = _holder()
    hold.begin()
    clock_.now += 0.99
    hold.advance()
    assert (seen, round(hold.progress, 2)) == ([], 0.99)
    clock_.now += 0.01
    hold.advance()
    hold.advance()
    hold.begin()  # the key repeats while it is down
    hold.advance()
    assert seen == [1]
    hold.cancel()


def test_a_key_that_an_x_server_repeats_was_never_let_go(qtbot: QtBot) -> None:
    clock_ = _Clock()
    hold = HoldButton("下播", seconds=END_SECONDS, own_keys=True, clock=clock_)
    qtbot.addWidget(hold)
    with qtbot.waitExposed(hold):
        hold.show()
    hold.setFocus()
    QTest.keyPress(hold, Qt.Key.Key_Space)
    clock_.now += 1.5
    QTest.keyRelease(hold, Qt.Key.Key_Space)  # not marked as a repeat, and down again at once
    QTest.keyPress(hold, Qt.Key.Key_Space)
    assert hold.progress == pytest.approx(0.75)
    QTest.keyRelease(hold, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: hold.progress == 0.0, timeout=1000)


def test_let_go_too_early_it_begins_anew() -> None:
    hold, clock_, seen = _holder()
    hold.begin()
    clock_.now += 0.9
    hold.cancel()
    hold.begin()
    clock_.now += 0.9
    hold.advance()
    assert seen == []
    assert hold.progress == pytest.approx(0.9)
    hold.cancel()
    assert hold.progress == 0.0


def test_a_click_on_stop_all_does_nothing() -> None:
    hold, _, seen = _holder()
    QTest.mouseClick(hold, Qt.MouseButton.LeftButton)
    hold.advance()
    assert seen == []


# Pictures -----------------------------------------------------------------------------------------


def test_a_ring_empties_by_the_time_it_is_told() -> None:
    ring = Ring("flash")
    ring.set_span(NOW, NOW + timedelta(seconds=300))
    ring.tick(NOW)
    assert ring.shown == ("5:00", 1.0)
    ring.tick(NOW + timedelta(seconds=139.5))
    assert ring.shown[0] == "2:41"
    assert ring.shown[1] == pytest.approx(0.535)
    ring.tick(NOW + timedelta(seconds=400))
    assert ring.shown == ("0:00", 0.0)
    ring.set_span(None, None)
    ring.tick(NOW)
    assert ring.shown == ("—", 1.0)


@pytest.mark.parametrize(
    ("left", "whole", "share"), [(8, 50, 0.16), (0, 50, 0.0), (60, 50, 1.0), (None, 50, 0.0), (5, 0, 0.0)]
)
def test_a_bar_shows_what_is_left(left: int | None, whole: int, share: float) -> None:
    bar = Bar()
    bar.set_left(left, whole)
    assert bar.share == pytest.approx(share)


def test_a_line_of_many_values_keeps_its_peaks() -> None:
    spark = Sparkline()
    spark.resize(50, 20)
    spark.set_values([0.0] * 400 + [9.0] + [0.0] * 400)
    points = spark._points()
    assert points.count() == 50
    assert min(point.y() for point in points.toList()) == pytest.approx(2)


def test_a_missing_figure_says_why() -> None:
    figure = Figure("转化")
    figure.show_as("—", why="没有来源报商品曝光")
    assert figure.accessibleName() == "转化 —"
    assert figure.accessibleDescription() == "没有来源报商品曝光"


# Words to the person --------------------------------------------------------------------------------


def test_a_notice_stays_inside_the_window_and_takes_no_focus(qtbot) -> None:  # type: ignore[no-untyped-def]
    window = QWidget()
    qtbot.addWidget(window)
    notice, done = Notice(window), []
    notice.tell("平台没有回话 <b>", "live", action="再问", then=lambda: done.append(1))
    assert notice.said == "平台没有回话 <b>"
    assert not notice.isModal()
    assert notice.focusPolicy() == Qt.FocusPolicy.NoFocus
    notice._do()
    assert (done, notice.said) == ([1], "")


def test_items_flow_into_the_next_line() -> None:
    box = QWidget()
    flow = FlowRow(box, gap=8)
    chips = [FilterChip("尺码 / 身高体重") for _ in range(4)]
    for chip in chips:
        flow.addWidget(chip)
    wide, high = chips[0].sizeHint().width(), chips[0].sizeHint().height()
    assert flow.heightForWidth(4 * wide + 24) == high
    assert flow.heightForWidth(2 * wide + 8) == 2 * high + 8
    box.resize(2 * wide + 8, 400)
    flow.setGeometry(QRect(0, 0, 2 * wide + 8, 400))
    assert chips[2].pos() == QPoint(0, high + 8)


def test_a_count_does_not_move_its_neighbours_back_and_forth() -> None:
    chip = FilterChip("颜色")
    chip.set_count(99)
    width = chip.sizeHint().width()
    chip.set_count(11)
    assert chip.sizeHint().width() == width


def test_the_wheel_changes_no_number() -> None:
    field = NumberField(unit="件")
    field.setValue(7)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == 8
    assert field.focusPolicy() == Qt.FocusPolicy.StrongFocus


@pytest.mark.parametrize(
    "make",
    [
        lambda: FireButton("开抢"),
        lambda: HoldButton("全停"),
        lambda: button("好"),
        lambda: FilterChip("全部"),
        lambda: KeyCap("F12"),
        lambda: KindMark("coupon"),
        lambda: Chip("讲解中"),
        lambda: PlainLabel("字"),
        lambda: EmptyState("cart", "空"),
        lambda: Figure("在线"),
    ],
)
def test_everything_has_a_name_for_who_listens(make: Callable[[], QWidget]) -> None:
    widget = make()
    if isinstance(widget, Figure):
        widget.show_as("3")
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface.text(QAccessible.Text.Name)


def test_everything_can_be_painted_at_any_size(qtbot) -> None:  # type: ignore[no-untyped-def]
    bar, spark, ring = Bar(), Sparkline(), Ring()
    bar.set_left(3, 5)
    spark.set_values([1, 2, 1])
    hold = HoldButton("全停", key="F12", clock=lambda: 5.5)
    hold._since = 5.0
    for widget in (
        bar,
        spark,
        ring,
        hold,
        FireButton("很长的按钮文字", key="PgDn"),
        Chip("字", icon="dot", loud=True),
    ):
        qtbot.addWidget(widget)
        for width, height in ((1, 1), (40, 12), (300, 80)):
            widget.resize(width, height)
            assert not widget.grab().isNull()


def test_a_key_event_of_ours_is_left_for_the_window() -> None:
    fire = FireButton("开抢")
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(fire, event)
    assert not event.isAccepted()
