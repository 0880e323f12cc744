"""``python -m tests.end2end.hour_assistant DATA``: the assistant of the hour, at a desk in a process of
its own.

She agrees on nothing with the host but by what both see on their desks: notes, the queue, the rundown. Her
last line on stdout is what was watched at her desk (`by_keyboard.Watch`) and how many comments she saw.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from liveconsole.messages.state import CueState
from tests.end2end.by_keyboard import Keyboard, reads
from tests.end2end.desk_person import CTRL, leave, live
from tests.end2end.hour_room import (
    CATALOGUE,
    FROM_ASSISTANT,
    FROM_HOST,
    MENDED,
    PASTED_CHAT,
    PASTED_RUNDOWN,
    PRODUCTS,
    SEGMENTS,
)
from ui.panels.notes.handover import HandoverSheet
from ui.panels.queue.row import QueueRow
from ui.seat import session
from ui.windows.shell import Shell

PATIENCE = 120.0


class Assistant(Keyboard):
    async def prepares(self, catalogue: Path) -> None:
        """Ctrl+I: 60 products of a workbook, one row bad. Ctrl+R: 20 segments. Ctrl+M: tells the host."""
        await self.press(Qt.Key.Key_I, CTRL)
        await self.tabs_to(lambda at: at.accessibleName() == "文件路径")
        await self.pastes(str(catalogue))
        await self.press(Qt.Key.Key_Return)
        await self.sees(lambda: reads(self.desk.side, "1 行不对"))
        await self.takes_the_sheets_offer()
        await self.sees(lambda: len(self.state.cart.items) == len(PRODUCTS))
        await self.press(Qt.Key.Key_R, CTRL)
        await self.pastes(PASTED_RUNDOWN)
        await self.takes_the_sheets_offer()
        await self.sees(lambda: len(self.state.rundown.segments) == SEGMENTS)
        await self.press(Qt.Key.Key_M, CTRL)
        await self.pastes(FROM_ASSISTANT)
        await self.sends_the_note()

    async def proposes(self) -> None:
        """Ctrl+K, five lines of a chat; the first is below its floor, which is said at once."""
        bar = self.desk.proposals.line
        await self.press(Qt.Key.Key_K, CTRL)
        await self.pastes("\n".join(PASTED_CHAT))
        await self.sees(lambda: "底价" in bar.said.text())
        await self.press(Qt.Key.Key_A, CTRL)
        await self.pastes(MENDED)
        for before in range(len(PASTED_CHAT)):
            await self.sees(lambda: bar.draft is not None)
            await self.press(Qt.Key.Key_Return)
            await self.sees(lambda before=before: len(self._mine()) == before + 1)  # type: ignore[misc]
        await self.press(Qt.Key.Key_Escape)
        waits = [row for row in self.desk.queue.rows() if row.face.status == "queued"]
        await self.sees(lambda: any(_waits(row) for row in waits))

    def _mine(self) -> list[CueState]:
        return [cue for cue in self.state.cues if cue.proposed_by == "assistant" and not cue.segment_id]

    async def stays_to_the_end(self) -> None:
        """Reads the host's note, clears it, and sees the 交接单 come up by itself when the host closes."""
        strip = self.desk.proposals.strip
        await self.sees(lambda: strip.isVisible() and strip.text.text() == FROM_HOST, PATIENCE)
        await self.press(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        await self.presses_button("看过了")
        await self.sees(lambda: not strip.isVisible())
        await self.sees(lambda: self.state.broadcast.status == "closed", PATIENCE)
        await self.sees(lambda: isinstance(self.desk.side.sheet, HandoverSheet))


def _waits(row: QueueRow) -> bool:
    return "助理提交 · 等了" in row._asked.text() and "后自动退回" in row._asked.text()


async def _life(folder: Path, told: dict[str, Any]) -> None:
    shell = Shell(folder, session.Remembered())
    person: Assistant | None = None
    try:
        shell.show()
        shell.activateWindow()
        shell.begin(role="assistant")
        person = at_desk = Assistant(shell)
        await at_desk.sits_down()
        await at_desk.prepares(folder.parent / CATALOGUE)
        await at_desk.sees(lambda: at_desk.state.broadcast.status == "open", PATIENCE)
        person.watch.watch_feed(True)
        await person.proposes()
        await person.stays_to_the_end()
    finally:
        if person is not None:
            told |= person.watch.end()
            told["comments"] = person.desk.feed.feed.comments if shell.desk is not None else 0
        await leave(shell)


def main() -> int:
    told: dict[str, Any] = {}
    try:
        live(lambda: _life(Path(sys.argv[1]), told), within=2 * PATIENCE)
    finally:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
