"""Proposals between two seats: the wait is shown, the end is shown, and four eyes are two people's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.committed import NOW
from tests.ui.evening import SALE, Evening
from tests.ui.test_desk import CTRL, sit
from tests.ui.test_queue import made
from ui import i18n
from ui.panels.queue import QueuePanel
from ui.panels.queue.row import QueueRow
from ui.windows import proposals

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


def test_the_host_sees_the_end_beside_the_keys_that_answer_it(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "host", proposed().shown())
    first, second = row_of(panel, "a"), row_of(panel, "b")
    panel.tick(NOW)
    assert first._agree.text() == "Ctrl+Enter 通过 · Ctrl+Backspace 退回 · 1:30 后自动退回"
    assert first._asked.text() == "助理提交 · 等了 1:05"
    assert second._asked.text().endswith("1:30 后自动退回")


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
        row = row_of(panel, "b")
        (shown,) = row._asked._pieces(row._asked.width())
        assert "1:05" in shown
        assert not shown.endswith("…")
        assert row._asked.is_cut() == (shown != row._asked.text()), "the tip says the whole"
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


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "SETTLE_SECONDS", 0.0)


def two_people() -> Evening:
    """Under four eyes the host has proposed a sale."""
    at = Evening(four_eyes=True)
    at.add("own", "flash_sale", SALE, by="host")
    return at


@pytest.mark.usefixtures("at_once")
async def test_under_four_eyes_nobody_agrees_to_their_own(sit: Any) -> None:
    at = await sit(two_people().shown())
    at.press(Qt.Key.Key_Return, CTRL)
    at.press(Qt.Key.Key_1, CTRL)
    await at.nothing_asked()
    assert at.desk.queue.row("own")._note.text() == "要另一个人审核"


@pytest.mark.usefixtures("at_once")
async def test_under_four_eyes_the_other_agrees_and_the_author_fires(sit: Any) -> None:
    evening = two_people()
    at = await sit(evening.shown("operator"), "operator")
    at.press(Qt.Key.Key_Return, CTRL)
    assert await at.asked() == [("cue.approve", {"cue_id": "own"})]
    evening.ok("cue.approve", {"cue_id": "own"}, "operator")
    host = await sit(evening.shown())
    host.press(Qt.Key.Key_1, CTRL)
    assert [type_ for type_, _ in await host.asked()] == ["cue.fire"]


@pytest.mark.usefixtures("at_once")
async def test_a_yes_to_a_pin_carries_it_out_once_the_room_is_open(sit: Any) -> None:
    """It has no number of its own and costs nothing; before the broadcast a yes only approves it."""
    evening = Evening()
    evening.add("shown", "pin", {"product_id": "scarf"}, by="assistant")
    at = await sit(evening.shown())
    assert at.desk.queue.row("shown").face.key == ""
    at.press(Qt.Key.Key_Return, CTRL)
    assert [type_ for type_, _ in await at.asked()] == ["cue.fire"]
    before = Evening(open_=False)
    before.add("shown", "pin", {"product_id": "scarf"}, by="assistant")
    off = await sit(before.shown())
    off.press(Qt.Key.Key_Return, CTRL)
    assert [type_ for type_, _ in await off.asked()] == ["cue.approve"]
