"""Where paid orders came from: one bar of all, and a row of each scene with its share now and last time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.boards import EntranceBoard
from ui import theme
from ui.i18n import t
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide
from ui.words import boards as words

_SIDE: Final = 14.0
_SHARES: Final = (1.0, 0.78, 0.6, 0.46, 0.34)
"""How much of the accent each has; what comes after is grey."""


class EntranceView(PaintedBoard):
    """``show_entrances``; rows that have no room are together 其他, in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board: EntranceBoard | None = None
        self._now = datetime.min.replace(tzinfo=UTC)
        self.setAccessibleName(t("单从哪来"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_entrances(self, board: EntranceBoard | None, now: datetime) -> None:
        """Other numbers."""
        self.board, self._now = board, now
        self.tell()

    def _row_high(self) -> float:
        return line_high("base") + 18.0

    def shown(self) -> int:
        """Rows that have room."""
        room = self.height() - self._top() - 6
        rows = len(self.board.rows) if self.board is not None else 0
        return max(0, min(rows, int(room // self._row_high())))

    def _top(self) -> float:
        return 18.0 + line_high("heading") + 30

    def placed_texts(self) -> tuple[PlacedText, ...]:
        board, high, right = self.board, float(line_high("heading")), self.width() - _SIDE
        title = t("单从哪来")
        side = float(wide(title, "heading") + 2)
        found = [placed(title, QRectF(_SIDE, 9, side, high), "fg0", "heading")]
        at = _SIDE + side + 10
        if board is None or (not board.rows and board.why is not None):
            said = words.why_words(board.why) if board is not None else "—"
            return (*found, placed(said, QRectF(at, 9, max(0.0, right - at), high), "fg1", "small"))
        said = t("{n} 单支付", n=f"{board.orders:,}") if board.orders is not None else ""
        if said:
            found.append(placed(said, QRectF(at, 9, wide(said, "small") + 2, high), "fg1", "small"))
            at += wide(said, "small") + 14
        age = words.ago(board.at, self._now)
        source = words.source_words(board.source)
        source = f"{source} · {age}" if age else source
        if wide(source, "small") <= right - at:
            found.append(placed(source, QRectF(at, 9, right - at, high), "fg2", "small", right=True))
        for place in range(self.shown()):
            found += self._row(place, right)
        return tuple(text for text in found if text.text)

    def _row(self, place: int, right: float) -> list[PlacedText]:
        assert self.board is not None
        row, high = self.board.rows[place], self._row_high()
        top = self._top() + place * high
        share = words.number(row.share, "share")
        orders = words.counted(row.orders, "orders")
        last = (
            t("上场 {share}", share=words.number(row.share_last, "share"))
            if row.share_last is not None
            else ""
        )
        widths = [
            wide("88.8%", "strong") + 18.0,
            wide(words.counted(8888, "orders"), "base") + 4.0,
            wide(t("上场 {share}", share="88.8%"), "small") + 20.0,
        ]
        left = _SIDE + 22
        if right - left - sum(widths) < 70:
            widths[2] = 0.0
        edges = [right - widths[0], right - widths[0] - widths[1], right - sum(widths)]
        found = [
            placed(words.scene_words(row.scene), QRectF(left, top, edges[2] - left, high), "fg0", "strong"),
            placed(share, QRectF(edges[0], top, widths[0], high), "fg0", "strong", right=True),
            placed(orders, QRectF(edges[1], top, widths[1], high), "fg0", "base", right=True),
        ]
        if widths[2] and last:
            room = QRectF(edges[2], top, widths[2] - 16, high)
            found.append(placed(last, room, "fg2", "small", right=True))
        return found

    def said(self) -> str:
        rows = self.board.rows if self.board is not None else []
        return " · ".join(
            f"{words.scene_words(row.scene)} {words.counted(row.orders, 'orders')}" for row in rows
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(280, round(self._top() + 2 * self._row_high()))

    def sizeHint(self) -> QSize:
        return QSize(400, round(self._top() + 5 * self._row_high()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("bg1"))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS
        )
        rows = self.board.rows if self.board is not None else []
        painter.setPen(Qt.PenStyle.NoPen)
        at, whole = _SIDE, self.width() - 2 * _SIDE
        for place, row in enumerate(rows):
            painter.setBrush(theme.colour(_tone(place)))
            side = whole * (row.share or 0.0)
            if side >= 1:
                painter.drawRoundedRect(QRectF(at, 16 + line_high("heading"), max(1.0, side - 2), 16), 3, 3)
            at += side
        for place in range(self.shown()):
            top = self._top() + place * self._row_high()
            painter.setBrush(theme.colour(_tone(place)))
            painter.drawRoundedRect(QRectF(_SIDE, top + self._row_high() / 2 - 6, 12, 12), 3, 3)
            painter.fillRect(QRectF(_SIDE, top, whole, 1), theme.colour("line"))
        paint_texts(painter, self.placed_texts())
        painter.end()


def _tone(place: int) -> str:
    tokens = theme.tokens()
    share = _SHARES[place] if place < len(_SHARES) else 0.0
    return (
        theme.mix(tokens.bg3 if tokens.dark else tokens.line, tokens.accent, share) if share else tokens.fg2
    )
