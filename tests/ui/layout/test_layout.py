"""The desk in fourteen states, five sizes, two languages and three themes.

`python -m tests.ui.layout FOLDER` writes the pictures; with ``QT_SCALE_FACTOR`` it stands on other screens.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.layout.rules import faults
from tests.ui.layout.scenes import SCENES
from tests.ui.layout.walk import SIZES, WalkedDesk
from ui import theme
from ui.widgets import FireButton

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scene", list(SCENES))
async def test_nothing_is_cut_covered_unread_or_nameless(tmp_path: Path, scene: str, language: str) -> None:
    found: list[str] = []
    async with WalkedDesk(tmp_path, SCENES[scene](), language) as desk:
        for width, height in SIZES:
            found += [f"{width}x{height} {fault}" for fault in await desk.faults(width, height)]
    assert found == []


@pytest.mark.parametrize("name", ["light", "high_contrast"])
async def test_the_other_themes_are_read_as_well(tmp_path: Path, dressed: QApplication, name: str) -> None:
    theme.apply(dressed, name)
    found: list[str] = []
    for scene, made in SCENES.items():
        async with WalkedDesk(tmp_path, made(), "zh") as desk:
            found += [f"{scene} {fault}" for fault in await desk.faults(1366, 728)]
    assert found == []


@pytest.mark.parametrize("scene", ["nothing_yet", "second_evening"])
async def test_an_empty_stage_takes_no_more_than_its_line(tmp_path: Path, scene: str) -> None:
    async with WalkedDesk(tmp_path, SCENES[scene](), "zh") as desk:
        for width, height in SIZES:
            await desk.stand(width, height)
            stage = desk.desk.stage
            assert stage.height() <= stage.product.whole_height() == stage.product.height(), (width, height)


async def test_a_panel_that_is_made_taller_is_seen(tmp_path: Path) -> None:
    """The twin: a panel that takes 80 pixels more and gives nothing back, and the walk complains."""
    async with WalkedDesk(tmp_path, SCENES["crowded"](), "zh") as desk:
        assert not await desk.faults(1366, 728)
        product = desk.desk.stage.product
        product.setMinimumHeight(product.height() + 80)
        assert await desk.faults(1366, 728)


@pytest.mark.parametrize(("key", "found"), [("Ctrl+4", False), ("Ctrl+14", True), ("", True)])
def test_a_key_that_there_is_not_is_seen(qtbot: QtBot, dressed: QApplication, key: str, found: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    QHBoxLayout(window).addWidget(FireButton("开抢", key=key))
    window.resize(300, 80)
    window.show()
    assert any(fault.rule == "control_is_reached_by_keys" for fault in faults(window)) == found
