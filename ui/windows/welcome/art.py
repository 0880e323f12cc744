"""What is painted over each of the three answers: a rehearsal, a broadcast, a recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.i18n import t
from ui.seat.session import Mode

_WIDE, _HIGH = 372.0, 256.0
"""The picture as it is drawn; it is as much larger or smaller as there is room."""
_TONES: Final[dict[Mode, str]] = {"rehearsal": "warn", "manual": "live", "tape": "accent"}


class ModePicture(QWidget):
    """Decoration: what it means stands below it."""

    def __init__(self, mode: Mode, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(48)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect())
        shape = QPainterPath()
        radius = float(theme.RADIUS)
        shape.addRoundedRect(room.adjusted(0, 0, 0, radius), radius, radius)
        painter.setClipPath(shape)
        tokens, tone = theme.tokens(), getattr(theme.tokens(), _TONES[self._mode])
        ground = QLinearGradient(room.topLeft(), room.bottomRight())
        ground.setColorAt(0, theme.colour(theme.mix(tokens.bg1, tone, 0.26)))
        ground.setColorAt(1, theme.colour(theme.mix(tokens.bg1, tone, 0.10)))
        painter.fillRect(room, ground)
        scale = min(room.width() / _WIDE, room.height() / _HIGH)
        painter.translate(room.center())
        painter.scale(scale, scale)
        painter.translate(-_WIDE / 2, -_HIGH / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(theme.mix(tokens.bg1, tone, 0.30)))
        painter.setOpacity(0.6)
        painter.drawEllipse(_DISCS[self._mode])
        painter.setOpacity(1)
        _PAINTED[self._mode](painter)
        painter.end()


_DISCS: Final[dict[Mode, QRectF]] = {
    "rehearsal": QRectF(-60, -40, 215, 215),
    "manual": QRectF(57, -8, 258, 258),
    "tape": QRectF(200, -40, 220, 220),
}


def _soft(tone: str, share: float = 0.5) -> QColor:
    """A cloth's colour: a tone of the theme, calmed."""
    return theme.colour(theme.mix(theme.tokens().on_fill, getattr(theme.tokens(), tone), share)).darker(124)


def _text(
    painter: QPainter, room: QRectF, words: str, tone: str, pixels: int, *, heavy: bool = False
) -> None:
    font = QFont(theme.font("strong" if heavy else "base"))
    font.setPixelSize(pixels)
    painter.setFont(font)
    painter.setPen(theme.colour(tone))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
    painter.setPen(Qt.PenStyle.NoPen)


def _pill(painter: QPainter, right: float, top: float, words: str) -> None:
    font = QFont(theme.font("base"))
    font.setPixelSize(15)
    painter.setFont(font)
    wide = painter.fontMetrics().horizontalAdvance(words) + 36
    room = QRectF(right - wide, top, wide, 31)
    painter.setPen(QPen(theme.colour("warn"), 1.2))
    painter.setBrush(theme.colour(theme.mix(theme.tokens().bg1, theme.tokens().warn, 0.1)))
    painter.drawRoundedRect(room, 15.5, 15.5)
    _text(painter, room, words, "warn", 15)


def _rehearsal(painter: QPainter) -> None:
    painter.setBrush(theme.colour("bg0"))
    painter.drawRoundedRect(QRectF(28, 186, 202, 6), 3, 3)
    sweater(painter, QRectF(40, 92, 104, 94), _soft("warn", 0.62))
    scarf(painter, QRectF(160, 100, 66, 86), _soft("live", 0.55))
    for row, words in enumerate((t("有黑色吗"), t("3 号 +3 单"), t("多少钱呀 ×8"))):
        _pill(painter, 360, 80 + 40 * row, words)


