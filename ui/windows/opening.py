"""The bar that says the broadcast is not open, and opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from ui.i18n import t
from ui.widgets import Mark, PlainLabel, button


class OpeningBar(QFrame):
    """Shown while the broadcast is not open. ``opened(title)``."""

    opened = Signal(str)

    def __init__(self, *, may_open: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self._may = may_open
        self._words = PlainLabel("", tone="fg1", elide=True)
        self.title = QLineEdit()
        self.title.setMaxLength(100)
        self.title.setPlaceholderText(t("这一场的名字，可不填"))
        self.title.setAccessibleName(t("这一场的名字"))
        self.open = button(t("开播"), "primary")
        self.open.clicked.connect(lambda: self.opened.emit(self.title.text().strip()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(Mark("info", "accent"))
        row.addWidget(self._words, 1)
        row.addWidget(self.title, 1)
        row.addWidget(self.open)
        self.title.setVisible(may_open)
        self.open.setVisible(may_open)
        self.hide()

    def show_state(self, *, is_open: bool, over: bool) -> None:
        """Whether it is needed; `over`: one broadcast has been closed already."""
        self.setVisible(not is_open)
        if not self._may:
            self._words.setText(t("还没有开播，等主播或中控开播"))
        elif over:
            self._words.setText(t("已下播，可以再开一场"))
        else:
            self._words.setText(t("还没有开播：先排好商品和促销"))
