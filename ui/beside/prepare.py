"""What the first run's answer asks of the room, done once after joining."""

from __future__ import annotations

from pathlib import Path

from liveconsole import tasks
from liveconsole.messages.rights import may
from ui.beside.source_process import SourceProcess
from ui.seat.seat import LinkState, Seat
from ui.seat.session import StartChoice


class RoomPreparation:
    """真直播 sets the platform and the sources that were chosen; 排练 and 看录像 start what plays."""

    def __init__(self, seat: Seat, choice: StartChoice, folder: Path, beside: SourceProcess) -> None:
        self._seat, self._choice, self._folder, self._beside = seat, choice, folder, beside
        self._done = False
        seat.on_link(beside, self._linked)

    def _linked(self, state: LinkState, why: str) -> None:
        if state == "live" and not self._done:
            self._done = True
            tasks.spawn(self._prepare(), name="prepare the room")

    async def _prepare(self) -> None:
        choice = self._choice
        if choice.mode == "manual" and may(choice.role, "room.set"):
            await self._seat.ask("room.set", {"platform": "manual", "sources": choice.sources})
        elif choice.mode == "rehearsal":
            self._beside.play_audience(self._folder)
        elif choice.mode == "tape" and choice.tape:
            self._beside.play_tape(Path(choice.tape), self._folder)
