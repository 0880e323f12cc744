"""The one window of a program that cannot open what it was asked for: it says why, and closes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final

import platformdirs
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from liveconsole import guide
from ui import i18n, outside, theme
from ui.i18n import t
from ui.program.app import dress
from ui.widgets import PlainLabel, button

_WIDE: Final = 560
"""Pixels at text scale 1; as high as its words are then."""


class RefusedWindow(QWidget):
    """`words`: the same in each language, since nobody could be asked for his."""

    guide_put = Signal(str)
    """Where the guide lies; empty: nowhere."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("window")
        self.setWindowTitle("LiveConsole")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        self.lines = [PlainLabel(line, tone="fg0", lines=0) for line in words]
        self.hint = PlainLabel(t("F1 看指南"), role="small", tone="fg1", lines=0)
        self.guide_put.connect(self._guide_is_put)
        for line in self.lines:
            column.addWidget(line)
        column.addWidget(self.hint)
        column.addStretch(1)
        self.away = button(t("关闭"), "primary")
        self.away.clicked.connect(self.close)
        column.addWidget(self.away, 0, Qt.AlignmentFlag.AlignRight)
        wide = round(_WIDE * theme.text_scale())
        self.setMinimumSize(QSize(wide, column.totalHeightForWidth(wide)))
        self.away.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1:
            self.open_guide()
            return
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
            return
        super().keyPressEvent(event)

    def open_guide(self) -> None:
        """F1: what to do about it, from a folder of its own: that of the data is not touched."""
        Thread(target=self._put_guide, name="the guide", daemon=True).start()

    def _put_guide(self) -> None:
        """On a thread of its own: nothing of Qt's is used but the signal, which finds its way."""
        try:
            base = Path(platformdirs.user_cache_dir("LiveConsole", appauthor=False))
            said = str(guide.put(base, "en" if i18n.language() == "en" else "zh", "troubles"))
        except OSError:
            said = ""
        with suppress(RuntimeError):  # the window was closed meanwhile
            self.guide_put.emit(said)

    def _guide_is_put(self, file: str) -> None:
        if not file or not outside.show_file(file):
            self.hint.setText(t("没有能用的浏览器。指南在这个文件里：{path}", path=file or "—"))


def show(words: Sequence[str]) -> None:
    """Show it until it is closed. Takes the Qt thread meanwhile."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    dress(app)
    app.setQuitOnLastWindowClosed(True)
    window = RefusedWindow(words)
    window.show()
    app.exec()
