"""Notes and proposals between two seats, 再来一轮, 口播卡 and 交接单: on the desk, by keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.ui.committed import NOW, wire
from tests.ui.evening import SALE
from tests.ui.fake_bus import refuse, until
from tests.ui.rooms import Evening, queue_of, rundown_state
from tests.ui.test_desk import CTRL, sit
from ui.panels.composer.card import CardSheet
from ui.panels.notes import NoteSheet
from ui.panels.notes.handover import HandoverSheet

__all__ = ["sit"]


async def test_an_assistant_writes_and_the_host_reads(sit: Any) -> None:
    at = await sit(rundown_state(), "assistant")
    at.press(Qt.Key.Key_M, CTRL)
    sheet = at.desk.side.sheet
    assert isinstance(sheet, NoteSheet)
    sheet.line.setText("下一品先讲面料，库存只有 18")
    sheet.send()
    assert await at.asked() == [("note.put", {"text": "下一品先讲面料，库存只有 18", "to": "host"})]
    await until(lambda: sheet.line.text() == "")
    at.bus.answer = refuse("too_long", field="text", limit=500)
    sheet.line.setText("再说一句")
    sheet.send()
    await until(lambda: len(at.bus.asked) == 2 and sheet.said.tone == "live")
    assert sheet.line.text() == "再说一句"  # nothing is lost that was not sent


async def test_the_newest_note_to_this_seat_stands_in_the_line_below(sit: Any) -> None:
    evening = Evening()
    for text, to in (
        ("先讲面料", "host"),
        ("<b>别超过 6 分钟</b>", "host"),
        ("给助理的", "assistant"),
        ("【问】起球吗 ×12", "host"),
    ):
        evening.ok("note.put", {"text": text, "to": to}, "operator")
    state = evening.shown()
    at = await sit(state)
    strip = at.desk.proposals.strip
    assert strip.isVisible()
    assert strip.text.text() == "<b>别超过 6 分钟</b>"
    assert "还有 1 条" in strip.chip.text()
    strip.done.click()
    assert await at.asked() == [("note.clear", {"note_id": state.notes[1].note_id})]


async def test_a_proposal_is_answered_by_a_key_and_never_fired(sit: Any) -> None:
    evening = Evening()
    evening.add("own", "flash_sale", SALE, by="host")
    evening.sale("a")
    evening.sale("b")
    at = await sit(evening.shown())
    row = at.desk.queue.row("a")
    assert not at.desk.queue.row("own").face.proposal
    at.press(Qt.Key.Key_Return, CTRL)
    assert row.chosen
    at.press(Qt.Key.Key_Return, CTRL)
    at.press(Qt.Key.Key_Backspace, CTRL)
    assert await at.asked(2) == [("cue.approve", {"cue_id": "a"}), ("cue.reject", {"cue_id": "a"})]


async def test_an_assistant_agrees_to_nothing(sit: Any) -> None:
    at = await sit(queue_of("assistant", a="queued"), "assistant")
    at.press(Qt.Key.Key_Return, CTRL)
    at.press(Qt.Key.Key_Backspace, CTRL)
    await at.nothing_asked()
    assert not at.desk.queue.row("a").approve.isVisible()


async def test_control_backspace_in_a_text_is_the_texts_own(sit: Any) -> None:
    at = await sit(queue_of(a="queued"))
    line = at.desk.proposals.line.line
    at.shell.activateWindow()
    await until(lambda: QApplication.activeWindow() is at.shell)
    at.press(Qt.Key.Key_K, CTRL)
    assert QApplication.focusWidget() is line
    at.press(Qt.Key.Key_Backspace, CTRL)
    await at.nothing_asked()


async def test_a_locked_seat_prepares_nothing(sit: Any) -> None:
    at = await sit(queue_of(a="queued"))
    at.desk.lock()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_M, Qt.Key.Key_K):
        at.press(key, CTRL)
    await at.nothing_asked()
    assert at.desk.side.sheet is None


async def test_what_ended_goes_once_more_as_a_draft(sit: Any) -> None:
    evening = Evening()
    evening.sale("old", quantity=1)
    evening.fire("old")
    evening.buys("o1", "scarf", 9900)
    at = await sit(evening.shown())
    at.desk.queue._ended["old"].once_more.click()
    assert await at.asked() == [("cue.again", {"cue_id": "old"})]


async def test_a_card_is_read_out_and_copied(sit: Any) -> None:
    at = await sit(queue_of(a="approved"))
    assert at.desk.sheets.card("a")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, CardSheet)
    assert sheet.sentence.text().endswith("。")
    sheet.copy_sentence.click()
    assert QGuiApplication.clipboard().text() == sheet.sentence.text()
    sheet.copy_line.click()
    assert QGuiApplication.clipboard().text() == sheet.line.text()


async def test_the_handover_comes_up_at_the_close_and_is_copied(sit: Any) -> None:
    evening = Evening()
    at = await sit(evening.shown())
    opened = {
        "seq": 1,
        "type": "broadcast.opened",
        "at": wire(NOW),
        "actor": "host",
        "data": {"title": "一场"},
    }
    closed = {"seq": 2, "type": "broadcast.closed", "at": wire(NOW), "actor": "host", "data": {}}
    at.bus.logged = [opened, closed]
    evening.ok("broadcast.close", {})
    await at.show(evening.shown())
    await until(lambda: isinstance(at.desk.side.sheet, HandoverSheet))
    sheet = at.desk.side.sheet
    await until(lambda: sheet.copy_it.isEnabled())
    assert sheet.text.toPlainText().startswith("交接单 · 一场")
    sheet.copy_it.click()
    assert QGuiApplication.clipboard().text() == sheet.text.toPlainText()
