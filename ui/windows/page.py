"""Pieces that the pages before the desk share."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.clean import clean
from ui.widgets import PlainLabel


class ChoiceCard(QAbstractButton):
    """One answer among few: a title, what it means, and whether it is chosen (a dot, not only a colour)."""

    def __init__(
        self, title: str, words: str, icon: str, *, lines: int = 2, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title, self._words, self._icon = clean(title), clean(words), icon
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(52, 12, 40, 12)
        column.setSpacing(2)
        for label in (
            PlainLabel(title, role="heading", elide=True),
            PlainLabel(words, role="small", tone="fg1", lines=lines),
        ):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        chosen = self.isChecked()
        ground = theme.soft(tokens, "accent")[0] if chosen else tokens.bg2
        edge = tokens.accent if chosen else tokens.fg1 if self.hasFocus() else tokens.line
        painter.setPen(QPen(theme.colour(edge), 2 if self.hasFocus() else 1.2))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        side = 22.0
        theme.paint_icon(
            painter,
            self._icon,
            QRectF(16, (self.height() - side) / 2, side, side),
            tokens.accent if chosen else tokens.fg1,
        )
        dot = QRectF(self.width() - 32, (self.height() - 16) / 2, 16, 16)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(tokens.accent if chosen else tokens.fg2), 1.6))
        painter.drawEllipse(dot)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(tokens.accent))
            painter.drawEllipse(dot.adjusted(4, 4, -4, -4))
        painter.end()


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
