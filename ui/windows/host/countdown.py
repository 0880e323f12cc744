"""Her 3·2·1: the recall window over the whole width, in the colour of the kind."""

from __future__ import annotations

import math
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.kinds import kind_of
from ui.widgets.plain import break_lines
from ui.windows.host.facts import RecallCountdown


class Countdown(QWidget):
    """Lies over the middle of the window while something can still be taken back. Draws a given time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recall: RecallCountdown | None = None
        self._scale = 1.0
        self._left = 0.0
        self.hide()

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        self._scale = scale

    def show_recall(self, recall: RecallCountdown | None, now: datetime) -> None:
        """What goes out; None when nothing does any more."""
        self._recall = recall
        if recall is not None:
            self._left = -1.0
            self.tick(now)
        else:
            self.hide()

    def tick(self, now: datetime) -> None:
        """Count down; the engine, not this clock, says when it has gone."""
        if self._recall is None:
            return
        covers = now >= self._recall.covers
        if covers and self.isHidden():
            self.raise_()
        self.setVisible(covers)
        left = round(max(0.0, (self._recall.fires - now).total_seconds()), 2)
        if left != self._left:
            self._left = left
            self.setAccessibleName(f"{self.digit} {clean(self._recall.title)} {self.key_words}")
            self.update()

    @property
    def digit(self) -> str:
        """``3``, ``2``, ``1``, and ``…`` while the engine sends it."""
        return str(math.ceil(self._left)) if self._left > 0 else "…"

    @property
    def share(self) -> float:
        """How much of the window is left, 0 to 1."""
        if self._recall is None:
            return 0.0
        whole = (self._recall.fires - max(self._recall.starts, self._recall.covers)).total_seconds()
        return min(1.0, self._left / whole) if whole > 0 else 0.0

    @property
    def key_words(self) -> str:
        """What can still be done."""
        return t("按 Esc 撤回") if self._left > 0 else t("正在发出")

    def paintEvent(self, event: QPaintEvent) -> None:
        recall = self._recall
        if recall is None:
            return
        ground, ink = theme.solid(theme.tokens(), kind_of(recall.kind).TONE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour(ground))
        painter.setPen(theme.colour(ink))
        self._paint_digit(painter)
        self._paint_words(painter, recall, self.width() * 0.36, ink)
        self._paint_bar(painter, ground, ink)
        painter.end()

    def _paint_digit(self, painter: QPainter) -> None:
        font = _sized(round(self.height() * 0.8), bold=True)
        shape = QPainterPath()
        shape.addText(0, 0, font, self.digit)
        box = shape.boundingRect()
        where = QPointF(self.width() * 0.18, (self.height() - self._bar_high() * 2) / 2)
        shape.translate(where - box.center())
        painter.fillPath(shape, painter.pen().color())

    def _bar_high(self) -> float:
        return max(8.0, 16 * self._scale)

    def _paint_bar(self, painter: QPainter, ground: str, ink: str) -> None:
        high, side = self._bar_high(), 40 * self._scale
        track = QRectF(side, self.height() - 2 * high, self.width() - 2 * side, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(theme.mix(ground, theme.tokens().bg0, 0.25)))
        painter.drawRoundedRect(track, high / 2, high / 2)
        track.setWidth(track.width() * self.share)
        painter.setBrush(theme.colour(ink))
        painter.drawRoundedRect(track, high / 2, high / 2)

    def _paint_words(self, painter: QPainter, recall: RecallCountdown, left: float, ink: str) -> None:
        scale, wide = self._scale, self.width() * 0.64 - 40 * self._scale
        title = clean(recall.title, 120)
        large = _fitting(title, wide, [round(px * scale) for px in (56, 52, 48, 44)])
        parts = [
            (large, title, 2),
            (_sized(round(30 * scale)), clean(recall.detail, 160), 2),
            (_sized(round(44 * scale), bold=True), self.key_words, 1),
        ]
        if recall.more:
            parts.append((_sized(round(25 * scale)), t("后面还有 {n} 条在倒数", n=recall.more), 1))
        laid = [
            (font, line, place == 0)
            for font, text, most in parts
            if text
            for place, line in enumerate(break_lines(text, font, round(wide), most))
        ]
        gap, side = 16 * scale, 60 * scale
        heights = [font.pixelSize() * 1.25 + (gap if first else 0) for font, _, first in laid]
        top = (self.height() - self._bar_high() * 2 - sum(heights) - side) / 2
        # The drawing has air on all sides, letters have not.
        mark = QRectF(left - side * 0.16, top, side, side)
        theme.paint_icon(painter, kind_of(recall.kind).ICON, mark, ink)
        top += side
        for (font, line, first), high in zip(laid, heights, strict=True):
            painter.setFont(font)
            base = top + (gap if first else 0) + font.pixelSize() * 0.98
            painter.drawText(QPointF(left, base), line)
            top += high


def _fitting(text: str, wide: float, sizes: list[int]) -> QFont:
    """The largest of some sizes in which a title fits in one line, else the smallest, for two."""
    for px in sizes:
        font = _sized(px, bold=True)
        if QFontMetrics(font).horizontalAdvance(text) <= wide:
            break
    return font


def _sized(px: int, *, bold: bool = False) -> QFont:
    font = theme.font("host_price")
    font.setPixelSize(max(12, px))
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return font
