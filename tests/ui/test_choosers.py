"""A file chooser holds nobody up: while it is open and when it has gone, the keys do what they do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.ui.fake_bus import until
from tests.ui.rooms import queue_of
from tests.ui.test_desk import CTRL, sit
from ui.panels.products import ProductsSheet

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture(autouse=True)
def ours_not_the_systems() -> Any:
    """The system's chooser is another program's window; Qt's own has the focus in ours."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    yield
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


async def opened(at: Any) -> tuple[ProductsSheet, QFileDialog]:
    at.desk.sheets.products()
    sheet = at.desk.side.sheet
    assert isinstance(sheet, ProductsSheet)
    sheet.source.pick.click()
    (chooser,) = sheet.findChildren(QFileDialog)
    chooser.activateWindow()
    await until(lambda: QApplication.activeWindow() is chooser)
    return sheet, chooser


def escape(chooser: QFileDialog) -> None:
    pressed = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(chooser.windowHandle(), pressed)


async def test_what_was_fired_is_taken_back_while_a_chooser_is_open_and_the_sheet_below_stays(
    sit: Any,
) -> None:
    at = await sit(queue_of(a="recallable"))
    sheet, chooser = await opened(at)
    assert QApplication.activeModalWidget() is None
    sheet.source.pick.click()
    assert sheet.findChildren(QFileDialog) == [chooser], "asked twice, it is one chooser"
    escape(chooser)
    assert await at.asked() == [("cue.recall", {"cue_id": "a"})]
    assert chooser.isVisible(), "the key was hers"
    await at.show(queue_of())
    escape(chooser)
    await until(lambda: not sheet.findChildren(QFileDialog))
    assert at.desk.side.sheet is sheet


@pytest.mark.parametrize("chosen", [True, False])
async def test_the_keys_live_when_a_chooser_has_gone(sit: Any, tmp_path: Path, chosen: bool) -> None:
    at = await sit(queue_of(a="approved"))
    sheet, chooser = await opened(at)
    file = tmp_path / "goods.csv"
    file.write_text("编号,名称,价格,库存\nA1,围巾,9,1\n", "utf-8")
    if chosen:
        chooser.fileSelected.emit(str(file))
    chooser.done(int(chosen))
    await until(lambda: not sheet.findChildren(QFileDialog) and at.shell.isActiveWindow())
    if chosen:
        await until(lambda: len(sheet.seen) == 1)
    at.press(Qt.Key.Key_1, CTRL)
    assert [type_ for type_, _ in await at.asked()] == ["cue.fire"]
