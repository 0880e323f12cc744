"""How the desk stands in the height that it has: the air between its parts, and what gives way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui import theme
from ui.preferences.columns import gap_at
from ui.windows.folding import FEED, GIVES, TINY, DeskColumn, Fold, folded

if TYPE_CHECKING:
    from ui.windows.desk import Desk


class DeskFitting:
    """Of one desk: ``outer`` holds its columns, ``centre`` is the middle one."""

    def __init__(self, desk: Desk, outer: QHBoxLayout, centre: QVBoxLayout) -> None:
        self._desk, self._outer, self._centre = desk, outer, centre

    def remeasure(self) -> None:
        """The window, or type in it, has another size."""
        desk = self._desk
        gap = gap_at(desk.width() / theme.text_scale())
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._centre.setSpacing(gap)
        desk.stage.set_gap(gap)
        desk.columns.fit()
        self.fold()

    def fold(self) -> None:
        """What gives way at this height and with what there is to show."""
        desk, scale, gap = self._desk, theme.text_scale(), self._centre.spacing()
        room = desk.height() - desk.strip.sizeHint().height() - desk.footer.sizeHint().height() - 2 * gap
        opening = 0 if desk.opening.isHidden() else desk.opening.sizeHint().height() + gap
        middle = opening + desk.stage.whole_height() + gap + desk.queue.least_height()
        lacks = {DeskColumn.MIDDLE: middle - room, DeskColumn.RIGHT: round(FEED * scale) - room}
        gives = {fold: round(pixels * scale) for fold, pixels in GIVES.items()}
        found = folded(desk.height() / scale, lacks, gives)
        desk.stage.fold(
            cards=Fold.CARDS in found,
            sizes=Fold.SIZES in found,
            picture=Fold.PICTURE in found,
            lines=Fold.LINES in found,
        )
        desk.opening.set_lowest(desk.height() / scale < TINY)
        desk.queue.fold(total=Fold.TOTAL in found)
        desk.feed.set_low(Fold.CAPTION in found)
