"""The overlay's address for OBS: copied, never shown, because who has it can open the page."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar, Final

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.bus.discovery import look_up
from ui import clipboard
from ui.i18n import t
from ui.preferences.page import SettingsPage
from ui.widgets import PlainLabel, button

_TRY_OUT: Final = "&guide=1"
"""Shows the safe area and whether the page has found the engine: for setting it up, not for going on air."""


class OverlayBox(QWidget):
    """「复制浮层地址」 and how it gets into OBS. ``folder``: the engine's; None: it is elsewhere."""

    def __init__(self, folder: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(PlainLabel(t("直播画面上的浮层（OBS）"), role="strong"))
        steps = t(
            "OBS → 来源 → + → 浏览器：粘贴地址，宽高照画布填（竖屏 1080 × 1920，横屏 1920 × 1080），"
            "自定义 CSS 不动。先开本程序，再开 OBS。"
        )
        column.addWidget(PlainLabel(steps, role="small", tone="fg1", lines=0))
        self.copy = button(t("复制浮层地址"), icon="copy")
        self.copy.clicked.connect(lambda: self._begin(""))
        self.try_out = button(t("复制带安全区的地址，试摆用"), "quiet")
        self.try_out.clicked.connect(lambda: self._begin(_TRY_OUT))
        self.said = PlainLabel("", role="small", tone="ok", lines=0)
        for key in (self.copy, self.try_out):
            key.setEnabled(folder is not None)
            column.addWidget(key, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.said)
        if folder is None:
            self._say(t("引擎在另一台电脑上：请在那台电脑的中控台里复制。"), "fg1")

    def _begin(self, more: str) -> None:
        self.copy.setEnabled(False)
        tasks.spawn(self._copy(more), name="copy the overlay's address")

    async def _copy(self, more: str) -> None:
        assert self._folder is not None
        found = await asyncio.to_thread(look_up, self._folder)
        if not shiboken6.isValid(self):
            return
        self.copy.setEnabled(True)
        token = found.tokens.get("overlay", "") if found is not None else ""
        if found is None or not token:
            self._say(t("引擎没有在跑，现在没有地址。等左下角显示已连上再复制。"), "warn")
            return
        clipboard.copy(f"{found.url}/overlay?token={token}{more}")
        self._say(
            t("复制好了。地址里有钥匙：只贴进 OBS，别发给别人。它只能看浮层，重启也不变。"),
            "ok",
        )

    def _say(self, words: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(words)


class OverlayPage(SettingsPage):
    """Where the address is copied."""

    TITLE: ClassVar = "浮层地址"

    def __init__(self, folder: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = OverlayBox(folder)
        self.body.addWidget(self.box)
