"""The rows of a table as a list that is painted: ten thousand of them are one widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.kinds import kind_of
from ui.widgets.cut import elided
from ui.widgets.plain import plain_tip
from ui.widgets.rows import Index, paint_frame

ITEM_ROLE: Final = Qt.ItemDataRole.UserRole
State = Literal["wrong", "new", "changed", "same"]

LOOKS: Final[dict[str, tuple[str, str, str]]] = {
    "wrong": ("warn", "warn", "不对"),
    "new": ("plus", "ok", "新"),
    "changed": ("edit", "accent", "改"),
    "same": ("check", "fg2", "没变"),
}
"""State → sign, tone and word."""


class PreviewRow(Struct, frozen=True):
    """What one row shows; every text may come from outside."""

    line: int
    state: State
    name: str
    beside: str = ""
    """Figures, after the state."""
    below: str = ""
    """The reason, what changes, or what is worth a look."""
    kinds: Sequence[str] = ()
    warned: bool = False
    """It is taken and worth a look."""

    def said(self) -> str:
        """The row for who listens."""
        parts = [t("第 {n} 行", n=self.line), t(LOOKS[self.state][2]), self.name, self.beside, self.below]
        return " ".join(part for part in parts if part)


def why_in(why: str, cell: str) -> str:
    """A reason, with the cell that is to blame where one is."""
    return t("{why}（{cell}）", why=why, cell=cell) if cell else why


class TableModel(QAbstractListModel):
    """Rows by position; what a row shows is worked out when it is looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Any] = ()
        self._show: Callable[[Any], PreviewRow] = lambda row: row
        self._shown: dict[int, PreviewRow] = {}

    def show_rows(self, rows: Sequence[Any], show: Callable[[Any], PreviewRow]) -> None:
        """Take new rows, and how each of them is to be shown."""
        self.beginResetModel()
        self._rows, self._show, self._shown = rows, show, {}
        self.endResetModel()

    def refresh(self) -> None:
        """The same rows, shown otherwise."""
        self._shown = {}
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def item(self, place: int) -> PreviewRow:
        """What the row at `place` shows."""
        found = self._shown.get(place)
        if found is None:
            found = self._shown[place] = self._show(self._rows[place])
        return found

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == ITEM_ROLE:
            return self.item(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.item(index.row()).said()
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.item(index.row()).said())
        return None


class TableDelegate(QStyledItemDelegate):
    """Paints a row in two lines: sign, number and name; below them state, figures, and why."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, round(QFontMetrics(theme.font("small")).height() * 2.7))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: PreviewRow = index.data(ITEM_ROLE)
        sign, tone, word = LOOKS[item.state]
        tokens = theme.tokens()
        room: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, room, option.state)
        small = theme.font("small")
        metrics = QFontMetrics(small)
        high, middle = metrics.height(), room.center().y()
        upper = QRect(room.left() + 8, middle - high, room.width() - 16, high)
        size = metrics.ascent()
        theme.paint_icon(
            painter, sign, QRectF(upper.left(), upper.center().y() - size / 2, size, size), theme.hexa(tone)
        )
        painter.setFont(small)
        left = upper.left() + size + 8
        number = str(item.line)
        wide = max(metrics.horizontalAdvance(number), metrics.horizontalAdvance("888"))
        painter.setPen(theme.colour(tokens.fg2))
        painter.drawText(QRect(left, upper.top(), wide, high), Qt.AlignmentFlag.AlignRight, number)
        left += wide + 8
        lower = QRect(left, middle + 1, upper.right() - left, high)
        for kind in item.kinds[:6]:
            look = kind_of(kind)
            theme.paint_icon(
                painter,
                look.ICON,
                QRectF(left, upper.center().y() - size / 2, size, size),
                theme.hexa(look.TONE),
            )
            left += size + 4
        painter.setPen(theme.colour(tokens.fg0))
        upper.setLeft(left)
        name = elided(clean(item.name, 200), metrics, upper.width())
        painter.drawText(upper, 0, name)
        self._below(painter, item, lower, t(word), tone)
        painter.setPen(theme.colour(tokens.line))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.restore()

    def _below(self, painter: QPainter, item: PreviewRow, line: QRect, word: str, tone: str) -> None:
        metrics = QFontMetrics(theme.font("small"))
        why = "warn" if item.state == "wrong" or item.warned else "fg2"
        pieces = ((word, tone), (clean(item.beside, 120), "fg1"), (clean(item.below, 300), why))
        for text, colour in pieces:
            shown = elided(text, metrics, max(0, line.width()))
            painter.setPen(theme.colour(colour))
            painter.drawText(line, 0, shown)
            if shown:
                line.setLeft(line.left() + metrics.horizontalAdvance(shown) + 10)


def _ground(painter: QPainter, room: QRect, state: QStyle.StateFlag) -> None:
    if not state & QStyle.StateFlag.State_Selected:
        return
    painter.fillRect(room, theme.colour(theme.tokens().bg2))
    paint_frame(painter, QRectF(room).adjusted(1.5, 1.5, -1.5, -2.5), state)
