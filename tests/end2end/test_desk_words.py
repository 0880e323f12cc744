"""What is promised aloud and what is written to be said: a real desk at a real engine, by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from tests.contract.engine_process import EngineProcess
from tests.end2end.desk_person import CTRL, Person
from tests.end2end.test_desk_keys import at_the_desk, engine
from ui.panels.notes import PledgeSheet
from ui.panels.notes.handover import HandoverSheet
from ui.panels.rundown.sheet import SegmentSheet

__all__ = ["at_the_desk", "engine"]


def test_a_promise_is_written_down_by_keys_and_handed_over_at_the_close(
    at_the_desk: Callable[..., None],
) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.brings_products_in()
        await person.opens()
        await person.press(Qt.Key.Key_PageDown)
        await person.sees(lambda: person.state.pinned.wanted == "A1")
        await person.press(Qt.Key.Key_J, CTRL)
        sheet = desk.side.sheet
        assert isinstance(sheet, PledgeSheet)
        await person.sees(lambda: person.shell.focusWidget() is sheet.line)
        sheet.line.setText("多送小样两份")
        await person.press(Qt.Key.Key_Return)
        await person.sees(lambda: len(person.state.pledges) == 1)
        assert person.state.pledges[0].product_id == "A1"
        await person.sees(lambda: desk.proposals.promised.isVisible() and sheet.line.text() == "")
        await person.press(Qt.Key.Key_Escape)
        desk.commands.close_broadcast()
        await person.sees(lambda: isinstance(desk.side.sheet, HandoverSheet))
        handed: Any = desk.side.sheet
        await person.sees(lambda: "#1 羊绒围巾 · 多送小样两份" in handed.text.toPlainText())
        assert handed.pledges.isVisible()

    at_the_desk(story)


def test_a_list_that_is_edited_counts_at_the_next_look_and_a_kept_word_is_logged(
    at_the_desk: Callable[..., None], engine: EngineProcess
) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.brings_products_in()
        segment = {"segment_id": "s1", "product_id": "A1", "minutes": 5, "script": "这条围巾很软"}
        await person.outside.command("rundown.put", {"segments": [segment]})
        await person.sees(lambda: person.state.rundown.segments)

        async def opened() -> SegmentSheet:
            assert desk.segments.edit("s1")
            sheet = desk.side.sheet
            assert isinstance(sheet, SegmentSheet)
            return sheet

        sheet = await opened()
        sheet.script.setPlainText("今晚最好的围巾")
        await person.sees(lambda: "最好" in sheet.script_field.answered)
        sheet.script.setPlainText("这条围巾很软的")
        await person.sees(lambda: sheet.script_field.answered == "")
        own = engine.folder / "words" / "sensitive.txt"
        own.parent.mkdir()
        own.write_text("很软 = 柔软\n", "utf-8")
        sheet = await opened()
        await person.sees(lambda: "可以说「柔软」" in sheet.script_field.answered)
        await person.click(sheet.save)
        await person.sees(lambda: desk.side.sheet is None)
        logged = await person.outside.log(0, 100, ["words.overridden"])
        assert [(e["actor"], e["data"]["where"], e["data"]["terms"]) for e in logged] == []
        sheet = await opened()
        sheet.script.setPlainText("很软，很软")
        await person.sees(lambda: sheet.counsel.said)
        await person.click(sheet.save)
        await person.sees(lambda: desk.side.sheet is None)
        logged = await person.outside.log(0, 100, ["words.overridden"])
        assert [(e["actor"], e["data"]["where"], e["data"]["terms"]) for e in logged] == [
            ("host", "rundown.put", ["很软"])
        ]

    at_the_desk(story)
