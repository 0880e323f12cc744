"""The line under the rows: what is followed, or that it is paused and how much has come since."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QWidget

from ui.i18n import t
from ui.widgets import FireButton, PlainLabel


class Foot(QWidget):
    """It is always there and always as high: what it says changes, where the rows end does not."""

    resumed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = PlainLabel(
            t("实时"), role="small", tone="fg2", align=Qt.AlignmentFlag.AlignHCenter, elide=True
        )
        self.resume = FireButton("", tone="accent", key="End")
        self.resume.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.resume.fired.connect(self.resumed)
        held = QWidget()
        self._pages = QStackedLayout(held)
        self._pages.addWidget(self.status)
        self._pages.addWidget(self.resume)
        held.setFixedHeight(self.resume.sizeHint().height())
        low = QHBoxLayout(self)
        low.setContentsMargins(6, 4, 6, 6)
        low.addWidget(held)

    def say(self, words: str) -> None:
        """What is followed."""
        self.status.setText(words)

    def show_paused(self, paused: bool, unseen: int) -> None:
        """``unseen``: messages that came since."""
        self._pages.setCurrentIndex(1 if paused else 0)
        self.resume.show_as(t("已暂停 · 新消息 {n} 条", n=f"{unseen:,}"))
