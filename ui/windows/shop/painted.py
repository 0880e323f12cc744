"""Paints a case: picture, goods, buyer, what was paid, where it stands, and how long is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import set_tip
from ui.widgets.painted import elided
from ui.widgets.picture import paint_picture
from ui.widgets.rows import ROW_ROLE, Index, paint_frame
from ui.windows.shop.rows import ShopRow, share_left
from ui.windows.shop.words import left_tone, left_words

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_GAP: Final = 12
_TILE: Final = 48
_MARGIN: Final = 14
_WIDE: Final = 740
"""Pixels at text scale 1 from which on every column has its whole width."""


class CaseColumns(NamedTuple):
    """Left edge and width of each, 0 wide where there is no room for it."""

    tile: tuple[float, float]
    goods: tuple[float, float]
    buyer: tuple[float, float]
    paid: tuple[float, float]
    state: tuple[float, float]
    left: tuple[float, float]


@lru_cache(maxsize=64)
def columns(width: int, scale: float) -> CaseColumns:
    """The same for the head and all rows: the clock and the state never go; buyer, picture and what was paid
    do, which then stands under the goods."""
    wide = width >= _WIDE * scale
    last, state = (132 * scale, 124 * scale) if wide else (116 * scale, 106 * scale)
    last, state = min(last, 0.27 * width), min(state, 0.25 * width)
    tile = float(_TILE if width >= 480 * scale else 0)
    paid = (96 if wide else 82) * scale if width >= 520 * scale else 0.0
    buyer = (110 if wide else 78) * scale if width >= 640 * scale else 0.0
    x = width - _MARGIN - last
    left = (x, last)
    x -= state + _GAP
    at_state = (x, state)
    if paid:
        x -= paid + _GAP
    at_paid = (x, paid)
    if buyer:
        x -= buyer + _GAP
    at_buyer = (x, buyer)
    begin = _MARGIN + (tile + _GAP if tile else 0)
    goods = (begin, max(40.0, x - _GAP - begin))
    return CaseColumns((float(_MARGIN), tile), goods, at_buyer, at_paid, at_state, left)


def row_height() -> int:
    """Of every row."""
    return max(73, round(QFontMetrics(theme.font("strong")).height() * 3.6))


class CaseDelegate(QStyledItemDelegate):
    """``now`` is asked at each painting: what is left is the reader's to count."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ShopRow = index.data(ROW_ROLE)
        room = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        at = columns(int(room.width()), theme.text_scale())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, room, row, option.state, chosen=chosen)
        painter.translate(room.left(), room.top())
        high = room.height()
        if at.tile[1]:
            square = QRectF(at.tile[0], (high - _TILE) / 2, _TILE, _TILE)
            paint_picture(painter, square, row.image or None, row.title)
        detail = row.detail if at.paid[1] else f"{row.paid_word} {row.paid} · {row.detail}"
        self._two(painter, at.goods, high, (row.title, "strong", "fg0"), (detail, "small", "fg1"), chosen)
        if at.buyer[1]:
            below = (row.beside_buyer, "small", "fg2")
            self._two(painter, at.buyer, high, (row.buyer, "base", "fg0"), below, chosen)
        if at.paid[1]:
            below = (row.paid_word, "small", "fg2")
            self._two(painter, at.paid, high, (row.paid, "strong", "fg0"), below, chosen, _RIGHT)
        self._state(painter, at.state, high, row, chosen=chosen)
        self._clock(painter, at.left, high, row, chosen=chosen)
        painter.restore()

    def _ground(
        self, painter: QPainter, room: QRectF, row: ShopRow, state: QStyle.StateFlag, *, chosen: bool
    ) -> None:
        tokens = theme.tokens()
        if chosen:
            painter.fillRect(room, theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.16)))
        elif row.ticked:
            painter.fillRect(room, theme.colour(tokens.bg2))
        if chosen or row.ticked:
            painter.fillRect(QRectF(room.left(), room.top(), 3, room.height()), theme.colour("accent"))
        painter.fillRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1), theme.colour("line"))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            paint_frame(painter, room.adjusted(3.5, 1.5, -2.5, -2.5), state)
        if row.ticked:
            side = QFontMetrics(theme.font("small")).ascent()
            theme.paint_icon(
                painter, "check", QRectF(room.left() + 4, room.top() + 4, side, side), theme.hexa("accent")
            )

    def _two(
        self,
        painter: QPainter,
        where: tuple[float, float],
        high: float,
        upper: tuple[str, str, str],
        lower: tuple[str, str, str],
        chosen: bool,
        side: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        for (text, role, tone), top in ((upper, high / 2 - 22), (lower, high / 2 + 1)):
            painter.setFont(theme.font(role))
            painter.setPen(theme.colour("fg1" if chosen and tone == "fg2" else tone))
            line = QFontMetrics(theme.font(role)).height()
            y = top if top > high / 2 else high / 2 - line - 1
            painter.drawText(QRectF(where[0], y, where[1], line), side, elided(text, role, where[1]))

    def _state(
        self, painter: QPainter, where: tuple[float, float], high: float, row: ShopRow, *, chosen: bool
    ) -> None:
        metrics = QFontMetrics(theme.font("small_strong"))
        line, side = metrics.height(), metrics.ascent()
        words = elided(row.state, "small_strong", where[1] - side - 16)
        wide = metrics.horizontalAdvance(words) + side + 16
        box = QRectF(where[0], high / 2 - line - 5, wide, line + 4)
        ground, ink = theme.soft(theme.tokens(), row.tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box, 5, 5)
        icon = QRectF(box.left() + 5, box.center().y() - side / 2, side, side)
        theme.paint_icon(painter, row.icon, icon, theme.hexa(ink))
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font("small_strong"))
        painter.drawText(box.adjusted(side + 9, 0, 0, 0), _LEFT, words)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("fg1"))
        below = QRectF(where[0], high / 2 + 2, where[1], QFontMetrics(theme.font("small")).height())
        painter.drawText(below, _LEFT, elided(row.why, "small", where[1]))

    def _clock(
        self, painter: QPainter, where: tuple[float, float], high: float, row: ShopRow, *, chosen: bool
    ) -> None:
        x, wide = where
        small = QFontMetrics(theme.font("small")).height()
        if row.clock is None:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("fg1" if chosen else "fg2"))
            painter.drawText(QRectF(x, 0, wide, high), _LEFT, elided(row.rule, "small", wide))
            return
        now = self._now()
        tone = left_tone(row.clock, now)
        big = QFontMetrics(theme.font("clock")).height()
        top = (high - big - small - 9) / 2
        painter.setFont(theme.font("clock"))
        painter.setPen(theme.colour(tone))
        words = elided(left_words(row.clock.due_at, now), "clock", wide)
        painter.drawText(QRectF(x, top, wide, big), _LEFT, words)
        track = QRectF(x, top + big + 2, wide, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("bg3"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(theme.colour(tone))
        track.setWidth(max(4.0, wide * share_left(row.clock, now)))
        painter.drawRoundedRect(track, 2, 2)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("fg1"))
        painter.drawText(QRectF(x, top + big + 9, wide, small), _LEFT, elided(row.rule, "small", wide))


def _first_that_fits(width: float, *words: str) -> str:
    metrics = QFontMetrics(theme.font("small"))
    return next((each for each in words if metrics.horizontalAdvance(each) <= width), words[-1])


class CaseHead(QWidget):
    """What the columns are. ``bar``: pixels that the list's scroll bar takes."""

    def __init__(self, bar: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar, self._placed = bar, False
        self._buyer: tuple[str, ...] = ()
        self.show_placed(False)
        self.setFixedHeight(max(30, round(QFontMetrics(theme.font("small")).height() * 1.7)))

    def show_placed(self, placed: bool, *, stories: bool = False) -> None:
        """The last column has when an order was placed, in the place of a clock; who told a story need not
        have bought anything, and is named as in the comments."""
        self._placed = placed
        self._buyer = (t("讲的人"),) if stories else (t("买家（已打码）"), t("买家"))
        last = t("下单") if placed else t("还剩多久")
        set_tip(self, " · ".join((t("商品"), self._buyer[0], t("金额"), t("到哪一步"), last)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        at = columns(self.width() - self._bar(), theme.text_scale())
        painter.fillRect(self.rect(), theme.colour("bg2"))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("fg1"))
        first = (at.tile[0], at.goods[0] + at.goods[1] - at.tile[0])
        for (x, wide), words, side in (
            (first, t("商品"), _LEFT),
            (at.buyer, _first_that_fits(at.buyer[1], *self._buyer), _LEFT),
            (at.paid, t("金额"), _RIGHT),
            (at.state, t("到哪一步"), _LEFT),
            (at.left, t("下单") if self._placed else t("还剩多久"), _LEFT),
        ):
            if wide:
                painter.drawText(QRectF(x, 0, wide, self.height()), side, elided(words, "small", wide))
        painter.end()
