"""A catalogue and a rundown brought in from files by keys alone: a desk at a real engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.end2end.desk_person import CTRL, Person, Story
from tests.end2end.test_desk_keys import at_the_desk, engine
from ui.panels.products import ProductsSheet
from ui.panels.rundown.paste import PasteSheet
from ui.sheets.table import TableSheet

__all__ = ["at_the_desk", "engine"]

SAMPLES = Path(__file__).resolve().parents[2] / "resources/samples"


async def _reads(person: Person, path: Path) -> None:
    """Tab to the line below the field, the path out of the clipboard, Enter; then the key has the focus."""
    sheet = person.desk.side.sheet
    assert isinstance(sheet, TableSheet)
    await person.sees(lambda: person.shell.focusWidget() is sheet.text)
    await person.press(Qt.Key.Key_Tab)
    await person.sees(lambda: person.shell.focusWidget() is sheet.source.path)
    QGuiApplication.clipboard().setText(str(path))
    await person.press(Qt.Key.Key_V, CTRL)
    await person.press(Qt.Key.Key_Return)
    await person.sees(lambda: person.shell.focusWidget() is sheet.put)


def test_a_catalogue_and_a_rundown_are_brought_in_by_keys_alone(
    at_the_desk: Callable[[Story], None], tmp_path: Path
) -> None:
    async def story(person: Person) -> None:
        desk = person.desk
        person.shell.activateWindow()
        await person.sees(person.shell.isActiveWindow)
        await person.press(Qt.Key.Key_I, CTRL)
        sheet = desk.side.sheet
        assert isinstance(sheet, ProductsSheet)
        await _reads(person, SAMPLES / "catalogue.csv")
        assert sheet.count.text() == "读到 45 个商品"
        await person.press(Qt.Key.Key_Space)
        await person.sees(lambda: sheet.said.text() == "放好了：新 45 · 改 0 · 没变 0")
        await person.sees(lambda: len(person.state.cart.items) == 45)
        await person.press(Qt.Key.Key_Space)
        await person.sees(lambda: desk.side.sheet is None)

        changed = tmp_path / "changed.csv"
        text = (SAMPLES / "catalogue.csv").read_text("utf-8-sig")
        changed.write_bytes(
            text.replace("灯芯绒长裤,,,119", "灯芯绒长裤,,,109")
            .replace("珊瑚绒毛毯,,,79", "珊瑚绒毛毯,,,面议")
            .encode("gb18030")
        )
        await person.press(Qt.Key.Key_I, CTRL)
        again = desk.side.sheet
        assert isinstance(again, ProductsSheet)
        await _reads(person, changed)
        states = [each.state for each in again.seen]
        assert (states.count("changed"), states.count("wrong"), states.count("same")) == (1, 1, 43)
        await person.press(Qt.Key.Key_Space)
        await person.sees(lambda: again.said.text() == "放好了：新 0 · 改 1 · 没变 43 · 没放 1")
        await person.sees(lambda: {each.state for each in again.seen} == {"same", "wrong"})
        await person.press(Qt.Key.Key_Escape)

        await person.press(Qt.Key.Key_R, CTRL)
        rundown = desk.side.sheet
        assert isinstance(rundown, PasteSheet)
        await _reads(person, SAMPLES / "rundown.csv")
        assert rundown.count.text() == "读到 10 段"
        await person.press(Qt.Key.Key_Space)
        await person.sees(lambda: rundown.said.text() == "放进了 10 段")
        await person.sees(lambda: len(person.state.rundown.segments) == 10)
        segments = person.state.rundown.segments
        assert [segment.product_id for segment in segments[3:6]] == ["S004", "S005", "S006"]
        assert segments[0].cues[0].kind == "flash_sale"

    at_the_desk(story)
