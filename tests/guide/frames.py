"""What a picture of the guide is made of: a window, a part of it, numbers beside what is told of."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from tests.shots import png
from ui import theme

_BADGE: Final = 26
_AIR: Final = 10


async def rest() -> None:
    """Until what was asked of the widgets is painted: on the loop's own turns."""
    for _ in range(12):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()


def grabbed(window: QWidget) -> QImage:
    """The whole window as it stands."""
    return window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def part(window: QWidget, *of: QWidget, air: int = _AIR) -> QImage:
    """Only where these lie, with a little round them."""
    room = QRect()
    for widget in of:
        room = room.united(_where(window, widget))
    return grabbed(window).copy(room.adjusted(-air, -air, air, air).intersected(window.rect()))


def numbered(window: QWidget, of: Sequence[QWidget]) -> QImage:
    """The window with a frame and a number, from 1, at each of these."""
    picture = grabbed(window)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(theme.tokens().warn)
    for number, widget in enumerate(of, 1):
        room = QRectF(_where(window, widget)).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(room, 8, 8)
        at = QPointF(room.right() - _BADGE / 2 - 4, room.top() + _BADGE / 2 + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(at, _BADGE / 2, _BADGE / 2)
        painter.setPen(QColor("#0b0e14"))
        font = QFont(theme.font("strong"))
        font.setBold(True)
        painter.setFont(font)
        badge = QRectF(at.x() - _BADGE / 2, at.y() - _BADGE / 2, _BADGE, _BADGE)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.end()
    return picture


def _where(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def save(picture: QImage, file: Path) -> None:
    """Few colours and no loss: text stays sharp. Raises OSError."""
    with tempfile.TemporaryDirectory() as scratch:
        few = Path(scratch) / "few.png"
        png.save(picture, few)
        with Image.open(few) as read:
            read.convert("RGB").save(file, "WEBP", lossless=True, quality=100, method=6)


def save_photo(file: Path, into: Path, wide: int) -> None:
    """A picture with soft colours in it, made smaller to this width."""
    with Image.open(file) as read:
        small = read.convert("RGB")
        small.thumbnail((wide, 10 * wide))
        small.save(into, "WEBP", quality=82, method=6)
