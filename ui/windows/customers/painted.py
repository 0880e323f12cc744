"""Paints a customer: masked name, group, orders, how long ago, and for how much."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import set_tip
from ui.widgets.painted import elided
from ui.widgets.rows import ROW_ROLE, Index, paint_frame
from ui.windows.customers.words import ListedCustomer

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_GAP: Final = 12
_MARGIN: Final = 14


class CustomerColumns(NamedTuple):
    """Left edge and width of each; 0 wide where there is no room for it."""

    name: tuple[float, float]
    group: tuple[float, float]
    orders: tuple[float, float]
    last: tuple[float, float]
    amount: tuple[float, float]


@lru_cache(maxsize=64)
def columns(width: int, scale: float) -> CustomerColumns:
    """The same for the head and all rows; the days give way first."""
    amount, orders, group = 116 * scale, 84 * scale, 190 * scale
    if width < 600 * scale:
        amount, orders, group = 104 * scale, 58 * scale, 118 * scale
    last = 92 * scale if width >= 600 * scale else 0.0
    x = width - _MARGIN - amount
    at_amount = (x, amount)
    if last:
        x -= last + _GAP
    at_last = (x, last)
    x -= orders + _GAP
    at_orders = (x, orders)
    x -= group + _GAP
    return CustomerColumns(
        (_MARGIN, max(40.0, x - _GAP - _MARGIN)), (x, group), at_orders, at_last, at_amount
    )


def _upper(high: float, role: str) -> float:
    """Where the upper of two lines begins: they stand together in the middle of the row."""
    return _lower(high) - 1 - QFontMetrics(theme.font(role)).height()


def _lower(high: float) -> float:
    """Where the lower of two lines begins."""
    upper, lower = (QFontMetrics(theme.font(role)).height() for role in ("strong", "small_strong"))
    return (high - upper - lower - 3) / 2 + upper + 1


class CustomerDelegate(QStyledItemDelegate):
    """Two lines: what counts, and why small under it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        upper, lower = (QFontMetrics(theme.font(role)).height() for role in ("strong", "small_strong"))
        return QSize(200, max(56, upper + lower + 18))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ListedCustomer = index.data(ROW_ROLE)
        room, state = QRectF(option.rect), option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        tokens = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.fillRect(room, theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.16)))
            painter.fillRect(QRectF(room.left(), room.top(), 3, room.height()), theme.colour("accent"))
        painter.fillRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1), theme.colour("line"))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            paint_frame(painter, room.adjusted(3.5, 1.5, -2.5, -2.5), state)
        painter.translate(room.left(), room.top())
        at, high = columns(int(room.width()), theme.text_scale()), room.height()
        quiet = "fg1" if chosen else "fg2"
        self._name(painter, at.name, high, row, quiet)
        self._text(painter, at.group, _upper(high, "base"), row.group, "base", "fg0")
        self._text(painter, at.group, _lower(high), row.why, "small", quiet)
        for where, text, role in (
            (at.orders, row.orders, "base"),
            (at.last, row.last, "base"),
            (at.amount, row.amount, "strong"),
        ):
            if where[1]:
                painter.setFont(theme.font(role))
                painter.setPen(theme.colour("fg0"))
                painter.drawText(QRectF(where[0], 0, where[1], high), _RIGHT, elided(text, role, where[1]))
        painter.restore()

    def _name(
        self, painter: QPainter, where: tuple[float, float], high: float, row: ListedCustomer, quiet: str
    ) -> None:
        lone = not (row.below or row.vip)
        line = QFontMetrics(theme.font("strong")).height()
        top = (high - line) / 2 if lone else _upper(high, "strong")
        self._text(painter, where, top, row.name, "strong", "fg0")
        x = where[0]
        if row.vip:
            metrics = QFontMetrics(theme.font("small_strong"))
            words = elided(row.vip, "small_strong", where[1] - 12)
            ground, ink = theme.soft(theme.tokens(), "warn")
            box = QRectF(x, _lower(high), metrics.horizontalAdvance(words) + 12, metrics.height() + 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(box, 5, 5)
            painter.setFont(theme.font("small_strong"))
            painter.setPen(theme.colour(ink))
            painter.drawText(box.adjusted(6, 0, 0, 0), _LEFT, words)
            x = box.right() + 8
        room = where[0] + where[1] - x
        if row.below and room > 20:
            self._text(painter, (x, room), _lower(high) + 1, row.below, "small", quiet)

    def _text(
        self, painter: QPainter, where: tuple[float, float], top: float, text: str, role: str, tone: str
    ) -> None:
        painter.setFont(theme.font(role))
        painter.setPen(theme.colour(tone))
        line = QFontMetrics(theme.font(role)).height()
        painter.drawText(QRectF(where[0], top, where[1], line), _LEFT, elided(text, role, where[1]))


class CustomerHead(QWidget):
    """What the columns are. ``bar``: pixels that the list's scroll bar takes."""

    def __init__(self, bar: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        names = (t("客户（已打码）"), t("分组"), t("订单"), t("上次买"), t("实付净额"))
        set_tip(self, " · ".join(names))
        self.setFixedHeight(max(30, round(QFontMetrics(theme.font("small")).height() * 1.7)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        at = columns(self.width() - self._bar(), theme.text_scale())
        painter.fillRect(self.rect(), theme.colour("bg2"))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("fg1"))
        for (x, wide), words, side in (
            (at.name, t("客户（已打码）"), _LEFT),
            (at.group, t("分组"), _LEFT),
            (at.orders, t("订单"), _RIGHT),
            (at.last, t("上次买"), _RIGHT),
            (at.amount, t("实付净额"), _RIGHT),
        ):
            if wide:
                painter.drawText(QRectF(x, 0, wide, self.height()), side, elided(words, "small", wide))
        painter.end()
