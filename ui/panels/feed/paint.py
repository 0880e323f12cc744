"""How rows of the feed are painted, once `layout` has said where what stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QStaticText
from PySide6.QtWidgets import QWidget

from liveconsole.views.feed import COMMENT, ENTER, GIFT, ORDER, SYSTEM, FeedRow, ListedRow, is_question
from liveconsole.views.highlights import HighlightRule
from ui import theme
from ui.panels.feed import signs
from ui.panels.feed.layout import LaidRow, LaidText, RowSizes, RowWords, end_room, lay_out

_CLOCKS: Final = 64
_KEPT: Final = 512
"""Layouts between two paintings; of what is in sight there are never so many."""


class VisibleRow(Struct):
    """A row that is in sight."""

    top: int
    row: FeedRow
    laid: LaidRow
    end: LaidText | None
    """What stands at the right edge."""
    muted: bool
    rule: HighlightRule | None
    """The highlight rule that it is marked by."""
    framed: bool

    def texts(self) -> list[LaidText]:
        """Everything it says."""
        return self.laid.texts() + ([self.end] if self.end is not None else [])


class _Inks:
    """The theme's colours for the rows of one painting."""

    def __init__(self) -> None:
        tokens = theme.tokens()
        self.ground = theme.colour(tokens.bg1)
        self.asking = theme.colour(theme.mix(tokens.bg1, tokens.warn, 0.11))
        self.loud = theme.colour(theme.mix(tokens.bg1, tokens.ok, 0.26))
        self.grounds = {
            ORDER: theme.colour(theme.mix(tokens.bg1, tokens.ok, 0.13)),
            SYSTEM: theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.10)),
            GIFT: theme.colour(theme.mix(tokens.bg1, tokens.bag, 0.07)),
        }
        self.texts = {
            ORDER: theme.colour(theme.soft(tokens, "ok")[1]),
            SYSTEM: theme.colour(theme.soft(tokens, "accent")[1]),
            GIFT: theme.colour(theme.soft(tokens, "bag")[1]),
            ENTER: theme.colour(tokens.fg2),
            COMMENT: theme.colour(tokens.fg0),
        }
        self.quiet, self.second = theme.colour(tokens.fg2), theme.colour(tokens.fg1)
        self.frame = theme.colour(tokens.accent)

    def behind(self, placed: VisibleRow) -> QColor | None:
        """The ground of a row that is not like the others."""
        row = placed.row
        if isinstance(row, ListedRow):
            return self.grounds[ORDER] if row.order.standing == "paid" else None
        if is_question(row):
            return None if placed.muted else self.asking
        return self.loud if row.big and row.kind == ORDER else self.grounds.get(row.kind)

    def beside(self, placed: VisibleRow) -> QColor:
        """Of what stands before the words; on a louder ground it is louder."""
        return self.second if placed.row.big and placed.row.kind == ORDER else self.quiet

    def said(self, placed: VisibleRow) -> QColor:
        row = placed.row
        if isinstance(row, ListedRow) and row.order.standing != "paid":
            return self.texts[COMMENT] if row.order.standing == "unpaid" else self.second
        return self.quiet if placed.muted else self.texts[placed.row.kind]


