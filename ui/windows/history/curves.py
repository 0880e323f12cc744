"""What each broadcast had sold so many minutes after its start: lines over one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.boards import BoardTrend
from ui import theme
from ui.i18n import t
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide
from ui.windows.boards.trend_layout import round_top
from ui.words import boards as words

_SIDE: Final = 16.0
_STEPS: Final = (5, 10, 15, 30, 60, 120, 240)
_DASHES: Final = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
"""A line is known by its strokes as well as by its colour."""


def _tone(place: int, count: int) -> str:
    """The newest is blue; the others are mixes of it and grey, each seen well on its ground."""
    tokens = theme.tokens()
    if place == count - 1:
        return tokens.accent
    return theme.mix(tokens.fg1 if place % 2 else tokens.fg2, tokens.accent, 0.15)


class CurveChart(PaintedBoard):
    """``show_trends``: titles and trends in the same order; a trend that nobody has draws no line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titles: list[str] = []
        self.sums: list[list[tuple[float, int]]] = []
        """Of each broadcast (minutes since its start, 分 until then)."""
        self.setAccessibleName(t("开播后累计成交额"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_trends(self, titles: Sequence[str], trends: Sequence[BoardTrend | None]) -> None:
        """Other broadcasts."""
        self.titles = list(titles)
        self.sums = [_sums(trend) for trend in trends]
        self.setVisible(any(self.sums))
        self.tell()

    def plot(self) -> QRectF:
        """Where the lines are drawn."""
        left = _SIDE + wide("¥1,000,000", "small") + 8
        top, foot = 44.0 + line_high("heading"), line_high("small") + 12.0
        return QRectF(left, top, self.width() - left - _SIDE, max(20.0, self.height() - top - foot))

    def _ends(self) -> tuple[float, float]:
        minutes = max((line[-1][0] for line in self.sums if line), default=1.0)
        most = max((line[-1][1] for line in self.sums if line), default=1)
        return max(1.0, minutes), round_top(most)

    def lines(self) -> list[list[QPointF]]:
        """The points of each."""
        plot = self.plot()
        minutes, top = self._ends()
        return [
            [
                QPointF(plot.left() + plot.width() * at / minutes, plot.bottom() - plot.height() * fen / top)
                for at, fen in line
            ]
            for line in self.sums
        ]

    def placed_texts(self) -> tuple[PlacedText, ...]:
        high, small, plot = float(line_high("heading")), float(line_high("small")), self.plot()
        title = t("开播后累计成交额")
        found = [placed(title, QRectF(_SIDE, 10, wide(title, "heading") + 2, high), "fg0", "heading")]
        at = _SIDE
        for said in self.titles:
            side = min(
                wide(said, "small") + 2.0, max(40.0, (self.width() - 2 * _SIDE) / len(self.titles) - 44)
            )
            found.append(placed(said, QRectF(at + 30, 14 + high, side, small), "fg1", "small"))
            at += side + 44
        minutes, top = self._ends()
        for share in (0.0, 0.5, 1.0):
            y = plot.bottom() - plot.height() * share
            words_here = words.big(round(top * share), "fen") if share else "0"
            room = QRectF(_SIDE, y - small / 2, plot.left() - _SIDE - 8, small)
            found.append(placed(words_here, room, "fg2", "small", right=True))
        step = next((n for n in _STEPS if plot.width() * n / minutes >= 64 * theme.text_scale()), _STEPS[-1])
        for minute in range(0, int(minutes) + 1, step):
            x = plot.left() + plot.width() * minute / minutes
            said = t("{n} 分", n=minute)
            room = QRectF(x - 40, plot.bottom() + 4, 80, small)
            if room.right() <= self.width():
                found.append(placed(said, room, "fg2", "small", centre=True))
        return tuple(found)

    def said(self) -> str:
        ends = [words.number(line[-1][1], "fen") if line else "—" for line in self.sums]
        return " · ".join(f"{title} {end}" for title, end in zip(self.titles, ends, strict=True))

    def sizeHint(self) -> QSize:
        return QSize(600, round(250 * theme.text_scale()))

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("bg1"))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS
        )
        plot, count = self.plot(), len(self.sums)
        for share in (0.0, 0.5, 1.0):
            y = plot.bottom() - plot.height() * share
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        texts = self.placed_texts()
        legend = [text.room for text in texts[1 : 1 + len(self.titles)]]
        for place, (line, room) in enumerate(zip(self.lines(), legend, strict=True)):
            pen = QPen(theme.colour(_tone(place, count)), 2.2 if place == count - 1 else 1.8)
            pen.setStyle(_DASHES[(count - 1 - place) % len(_DASHES)])
            painter.setPen(pen)
            painter.drawLine(
                QPointF(room.left() - 28, room.center().y()), QPointF(room.left() - 6, room.center().y())
            )
            painter.drawPolyline(QPolygonF(line))
        paint_texts(painter, texts)
        painter.end()


def _sums(trend: BoardTrend | None) -> list[tuple[float, int]]:
    if trend is None or not trend.gmv_fen:
        return []
    sums = accumulate(trend.gmv_fen)
    return [(0.0, 0), *((float((n + 1) * trend.minutes), fen) for n, fen in enumerate(sums))]
