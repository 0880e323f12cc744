"""Proposals between two seats: the wait is shown, the end is shown, and four eyes are two people's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.committed import NOW
from tests.ui.evening import SALE, Evening
from tests.ui.test_desk import CTRL, sit
from tests.ui.test_queue import made
from ui import i18n
from ui.panels.queue import QueuePanel
from ui.panels.queue.row import NO_KEY, YES_KEY, QueueRow

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")


def proposed(*, seconds: int | None = 155) -> Evening:
    """Two drafts of the assistant's that have waited for 65 seconds, and go back after so many in all."""
    at = Evening(ago=65, proposal_seconds=seconds)
    at.sale("a")
    at.sale("b", sku_id="pants", price_fen=4900)
    at.until(0)
    return at


def row_of(panel: QueuePanel, cue_id: str) -> QueueRow:
    row = panel.row(cue_id)
    assert row is not None
    return row


def test_the_wait_and_the_end_are_shown_and_move(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "assistant", proposed().shown("assistant"))
    row = row_of(panel, "a")
    panel.tick(NOW)
    assert row._asked.text() == "助理提交 · 等了 1:05 · 1:30 后自动退回"
    panel.tick(NOW + timedelta(seconds=30))
    assert row._asked.text() == "助理提交 · 等了 1:35 · 1:00 后自动退回"
    panel.tick(NOW + timedelta(seconds=200))
    assert "-" not in row._asked.text(), "an end that is due counts no further"


def test_the_chip_says_who_and_how_long_and_its_tip_says_when_it_goes_back(
    qtbot: QtBot, dressed: QApplication
) -> None:
    panel = made(qtbot, "host", proposed().shown())
    row = row_of(panel, "a")
    panel.tick(NOW)
    assert row._asked._pieces(row._asked.width() - 12) == ["助理提交 · 等了 1:05"]
    assert "1:30 后自动退回" in row._asked.toolTip()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_however_narrow_the_queue_is_the_time_is_not_cut(
    qtbot: QtBot, dressed: QApplication, language: str
) -> None:
    i18n.use(language)
    try:
        panel = made(qtbot, "host", proposed().shown())
        panel.resize(520, 400)
        panel.show()
        panel.tick(NOW)
        qtbot.waitUntil(lambda: panel.rows()[1].width() < 520)
        for row in panel.rows():
            chip = row._asked
            side = chip._pads()[0]
            (shown,) = chip._pieces(chip.width() - 2 * side)
            assert shown.endswith("1:05")
            assert chip.geometry().right() < row.reject.geometry().left()
    finally:
        i18n.use("zh")


def test_one_that_waits_for_ever_names_no_end(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "assistant", proposed(seconds=None).shown("assistant"))
    panel.tick(NOW)
    assert row_of(panel, "a")._asked.text() == "助理提交 · 等了 1:05"


def test_what_nobody_answered_in_time_says_so_and_can_be_agreed_to_again(
    qtbot: QtBot, dressed: QApplication
) -> None:
    at = proposed(seconds=60)
    assert at.cue("a").status == "rejected"
    row = row_of(made(qtbot, "host", at.shown()), "a")
    assert row._note.text().startswith("已退回：")
    assert "proposal_expired" not in row._note.text()
    assert row.face.approve or row.face.may_approve


def two_people() -> Evening:
    """Under four eyes the host has proposed a sale."""
    at = Evening(four_eyes=True)
    at.add("own", "flash_sale", SALE, by="host")
    return at


async def test_under_four_eyes_nobody_agrees_to_their_own(sit: Any) -> None:
    at = await sit(two_people().shown())
    at.press(Qt.Key.Key_Return, CTRL)
    at.press(Qt.Key.Key_1, CTRL)
    await at.nothing_asked()
    assert at.desk.queue.row("own")._note.text() == "要另一个人审核"


async def test_under_four_eyes_the_other_agrees_and_the_author_fires(sit: Any) -> None:
    evening = two_people()
    at = await sit(evening.shown("operator"), "operator")
    at.press(Qt.Key.Key_Return, CTRL)
    at.press(Qt.Key.Key_Return, CTRL)
    assert await at.asked() == [("cue.approve", {"cue_id": "own"})]
    evening.ok("cue.approve", {"cue_id": "own"}, "operator")
    host = await sit(evening.shown())
    host.press(Qt.Key.Key_1, CTRL)
    assert [type_ for type_, _ in await host.asked()] == ["cue.fire"]


