"""Lists whose rows are painted from plain values; they change a few times a minute: a model is fine here."""

from __future__ import annotations

from typing import Any, Final, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.widgets.picture import shelf
from ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole
_PICTURED: Final = 215
"""Pixels at text scale 1."""


def ink_on(tone: str, *, tinted: bool) -> str:
    """A tone as a colour that is read well: on a tinted row quiet and loud ones need more light."""
    if not tinted:
        return theme.hexa(tone)
    return theme.hexa("fg1" if tone == "fg2" else tone if tone in ("fg0", "fg1") else f"soft:{tone}")


def has_picture(width: int) -> bool:
    """Whether a row of so many pixels has room for a picture: its title needs the room more."""
    return width >= round(_PICTURED * theme.text_scale())


class ListRow(Protocol):
    """What one line shows. Equal rows are painted once."""

    @property
    def key(self) -> str:
        """What the line is about, the same wherever it moves; unique in its list."""

    def said(self) -> str:
        """The line for who listens."""


R = TypeVar("R", bound=ListRow)


class RowsModel(QAbstractListModel, Generic[R]):
    """Rows by position; unchanged rows are not told of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[R] = []

    def show_rows(self, rows: list[R]) -> bool:
        """Take new rows. True when keys moved, came or left, so that a selection must be set anew."""
        if [row.key for row in rows] != [row.key for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return True
        before, self.rows = self.rows, rows
        for position, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.row_changed(position)
        return False

    def row_changed(self, position: int) -> None:
        """A row is to be painted again."""
        index = self.index(position)
        self.dataChanged.emit(index, index)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.said()
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.said())
        return None


class RowsList(QListView, Generic[R]):
    """The rows of a model, of which one is chosen; it stays chosen wherever it moves."""

    def __init__(self, rows: RowsModel[R], delegate: QStyledItemDelegate, name: str) -> None:
        super().__init__()
        self._rows = rows
        self.setModel(rows)
        self.setItemDelegate(delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setAccessibleName(name)
        shelf().arrived.connect(self.viewport().update)

    def show_rows(self, rows: list[R]) -> None:
        """Show these rows."""
        chosen = self.chosen()
        if self._rows.show_rows(rows) and chosen is not None:
            self.choose(chosen.key)

    def chosen(self) -> R | None:
        """The chosen row."""
        index = self.currentIndex()
        return self._rows.rows[index.row()] if index.isValid() else None

    def choose(self, key: str) -> None:
        """Choose the row of `key`, where there is one."""
        for position, row in enumerate(self._rows.rows):
            if row.key == key:
                self.setCurrentIndex(self._rows.index(position))

    def has_place(self, by: int) -> bool:
        """Whether a row is chosen that could stand `by` lines further down (negative: up)."""
        index = self.currentIndex()
        return index.isValid() and 0 <= index.row() + by < len(self._rows.rows)


class RowsOrEmpty(QWidget):
    """A list, and while it has no rows what there is to do, in its place."""

    def __init__(self, rows: QListView, empty: QWidget, *keys: QWidget) -> None:
        super().__init__()
        blank = QWidget()
        middle = QVBoxLayout(blank)
        middle.setContentsMargins(0, 2, 0, 6)
        self._keys = keys
        middle.addStretch(1)
        middle.addWidget(empty)
        for key in keys:
            middle.addWidget(key, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(blank)
        self._stack.addWidget(rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for key in self._keys:
            key.setMinimumHeight(key.sizeHint().height())  # the words give way before what is pressed does

    def hasHeightForWidth(self) -> bool:
        return False  # the words of the empty list wrap, and asked for more than the place of a list

    def show_empty(self, empty: bool) -> None:
        """Whether there is nothing to list."""
        self._stack.setCurrentIndex(0 if empty else 1)


def paint_frame(painter: QPainter, frame: QRectF, state: QStyle.StateFlag) -> None:
    """The frame of the chosen row: louder where keys reach it."""
    tokens = theme.tokens()
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    painter.setPen(theme.colour(tokens.accent if focused else theme.mix(tokens.line, tokens.fg2, 0.6)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(frame, 6, 6)
