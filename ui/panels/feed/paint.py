"""How rows of the feed are painted: a row is measured once and painted many times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QStaticText
from PySide6.QtWidgets import QWidget

from liveconsole.views.feed import COMMENT, ENTER, GIFT, ORDER, SYSTEM, FeedRow, is_question
from liveconsole.views.highlights import HighlightRule
from ui import theme
from ui.clean import is_ordinary
from ui.i18n import t
from ui.panels.feed import signs
from ui.panels.feed.words import clock_time, says, who

Badges = list[tuple[str, str]]
"""Words and tones."""

_SIDE: Final = 0.95
"""The margin with the signs, in heights of a line."""
_NARROW: Final = 15
"""A view of fewer characters leaves the clock out: what was said is worth more."""


_CLOCKS: Final = 64


class VisibleRow(Struct):
    """A row that is in sight."""

    top: int
    row: FeedRow
    badges: Badges
    rule: HighlightRule | None
    """The highlight rule that it is marked by."""
    end: str
    """What stands at the right edge."""
    framed: bool


class _Face:
    """What one row looks like at the present width: measured once, painted many times."""

    __slots__ = ("name", "name_wide", "text", "text_left")

    def __init__(self) -> None:
        self.name = self.text = ""
        self.name_wide = self.text_left = 0


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

    def behind(self, row: FeedRow) -> QColor | None:
        """The ground of a row that is not like the others."""
        if is_question(row):
            return self.asking
        return self.loud if row.big and row.kind == ORDER else self.grounds.get(row.kind)


class RowPainter:
    """Paints the rows in sight. ``measure`` anew when fonts or theme change."""

    def __init__(self) -> None:
        self.faces: dict[tuple[int, int], _Face] = {}
        """What was painted last, by row."""
        self._next_faces: dict[tuple[int, int], _Face] = {}
        self._faces_width = 0
        self._clocks: dict[str, QStaticText] = {}
        """Times of day as they stand before the rows: nearly all rows in sight have the same one."""
        self.measure()

    def measure(self) -> None:
        """Take the theme's fonts."""
        self._font, self._small = theme.font("base"), theme.font("small")
        self.metrics, self._small_metrics = QFontMetrics(self._font), QFontMetrics(self._small)
        self.row_high = round(self.metrics.height() * 1.46)
        self._time_wide = self.metrics.horizontalAdvance("00:00") + 12
        self._widest = max(map(self.metrics.horizontalAdvance, "宽W—"))
        self._clocks.clear()
        self._side = round(self.metrics.height() * _SIDE)
        self.faces.clear()

    def paint(self, onto: QWidget, rows: Iterable[VisibleRow], *, counts_down: bool) -> None:
        """Paint ``rows`` on ``onto``; with ``counts_down`` the ends are times that are left."""
        width = onto.width()
        if width != self._faces_width:
            self._faces_width = width
            self.faces.clear()
        # The times mark has its place whether there is one or not, so that a repeat moves no text.
        widest = t("剩 {time}", time="88:88") if counts_down else "×888"
        times_wide = self._small_metrics.horizontalAdvance(widest) + 12
        self._next_faces = {}
        inks = _Inks()
        painter = QPainter(onto)
        painter.fillRect(onto.rect(), inks.ground)
        painter.setFont(self._font)
        for placed in rows:
            self._row(painter, placed, inks, width, width - times_wide)
        painter.end()
        self.faces = self._next_faces

    def _row(self, painter: QPainter, placed: VisibleRow, inks: _Inks, width: int, end: int) -> None:
        row, top, high, side = placed.row, placed.top, self.row_high, self._side
        narrow = width < _NARROW * self.metrics.height()
        left = side + (0 if narrow else self._time_wide)
        base = top + (high + self.metrics.ascent() - self.metrics.descent()) // 2
        ground = inks.behind(row)
        if ground is not None:
            painter.fillRect(0, top, width, high, ground)
        badges = [(word, tone, signs.badge_wide(self._small, word)) for word, tone in placed.badges]
        face = self._face(row, end - left - side, sum(wide + 8 for _, _, wide in badges))
        margin = QRectF(0, top, side, high)
        if placed.rule is not None:
            signs.paint_sign(painter, placed.rule.icon, placed.rule.tone, margin)
        elif row.big and row.kind == ORDER:
            signs.paint_sign(painter, "order", "ok", margin)
        if not narrow:
            painter.setPen(inks.quiet)
            painter.drawStaticText(QPointF(side, base - self.metrics.ascent()), self._clock(row.at))
        x = left
        if face.name:
            painter.setPen(inks.second if row.kind != ENTER else inks.quiet)
            painter.drawText(QPointF(x, base), face.name)
            x += face.text_left
        for word, tone, wide in badges:
            signs.paint_badge(painter, self._small, word, tone, QRectF(x, top, wide, high))
            x += wide + 8
        painter.setPen(inks.texts[row.kind])
        painter.drawText(QPointF(x, base), face.text)
        if placed.end:
            signs.paint_times(painter, self._small, placed.end, QRectF(0, top, width - side + 6, high))
        if placed.framed:
            painter.setPen(inks.frame)
            painter.drawRect(0, top, width - 1, high - 1)

    def _clock(self, at: str) -> QStaticText:
        said = clock_time(at)
        if said not in self._clocks:
            if len(self._clocks) > _CLOCKS:
                self._clocks.clear()
            self._clocks[said] = QStaticText(said)
            self._clocks[said].setTextFormat(Qt.TextFormat.PlainText)
        return self._clocks[said]

    def _face(self, row: FeedRow, width: int, badged: int) -> _Face:
        # Counting up changes the sentence of grouped rows, and only theirs.
        key = (row.seq, badged) if row.kind in (COMMENT, GIFT) else (row.seq, row.count)
        face = self.faces.get(key)
        if face is None:
            face = _Face()
            # Of orders the names are news, and their sentence is short.
            most = width // 2 if row.kind == ORDER else width // 3
            face.name = who(row)
            face.name_wide = self.metrics.horizontalAdvance(face.name)
            if face.name_wide > most:
                face.name = self.metrics.elidedText(face.name, Qt.TextElideMode.ElideRight, most)
                face.name_wide = self.metrics.horizontalAdvance(face.name)
            face.text_left = face.name_wide + 9 if face.name else 0
            room = width - face.text_left - badged
            face.text = self._fitted(says(row)[: max(8, room)], room)
        self._next_faces[key] = face
        return face

    def _fitted(self, text: str, room: int) -> str:
        """The text, elided where it does not fit; measured only where its letters could be too many."""
        if len(text) * self._widest <= room and is_ordinary(text):
            return text
        return self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
