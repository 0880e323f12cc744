"""The rundown's lines as a list that is painted; a line is dragged to where it is to stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QMimeData, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from liveconsole.views.rundown import Pace
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.panels.rundown.rows import SegmentLine
from ui.widgets import paint_picture
from ui.widgets.cut import elided
from ui.widgets.rows import ROW_ROLE, Index, RowsModel, has_picture, ink_on, paint_frame

_HIGH: Final = 2.6
"""Lines of type: 52 px at text scale 1."""
_DRAGGED: Final = "application/x-liveconsole-segment"


class SegmentModel(RowsModel[SegmentLine]):
    """The segments. A drop only asks (``dropped``): where a line stands is the engine's to say."""

    dropped = Signal(str, str)
    """segment_id, and the id before which it is to stand (``""``: last)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pace: Pace | None = None
        self._timed: list[tuple[tuple[str, str], str]] = []
        """The words of every line that the clock moves, as they were told of last."""

    def set_pace(self, pace: Pace | None) -> None:
        """The clock moved: only lines whose words it changes are painted again."""
        before, self.pace = self._timed, pace
        self._timed = [(row.times(pace), row.starts(pace)) for row in self.rows]
        for position, (old, new) in enumerate(zip(before, self._timed, strict=False)):
            if old != new:
                self.row_changed(position)

    # Dragging ---------------------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        carried = QMimeData()
        carried.setData(_DRAGGED, self.rows[indexes[0].row()].segment_id.encode())
        return carried

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not data.hasFormat(_DRAGGED):
            return False
        moved = bytes(data.data(_DRAGGED).data()).decode()
        place = row if row >= 0 else parent.row() if parent.isValid() else len(self.rows)
        before = self.rows[place].segment_id if place < len(self.rows) else ""
        if moved != before:
            self.dropped.emit(moved, before)
        return False


def row_height() -> int:
    """Of one line."""
    return round(QFontMetrics(theme.font()).height() * _HIGH)


class SegmentDelegate(QStyledItemDelegate):
    """Paints a line: number, picture's place, title, kinds with price, and time at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: SegmentLine = index.data(ROW_ROLE)
        model = index.model()
        pace = model.pace if isinstance(model, SegmentModel) else None
        tokens = theme.tokens()
        room: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, room, row, state)
        quiet = (row.done and not row.current) or not row.on_shelf or row.skip
        base = theme.font("strong")
        high = QFontMetrics(base).height()
        number = QRect(room.left() + 8, room.top(), round(high * 1.7), room.height())
        painter.setFont(theme.font("clock"))
        painter.setPen(theme.colour(tokens.fg2 if quiet else tokens.fg1))
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, "·" if row.number is None else str(row.number))
        left, right = number.right() + 6, room.right() - 12
        if has_picture(room.width()):
            square = QRectF(left, room.center().y() - high, high * 2, high * 2)
            paint_picture(painter, square, row.image, row.title, quiet=quiet)
            left = int(square.right()) + 10
        middle = room.center().y()
        upper = QRect(left, middle - high - 1, right - left, high)
        lower = QRect(left, middle + 3, right - left, high)
        used = self._corner(painter, row, pace, upper, quiet=quiet)
        painter.setFont(base)
        painter.setPen(theme.colour(ink_on("fg2" if quiet else "fg0", tinted=row.current and not row.done)))
        width = upper.width() - used
        title = elided(row.title, QFontMetrics(base), width)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, title)
        words, tone = row.times(pace)
        on = row.current and not row.done
        self._right(painter, words, tone, lower, tinted=on)
        lower.setWidth(lower.width() - QFontMetrics(theme.font("small")).horizontalAdvance(words) - 8)
        self._second_line(painter, row, lower, quiet=quiet)
        painter.setPen(theme.colour(tokens.line))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.restore()

    def _corner(
        self, painter: QPainter, row: SegmentLine, pace: Pace | None, line: QRect, *, quiet: bool
    ) -> int:
        """A tick, a mark, or when it begins; how wide that is, with its gap."""
        metrics = QFontMetrics(theme.font("small_strong"))
        if row.done and not row.current:
            size = metrics.ascent()
            where = QRectF(line.right() - size, line.center().y() - size / 2, size, size)
            theme.paint_icon(painter, "check", where, theme.hexa("ok"))
            return size + 10
        marks = row.marks()
        if not marks:
            starts = row.starts(pace)
            self._right(painter, starts, "fg2", line)
            return metrics.horizontalAdvance(starts) + 10
        used = 0
        for word, tone in marks:
            wide = metrics.horizontalAdvance(word) + 12
            ground, ink = theme.soft(theme.tokens(), tone)
            box = QRectF(line.right() - used - wide, line.top(), wide, metrics.height() + 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(box, 5, 5)
            painter.setFont(theme.font("small_strong"))
            painter.setPen(theme.colour(ink))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
            used += wide + 6
        return used + 4

    def _right(self, painter: QPainter, words: str, tone: str, line: QRect, *, tinted: bool = False) -> None:
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour(ink_on(tone, tinted=tinted)))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _second_line(self, painter: QPainter, row: SegmentLine, line: QRect, *, quiet: bool) -> None:
        """Shapes of the kinds, price, and what is left where it is little."""
        metrics = QFontMetrics(theme.font("small"))
        x, size = line.left(), metrics.ascent()
        for kind in row.kinds:
            look = kind_of(kind)
            where = QRectF(x, line.center().y() - size / 2, size, size)
            painter.setOpacity(0.55 if quiet else 1.0)
            theme.paint_icon(painter, look.ICON, where, theme.hexa(look.TONE))
            painter.setOpacity(1.0)
            x += size + 5
        if row.problems:
            where = QRectF(x, line.center().y() - size / 2, size, size)
            theme.paint_icon(painter, "warn", where, theme.hexa("live"))
            x += size + 5
        painter.setFont(theme.font("small"))
        stock, stock_tone = row.stock_words()
        tight = metrics.horizontalAdvance(row.price_words()) > line.right() - x
        price = row.price_words(short=tight)
        anchored = t("定点 {at}", at=row.anchored) if row.anchored else ""
        own = (anchored, "warn" if row.slips else "accent")
        for text, tone in (own, (price, "fg2" if quiet else "fg1"), (stock, stock_tone)):
            if not text:
                continue
            text = elided(text, metrics, max(0, line.right() - x))
            painter.setPen(theme.colour(ink_on(tone, tinted=row.current and not row.done)))
            wide = metrics.horizontalAdvance(text)
            painter.drawText(
                QRect(x, line.top(), wide + 2, line.height()), Qt.AlignmentFlag.AlignVCenter, text
            )
            x += wide + 8


def _ground(painter: QPainter, room: QRect, row: SegmentLine, state: QStyle.StateFlag) -> None:
    tokens = theme.tokens()
    on = row.current and not row.done
    if on:
        painter.fillRect(room, theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.18)))
        painter.fillRect(QRect(room.left(), room.top(), 3, room.height()), theme.colour(tokens.accent))
    elif row.next:
        painter.fillRect(QRect(room.left(), room.top(), 3, room.height()), theme.colour(tokens.fg2))
    if state & QStyle.StateFlag.State_Selected:
        if not on:
            painter.fillRect(room.adjusted(3, 0, 0, 0), theme.colour(tokens.bg2))
        paint_frame(painter, QRectF(room).adjusted(3.5, 1.5, -3.5, -2.5), state)
