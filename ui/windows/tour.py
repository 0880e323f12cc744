"""The tour on this desk: what it stands beside, and what there is to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.tour import Tour, TourView

if TYPE_CHECKING:
    from ui.windows.desk import Desk


def tour_of(desk: Desk, role: str) -> Tour:
    """A tour over a desk that was built."""

    def part(place: str) -> QWidget:
        left = desk.rundown.box if desk.left.currentWidget() is desk.rundown else desk.cart.box
        named: dict[str, QWidget] = {
            "next": left,
            "queue": desk.queue,
            "stage": desk.stage,
            "feed": desk.side,
            "columns": desk.columns,
        }
        return named.get(place, desk.footer)

    def look() -> TourView | None:
        room, sheet = desk.commands.room, desk.side.sheet
        if room is None:
            return None
        opened = type(sheet).__name__ if sheet is not None else ""
        return TourView(room, opened, searching=not desk.feed.search.isHidden())

    return Tour(desk, role, part, look)
