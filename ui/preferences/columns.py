"""The desk's columns: as wide as the window asks for; once a person moved a grip, as that role left them.

Where type is so large that three do not stand beside each other, the middle stays and the two beside it take
turns in one place ([decision 0028](../../docs/decisions/0028-columns-in-turn.md)).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from ui import preferences, theme
from ui.i18n import t

MIDDLE: Final = 430
"""Pixels at text scale 1 with which a row of the queue has its words and its keys."""
LEFT, RIGHT = 0, 2
"""Where the two columns stand that take turns."""
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
_BESIDE: Final = (236, 340)
"""Pixels at text scale 1 that the one column beside the middle has at least and at most."""
_SHARE: Final = 0.36
"""Of two columns, how much the one beside the middle has between those."""


def least_width(scale: float) -> int:
    """Pixels of the narrowest window in which the middle is whole and one column stands beside it."""
    gap = gap_at(0)
    return round((_BESIDE[0] + MIDDLE) * scale) + 3 * gap


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
    """Left, middle and right side by side with grips between them; two in turn where narrow."""

    in_turn = Signal(bool)
    """Whether two of the three take turns now: told when that changes."""

    def __init__(self, role: str, columns: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._role = role
        self._turns = False
        self._front = LEFT
        self.setChildrenCollapsible(False)
        self.setHandleWidth(gap_at(0))
        self.setAccessibleName(t("三栏"))
        self._columns = tuple(columns)
        for column in columns:
            self.addWidget(column)
        self._order()
        kept = preferences.current().layout_of(role).columns
        self._kept = kept if len(kept) == len(columns) and all(width > 0 for width in kept) else None
        if self._kept is not None:
            # Qt takes sizes as shares of whatever width there will be.
            self.setSizes(self._kept)
        self.splitterMoved.connect(self._moved)

    @property
    def turns(self) -> bool:
        """Whether left and right take turns."""
        return self._turns

    @property
    def front(self) -> int:
        """Which of the two stands beside the middle where they take turns."""
        return self._front

    def bring(self, at: int) -> None:
        """`LEFT` or `RIGHT` beside the middle, where they take turns and from the next time that they do."""
        self._front = at
        if self._turns:
            self._show_front()
            self.fit()

    def _order(self) -> None:
        """Where two take turns their place is at the right: the middle never moves, and what lies over the
        right column lies there still."""
        left, middle, right = self._columns
        for at, column in enumerate((middle, left, right) if self._turns else self._columns):
            if self.widget(at) is not column:
                self.insertWidget(at, column)
            self.setStretchFactor(at, int(column is middle))

    def _show_front(self) -> None:
        for at in (LEFT, RIGHT):
            self._columns[at].setVisible(not self._turns or at == self._front)

    def _moved(self) -> None:
        if self._turns:
            return  # how two stand is no word about three
        self._kept = self.sizes()
        preferences.current().keep_layout(self._role, columns=self._kept)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """The window, or type in it, has another size: where nobody moved a grip the columns follow."""
        scale = theme.text_scale()
        # The desk's own margins stand outside the columns.
        desk = self.width() + 2 * gap_at(self.width() / scale)
        self.setHandleWidth(gap_at(desk / scale))
        least = (_WIDTHS[0][1], MIDDLE, _WIDTHS[0][2])
        turns = self.width() < round(sum(least) * scale) + 2 * self.handleWidth()
        if turns != self._turns:
            self._turns = turns
            self._order()
            self._show_front()
            self.in_turn.emit(turns)
            if not turns and self._kept is not None:
                self.setSizes(self._kept)
        # What is beside the middle gives way before the keys of money in it do.
        for at, wide in enumerate((_BESIDE[0], MIDDLE, _BESIDE[0]) if turns else least):
            self._columns[at].setMinimumWidth(round(wide * scale))
        if turns:
            self._fit_two(scale)
            return
        if self._kept is not None:
            return
        left, right = (round(width * scale) for width in side_widths(desk / scale))
        middle = self.width() - left - right - 2 * self.handleWidth()
        if middle > 0:
            self.setSizes([left, middle, right])

    def _fit_two(self, scale: float) -> None:
        room = self.width() - self.handleWidth()
        low, high = (round(width * scale) for width in _BESIDE)
        beside = max(low, min(high, round(room * _SHARE), room - round(MIDDLE * scale)))
        if room > beside:
            self.setSizes([room - beside, beside, beside])
