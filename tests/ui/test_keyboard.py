"""Every part of the desk by keys of its own: sheets, waiting cards, F6 and the way back to 下一品."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from liveconsole.messages.state import State
from tests.ui.fake_bus import until
from tests.ui.rooms import Evening, queue_of, rundown_state
from tests.ui.test_desk import CTRL, SHIFT, sit
from ui.keys import REACHING
from ui.panels.composer import ComposerSheet
from ui.panels.notes.handover import HandoverSheet
from ui.panels.owed import panel as owed
from ui.panels.products import ProductsSheet
from ui.panels.rundown.paste import PasteSheet
from ui.parts.typed_number import TOGETHER_SECONDS, TypedNumber
from ui.sheets.sheet import Sheet
from ui.windows import commands
from ui.windows.left_column import CART, RUNDOWN

__all__ = ["sit"]

SHEETS: dict[Qt.Key, type[Sheet]] = {
    Qt.Key.Key_I: ProductsSheet,
    Qt.Key.Key_R: PasteSheet,
    Qt.Key.Key_P: ComposerSheet,
    Qt.Key.Key_E: HandoverSheet,
}


async def _active(at: Any) -> None:
    at.shell.activateWindow()
    await until(lambda: QApplication.activeWindow() is at.shell)


def _owing() -> State:
    """Two sales that a person is asked to start."""
    return queue_of(platform="manual", a="firing", b="firing")


@pytest.mark.parametrize("key", list(SHEETS))
async def test_a_sheet_opened_by_its_key_has_the_keyboard_and_gives_it_back(sit: Any, key: Qt.Key) -> None:
    at = await sit(queue_of())
    await _active(at)
    at.desk.setFocus()
    at.press(key, CTRL)
    sheet = at.desk.side.sheet
    assert isinstance(sheet, SHEETS[key])
    focused = QApplication.focusWidget()
    assert focused is not None
    assert sheet.isAncestorOf(focused)
    at.press(Qt.Key.Key_Escape)
    assert at.desk.side.sheet is None
    assert QApplication.focusWidget() is at.desk
    at.press(Qt.Key.Key_PageDown)
    assert [type_ for type_, _ in await at.asked()] == ["go.next"]


async def test_a_locked_seat_opens_nothing_that_writes(sit: Any) -> None:
    at = await sit(queue_of())
    at.desk.lock()
    for key in (Qt.Key.Key_I, Qt.Key.Key_R, Qt.Key.Key_P):
        at.press(key, CTRL)
        assert at.desk.side.sheet is None


async def test_f6_goes_round_the_parts_and_esc_comes_out(sit: Any) -> None:
    at = await sit(queue_of())
    await _active(at)
    desk = at.desk
    desk.setFocus()
    seen = []
    parts = {"left": desk.left, "queue": desk.queue, "side": desk.side, "footer": desk.footer}
    for key, held in [(Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier)] * 5 + [(Qt.Key.Key_F6, SHIFT)]:
        at.press(key, held)
        focus = QApplication.focusWidget()
        seen.append(next((name for name, part in parts.items() if part.isAncestorOf(focus)), "?"))
    assert seen[0] == seen[4] == "left"
    assert seen[2:4] == ["side", "footer"]
    assert seen[5] == "footer"
    at.press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is desk


async def test_the_next_product_is_a_key_away_from_the_line(sit: Any) -> None:
    at = await sit(queue_of())
    await _active(at)
    at.press(Qt.Key.Key_K, CTRL)
    at.press(Qt.Key.Key_PageDown)
    assert [type_ for type_, _ in await at.asked()] == ["go.next"]
    assert QApplication.focusWidget() is at.desk.proposals.line.line


async def test_an_assistants_esc_leaves_her_own_line_before_it_takes_back_a_promotion(sit: Any) -> None:
    at = await sit(queue_of("assistant", a="recallable"), "assistant")
    await _active(at)
    at.press(Qt.Key.Key_K, CTRL)
    at.press(Qt.Key.Key_Escape)
    at.press(Qt.Key.Key_M, CTRL)
    at.press(Qt.Key.Key_Escape)
    await at.nothing_asked()
    assert at.desk.side.sheet is None
    at.press(Qt.Key.Key_Escape)
    assert await at.asked() == [("cue.recall", {"cue_id": "a"})]


async def test_the_hosts_esc_takes_back_wherever_the_cursor_is(sit: Any) -> None:
    at = await sit(queue_of(a="recallable"))
    await _active(at)
    at.press(Qt.Key.Key_M, CTRL)
    at.press(Qt.Key.Key_Escape)
    assert await at.asked() == [("cue.recall", {"cue_id": "a"})]
    assert at.desk.side.sheet is not None


async def test_two_presses_in_quick_succession_are_one_even_where_the_first_is_seen(
    sit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "TWICE_SECONDS", 60.0)
    at = await sit(queue_of())
    at.press(Qt.Key.Key_PageDown)
    assert len(await at.asked()) == 1
    await at.show(queue_of())  # the desk has seen what came of it
    at.press(Qt.Key.Key_PageDown)
    await asyncio.sleep(0.05)
    assert len(at.bus.asked) == 1
    assert "这一下不算" in at.desk.notice.said
    monkeypatch.setattr(commands, "TWICE_SECONDS", 0.0)
    at.press(Qt.Key.Key_PageDown)
    assert len(await at.asked(2)) == 2


async def test_what_hides_with_the_keyboard_gives_it_to_the_desk(sit: Any) -> None:
    at = await sit(Evening(open_=False).shown())
    await _active(at)
    at.desk.opening.open.setFocus()
    await at.show(queue_of())
    await until(lambda: not at.desk.opening.isVisible())
    assert QApplication.focusWidget() is at.desk


async def test_the_oldest_card_is_answered_by_its_keys(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owed, "SETTLE_SECONDS", 0.0)
    at = await sit(_owing())
    first, second = at.desk.left.owed.cards()
    assert (first.done._key, first.failed._key, second.done._key) == ("Ctrl+Y", "Ctrl+N", "")
    at.press(Qt.Key.Key_Y, CTRL)
    assert await at.asked() == [("cue.confirm", {"cue_id": "a", "step": "on_air", "done": True})]
    at.press(Qt.Key.Key_N, CTRL)
    assert (await at.asked(2))[1] == ("cue.confirm", {"cue_id": "a", "step": "on_air", "done": False})


async def test_a_card_that_has_just_come_up_is_looked_at_first(
    sit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "SETTLE_SECONDS", 60.0)
    at = await sit(_owing())
    at.press(Qt.Key.Key_Y, CTRL)
    await at.nothing_asked()
    assert "看一眼再按" in at.desk.left.owed.cards()[0]._said.text()


async def test_a_chosen_line_is_gone_on_to_by_a_key_of_its_list(sit: Any) -> None:
    at = await sit(rundown_state())
    await _active(at)
    left = at.desk.left
    at.press(Qt.Key.Key_F6)
    lists = {RUNDOWN: left.rundown, CART: left.cart}
    wanted = next(row for row in left.rundown.model.rows if not row.current and row.on_shelf)
    for place, panel in lists.items():
        left.choose(place)
        panel.list.setFocus()
        panel.list.setCurrentIndex(panel.model.index(0))
        if place == RUNDOWN:
            panel.list.choose(wanted.segment_id)
        at.press(Qt.Key.Key_PageDown, CTRL)
    asked = await at.asked(2)
    assert asked[0] == ("go.next", {"to": wanted.segment_id})
    assert asked[1][0] in ("cart.pin", "cart.unpin")


async def test_a_number_typed_on_the_list_goes_to_its_product(sit: Any) -> None:
    """F6 comes to the list itself; a digit that comes late begins another number."""
    at = await sit(queue_of())
    await _active(at)
    at.desk.setFocus()
    at.press(Qt.Key.Key_F6)
    cart = at.desk.cart
    assert cart.list.hasFocus()
    at.press(Qt.Key.Key_4)
    assert cart.model.rows[cart.list.currentIndex().row()].number == 4
    at.press(Qt.Key.Key_9)  # there is no 49: the 4 stays
    assert cart.model.rows[cart.list.currentIndex().row()].number == 4
    at.press(Qt.Key.Key_PageDown, CTRL)
    [(type_, data)] = await at.asked()
    assert (type_, data["number"]) == ("cart.pin", 4)


def test_digits_that_come_together_are_one_number(qtbot: QtBot) -> None:
    place, now = QLineEdit(), [0.0]
    gone: list[int] = []

    def go(number: int) -> bool:
        gone.append(number)
        return True

    qtbot.addWidget(place)
    TypedNumber(place, go, clock=lambda: now[0])
    QTest.keyClicks(place, "15")
    now[0] += TOGETHER_SECONDS + 0.1
    QTest.keyClicks(place, "3a")
    assert gone == [1, 15, 3]
    assert place.text() == "a"


async def test_no_card_no_answer_and_a_locked_seat_gives_none(sit: Any) -> None:
    at = await sit(queue_of())
    at.press(Qt.Key.Key_Y, CTRL)
    await at.nothing_asked()


def test_every_key_of_reaching_is_tested_here() -> None:
    letters = {f"Ctrl+{chr(key)}" for key in SHEETS}
    named = {
        "Ctrl+Y",
        "Ctrl+N",
        "F6",
        "Shift+F6",
        "F3",
        "F4",
        "F5",
        "F7",
        "F8",
        "Ctrl+H",
        "Ctrl+G",
        "Ctrl+,",
        "Ctrl+Z",
        "Ctrl+B",
        "Ctrl+O",
        "Ctrl+U",
        "Ctrl+S",
    }
    assert letters | named == set(REACHING)
