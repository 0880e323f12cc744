"""What the rundown asks for, as commands, and the sheets that belong to it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from liveconsole.messages.rights import may
from ui.i18n import t
from ui.panels.rundown import RundownPanel
from ui.panels.rundown.paste import PasteSheet
from ui.panels.rundown.sheet import SegmentSheet
from ui.panels.rundown.writing import segment_of, written
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import SideStack
from ui.widgets import Notice
from ui.windows.commands import SeatCommands

PLACE = "rundown"
USUAL_MINUTES = 8
"""Planned for a product that came from the cart, where nobody said how long."""


class SegmentCommands(QObject):
    """Between a rundown panel and the engine; what was taken out can be put back from the notice."""

    def __init__(
        self,
        panel: RundownPanel,
        seat: Seat,
        role: str,
        commands: SeatCommands,
        side: SideStack,
        notice: Notice,
    ) -> None:
        super().__init__(panel)
        self._seat, self._role, self._commands, self._side, self._notice = seat, role, commands, side, notice
        self._panel = panel
        panel.move_asked.connect(self.move)
        panel.copy_asked.connect(self.duplicate)
        panel.remove_asked.connect(self.remove)
        panel.edit_asked.connect(self.edit)
        panel.add_asked.connect(self.paste)
        panel.from_cart_asked.connect(self.from_cart)
        panel.go_asked.connect(self.go)
        panel.keep_asked.connect(self.keep)

    def _ask(self, type: str, data: dict[str, Any]) -> bool:
        return may(self._role, type) and self._commands.ask(type, data, PLACE)

    def go(self, segment_id: str) -> bool:
        """On to this segment instead of the next one."""
        return self._ask("go.next", {"to": segment_id})

    def keep(self, segment_id: str, way: str, segment_ids: list[str]) -> bool:
        """Take a way that lets a segment begin at its moment, as it was shown."""
        return self._ask("rundown.keep", {"segment_id": segment_id, "way": way, "expect": segment_ids})

    def move(self, segment_id: str, before: str) -> bool:
        """Put a segment before another one; ``""``: last."""
        return self._ask("rundown.move", {"segment_id": segment_id} | ({"before": before} if before else {}))

    def duplicate(self, segment_id: str) -> bool:
        """A copy behind it."""
        return self._ask("rundown.duplicate", {"segment_id": segment_id})

    def remove(self, segment_id: str) -> bool:
        """Take it out; the notice puts it back where it was."""
        room = self._commands.room
        found = segment_of(room, segment_id) if room is not None else None
        if room is None or found is None or not may(self._role, "rundown.remove"):
            return False
        order = [segment.segment_id for segment in room.rundown.segments]
        place = order.index(segment_id) + 1
        behind = order[place] if place < len(order) else None
        back = {"segments": [written(found)]} | ({"before": behind} if behind else {})

        def gone(answer: Answer) -> None:
            if answer.ok:
                self._notice.tell(
                    t("已移出排品表：{title}", title=found.title or found.product_title),
                    seconds=8,
                    action=t("放回"),
                    then=lambda: self._put_back(back),
                )

        return self._commands.ask("rundown.remove", {"segment_ids": [segment_id]}, PLACE, gone)

    def _put_back(self, back: dict[str, Any]) -> None:
        self._ask("rundown.put", back)

    def from_cart(self) -> bool:
        """A segment for every product of the cart that has none yet."""
        room = self._commands.room
        if room is None:
            return False
        there = {segment.product_id for segment in room.rundown.segments}
        new = [
            {"product_id": product_id, "minutes": USUAL_MINUTES}
            for product_id in room.numbers
            if product_id not in there
        ]
        return bool(new) and self._ask("rundown.put", {"segments": new})

    def paste(self) -> None:
        """Paste segments, or write one."""
        room = self._commands.room
        if room is not None and not self._commands.locked and may(self._role, "rundown.put"):
            sheet = PasteSheet(self._seat, room)
            self._side.open_sheet(sheet)
            sheet.text.setFocus()

    def edit(self, segment_id: str) -> bool:
        """Change a segment."""
        room = self._commands.room
        if room is None or self._commands.locked or segment_of(room, segment_id) is None:
            return False
        self._side.open_sheet(SegmentSheet(self._seat, segment_id, room))
        return True
