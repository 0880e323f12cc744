"""``?`` in the shop window: its keys, over the list."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from ui.i18n import t
from ui.widgets import KeyCap, PlainLabel
from ui.windows.shop.keys import KEYS


class ShopHelp(QFrame):
    """Hidden until it is asked for; Esc or ? takes it away."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("over")
        self.setAccessibleName(t("在店铺里"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(10)
        column.addWidget(PlainLabel(t("在店铺里"), role="heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for row, (key, words) in enumerate(KEYS):
            grid.addWidget(KeyCap(t(key)), row, 0)
            grid.addWidget(PlainLabel(t(words), role="small", tone="fg1", lines=0), row, 1)
        column.addLayout(grid)
        self.hide()

    def place(self) -> None:
        """In the middle of the window, as high as its words."""
        over = self._over
        wide = min(620, over.width() - 60)
        high = min(max(self.sizeHint().height(), self.heightForWidth(wide)), over.height() - 40)
        self.setGeometry((over.width() - wide) // 2, (over.height() - high) // 2, wide, high)
