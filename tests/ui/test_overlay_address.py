"""「复制浮层地址」: by key, into the clipboard and nowhere else."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from liveconsole.bus.discovery import Discovery, announce
from tests.ui.fake_bus import until
from ui.preferences.overlay import OverlayPage

TOKEN = "s3cret-overlay-token"
FOUND = Discovery("http://127.0.0.1:8123", 1, "1", "key", {"overlay": TOKEN, "host": "s3cret-host-token"})

pytestmark = pytest.mark.usefixtures("dressed")


def sheet_of(qtbot: Any, folder: Path | None) -> OverlayPage:
    sheet = OverlayPage(folder)
    qtbot.addWidget(sheet)
    sheet.resize(420, 900)
    sheet.show()
    sheet.activateWindow()
    return sheet


def all_words(top: QWidget) -> str:
    every = [top, *top.findChildren(QWidget)]
    found = [
        words
        for each in every
        for words in (each.toolTip(), each.accessibleName(), each.accessibleDescription(), each.windowTitle())
    ]
    return "\n".join([*found, *(label.text() for label in top.findChildren(QLabel))])


@pytest.mark.parametrize(("key", "more"), [("copy", ""), ("try_out", "&guide=1")])
async def test_the_address_is_copied_by_key_and_its_token_is_told_to_nobody(
    qtbot: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, key: str, more: str
) -> None:
    caplog.set_level(logging.DEBUG)
    announce(tmp_path, FOUND)
    sheet = sheet_of(qtbot, tmp_path)
    pressed = getattr(sheet.box, key)
    assert pressed.focusPolicy() & Qt.FocusPolicy.TabFocus
    pressed.setFocus()
    qtbot.keyClick(pressed, Qt.Key.Key_Space)
    await until(lambda: sheet.box.said.text())
    assert QGuiApplication.clipboard().text() == f"http://127.0.0.1:8123/overlay?token={TOKEN}{more}"
    assert sheet.box.said.text().startswith("复制好了")
    assert "s3cret" not in all_words(sheet)
    assert "s3cret" not in caplog.text
    assert sheet.box.copy.isEnabled()


async def test_without_an_engine_it_says_so_and_copies_nothing(qtbot: Any, tmp_path: Path) -> None:
    QApplication.clipboard().setText("before")
    sheet = sheet_of(qtbot, tmp_path)
    sheet.box.copy.click()
    await until(lambda: sheet.box.said.text())
    assert "引擎没有在跑" in sheet.box.said.text()
    assert QApplication.clipboard().text() == "before"


def test_at_an_engine_elsewhere_it_says_where_to_copy(qtbot: Any) -> None:
    sheet = sheet_of(qtbot, None)
    assert not sheet.box.copy.isEnabled()
    assert "那台电脑" in sheet.box.said.text()
