"""更新: whether the program may ask for a newer version, and what is new in one."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from liveconsole import __version__
from liveconsole.messages.update_words import update_words
from ui import preferences
from ui.clean import clean
from ui.i18n import language, t
from ui.preferences.page import SettingsPage
from ui.widgets import PlainLabel, button

_LINES, _LONG = 40, 200
"""Of what is new, and characters of each; more stands on the download page."""


class UpdatePage(SettingsPage):
    """Of this computer's program, whoever sits here."""

    TITLE: ClassVar = "更新"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch, self._installed = preferences.current().updates, preferences.current().installed
        self.heading(t("现在的版本 {version}", version=__version__))
        self.may = QCheckBox(t("每天查一次有没有新版本"))
        self.may.setAccessibleName(t("每天查一次有没有新版本"))
        self.may.setChecked(self._watch.agreed)
        self.may.setEnabled(self._watch.able)
        self.may.toggled.connect(self._watch.agree)
        self.body.addWidget(self.may, 0, Qt.AlignmentFlag.AlignLeft)
        more = t("只到发布的网站看一个签了名的文件，什么都不带过去；直播和排练时不查，也不会自己安装。")
        self.may.setAccessibleDescription(more)
        self.remark(more)
        self.ask = button(t("现在查一次"))
        self.ask.setEnabled(self._watch.able)
        self.ask.clicked.connect(self._watch.look)
        self.page = button(t(self._watch.deed), "primary")
        self.page.clicked.connect(self._watch.take)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.ask)
        row.addWidget(self.page)
        row.addStretch(1)
        self.body.addLayout(row)
        self.said = PlainLabel("", tone="fg0", lines=0)
        self.notes = PlainLabel("", tone="fg1", lines=0, most=_LINES * _LONG)
        self.body.addWidget(self.said)
        self.body.addWidget(self.notes)
        self._watch.moved.connect(self._show)
        self._installed.moved.connect(self._show)
        self._show()

    def _show(self) -> None:
        watch, english = self._watch, language() == "en"
        offer = watch.offer
        self.ask.setEnabled(watch.able and not watch.asking)
        words = [t("正在查…") if watch.asking else watch.words]
        if not watch.able:
            words = [watch.publisher]
        if self._installed.newer:
            told = {"version": self._installed.newer, "ours": __version__}
            words.insert(0, update_words("installed", told, english=english))
        notes = ""
        if offer is not None:
            new = offer.notice.notes.en if english else offer.notice.notes.zh
            notes = "\n".join(clean(line, _LONG) for line in new.splitlines()[:_LINES])
            if offer.too_old:
                words.append(update_words("too_old", {"version": offer.notice.version}, english=english))
        self.page.setVisible(offer is not None)
        self.said.setText("\n".join(filter(None, words)))
        self.notes.setText(notes)
        self.said.setVisible(bool(self.said.text()))
        self.notes.setVisible(bool(notes))