def _broadcast(painter: QPainter) -> None:
    tokens = theme.tokens()
    pen = QPen(theme.colour("live"), 3.2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    for reach in (92, 126):
        circle = QRectF(186 - reach, 134 - reach, 2 * reach, 2 * reach)
        painter.drawArc(circle, -22 * 16, 44 * 16)
        painter.drawArc(circle, 158 * 16, 44 * 16)
    phone = QRectF(132, 46, 108, 176)
    painter.setPen(QPen(theme.colour("fg2"), 2))
    painter.setBrush(theme.colour("bg0"))
    painter.drawRoundedRect(phone, 16, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("bg3"))
    painter.drawRoundedRect(phone.adjusted(8, 8, -8, -8), 9, 9)
    coat(painter, QRectF(154, 94, 64, 74), _soft("warn", 0.6))
    sign = QRectF(146, 59, 54, 19)
    painter.setBrush(theme.colour(tokens.live_fill))
    painter.drawRoundedRect(sign, 4, 4)
    _text(painter, sign, t("直播中"), tokens.on_fill, 13)
    price = QRectF(146, 186, 80, 21)
    painter.setBrush(theme.colour("bg0"))
    painter.drawRoundedRect(price, 4, 4)
    _text(painter, price, t("1 号 ¥1,280"), "flash", 13)


def _recording(painter: QPainter) -> None:
    tokens = theme.tokens()
    grounds = [theme.mix(tokens.on_fill, getattr(tokens, tone), 0.25) for tone in ("live", "ok", "warn")]
    for place, ground in enumerate(grounds):
        tile = QRectF(12 + 124 * place, 66, 100, 84)
        painter.setBrush(theme.colour(ground).darker(118))
        painter.drawRoundedRect(tile, 8, 8)
        inside = tile.adjusted(22, 12, -22, -12)
        (beret, sweater, scarf)[place](painter, inside, _soft(("live", "ok", "flash")[place], 0.75))
    painter.setBrush(theme.colour(tokens.accent_fill))
    painter.drawEllipse(QPointF(186, 108), 25, 25)
    painter.setBrush(theme.colour(tokens.on_fill))
    painter.drawPolygon(QPolygonF([QPointF(179, 96), QPointF(179, 120), QPointF(199, 108)]))
    painter.setBrush(theme.colour("bg0"))
    painter.drawRoundedRect(QRectF(12, 184, 348, 6), 3, 3)
    painter.setBrush(theme.colour("accent"))
    painter.drawRoundedRect(QRectF(12, 184, 155, 6), 3, 3)
    for left, wide, tone in ((66, 30, "flash"), (196, 52, "coupon"), (286, 24, "bag")):
        painter.setBrush(theme.colour(tone))
        painter.drawRoundedRect(QRectF(left, 169, wide, 8), 3, 3)
    painter.setBrush(theme.colour(tokens.on_fill))
    painter.drawEllipse(QPointF(167, 187), 8, 8)


# Garments --------------------------------------------------------------------------------------------


def _cloth(painter: QPainter, room: QRectF, colour: QColor, points: str) -> None:
    """A closed shape given in hundredths of its room."""
    pairs = [tuple(map(float, pair.split(","))) for pair in points.split()]
    shape = QPolygonF(
        [
            QPointF(room.left() + x * room.width() / 100, room.top() + y * room.height() / 100)
            for x, y in pairs
        ]
    )
    shade = QLinearGradient(room.topLeft(), room.bottomRight())
    shade.setColorAt(0, colour.lighter(112))
    shade.setColorAt(1, colour.darker(118))
    pen = QPen(colour.darker(112), max(1.0, room.width() / 40))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(shade)
    painter.drawPolygon(shape)
    painter.setPen(Qt.PenStyle.NoPen)


def _line(painter: QPainter, room: QRectF, colour: QColor, points: str) -> None:
    pairs = [tuple(map(float, pair.split(","))) for pair in points.split()]
    painter.setPen(QPen(colour.darker(125), max(1.0, room.width() / 50)))
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(room.left() + x * room.width() / 100, room.top() + y * room.height() / 100)
                for x, y in pairs
            ]
        )
    )
    painter.setPen(Qt.PenStyle.NoPen)


def sweater(painter: QPainter, room: QRectF, colour: QColor) -> None:
    body = "36,4 43,11 57,11 64,4 82,14 100,70 85,77 75,44 77,98 23,98 25,44 15,77 0,70 18,14"
    _cloth(painter, room, colour, body)
    for x in (40, 50, 60):
        _line(painter, room, colour, f"{x},24 {x},88")
    _line(painter, room, colour, "24,90 76,90")


def coat(painter: QPainter, room: QRectF, colour: QColor) -> None:
    body = "36,0 50,14 64,0 84,10 100,62 86,68 76,40 80,100 20,100 24,40 14,68 0,62 16,10"
    _cloth(painter, room, colour, body)
    _line(painter, room, colour, "36,0 50,34 64,0")
    _line(painter, room, colour, "50,34 50,100")
    _line(painter, room, colour, "23,58 77,58")


def scarf(painter: QPainter, room: QRectF, colour: QColor) -> None:
    _cloth(painter, room, colour, "44,30 66,26 92,92 76,100 54,46")
    _cloth(painter, room, colour, "30,34 56,36 44,98 18,96")
    painter.setBrush(colour)
    painter.drawEllipse(room.adjusted(room.width() * 0.12, 0, -room.width() * 0.12, -room.height() * 0.54))
    painter.setBrush(colour.darker(150))
    painter.drawEllipse(
        room.adjusted(room.width() * 0.3, room.height() * 0.1, -room.width() * 0.3, -room.height() * 0.68)
    )


def beret(painter: QPainter, room: QRectF, colour: QColor) -> None:
    _line(painter, room, colour, "52,24 56,4")
    painter.setBrush(colour)
    painter.drawEllipse(room.adjusted(0, room.height() * 0.18, 0, -room.height() * 0.22))
    painter.setBrush(colour.darker(130))
    low = QRectF(
        room.left() + room.width() * 0.2,
        room.top() + room.height() * 0.66,
        room.width() * 0.6,
        room.height() * 0.2,
    )
    painter.drawRoundedRect(low, 4, 4)


_PAINTED: Final[dict[Mode, Callable[[QPainter], None]]] = {
    "rehearsal": _rehearsal,
    "manual": _broadcast,
    "tape": _recording,
}
