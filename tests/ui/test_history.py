"""历史场次: what a row says and where, what is in doubt, and how few keys an old report takes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from liveconsole.messages.boards import BoardWhy, Tile
from liveconsole.messages.broadcasts import PastBroadcasts
from liveconsole.messages.settlements import SettlementTold, SettlementWhy
from liveconsole.views.past import change, is_doubtful, summed
from liveconsole.views.report import fold
from tests.ui.board_rooms import board
from tests.ui.fake_bus import FakeBus, until
from tests.ui.past_rooms import past
from tests.ui.rooms import sample_state
from tests.ui.sitting import Sitting, joined
from tests.unit.domain.desk import START, Desk
from tests.unit.views.log_lines import lines_of
from ui import theme
from ui.seat import join
from ui.seat.seat import Seat
from ui.seat.session import RealRoom
from ui.windows.history import window as windows
from ui.windows.history.opener import PastWindows
from ui.windows.history.row import lay_out
from ui.windows.history.window import HistoryWindow


def page_of(qtbot: QtBot) -> HistoryWindow:
    """The window once it has seen a page."""

    async def join() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    window = HistoryWindow(Seat(join))
    qtbot.addWidget(window)
    window.show()
    window.show_page(past())
    return window


def texts(window: HistoryWindow, number: int) -> list[str]:
    return [placed.text for placed in lay_out(window._rows[number].facts, 1_400).texts]


def test_a_row_says_doubt_at_its_figure_and_unknown_as_a_dash(qtbot: QtBot) -> None:
    window = page_of(qtbot)
    newest, fourth, other = texts(window, 7), texts(window, 4), texts(window, 6)
    assert {"≥ ¥5,120", "存疑", "券数没来源"} <= set(newest)
    assert "—" in fourth
    assert "没记人数" in fourth
    assert "≥ 983" in fourth
    assert not {"存疑", "—"} & set(other)
    assert "平台显示卖得更多" in window._rows[4].accessibleName()


def test_a_month_is_at_least_what_its_doubtful_parts_are(qtbot: QtBot) -> None:
    window = page_of(qtbot)
    november, october = (month.text() for month in window._months)
    assert "至少 3,938 单" in november
    assert "至少" not in october
    rows = past().rows
    assert summed(rows, "online_peak").least
    assert summed(rows[4:], "paid").least is False


@pytest.mark.parametrize("width", [960, 1024, 1366, 1440, 1920])
def test_nothing_of_a_row_is_cut_or_lies_on_its_neighbour(qtbot: QtBot, width: int) -> None:
    window = page_of(qtbot)
    window.resize(width, 640)
    qtbot.wait(1)
    for row in window._rows.values():
        placed = row.layout_now()
        for text in placed.texts:
            room = QFontMetrics(theme.font(text.role)).horizontalAdvance(text.text)
            assert text.elided or room <= text.room.width() + 1, text
            assert text.room.right() <= row.report.geometry().left()
        assert not [text.text for text in placed.texts if text.elided]
        pieces = [text.room for text in placed.texts] + [room for room, *_ in placed.tiles]
        for at, one in enumerate(pieces):
            assert not any(one.intersects(other) for other in pieces[at + 1 :])


def test_filters_and_the_search_find_by_number_product_day_and_name(qtbot: QtBot) -> None:
    window = page_of(qtbot)
    for sought, numbers in (("3", [3]), ("帽子", [5]), ("2026-10-2", [2]), ("短靴", [1, 2, 3, 4, 5])):
        window.search.setText(sought)
        found = [row.summary.number for row in window.found()]
        assert set(numbers) <= set(found), sought
        assert len(found) < 7, sought
    window.search.clear()
    window.doubtful.click()
    assert [row.summary.number for row in window.found()] == [7, 4]
    window.kind.click()
    assert len(window.found()) == 7
    window.search.setText("没有这个")
    assert window.said.isVisible()


def test_the_tray_is_there_only_for_what_is_ticked_and_takes_four(qtbot: QtBot) -> None:
    window = page_of(qtbot)
    assert not window.tray.isVisible()
    window._rows[7].tick.click()
    assert window.tray.isVisible()
    assert not window.open_compare.isEnabled()
    for number in (6, 5, 4, 3):
        window._rows[number].tick.click()
    assert [row.summary.number for row in window._chosen()] == [6, 5, 4, 3]
    window.open_compare.click()
    assert window.pages.currentWidget() is window.compare
    QTest.keyClick(window, Qt.Key.Key_Escape)
    window.none.click()
    assert not window.tray.isVisible()


def test_a_figure_in_doubt_neither_rises_nor_falls() -> None:
    rows = past().rows
    newest, before = rows[0], rows[1]
    assert change([before, newest], "gmv_fen") == pytest.approx(0.0916, abs=0.001)
    assert change([before, newest], "given_fen") is None
    assert change([rows[3], newest], "online_peak") is None
    # Without its doubt the same figure would rise.
    assert newest.card is not None
    sure = msgspec.structs.replace(newest, card=msgspec.structs.replace(newest.card, doubts=[]))
    assert change([before, sure], "given_fen") is not None
    assert not is_doubtful(sure)


@pytest.mark.asyncio
async def test_what_is_not_read_yet_is_asked_for_again_and_an_old_report_takes_four_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(windows, "AGAIN_SECONDS", 0.01)
    evening = Desk()
    evening.ok("broadcast.close", {})
    async with joined(Sitting()) as sitting:
        sitting.bus.past = msgspec.to_builtins(past(30, reading=3))
        sitting.bus.reports[17] = msgspec.to_builtins(fold(lines_of(evening)))
        window = HistoryWindow(sitting.seat)
        window.show()
        window.begin()
        await until(lambda: bool(window._rows))
        assert "正在读" in texts(window, 1)
        sitting.bus.past = msgspec.to_builtins(past(30))
        await until(lambda: "正在读" not in texts(window, 1))
        QTest.keyClicks(window.search, "17")
        QTest.keyClick(window.search, Qt.Key.Key_Return)
        await until(lambda: "【概览】" in window.report.front.toPlainText())
        assert "交接单" in window.report.handover.toPlainText()
        QTest.keyClick(window.report, Qt.Key.Key_Escape)
        QTest.keyClick(window.search, Qt.Key.Key_Backspace)
        QTest.keyClick(window.search, Qt.Key.Key_Backspace)
        assert len(window.found()) == 30
    window.deleteLater()


@pytest.mark.asyncio
async def test_from_the_first_window_the_list_has_a_seat_of_its_own_as_long_as_it_is_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dressed: QApplication
) -> None:
    bus = FakeBus(sample_state())
    bus.past = msgspec.to_builtins(past(5))

    async def found() -> FakeBus:
        return bus

    monkeypatch.setattr(join, "local", lambda *_args, **_more: found)
    windows = PastWindows()
    windows.begin(tmp_path, RealRoom(40, 5))
    opened = windows.list
    assert opened is not None
    await until(lambda: len(opened._rows) == 5)
    assert bus.asked == [], "nothing of the room is set or started"
    assert windows._own is not None
    seat = windows._own[0]
    windows.close()
    await until(lambda: seat.link == "closed" and bus.closed)
    assert windows.list is None
    assert windows._own is None


def compared(qtbot: QtBot, *numbers: int) -> HistoryWindow:
    """Side by side, their boards read."""
    window = page_of(qtbot)
    for number in numbers:
        window._rows[number].tick.click()
    window.show_compare()
    return window


def line_of(window: HistoryWindow, name: str) -> list[str]:
    return [cell.value for cell in dict(window.compare.lines())[name]]


def test_side_by_side_the_boards_say_more_and_the_mean_of_the_same_hour_stands_last(qtbot: QtBot) -> None:
    window = compared(qtbot, 7, 6)
    window.compare.boards.clear()
    assert [name for name, _ in window.compare.lines()] == [
        "成交额", "退款", "支付订单", "售出件数", "最高在线", "让利",
    ]  # fmt: skip
    window.compare.show_board(6, replace(board(), switchbacks=[]))
    assert line_of(window, "观看人数") == ["18,420", "…", "—"]
    window.compare.show_board(7, board())
    assert line_of(window, "观看人数") == ["18,420", "18,420", "—"]
    assert line_of(window, "成交额") == ["¥154,087", "¥168,204", "¥96,480"]
    assert line_of(window, "支付订单")[-1] == "610"
    tests = line_of(window, "试验")
    assert tests[0] == "—"
    assert "整点福袋 更多 ¥550/分钟" in tests[1]
    assert "背景音乐 数据太少（3，要 12）" in tests[1]
    assert "6 场" in window.compare._mean_words()


def test_a_board_that_cannot_be_had_is_a_dash_and_no_nought(qtbot: QtBot) -> None:
    window = compared(qtbot, 7, 6)
    window.compare.show_board(7, board())
    window.compare.show_board(6, None)
    assert line_of(window, "观看人数") == ["—", "18,420", "—"]
    window.compare.show_board(7, None)
    assert "观看人数" not in dict(window.compare.lines())
    assert line_of(window, "成交额")[-1] == "—"


def test_curves_end_at_what_was_sold_in_the_bars_and_begin_at_nought(qtbot: QtBot) -> None:
    window = compared(qtbot, 7, 6)
    told = board()
    assert told.trend is not None
    assert told.trend.gmv_fen is not None
    window.compare.show_board(7, told)
    window.compare.show_board(6, replace(told, trend=None))
    assert window.compare.curves.sums[0] == []
    line = window.compare.curves.sums[1]
    assert (line[0], line[-1]) == ((0.0, 0), (72.0, sum(told.trend.gmv_fen)))
    assert all(one[1] <= other[1] for one, other in pairwise(line))


def test_what_is_ticked_stands_as_a_card_with_its_figures(qtbot: QtBot) -> None:
    window = page_of(qtbot)
    window._rows[7].tick.click()
    window._rows[4].tick.click()
    said = [[text.text for text in card.placed_texts()] for card in window.tray.cards]
    assert said[0] == ["秋冬羊绒专场 11-27", "¥168,204 · 986 单 · 2:31"]
    assert said[1][0] == "双十一返场 11-06"


def test_real_ones_and_rehearsals_are_told_apart_where_there_are_both(qtbot: QtBot) -> None:
    window = page_of(qtbot)
    assert not window.rehearsed.isVisible()
    some = past(7)
    rows = [replace(row, summary=replace(row.summary, simulated=n > 4)) for n, row in enumerate(some.rows)]
    window.show_page(PastBroadcasts(rows, 7, 0))
    assert window.rehearsed.isVisible()
    assert len(window.found()) == 5
    window.rehearsed.click()
    assert [row.summary.number for row in window.found()] == [2, 1]
    window.show_page(past(3, simulated=True))
    assert not window.kind.isVisible()
    assert len(window.found()) == 3


async def test_a_clips_return_is_typed_where_it_is_compared(
    dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = Tile(
        "clip_roi", "times", None, "typed", why=BoardWhy("not_typed"), typed="clip_cost_fen", reference=5
    )
    told = board()
    told = replace(told, levels={**told.levels, "advanced": [*told.levels["advanced"], clip]})
    async with joined(Sitting()) as sitting:
        sitting.bus.books_told["boards"] = lambda _query: msgspec.to_builtins(told)
        window = HistoryWindow(sitting.seat)
        window.show()
        window.show_page(past())
        for number in (7, 6):
            window._rows[number].tick.click()
        window.show_compare()
        await until(lambda: len(window.compare.boards) == 2)
        assert {tuple(query.items()) for _, query in sitting.bus.books_asked} == {
            (("broadcast", 6),),
            (("broadcast", 7),),
        }
        assert line_of(window, "短视频投产比") == ["—", "—", "—"]
        fill = [b for b in window.compare.findChildren(QPushButton) if b.accessibleName() == "填 短视频花费"]
        fill[-1].click()
        window.compare.bar.line.setText("1,200.50")
        QTest.keyClick(window.compare.bar.line, Qt.Key.Key_Return)
        await until(lambda: bool(sitting.bus.asked))
        assert sitting.bus.asked == [
            ("board.type", {"name": "clip_cost_fen", "value": 120_050, "broadcast": 7})
        ]
        await until(lambda: len(sitting.bus.books_asked) == 3)
        window.close()
        window.deleteLater()


async def test_a_reports_figures_open_as_boards_of_that_broadcast(dressed: QApplication) -> None:
    async with joined(Sitting()) as sitting:
        sitting.bus.past = msgspec.to_builtins(past())
        sitting.bus.books_told["boards"] = lambda _query: msgspec.to_builtins(board())
        beside = PastWindows()
        beside.toggle(sitting.seat, None)
        assert beside.list is not None
        await until(lambda: beside.list is not None and bool(beside.list._rows))
        beside.list.open_report(5)
        QTest.keyClick(beside.list.report, Qt.Key.Key_D)
        first = beside.boards
        assert first is not None
        await until(lambda: first.body.page() is not None)
        assert sitting.bus.books_asked == [("boards", {"broadcast": 5})]
        beside.list.report.boards_wanted.emit(4)
        assert beside.boards is not first
        beside.close()
        assert beside.boards is None
        assert beside.list is None


async def test_a_report_says_what_the_evening_brings(qtbot: QtBot, dressed: QApplication) -> None:
    evening = Desk()
    evening.ok("broadcast.close", {})
    told = SettlementTold(
        broadcast=17, title="", opened_at=START, simulated=False, at=START, orders=2, settled=0, unpaid=1,
        paid_fen=30_000, refund_fen=0, asked_back_fen=0, commission_fen=0, low_fen=None, high_fen=None,
        known_low_fen=9_405, known_high_fen=9_900, unknown_orders=1, unknown_fen=20_000,
        why=[SettlementWhy("unknown_category", {"names": "虚拟卡"})], fees=[], payout=("0", "0.6"),
        table="店", checked=None, parts=[], parts_since=None, parts_why=SettlementWhy("no_parts"),
    )  # fmt: skip
    async with joined(Sitting()) as sitting:
        sitting.bus.reports[17] = msgspec.to_builtins(fold(lines_of(evening)))
        sitting.bus.books_told["settlement"] = lambda _query: msgspec.to_builtins(told)
        window = HistoryWindow(sitting.seat)
        qtbot.addWidget(window)
        window.open_report(17)
        await until(lambda: "这场到手" in window.report.front.toPlainText())
        said = window.report.front.toPlainText()
        assert "【概览】" in said
        assert "到手 —" in said
        assert "虚拟卡" in said
        assert sitting.bus.books_asked == [("settlement", {"broadcast": 17})]
        window.report.show_settlement(msgspec.structs.replace(told, broadcast=16))
        assert window.report.front.toPlainText() == said, "of another broadcast"


def test_a_row_says_which_tests_ran_in_it(qtbot: QtBot) -> None:
    window = page_of(qtbot)
    some = past()
    window.show_page(
        replace(some, rows=[replace(some.rows[0], tests=["整点福袋", "<b>灯光"]), *some.rows[1:]])
    )
    assert "试验 整点福袋、<b>灯光" in window._rows[7].accessibleName()
    assert "试验" not in window._rows[6].accessibleName()