async def test_a_yes_to_a_pin_carries_it_out_once_the_room_is_open(sit: Any) -> None:
    """It has no number of its own and costs nothing; before the broadcast a yes only approves it."""
    evening = Evening()
    evening.add("shown", "pin", {"product_id": "scarf"}, by="assistant")
    at = await sit(evening.shown())
    assert at.desk.queue.row("shown").face.key == ""
    at.press(Qt.Key.Key_Return, CTRL)
    at.press(Qt.Key.Key_Return, CTRL)
    assert [type_ for type_, _ in await at.asked()] == ["cue.fire"]
    before = Evening(open_=False)
    before.add("shown", "pin", {"product_id": "scarf"}, by="assistant")
    off = await sit(before.shown())
    off.press(Qt.Key.Key_Return, CTRL)
    off.press(Qt.Key.Key_Return, CTRL)
    assert [type_ for type_, _ in await off.asked()] == ["cue.approve"]


def many() -> Evening:
    """Four of the host's own are ready; of two proposals the older stands behind the younger in the queue."""
    at = Evening(ago=30)
    for n in range(4):
        at.sale(f"own{n}", quantity=1)
        at.approve(f"own{n}")
    at.sale("older", sku_id="pants", price_fen=4900)
    at.until(10)
    at.sale("younger", sku_id="beret", price_fen=5900)
    at.ok("cue.move", {"cue_id": "younger", "before": "older"})
    at.until(0)
    return at


def drawn(at: Any) -> dict[str, tuple[str, str]]:
    """The keys on the yes and the no of each proposal."""
    rows = [row for row in at.desk.queue.rows() if row.face.proposal]
    return {row.face.cue_id: (row.approve._key, row.reject._key) for row in rows}


async def test_the_first_press_goes_to_the_oldest_and_does_nothing_else(sit: Any) -> None:
    at = await sit(many().shown())
    at.shell.resize(1366, 728)
    assert drawn(at) == {"younger": ("", ""), "older": ("", "")}
    at.press(Qt.Key.Key_Return, CTRL)
    await at.nothing_asked()
    assert drawn(at) == {"younger": ("", ""), "older": (YES_KEY, NO_KEY)}
    row, view = at.desk.queue.row("older"), at.desk.queue.list.viewport()
    assert row.visibleRegion().boundingRect() == row.rect(), "the whole of it is in sight"
    assert view.height() >= row.height()
    at.press(Qt.Key.Key_Return, CTRL)
    assert await at.asked() == [("cue.approve", {"cue_id": "older"})]
    assert at.desk.notice.said == "通过了：秒杀 加绒打底裤 2 条装 ¥49 × 50"


async def test_no_is_for_the_row_that_the_keyboard_is_on_and_is_said(sit: Any) -> None:
    at = await sit(many().shown())
    at.press(Qt.Key.Key_Backspace, CTRL)
    await at.nothing_asked()
    at.desk.queue.row("younger").choose()
    at.press(Qt.Key.Key_Backspace, CTRL)
    assert await at.asked() == [("cue.reject", {"cue_id": "younger"})]
    assert at.desk.notice.said == "退回了：秒杀 羊毛贝雷帽 ¥59 × 50"


async def test_a_press_that_chose_by_itself_would_decide_unseen(
    sit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: with the oldest taken for chosen, as it was once, the first press agrees to what is not
    in sight."""
    monkeypatch.setattr(QueuePanel, "chosen", lambda self: self.row("older"))
    at = await sit(many().shown())
    at.press(Qt.Key.Key_Return, CTRL)
    assert await at.asked() == [("cue.approve", {"cue_id": "older"})]


async def test_what_is_approved_gives_the_keyboard_up(sit: Any) -> None:
    evening = many()
    at = await sit(evening.shown())
    at.press(Qt.Key.Key_Return, CTRL)
    evening.approve("older")
    await at.show(evening.shown())
    assert at.desk.queue.chosen() is None
    assert at.desk.queue.row("older").fire.isVisible()
    at.press(Qt.Key.Key_Return, CTRL)
    await at.nothing_asked()
    assert drawn(at) == {"younger": (YES_KEY, NO_KEY)}


async def test_a_press_of_the_mouse_on_a_key_does_not_choose_the_row(sit: Any) -> None:
    """The key would move away under the mouse as the row draws its caps."""
    at = await sit(many().shown())
    row = at.desk.queue.row("older")
    at.desk.queue.list.bring(row)
    before = row.reject.geometry()
    QTest.mousePress(row.reject, Qt.MouseButton.LeftButton)
    assert (row.chosen, row.reject.geometry()) == (False, before)
    QTest.mouseRelease(row.reject, Qt.MouseButton.LeftButton)
    assert await at.asked() == [("cue.reject", {"cue_id": "older"})]
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=row._tile.geometry().center())
    assert row.chosen
