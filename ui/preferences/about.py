"""关于: which version this is, and whose work it stands on, each with its licence."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

import shiboken6
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from liveconsole import __version__, tasks
from liveconsole.notices import PROGRAM, ShippedPart, canonical, notices
from ui import preferences
from ui.clean import clean
from ui.i18n import t
from ui.preferences.page import SettingsPage
from ui.sheets.choices import ChoiceBox
from ui.widgets import PlainLabel

_LONGEST: Final = 200_000
"""Characters of the texts of one part that are shown; `liveconsole licenses` has the rest."""


class AboutPage(SettingsPage):
    """What ships is read beside the Qt thread, when the page is opened for the first time."""

    TITLE: ClassVar = "关于"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[ShippedPart] = []
        self._asked = False
        self.heading(t("直播中控台 {version}", version=__version__))
        self.remark(t("按 MIT 许可使用。"))
        self.updates = self.remark(preferences.current().updates.publisher)
        self.heading(t("用到的别人的作品"))
        self.remark(
            t("Qt 按 LGPL 第三版使用，可以换成你自己编译的：选 {name} 看怎么换。", name="PySide6_Essentials")
        )
        self.part = ChoiceBox()
        self.part.setAccessibleName(t("用到的别人的作品"))
        self.part.currentIndexChanged.connect(lambda _at: self._show_part())
        self.licence = PlainLabel("", role="small", tone="fg1", lines=0)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(t("许可全文"))
        self.text.setMinimumHeight(240)
        for each in (self.part, self.licence, self.text):
            self.body.addWidget(each)

    def opened(self) -> None:
        if not self._asked:
            self._asked = True
            tasks.spawn(self._read(), name="whose work ships")

    async def _read(self) -> None:
        try:
            found = [one for one in await asyncio.to_thread(notices) if canonical(one.name) != PROGRAM]
        except (OSError, ValueError):  # a program whose files were damaged still opens its settings
            found = []
        if not shiboken6.isValid(self):
            return
        self._parts = found
        self.part.set_items([(str(at), f"{one.name} {one.version}") for at, one in enumerate(found)])
        self._show_part()

    def _show_part(self) -> None:
        if not self._parts:
            self.licence.setText(t("读不出来：重新安装一次。"))
            return
        one = self._parts[int(self.part.chosen or 0)]
        self.licence.setText(clean(one.licence))
        self.text.setPlainText(clean("\n\n".join(one.texts), _LONGEST, lines=True))
