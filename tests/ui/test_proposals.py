"""Proposals between two seats: the wait is shown, the end is shown, and four eyes are two people's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.committed import NOW, wire
from tests.ui.test_desk import CTRL, sit
from tests.ui.test_queue import cue, made, state_with
from ui import i18n
from ui.windows import preparing

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")


def proposed(cue_id: str = "a", **more: Any) -> dict[str, Any]:
    times = {
        "proposed_at": wire(NOW - timedelta(seconds=65)),
        "proposal_ends_at": wire(NOW + timedelta(seconds=90)),
    }
    return cue(cue_id, "queued", **(times | more))


def test_the_wait_and_the_end_are_shown_and_move(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "assistant", state_with(proposed()))
    row = panel.row("a")
    assert row is not None
    panel.tick(NOW)
    assert row._asked.text() == "助理提交 · 等了 1:05 · 1:30 后自动退回"
    panel.tick(NOW + timedelta(seconds=30))
    assert row._asked.text() == "助理提交 · 等了 1:35 · 1:00 后自动退回"
    panel.tick(NOW + timedelta(seconds=200))
    assert "-" not in row._asked.text(), "an end that is due counts no further"


def test_the_host_sees_the_end_beside_the_keys_that_answer_it(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "host", state_with(proposed(), proposed("b")))
    first, second = panel.row("a"), panel.row("b")
    assert first is not None
    assert second is not None
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
        panel = made(qtbot, "host", state_with(proposed(), proposed("b")))
        panel.resize(520, 400)
        panel.show()
        panel.tick(NOW)
        qtbot.waitUntil(lambda: panel.rows()[1].width() < 520)
        row = panel.row("b")
        assert row is not None
        (shown,) = row._asked._pieces(row._asked.width())
        assert "1:05" in shown
        assert not shown.endswith("…")
        assert row._asked.is_cut() == (shown != row._asked.text()), "the tip says the whole"
    finally:
        i18n.use("zh")


def test_one_that_waits_for_ever_names_no_end(qtbot: QtBot, dressed: QApplication) -> None:
    panel = made(qtbot, "assistant", state_with(proposed(proposal_ends_at=None)))
    row = panel.row("a")
    assert row is not None
    panel.tick(NOW)
    assert row._asked.text() == "助理提交 · 等了 1:05"


def test_what_nobody_answered_in_time_says_so_and_can_be_agreed_to_again(
    qtbot: QtBot, dressed: QApplication
) -> None:
    gone = cue("a", "rejected", reason="proposal_expired")
    panel = made(qtbot, "host", state_with(gone))
    row = panel.row("a")
    assert row is not None
    assert row._note.text().startswith("退回：")
    assert "proposal_expired" not in row._note.text()
    assert row.face.approve or row.face.may_approve


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "SETTLE_SECONDS", 0.0)


@pytest.mark.usefixtures("at_once")
async def test_under_four_eyes_nobody_agrees_to_their_own(sit: Any) -> None:
    at = await sit(state_with(cue("own", "queued", proposed_by="host"), four_eyes=True))
    at.press(Qt.Key.Key_Return, CTRL)
    at.press(Qt.Key.Key_1, CTRL)
    await at.nothing_asked()
    assert at.desk.queue.row("own")._note.text() == "要另一个人审核"


@pytest.mark.usefixtures("at_once")
async def test_under_four_eyes_the_other_agrees_and_the_author_fires(sit: Any) -> None:
    at = await sit(state_with(cue("own", "queued", proposed_by="host"), four_eyes=True), "operator")
    at.press(Qt.Key.Key_Return, CTRL)
    assert await at.asked() == [("cue.approve", {"cue_id": "own"})]
    agreed = cue("own", "approved", proposed_by="host", approved_by="operator")
    host = await sit(state_with(agreed, four_eyes=True))
    host.press(Qt.Key.Key_1, CTRL)
    assert [type_ for type_, _ in await host.asked()] == ["cue.fire"]
