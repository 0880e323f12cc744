"""The list of the queue: never half a row. Rows share the height there is; the rest is turned row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui import theme

LEAST: Final = 52
MOST: Final = 69
"""Pixels of a row at text scale 1."""
SURE: Final = 3
"""Rows that are whole in every window but the smallest."""


class RowFit(NamedTuple):
    """How high each row is and how many are whole at once."""

    high: int
    whole: int


def fit_rows(room: int, count: int, scale: float = 1.0) -> RowFit:
    """`count` rows in so much height: as many as fit at their least, then stretched to their most.

    Where some are out of sight those in sight fill the height, so that none is seen in half.
    """
    least, most = round(LEAST * scale), round(MOST * scale)
    whole = max(1, room // least)
    if count > whole:
        return RowFit(max(least, room // whole), whole)
    return RowFit(max(least, min(most, room // max(1, count))), count)


class WholeRows(QScrollArea):
    """Holds rows of one height, and below them what may be shown where room is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # PgDn belongs to 下一品: this list is turned with the wheel, the bar, and Tab.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._rows: list[QWidget] = []
        self._box, self.below = QVBoxLayout(), QVBoxLayout()
        for box in (self._box, self.below):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
            column.addLayout(box)
        column.addStretch(1)
        self.setWidget(inside)
        inside.installEventFilter(self)
        self.high = LEAST
        self.fit()

    def show_rows(self, rows: Sequence[QWidget]) -> None:
        """Show these, from the top; who no longer wants one of those before deletes it."""
        # Kept here, not asked of the layout: PySide's wrapper of a layout's item outlives the item that Qt
        # frees with its widget, and the next row to go takes the program with it.
        self._rows = list(rows)
        for place, row in enumerate(self._rows):
            self._box.insertWidget(place, row)
        self.fit()

    def fit(self) -> None:
        """The height, or the number of rows, is another."""
        scale = theme.text_scale()
        rows = self._rows
        self.high, whole = fit_rows(self.height(), len(rows), scale)
        for row in rows:
            row.setFixedHeight(self.high)
        self.verticalScrollBar().setSingleStep(self.high)
        spare = self.height() - self.high * whole if len(rows) > whole else 0
        self.setViewportMargins(0, 0, 0, max(0, spare))
        self.setMinimumHeight(round(LEAST * scale))

    def bring(self, row: QWidget) -> None:
        """Scroll so that the whole of a row is in sight."""
        bar = self.verticalScrollBar()
        top, room = row.y(), self.viewport().height()
        if top < bar.value():
            bar.setValue(top)
        elif top + row.height() > bar.value() + room:
            bar.setValue(top + row.height() - room)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            bar = self.verticalScrollBar()
            at = round(bar.value() / self.high) + (-1 if turned > 0 else 1)
            bar.setValue(at * self.high)
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, round(LEAST * theme.text_scale()))
