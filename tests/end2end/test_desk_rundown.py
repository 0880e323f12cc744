"""A rundown pasted, gone along by one key, and a promotion written in one line: a desk at a real engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt

from tests.end2end.desk_person import CTRL, Person, Story
from tests.end2end.test_desk_keys import at_the_desk, engine
from ui.panels.rundown.paste import PasteSheet
from ui.windows.commands import TWICE_SECONDS
from ui.windows.left_column import RUNDOWN

__all__ = ["at_the_desk", "engine"]


def test_a_rundown_is_pasted_and_gone_along(at_the_desk: Callable[[Story], None]) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.brings_products_in()
        desk.segments.paste()
        sheet = desk.side.sheet
        assert isinstance(sheet, PasteSheet)
        sheet.text.setPlainText("1 8 秒99 x10 限1 5分\n9 5\n2,6,先讲面料,秒59 x20 限2 5分")
        await person.sees(sheet.put.isEnabled)
        assert "1 行不对" in sheet.count.text()
        await person.click(sheet.put)
        await person.sees(lambda: len(person.state.rundown.segments) == 2)
        assert desk.left.currentIndex() == RUNDOWN
        await person.opens()
        await person.sees(lambda: desk.rundown.box.key.face == "下一品 · 1 号 羊绒围巾")
        assert desk.rundown.box.says.text() == "讲解 1 号 → 秒杀 ¥99×10 待上"

        # Two presses in quick succession are one, whether or not the desk has seen the first one's result.
        await person.press(Qt.Key.Key_PageDown)
        await person.press(Qt.Key.Key_PageDown)
        await person.sees(lambda: desk.rundown.box.done == ["讲解", "提词到这段", "秒杀 待上"])
        await person.sees(lambda: person.of("flash_sale", "approved"))
        assert person.state.rundown.current == person.state.rundown.segments[0].segment_id
        assert len(person.of("flash_sale", "approved")) == 1
        assert person.of("flash_sale", "on_air") == []  # going on fires no money

        await asyncio.sleep(TWICE_SECONDS + 0.1)
        await person.press(Qt.Key.Key_PageDown)
        await person.sees(lambda: person.state.pinned.wanted == "A3")
        await person.sees(lambda: "结束上一品" in desk.rundown.box.done)
        assert desk.rundown.model.rows[0].done
        await person.sees(lambda: desk.rundown.box.key.face == "没有下一品")

        first = desk.rundown.model.rows[0].segment_id
        desk.segments.remove(first)
        await person.sees(lambda: len(person.state.rundown.segments) == 1)
        await person.sees(lambda: "已移出" in desk.notice.said)
        desk.notice._do()
        await person.sees(lambda: next(s.segment_id for s in person.state.rundown.segments) == first)

    at_the_desk(story)


def test_one_line_is_judged_and_added_and_never_fired(at_the_desk: Callable[[Story], None]) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        await person.brings_products_in()
        await person.opens()
        await person.press(Qt.Key.Key_K, CTRL)
        bar = desk.proposals.line
        await person.sees(lambda: person.shell.focusWidget() is bar.line)
        bar.line.setText("1号 秒9.9 x10 限1 5分")
        await person.sees(lambda: "低于底价 99" in bar.said.text())
        bar.line.setText("1号 秒99 x10 限1 5分")
        await person.sees(lambda: "最低到手 ¥99.00" in bar.cost.text())
        await person.press(Qt.Key.Key_Return)
        await person.sees(lambda: len(desk.queue.rows()) == 1)
        assert list(person.statuses().values()) == ["queued"]
        await person.press(Qt.Key.Key_1, CTRL)  # her own, and so her key for it is the one that fires
        await person.sees(lambda: next(iter(person.statuses().values())) in ("recallable", "on_air"))

    at_the_desk(story)
