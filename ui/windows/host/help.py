"""``?`` in her window: every key that works here, over the prompter, as large as the rest."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.windows.host.keys import KEYS
from ui.windows.host.large import LargeLabel

_COLUMNS = 2


class HostHelp(QWidget):
    """Lies over the middle of the window; the countdown still comes over it. Hidden until it is asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("在主播大屏里"))
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 20, 32, 20)
        column.setSpacing(12)
        column.addWidget(LargeLabel(t("在主播大屏里"), px=30, bold=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        rows = -(-len(KEYS) // _COLUMNS)
        for place, (key, words) in enumerate(KEYS):
            block, row = divmod(place, rows)
            grid.addWidget(LargeLabel(t(key), px=22, bold=True, tone="soft:accent"), row, 2 * block)
            grid.addWidget(LargeLabel(t(words), px=22, least=16, tone="fg1"), row, 2 * block + 1)
        for block in range(_COLUMNS):
            grid.setColumnStretch(2 * block + 1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self.hide()

    def toggle(self) -> None:
        """Open it, or away with it."""
        self.setVisible(self.isHidden())
        if self.isVisible():
            self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), theme.colour(tokens.bg2))
        painter.fillRect(QRectF(0, 0, self.width(), 2), theme.colour(tokens.accent))
        painter.end()
