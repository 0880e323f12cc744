"""The one window of a program that cannot open what it was asked for: it says why, and closes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.program.app import dress
from ui.widgets import PlainLabel, button

_WIDE: Final = 560
"""Pixels at text scale 1; as high as its words are then."""


class RefusedWindow(QWidget):
    """`words`: the same in each language, since nobody could be asked for his."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("window")
        self.setWindowTitle("LiveConsole")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        self.lines = [PlainLabel(line, tone="fg0", lines=0) for line in words]
        for line in self.lines:
            column.addWidget(line)
        column.addStretch(1)
        self.away = button(t("关闭"), "primary")
        self.away.clicked.connect(self.close)
        column.addWidget(self.away, 0, Qt.AlignmentFlag.AlignRight)
        wide = round(_WIDE * theme.text_scale())
        self.setMinimumSize(QSize(wide, column.totalHeightForWidth(wide)))
        self.away.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
            return
        super().keyPressEvent(event)


def show(words: Sequence[str]) -> None:
    """Show it until it is closed. Takes the Qt thread meanwhile."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    dress(app)
    app.setQuitOnLastWindowClosed(True)
    window = RefusedWindow(words)
    window.show()
    app.exec()
