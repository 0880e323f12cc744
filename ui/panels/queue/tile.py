"""The square before a row: whose product it is about, or the kind where it is about the whole shop."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.kinds import kind_of
from ui.widgets.picture import letter_of, paint_picture, shelf


class CueTile(QWidget):
    """A product's picture, or the first letter of its title; a shop-wide one has its kind's shape."""

    SIDE = 40

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._title = "pin", ""
        self._image: str | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        shelf().arrived.connect(self._arrived)

    def show_cue(self, kind: str, product_title: str, image: str | None = None) -> None:
        """Another cue; without a product's title it is about the whole shop."""
        if (kind, product_title, image) != (self._kind, self._title, self._image):
            self._kind, self._title, self._image = kind, product_title, image
            self.update()

    def _arrived(self, sha: str) -> None:
        if sha == self._image:
            self.update()

    def sizeHint(self) -> QSize:
        side = round(self.SIDE * theme.text_scale())
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._title and shelf().picture(self._image, self.width() * self.devicePixelRatioF()) is not None:
            paint_picture(painter, QRectF(self.rect()), self._image, self._title)
        else:
            self._paint_sign(painter)
        painter.end()

    def _paint_sign(self, painter: QPainter) -> None:
        tokens = theme.tokens()
        look = kind_of(self._kind)
        tone = getattr(tokens, look.TONE)
        letter = letter_of(self._title)
        ground = theme.mix(tokens.bg3, tokens.accent, 0.14) if letter else theme.mix(tokens.bg1, tone, 0.24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        if letter:
            painter.setPen(theme.colour(tokens.fg1))
            painter.setFont(theme.font("clock"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, letter)
        else:
            side = QFontMetrics(theme.font("clock")).ascent()
            where = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            theme.paint_icon(painter, look.ICON, where, tone)
