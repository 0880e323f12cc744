"""The small signs that stand at a row: badges after the name, a drawing in the margin, ``×n`` at the edge."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from ui import theme


def paint_badge(painter: QPainter, font: QFont, word: str, tone: str, room: QRectF) -> None:
    """A word on a tinted ground, in the middle of the row's height."""
    ground, ink = theme.soft(theme.tokens(), tone)
    _pill(painter, font, word, room, 4, (ground, ink))


def paint_times(painter: QPainter, font: QFont, text: str, room: QRectF) -> None:
    """A round mark in the middle of the row's height."""
    tokens = theme.tokens()
    _pill(painter, font, text, room, QFontMetrics(font).height(), (tokens.bg3, tokens.fg1))


def paint_sign(painter: QPainter, icon: str, tone: str, margin: QRectF) -> None:
    """A drawing in the margin and a bar at its edge: the shape says what the colour says."""
    size = margin.width() * 0.66
    where = QRectF(
        margin.left() + margin.width() * 0.24, margin.top() + (margin.height() - size) / 2, size, size
    )
    theme.paint_icon(painter, icon, where, theme.hexa(tone))
    painter.fillRect(QRectF(margin.left(), margin.top(), 2, margin.height()), theme.colour(tone))


def _pill(
    painter: QPainter, font: QFont, text: str, room: QRectF, radius: float, colours: tuple[str, str]
) -> None:
    high = QFontMetrics(font).height() + 2
    box = QRectF(room.left(), room.top() + (room.height() - high) / 2, room.width(), high)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colours[0]))
    painter.drawRoundedRect(box, min(radius, high / 2), min(radius, high / 2))
    painter.setPen(theme.colour(colours[1]))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
