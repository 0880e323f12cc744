"""What the first run's answer asks of the room, done once after joining."""

from __future__ import annotations

from pathlib import Path

from liveconsole import tasks
from ui.rights import may
from ui.seat import LinkState, Seat
from ui.session import Choice
from ui.tape import TapePlayer


class Prepare:
    """真直播 sets the platform and the sources that were chosen; 看录像 starts the tape."""

    def __init__(self, seat: Seat, choice: Choice, folder: Path, tape: TapePlayer) -> None:
        self._seat, self._choice, self._folder, self._tape = seat, choice, folder, tape
        self._done = False
        seat.on_link(self._linked)

    def _linked(self, state: LinkState, why: str) -> None:
        if state == "live" and not self._done:
            self._done = True
            tasks.spawn(self._prepare(), name="prepare the room")

    async def _prepare(self) -> None:
        choice = self._choice
        if choice.mode == "manual" and may(choice.role, "room.set"):
            await self._seat.ask("room.set", {"platform": "manual", "sources": choice.sources})
        if choice.mode == "tape" and choice.tape:
            self._tape.play(Path(choice.tape), self._folder)
