"""Type that is read at three metres: its size follows the window, not the screen's text setting."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.widgets import PlainLabel
from ui.widgets.cut import elided

WIDTH, HEIGHT = 1280, 720
"""The window in which the sizes mean logical pixels."""

_FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip | Qt.TextFlag.TextSingleLine


def scale_of(size: QSize) -> float:
    """How much larger everything is in a window of this size. In steps, so that dragging does not shiver."""
    return max(0.6, min(4.0, round(min(size.width() / WIDTH, size.height() / HEIGHT) * 40) / 40))


class LargeLabel(PlainLabel):
    """A label of ``px`` at 1280 × 720. ``least`` lets a single line shrink so far before it is elided."""

    def __init__(
        self,
        text: str = "",
        *,
        px: int = 25,
        least: int = 0,
        bold: bool = False,
        tone: str = "fg0",
        lines: int = 1,
        elide: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        struck: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._px, self._least, self._scale, self._bold, self._line = px, least or px, 1.0, bold, struck
        super().__init__(
            text,
            role="host_note",
            tone=tone,
            lines=lines,
            elide=elide or least > 0,
            align=align,
            struck=struck,
            parent=parent,
        )
        self.set_scale(1.0)

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        self._scale = scale
        self._broken = None
        self.setFont(self._sized(self._px))
        self.updateGeometry()

    def _sized(self, px: int) -> QFont:
        font = theme.font("host_note")
        font.setPixelSize(max(8, round(px * self._scale)))
        font.setWeight(QFont.Weight.DemiBold if self._bold else QFont.Weight.Normal)
        font.setStrikeOut(self._line)
        return font

    def _spacing(self) -> int:
        # The family's own leaves half a line of air, which large type does not need.
        return round(self._px * self._scale * (1.24 if self._px < 60 else 1.04))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._spacing() * self._lines)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._spacing() * self._lines)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._broken = None

    def least_width(self) -> int:
        """What the whole text takes in the smallest type that it may have."""
        return QFontMetrics(self._sized(self._least)).horizontalAdvance(self.text())

    def fitted(self) -> QFont:
        """The font in which the text fits, no smaller than ``least``."""
        px = self._px
        font = self._sized(px)
        while px > self._least and QFontMetrics(font).horizontalAdvance(self.text()) > self.width():
            px -= 1
            font = self._sized(px)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colour(self.tone))
        if self._lines == 1:
            font = self.fitted()
            pieces = [_cut(self.text(), QFontMetrics(font), self.width() + 1)]
        else:
            font, pieces = self.font(), self._pieces(self.width())
        painter.setFont(font)
        high = self._spacing()
        # Letters hang lower in their line than they stand high; a little up, none is cut at its foot.
        top = (self.height() - high * len(pieces)) / 2 - font.pixelSize() * 0.04
        for index, piece in enumerate(pieces):
            room = QRectF(0, top + index * high, self.width(), high)
            painter.drawText(room, _FLAGS | self._align, piece)
        painter.end()


def _cut(text: str, metrics: QFontMetrics, width: int) -> str:
    """What fits. Of a list (``a · b``) whole things, when that costs no more than its last ones."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    shown = elided(text, metrics, width)
    whole, point, _ = shown.rpartition(" · ")
    return whole if point and len(whole) * 2 > len(shown) else shown


class LargeSign(LargeLabel):
    """A word on a filled ground: on air or not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(px=25, bold=True, align=Qt.AlignmentFlag.AlignHCenter, parent=parent)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + round(28 * self._scale), round(36 * self._scale))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, ink = theme.solid(theme.tokens(), self.tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.setFont(self.font())
        painter.setPen(theme.colour(ink))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
