"""The square before a row: whose product it is about, or the kind where it is about the whole shop."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.kinds import kind_of


class CueTile(QWidget):
    """A product's place, with the first letter of its title; a shop-wide one has its kind's shape."""

    SIDE = 40

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._letter = "pin", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_cue(self, kind: str, product_title: str) -> None:
        """Another cue; without a product's title it is about the whole shop."""
        letter = next((c for c in product_title if c.isalpha()), "")
        if (kind, letter) != (self._kind, self._letter):
            self._kind, self._letter = kind, letter
            self.update()

    def sizeHint(self) -> QSize:
        side = round(self.SIDE * theme.text_scale())
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        look = kind_of(self._kind)
        tone = getattr(tokens, look.TONE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = (
            theme.mix(tokens.bg3, tokens.accent, 0.14) if self._letter else theme.mix(tokens.bg1, tone, 0.24)
        )
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        if self._letter:
            painter.setPen(theme.colour(tokens.fg1))
            painter.setFont(theme.font("clock"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        else:
            side = QFontMetrics(theme.font("clock")).ascent()
            where = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            theme.paint_icon(painter, look.ICON, where, tone)
        painter.end()
