"""Rings, bars and lines: quantities as pictures. They paint what they are given and keep no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.widgets.when import countdown


class Ring(QWidget):
    """A ring that empties towards a deadline, with what is left in its middle.

    ``set_span`` names start and end (aware UTC); ``tick(now)`` moves it. Without an end it shows ``—``.
    """

    def __init__(self, tone: str = "accent", *, role: str = "clock", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._role = tone, role
        self._starts: datetime | None = None
        self._ends: datetime | None = None
        self._share, self._text = 1.0, "—"
        self._flat = self._bare = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_flat(self, flat: bool, *, role: str = "clock") -> None:
        """As high as a line of text: the time stands beside a small ring instead of in it."""
        if (flat, role) != (self._flat, self._role):
            self._flat, self._role = flat, role
            self.updateGeometry()
            self.update()

    def set_bare(self, bare: bool) -> None:
        """Only the time: a flat one in a place that has no room for the ring."""
        if bare != self._bare:
            self._bare = bare
            self.updateGeometry()
            self.update()

    def bare_width(self) -> int:
        """How wide the time is alone."""
        return QFontMetrics(theme.font(self._role)).horizontalAdvance("00:00") + 2

    def set_tone(self, tone: str) -> None:
        """Paint in another token's colour."""
        if tone != self._tone:
            self._tone = tone
            self.update()

    def set_span(self, starts: datetime | None, ends: datetime | None) -> None:
        """From when to when it empties."""
        self._starts, self._ends = starts, ends

    def flat_width(self) -> int:
        """How wide a flat one is with its ring."""
        return QFontMetrics(theme.font(self._role)).height() + 6 + self.bare_width()

    def tick(self, now: datetime) -> None:
        """Show what is left at ``now``; repaints only when the picture changes."""
        if self._ends is None:
            share, text = 1.0, "—"
        else:
            left = (self._ends - now).total_seconds()
            whole = (self._ends - self._starts).total_seconds() if self._starts else 0.0
            share = min(1.0, max(0.0, left / whole)) if whole > 0 else (1.0 if left > 0 else 0.0)
            text = countdown(left)
        if text != self._text or abs(share - self._share) > 1 / 720:
            self._share, self._text = share, text
            self.setAccessibleName(text)
            self.update()

    @property
    def shown(self) -> tuple[str, float]:
        """The text in the middle and the share of the ring that is left."""
        return self._text, self._share

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(self._role))
        wide = metrics.horizontalAdvance("00:00")
        if self._flat and self._bare:
            return QSize(self.bare_width(), metrics.height())
        if self._flat:
            return QSize(self.flat_width(), metrics.height())
        return QSize(round(wide * 1.4), round(wide * 1.4))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._flat and self._bare:
            self._paint_bare()
            return
        tokens = theme.tokens()
        side = min(self.width(), self.height())
        thick = side * (0.16 if self._flat else 0.095)
        left = 0.0 if self._flat else (self.width() - side) / 2
        room = QRectF(left, (self.height() - side) / 2, side, side)
        room = room.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(tokens.bg3), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawEllipse(room)
        if self._ends is not None and self._share > 0:
            pen = QPen(theme.colour(self._tone), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            # 90° is the top in Qt's sixteenths; negative goes with the clock.
            painter.drawArc(room, 90 * 16, -round(360 * 16 * self._share))
        font = theme.font(self._role)
        # The corners of the text meet the ring before its ends do.
        inside = self.width() - side - 6 if self._flat else (side - 2 * thick) * 0.9
        while QFontMetrics(font).horizontalAdvance(self._text) > inside and font.pixelSize() > 9:
            font.setPixelSize(font.pixelSize() - 1)
        painter.setFont(font)
        painter.setPen(theme.colour("fg0"))
        if self._flat:
            beside = QRectF(side + 6, 0, self.width() - side - 6, self.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text)
        else:
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()

    def _paint_bare(self) -> None:
        font = theme.font(self._role)
        while QFontMetrics(font).horizontalAdvance(self._text) > self.width() and font.pixelSize() > 9:
            font.setPixelSize(font.pixelSize() - 1)
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(theme.colour("fg0"))
        where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(self.rect()), where, self._text)
        painter.end()


class Bar(QWidget):
    """How much of a whole is left. Without a whole it is an empty track."""

    def __init__(self, tone: str = "flash", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._share = tone, 0.0
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_left(self, left: int | None, whole: int | None, tone: str | None = None) -> None:
        """``left`` of ``whole`` units."""
        share = min(1.0, max(0.0, left / whole)) if left is not None and whole else 0.0
        tone = tone or self._tone
        if (share, tone) != (self._share, self._tone):
            self._share, self._tone = share, tone
            self.setAccessibleDescription(f"{round(share * 100)} %")
            self.update()

    @property
    def share(self) -> float:
        """The painted part, 0 to 1."""
        return self._share

    def sizeHint(self) -> QSize:
        return QSize(60, max(6, QFontMetrics(theme.font()).height() // 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        room = QRectF(self.rect())
        radius = room.height() / 2
        painter.setBrush(theme.colour("bg3"))
        painter.drawRoundedRect(room, radius, radius)
        if self._share > 0:
            room.setWidth(max(room.height(), room.width() * self._share))
            painter.setBrush(theme.colour(self._tone))
            painter.drawRoundedRect(room, radius, radius)
        painter.end()


class Sparkline(QWidget):
    """The last values as a line, newest at the right. More values than pixels are thinned to peaks."""

    def __init__(self, tone: str = "ok", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self._values: tuple[float, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_values(self, values: Sequence[float]) -> None:
        """Oldest first."""
        if tuple(values) != self._values:
            self._values = tuple(values)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(90, QFontMetrics(theme.font()).height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, QFontMetrics(theme.font()).height())

    def _points(self) -> QPolygonF:
        values = self._values
        most = max(2, self.width())
        if len(values) > most:
            step = len(values) / most
            values = tuple(
                max(values[int(i * step) : max(int(i * step) + 1, int((i + 1) * step))]) for i in range(most)
            )
        top = max(*values, 1e-9)
        across, down = self.width() - 3, self.height() - 4
        last = len(values) - 1
        return QPolygonF(
            [QPointF(1.5 + across * i / last, 2 + down * (1 - v / top)) for i, v in enumerate(values)]
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._values) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(self._tone), 1.6))
        painter.drawPolyline(self._points())
        painter.end()
