"""Pieces that the pages before the desk share."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.widgets import PlainLabel


class Centred(QScrollArea):
    """A page with one column of a readable width in the middle; scrolls where the window is too low."""

    WIDTH = 760

    def __init__(self, title: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(24, 24, 24, 24)
        across.addStretch(1)
        held = QWidget()
        held.setMaximumWidth(self.WIDTH)
        held.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        across.addWidget(held, 100)
        across.addStretch(1)
        self.column = QVBoxLayout(held)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.GAP)
        self.column.addStretch(1)
        self.title = PlainLabel(title, role="price", lines=0)
        self.words = PlainLabel(words, tone="fg1", lines=0)
        self.column.addWidget(self.title)
        self.column.addWidget(self.words)
        self.words.setVisible(bool(words))
        self.setAccessibleName(title)
        self.setWidget(inside)

    def finish(self) -> None:
        """Call after the last piece was put into ``column``: what is left of the height goes below it."""
        self.column.addStretch(1)
