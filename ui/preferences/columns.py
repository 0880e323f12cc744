"""The desk's columns: as wide as the window asks for; once a person moved a grip, as that role left them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from ui import preferences, theme
from ui.i18n import t

MIDDLE: Final = 430
"""Pixels at text scale 1 with which a row of the queue has its words and its keys."""
WIDE: Final = 1600
"""From this width on there is more air between things."""
_WIDTHS: Final = (
    (960, 236, 250),
    (1024, 246, 262),
    (1366, 304, 338),
    (1440, 340, 384),
    (1920, 400, 440),
)
"""Width of the desk → of the left and of the right column, at text scale 1; the middle has the rest."""


def side_widths(width: float) -> tuple[int, int]:
    """The left and the right column of a desk so wide; between two known widths they grow evenly."""
    first, last = _WIDTHS[0], _WIDTHS[-1]
    if width <= first[0]:
        return first[1], first[2]
    for low, high in pairwise(_WIDTHS):
        if width <= high[0]:
            share = (width - low[0]) / (high[0] - low[0])
            return (
                round(low[1] + share * (high[1] - low[1])),
                round(low[2] + share * (high[2] - low[2])),
            )
    return last[1], last[2]


def gap_at(width: float) -> int:
    """The air between the panels of a desk so wide."""
    return theme.GAP if width >= WIDE else theme.GAP - 2


class ColumnSplitter(QSplitter):
    """Left, middle and right side by side with grips between them."""

    def __init__(self, role: str, columns: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._role = role
        self.setChildrenCollapsible(False)
        self.setHandleWidth(gap_at(0))
        self.setAccessibleName(t("三栏"))
        for at, column in enumerate(columns):
            self.addWidget(column)
            self.setStretchFactor(at, int(at == 1))
        kept = preferences.current().layout_of(role).columns
        self._kept = len(kept) == len(columns) and all(width > 0 for width in kept)
        if self._kept:
            # Qt takes sizes as shares of whatever width there will be.
            self.setSizes(kept)
        self.splitterMoved.connect(self._moved)

    def _moved(self) -> None:
        self._kept = True
        preferences.current().keep_layout(self._role, columns=self.sizes())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """The window, or type in it, has another size: where nobody moved a grip the columns follow."""
        scale = theme.text_scale()
        # The desk's own margins stand outside the columns.
        desk = self.width() + 2 * gap_at(self.width() / scale)
        self.setHandleWidth(gap_at(desk / scale))
        # What is beside the middle gives way before the keys of money in it do.
        for at, least in ((0, _WIDTHS[0][1]), (1, MIDDLE), (2, _WIDTHS[0][2])):
            if (column := self.widget(at)) is not None:
                column.setMinimumWidth(round(least * scale))
        if self._kept:
            return
        left, right = (round(width * scale) for width in side_widths(desk / scale))
        middle = self.width() - left - right - 2 * self.handleWidth()
        if middle > 0:
            self.setSizes([left, middle, right])
