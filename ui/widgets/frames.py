"""Frames and layouts: sections, rules, rows that flow."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QLayoutItem, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.plain import PlainLabel


class Separator(QFrame):
    """A line between things."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rule")
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


class Section(QFrame):
    """A panel: rounded frame, a heading row (title, chips, a quiet note at the right) and a body.

    Put chips into ``head`` before its stretch with ``add_chip``; widgets of the panel into ``body``.
    ``flush`` leaves the body without side margins, for lists and feeds.
    """

    def __init__(self, title: str = "", *, flush: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.setAccessibleName(title)
        outer = self._outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self.title = PlainLabel(title, role="heading")
        self.note = PlainLabel("", role="small", tone="fg2", align=Qt.AlignmentFlag.AlignRight, elide=True)
        self._head_row = QWidget()
        self.head = QHBoxLayout(self._head_row)
        self.head.setContentsMargins(14, 12, 14, 10)
        self.head.setSpacing(10)
        if title:
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            self.head.addWidget(self.note)
            outer.addWidget(self._head_row)
        self.body = QVBoxLayout()
        side = 0 if flush else 14
        self.body.setContentsMargins(side, 0 if title or flush else 14, side, 0 if flush else 14)
        self.body.setSpacing(theme.GAP - 2)
        outer.addLayout(self.body, 1)

    def add_head(self, widget: QWidget) -> None:
        """Something over the heading row."""
        self._outer.insertWidget(0, widget)

    def show_head(self, shown: bool) -> None:
        """The heading row, or its room for what is below it."""
        self._head_row.setVisible(shown)

    def add_chip(self, chip: QWidget) -> None:
        """A chip after the title."""
        self.head.insertWidget(self.head.count() - 2, chip)


class FlowRow(QLayout):
    """Lays its items side by side and goes on in the next line where the width ends."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._heights: dict[int, int] = {}
        """Width → height: a layout above asks several times for one answer."""
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._heights.clear()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._heights.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _place(self, room: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        room = room.marginsRemoved(margins)
        y = room.y()
        for line in self._lines(room.width()):
            x, height = room.x(), max(size.height() for _, size in line)
            for item, size in line:
                if move:
                    item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
                x += size.width() + self._gap
            y += height + self._gap
        used = max(0, y - self._gap - room.y())
        return used + margins.top() + margins.bottom()

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """The items by line, each with its size."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if not lines or used + size.width() > width:
                lines.append([])
                used = 0
            lines[-1].append((item, size))
            used += size.width() + self._gap
        return lines
