"""The cart's rows, and how they are painted."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from liveconsole.messages.statuses import RUNNING, WAITING
from liveconsole.views.money import yuan_short
from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.kinds import kind_of
from ui.seat.room import RoomView
from ui.widgets import paint_picture
from ui.widgets.cut import elided
from ui.widgets.rows import ROW_ROLE, Index, has_picture, ink_on, paint_frame

_MARKED: Final = RUNNING | WAITING


class CartRow(Struct, frozen=True):
    """What one line shows."""

    number: int
    product_id: str
    title: str
    price_fen: int
    left: int
    on_shelf: bool
    pinned: str
    """``""``, ``confirmed`` or ``wanted``."""
    next: bool
    kinds: tuple[str, ...]
    """Promotions that run or wait for it."""
    image: str | None = None
    lacks: bool = False
    """Something that the rule of its category asks is not there."""
    unread: bool = False
    """Its title has not passed its review."""

    @property
    def key(self) -> str:
        """The product."""
        return self.product_id

    def said(self) -> str:
        """The line for who listens."""
        parts = [
            t("{numbers} 号", numbers=self.number),
            self.title,
            yuan_short(self.price_fen),
            self.stock_words(),
        ]
        parts += [word for word, _ in self.marks()]
        return " ".join(parts)

    def stock_words(self) -> str:
        """What is left to sell."""
        return t("余 {n}", n=f"{self.left:,}") if self.left else t("售罄")

    def marks(self) -> list[tuple[str, str]]:
        """Words and tones of what is special about it."""
        if not self.on_shelf:
            return [(t("已下架"), "fg1")]
        if self.lacks:
            return [(t("缺资质"), "live")]
        if self.unread and self.pinned != "confirmed":
            return [(t("没审完"), "warn")]
        if self.pinned == "confirmed":
            return [(t("讲解中"), "accent")]
        if self.pinned == "wanted":
            return [(t("等平台"), "warn")]
        return [(t("下一品"), "fg1")] if self.next else []


def cart_rows(room: RoomView) -> list[CartRow]:
    """The cart as it stands, in its order."""
    pinned, following = room.pinned, room.cart.next
    kinds: dict[str, list[str]] = {}
    for cue in room.cues.values():
        if kind_of(cue.kind).LISTED and cue.status in _MARKED:
            for product_id in room.products_of(cue):
                kinds.setdefault(product_id, []).append(cue.kind)
    found, products = [], room.products
    for item in room.items:
        product_id = item.product_id
        product = products.get(product_id)
        if product is None:
            continue
        mark = "confirmed" if product_id == pinned.confirmed else "wanted"
        found.append(
            CartRow(
                item.number,
                product_id,
                clean(product.title, 200),
                product.price_fen,
                product.available,
                product.on_shelf,
                mark if product_id == pinned.wanted else "",
                following is not None and product_id == following.product_id,
                tuple(dict.fromkeys(kinds.get(product_id, []))),
                product.image,
                bool(product.lacks),
                f"product:{product_id}" in room.unread,
            )
        )
    return found


class CartDelegate(QStyledItemDelegate):
    """Paints a line of the cart: number, picture's place, title, price and stock, marks at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, round(QFontMetrics(theme.font()).height() * 3.05))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: CartRow = index.data(ROW_ROLE)
        tokens = theme.tokens()
        room: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, room, row, state)
        quiet = not row.on_shelf or row.left == 0
        base = theme.font("strong")
        high = QFontMetrics(base).height()

        number = QRect(room.left() + 10, room.top(), round(high * 1.7), room.height())
        painter.setFont(theme.font("clock"))
        painter.setPen(theme.colour(tokens.fg1))
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(row.number))
        side = round(high * 2.1)
        left = number.right() + 8
        if has_picture(room.width()):
            square = QRectF(left, room.top() + (room.height() - side) / 2, side, side)
            paint_picture(painter, square, row.image, row.title)
            left = int(square.right()) + 12
        right = room.right() - 12
        middle = room.center().y()
        upper = QRect(left, middle - high - 1, right - left, high)
        lower = QRect(left, middle + 3, right - left, high)
        # Marks stand below, so that the title has its whole line; where it is too narrow, beside the title.
        used = self._second_line(painter, row, lower)
        below = right - self._marks_width(row) - 8 >= used
        self._marks(painter, row, right, lower if below else upper)
        painter.setFont(base)
        painter.setPen(theme.colour(ink_on("fg2" if quiet else "fg0", tinted=bool(row.pinned))))
        room_for_title = upper.width() - (0 if below else self._marks_width(row))
        title = elided(row.title, QFontMetrics(base), room_for_title)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(theme.colour(tokens.line))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.restore()

    def _ground(self, painter: QPainter, room: QRect, row: CartRow, state: QStyle.StateFlag) -> None:
        tokens = theme.tokens()
        if row.pinned:
            tone = tokens.accent if row.pinned == "confirmed" else tokens.warn
            painter.fillRect(room, theme.colour(theme.mix(tokens.bg1, tone, 0.18)))
            painter.fillRect(QRect(room.left(), room.top(), 3, room.height()), theme.colour(tone))
        elif row.next:
            painter.fillRect(QRect(room.left(), room.top(), 3, room.height()), theme.colour(tokens.fg2))
        if state & QStyle.StateFlag.State_Selected:
            if not row.pinned:
                painter.fillRect(room, theme.colour(tokens.bg2))
            paint_frame(painter, QRectF(room).adjusted(3.5, 1.5, -3.5, -2.5), state)

    def _marks_width(self, row: CartRow) -> int:
        metrics = QFontMetrics(theme.font("small_strong"))
        return sum(metrics.horizontalAdvance(word) + 18 for word, _ in row.marks())

    def _marks(self, painter: QPainter, row: CartRow, right: int, line: QRect) -> None:
        """Chips from the right edge inwards."""
        font = theme.font("small_strong")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        for word, tone in row.marks():
            wide = metrics.horizontalAdvance(word) + 12
            ground, ink = theme.soft(theme.tokens(), tone)
            box = QRectF(
                right - wide, line.center().y() - metrics.height() / 2 - 1, wide, metrics.height() + 2
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(box, 5, 5)
            painter.setPen(theme.colour(ink))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
            right -= wide + 6

    def _second_line(self, painter: QPainter, row: CartRow, line: QRect) -> int:
        """Kinds, price and stock; returns where they end."""
        font = theme.font("small")
        metrics = QFontMetrics(font)
        x = line.left()
        size = metrics.ascent()
        words = f"{yuan_short(row.price_fen)}·{row.stock_words()}"
        room = line.width() - metrics.horizontalAdvance(words) - 16
        for kind in row.kinds[: max(0, room // (size + 5))]:  # price and stock first
            look = kind_of(kind)
            where = QRectF(x, line.top() + (line.height() - size) / 2, size, size)
            theme.paint_icon(painter, look.ICON, where, theme.hexa(look.TONE))
            x += size + 5
        painter.setFont(font)
        stock_tone = "live" if row.left == 0 else "warn" if row.left < 20 else "fg2"
        for text, tone in (
            (yuan_short(row.price_fen), "fg1"),
            ("·", "fg2"),
            (row.stock_words(), stock_tone),
        ):
            painter.setPen(theme.colour(ink_on(tone, tinted=bool(row.pinned))))
            wide = metrics.horizontalAdvance(text)
            painter.drawText(
                QRect(x, line.top(), wide + 2, line.height()), Qt.AlignmentFlag.AlignVCenter, text
            )
            x += wide + 5
        return x
