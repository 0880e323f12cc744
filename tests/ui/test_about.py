"""关于: whose work ships with the program stands there with its licence."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.ui.fake_bus import until
from tests.ui.test_settings import opened

__all__ = ["opened"]
pytestmark = pytest.mark.usefixtures("dressed")


async def test_what_ships_stands_on_the_page_with_its_licence(opened: Any) -> None:
    desk = await opened()
    about = desk.window.about
    assert about.part.count() == 0, "nothing is read before somebody looks"
    desk.window.go(desk.window.pages.index(about))
    await until(lambda: about.part.count() > 20)
    assert about.part.findText("live-room-console", Qt.MatchFlag.MatchStartsWith) < 0, "others' works alone"
    assert about.licence.text(), "the first of them is shown"
    about.part.setCurrentIndex(about.part.findText("PySide6_Essentials", Qt.MatchFlag.MatchStartsWith))
    assert about.licence.text() == "LGPL-3.0-only"
    assert "You may replace them" in about.text.toPlainText()
    assert about.text.isReadOnly()
