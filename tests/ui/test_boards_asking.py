"""数据 asks the engine and is asked: how often, by which keys, what a person types, plans and ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.board_rooms import NOW, board
from tests.ui.fake_bus import until
from tests.ui.rooms import queue_of
from tests.ui.sitting import Sitting, joined
from tests.ui.test_boards import boards_of, card_texts
from tests.ui.test_desk import sit
from ui.windows.boards import trial
from ui.windows.boards import window as windows
from ui.windows.boards.window import BoardsWindow

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")


# Asking ----------------------------------------------------------------------------------------------


async def test_it_asks_again_and_not_more_often_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "AGAIN_SECONDS", 0.02)
    made = Sitting()
    made.bus.books_told["boards"] = lambda _query: msgspec.to_builtins(board())
    async with joined(made) as at:
        window = BoardsWindow(at.seat, {"broadcast": 3})
        window.show()
        window.begin()
        await until(lambda: len(made.bus.books_asked) >= 3)
        assert made.bus.books_asked[0] == ("boards", {"broadcast": 3})
        assert "¥128,640" in card_texts(window, "gmv_fen")
        window.showMinimized()
        asked = len(made.bus.books_asked)
        await asyncio.sleep(0.1)
        assert len(made.bus.books_asked) <= asked + 1, "nobody sees it"
        window.close()
        window.deleteLater()


async def test_days_are_asked_for_by_a_word_and_the_broadcast_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(windows, "AGAIN_SECONDS", 600)  # by itself it does not ask again here
    made = Sitting()
    over_days = replace(board(), number=None, opened_at=None, from_day="2026-11-23", to_day="2026-11-29",
                        trend=None, comparison=None, switchbacks=[])  # fmt: skip

    def told(query: dict[str, str | int]) -> dict[str, Any]:
        return dict(msgspec.to_builtins(over_days if "from" in query else board()))

    made.bus.books_told["boards"] = told
    async with joined(made) as at:
        window = BoardsWindow(at.seat, {"broadcast": 3})
        window.show()
        window.begin()
        await until(lambda: window.body.page() is not None)
        window.head.days.setCurrentIndex(window.head.days.findData("week"))
        await until(lambda: window.head.title.text() == "数据 · 2026-11-23 到 2026-11-29")
        asked = len(made.bus.books_asked)
        for place in (2, 3, 4, 3):
            window.head.days.setCurrentIndex(place)
        await until(lambda: len(made.bus.books_asked) > asked)
        assert len(made.bus.books_asked) == asked + 1, "going through the list asks once"
        assert made.bus.books_asked[-1][1].keys() == {"from", "to"}
        assert window.head.air.isHidden()
        assert window.body.foot.isHidden()
        window.head.days.setCurrentIndex(0)
        await until(lambda: "秋冬" in window.head.title.text())
        assert made.bus.books_asked[-1] == ("boards", {"broadcast": 3})
        window.close()
        window.deleteLater()


async def test_a_key_of_the_desk_opens_it_and_closes_it_and_it_has_keys_of_its_own(sit: Any) -> None:
    at = await sit(queue_of())
    at.bus.books_told["boards"] = lambda _query: msgspec.to_builtins(board())
    at.press(Qt.Key.Key_F7)
    window = at.shell.beside.open["F7"]
    assert isinstance(window, BoardsWindow)
    await until(lambda: window.body.page() is not None)
    assert ("boards", {}) in at.bus.books_asked
    assert window.show_keys()
    assert "1 2 3" in window.notice.accessibleName()
    at.press(Qt.Key.Key_F7)
    assert "F7" not in at.shell.beside.open


async def test_a_typed_figure_goes_out_as_a_command_and_a_refusal_stands_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Sitting()
    async with joined(made) as at:
        window = BoardsWindow(at.seat)
        window.show()
        window.show_page(board())
        card = next(c for c in window.body.basic.cards if c.tile and c.tile.name == "exposure")
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        assert window.typed.isVisible()
        for wrong in ("", "很多", "-3", "99999999999999"):
            window.typed.line.setText(wrong)
            QTest.keyClick(window.typed.line, Qt.Key.Key_Return)
            assert window.typed.said.text() == "只要一个数"
        window.typed.line.setText("182,000")
        QTest.keyClick(window.typed.line, Qt.Key.Key_Return)
        await until(lambda: bool(made.bus.asked))
        assert made.bus.asked[-1] == (
            "board.type",
            {"name": "exposure", "value": 182_000, "broadcast": 3},
        )
        window.deleteLater()


# Switchback tests ------------------------------------------------------------------------------------


def test_the_block_that_runs_is_said_at_every_level_and_goes_on_by_the_clock(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = boards_of(qtbot, monkeypatch)
    test = trial.running(board())
    assert test is not None
    for seconds, said, tone in (
        (0, "背景音乐：开着 4:24 · 4/4", "ok"),
        (-310, "背景音乐：关掉 4:34 · 3/4", "warn"),
        (264, "背景音乐：试完了", "fg1"),
    ):
        assert trial.block_words(test, NOW + timedelta(seconds=seconds)) == (said, tone)
    assert made.head.trial.text() == "背景音乐：开着 4:24 · 4/4"
    monkeypatch.setattr(made._seat, "now", lambda: NOW + timedelta(seconds=30))
    made._tick()
    assert made.head.trial.text() == "背景音乐：开着 3:54 · 4/4"
    made.show_page(replace(board(), switchbacks=[]))
    assert made.head.trial.isHidden()


def test_off_air_no_test_is_begun_and_a_second_one_waits(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = boards_of(qtbot, monkeypatch)
    tests = made.body.tests
    assert not tests.start.isEnabled(), "one runs"
    made.show_page(replace(board(), switchbacks=[]))
    assert tests.start.isEnabled()
    made.show_page(replace(board(), switchbacks=[], closed_at=NOW))
    assert not tests.start.isEnabled()
    assert tests.said.text() == "开播后才能试"


async def test_a_test_is_planned_and_ended_by_a_person() -> None:
    made = Sitting()
    made.bus.books_told["boards"] = lambda _query: msgspec.to_builtins(board())
    async with joined(made) as at:
        window = BoardsWindow(at.seat)
        window.show()
        window.show_page(replace(board(), switchbacks=[]))
        window.show_level("decision")
        tests = window.body.tests
        QTest.keyClick(tests.name, Qt.Key.Key_Return)
        assert tests.said.text() == "先写试什么"
        QTest.keyClicks(tests.name, "12 te")  # digits and letters are of the line, not of the window
        assert window.body.level == "decision"
        tests.name.setText("整点福袋")
        tests.minutes.setValue(3)
        QTest.keyClick(tests.name, Qt.Key.Key_Return)
        await until(lambda: tests.said.text() == "记下了")
        assert made.bus.asked == [("switchback.plan", {"name": "整点福袋", "minutes": 3, "blocks": 12})]
        await until(lambda: bool(made.bus.books_asked))
        await until(lambda: tests.end.isVisibleTo(tests))
        tests.end.click()
        await until(lambda: len(made.bus.asked) == 2)
        assert made.bus.asked[1] == ("switchback.drop", {"plan_id": "s1"})
        window.close()
        window.deleteLater()


async def test_what_a_purchase_lacks_is_typed_for_its_product_by_keys_alone() -> None:
    made = Sitting()
    async with joined(made) as at:
        window = BoardsWindow(at.seat)
        window.show()
        window.show_page(board())
        window.show_level("decision")
        view = window.body.purchases.view
        view.area.setFocus()
        for _ in range(5):  # the third is the last
            QTest.keyClick(view.area, Qt.Key.Key_Down)
        assert view.rows.chosen == 2
        QTest.keyClick(view.area, Qt.Key.Key_Return)
        bar = window.typed
        assert bar.isVisible()
        assert bar.name.text() == "羊毛大衣 灰 M"
        assert [bar.which.itemData(n) for n in range(bar.which.count())] == [
            "lead_days", "ordered", "season_percent",
        ]  # fmt: skip
        bar.line.setText("12")
        QTest.keyClick(bar.line, Qt.Key.Key_Return)
        await until(lambda: bool(made.bus.asked))
        assert made.bus.asked == [("board.type", {"name": "lead_days", "value": 12, "product_id": "p1"})]
        window.show_level("advanced")
        window.body.goods.view.asked.emit(4)
        bar.line.setText("840")
        QTest.keyClick(bar.line, Qt.Key.Key_Return)
        await until(lambda: len(made.bus.asked) == 2)
        data = {"name": "clicks", "value": 840, "product_id": "p2", "broadcast": 3}
        assert made.bus.asked[1] == ("board.type", data)
        window.close()
        window.deleteLater()


def test_a_row_is_asked_about_by_a_click_and_stays_within_the_rows(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = boards_of(qtbot, monkeypatch)
    made.show_level("decision")
    view = made.body.purchases.view
    asked: list[int] = []
    view.asked.connect(asked.append)
    high = round(view.rows.height() / 3)
    QTest.mouseClick(view.rows, Qt.MouseButton.LeftButton, pos=QPoint(40, high + 5))
    assert asked == [1]
    assert made.typed.isVisible()
    QTest.keyClick(view.area, Qt.Key.Key_Up)
    QTest.keyClick(view.area, Qt.Key.Key_Up)
    assert view.rows.chosen == 0


async def test_a_locked_seat_types_nothing_and_plans_nothing() -> None:
    made = Sitting()
    async with joined(made) as at:
        locked = True
        window = BoardsWindow(at.seat, locked=lambda: locked)
        window.show()
        window.show_page(replace(board(), switchbacks=[]))
        window._type("exposure")
        window.typed.line.setText("5")
        QTest.keyClick(window.typed.line, Qt.Key.Key_Return)
        assert "锁定" in window.typed.said.text()
        window.body.tests.name.setText("灯光")
        window.body.tests.start.click()
        assert "锁定" in window.body.tests.said.text()
        assert made.bus.asked == []
        locked = False
        window.body.tests.start.click()
        await until(lambda: [type_ for type_, _ in made.bus.asked] == ["switchback.plan"])
        window.close()
        window.deleteLater()
