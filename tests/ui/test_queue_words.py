"""What whoever approves and whoever fires sees of the words of a promotion, on its row and on its bar."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liveconsole.advice.judged import AdviceFiles
from liveconsole.views.state import state_of
from tests.ui.looking import look
from tests.ui.rooms import Evening
from ui import i18n
from ui.panels.queue import QueuePanel
from ui.panels.queue.row import QueueRow

COUPON: Final[dict[str, Any]] = {
    "name": "全网最低券", "rule": {"off_fen": 100}, "quantity": 5, "per_buyer": 1, "seconds": 60,
}  # fmt: skip


def shown(qtbot: QtBot, at: Evening, words: AdviceFiles | None) -> QueuePanel:
    panel = QueuePanel("host")
    qtbot.addWidget(panel)
    panel.resize(620, 500)
    panel.show()
    look(panel, state_of(at.room, at.now, "host", words=words))
    return panel


def row_of(panel: QueuePanel, cue_id: str) -> QueueRow:
    found = panel.row(cue_id)
    assert found is not None
    return found


def test_a_row_says_what_was_found_and_who_used_it_all_the_same(qtbot: QtBot, dressed: QApplication) -> None:
    at = Evening()
    at.add("bare", "coupon", COUPON)
    at.add("said", "coupon", COUPON, override=["最低"])
    at.add("calm", "coupon", {**COUPON, "name": "老客券"})
    panel = shown(qtbot, at, AdviceFiles())
    bare, said, calm = (row_of(panel, cue_id) for cue_id in ("bare", "said", "calm"))
    assert bare.heed == "用语要留意：「全网最低」 · 没有人说照用"
    assert said.heed == "用语要留意：「全网最低」 · 助理说照用"
    assert "广告法" in said._facts.toolTip()
    assert "照用：「最低」" in said._facts.toolTip()
    assert calm.heed == ""
    # The twin: the state of before, without marks, tells the approver nothing.
    assert row_of(shown(qtbot, at, None), "bare").heed == ""


def test_the_bar_of_what_is_about_to_go_says_it_too(qtbot: QtBot, dressed: QApplication) -> None:
    at = Evening(recall_seconds=3)
    at.add("c", "coupon", COUPON)
    at.ok("cue.fire", {"cue_id": "c"})
    (bar,) = shown(qtbot, at, AdviceFiles()).bars()
    assert bar._facts.text().startswith("用语要留意：「")
    assert bar.heed.startswith("用语要留意：「")


def test_in_english(qtbot: QtBot, dressed: QApplication) -> None:
    at = Evening()
    at.add("c", "coupon", COUPON)
    i18n.use("en")
    try:
        assert row_of(shown(qtbot, at, AdviceFiles()), "c").heed.startswith("Words to look at: ")
    finally:
        i18n.use("zh")