class RowPainter:
    """Lays out and paints the rows in sight. ``measure`` anew when fonts or theme change."""

    def __init__(self) -> None:
        self.laid: dict[tuple[int, int, int, int], LaidRow] = {}
        self._lines: dict[int, int] = {}
        """How many lines a row had when it came into sight: a badge or a count more moves no other row."""
        self._width = self._end = 0
        self._clocks: dict[str, QStaticText] = {}
        """Times of day as they stand before the rows: nearly all rows in sight have the same one."""
        self.measure()

    def measure(self) -> None:
        """Take the theme's fonts."""
        self.sizes = RowSizes()
        self._clocks.clear()
        self._forget()

    def fit(self, width: int, widest_end: str) -> None:
        """Lay out for this width; ``widest_end``: the longest that stands at the right edge."""
        end = width - end_room(widest_end, self.sizes)
        if (width, end) != (self._width, self._end):
            self._width, self._end = width, end
            self._forget()

    def _forget(self) -> None:
        self.laid.clear()
        self._lines.clear()

    def lay(self, row: FeedRow, words: RowWords) -> LaidRow:
        """The layout of a row that says this."""
        # Counting up changes the sentence of grouped rows, and only theirs.
        key = (row.seq, 0 if row.kind in (COMMENT, GIFT) else row.count, len(words.badges), len(words.end))
        laid = self.laid.get(key)
        if laid is None or laid.said.text != words.text:
            end = self._end if words.counted else self._width - self.sizes.side
            if words.end:
                end = min(end, self._width - end_room(words.end, self.sizes))
            laid = lay_out(words, self._width, end, self.sizes, self._lines.get(row.seq, 0))
            if len(self.laid) > _KEPT:
                self._forget()
            self.laid[key] = laid
            self._lines[row.seq] = laid.lines
        return laid

    def paint(self, onto: QWidget, rows: Iterable[VisibleRow]) -> None:
        """Paint ``rows`` on ``onto``."""
        inks, sizes = _Inks(), self.sizes
        rows = list(rows)
        painter = QPainter(onto)
        painter.fillRect(onto.rect(), inks.ground)
        painter.setFont(sizes.small)
        for placed in rows:
            self._ground(painter, placed, inks, onto.width())
        painter.setFont(sizes.font)
        for placed in rows:
            self._row(painter, placed, inks, onto.width())
        painter.end()
        seen = {placed.row.seq for placed in rows}
        if len(self._lines) > len(seen):
            self._lines = {seq: lines for seq, lines in self._lines.items() if seq in seen}
            self.laid = {key: laid for key, laid in self.laid.items() if key[0] in seen}

    def _ground(self, painter: QPainter, placed: VisibleRow, inks: _Inks, width: int) -> None:
        """What lies under the words, and the clock, which has a font of its own."""
        row, laid, sizes = placed.row, placed.laid, self.sizes
        if (ground := inks.behind(placed)) is not None:
            painter.fillRect(0, placed.top, width, laid.high, ground)
        if laid.clock is not None:
            painter.setPen(inks.beside(placed))
            top = laid.clock.top + (laid.clock.high - sizes.small_metrics.height()) // 2
            painter.drawStaticText(QPointF(laid.clock.left, placed.top + top), self._clock(laid.clock.text))
        margin = QRectF(0, placed.top, sizes.side, laid.high)
        if placed.rule is not None:
            signs.paint_sign(painter, placed.rule.icon, placed.rule.tone, margin)
        elif row.big and row.kind == ORDER:
            signs.paint_sign(painter, "order", "ok", margin)

    def _row(self, painter: QPainter, placed: VisibleRow, inks: _Inks, width: int) -> None:
        laid, sizes, at = placed.laid, self.sizes, QPoint(0, placed.top)
        rise = sizes.metrics.ascent() - sizes.metrics.descent()
        if (name := laid.name) is not None:
            painter.setPen(inks.beside(placed))
            painter.drawText(
                QPointF(name.left, placed.top + name.top + (name.high + rise) // 2), name.lines[0]
            )
        for badge, tone in laid.badges:
            signs.paint_badge(painter, sizes.small, badge.text, tone, QRectF(badge.rect(at)))
        painter.setPen(inks.said(placed))
        base = placed.top + laid.said.top + (sizes.line + rise) // 2
        for line in laid.said.lines:
            painter.drawText(QPointF(laid.said.left, base), line)
            base += sizes.line
        if placed.end is not None:
            signs.paint_times(painter, sizes.small, placed.end.text, QRectF(placed.end.rect(at)))
        if placed.framed:
            painter.setPen(inks.frame)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(0, placed.top, width - 1, laid.high - 1)

    def _clock(self, said: str) -> QStaticText:
        if said not in self._clocks:
            if len(self._clocks) > _CLOCKS:
                self._clocks.clear()
            self._clocks[said] = QStaticText(said)
            self._clocks[said].setTextFormat(Qt.TextFormat.PlainText)
        return self._clocks[said]
