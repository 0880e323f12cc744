"""A room that goes on from a backup: what was promised in it may have happened elsewhere since.

Its log says so before anything else does, and draws that ran are void: the room that the backup was taken of
may have drawn them, and the same commitment must never name other winners.
"""

from __future__ import annotations

from typing import Final

from liveconsole.domain import fire
from liveconsole.domain.context import Context, Fold
from liveconsole.domain.kind import kind_of
from liveconsole.domain.room import Room
from liveconsole.messages.care import RoomRestored
from liveconsole.messages.envelope import Event


def go_on(room: Room, epoch: int, head: str, ctx: Context) -> list[Event]:
    """Return what becomes of the room in its new epoch; nothing where it is in it already, or where nothing
    ran and nothing was owed."""
    if epoch <= room.epoch or not (room.live or room.broadcast.status == "open"):
        return []
    found = [ctx.event("room.restored", RoomRestored(epoch, room.seq, head))]
    for cue in map(room.cues.__getitem__, room.live):
        if kind_of(cue).void_when_restored(cue):
            found.append(fire.end(room, cue, ctx, "stopped", "restored"))
    return found


def _restored(room: Room, data: RoomRestored, _event: Event) -> None:
    """What the platform was not asked yet then may have been asked since: its program asks about it first."""
    room.epoch = data.epoch
    for cue in map(room.cues.__getitem__, room.live):
        if cue.owed is not None:
            cue.owed.sent = True


FOLDS: Final[dict[str, Fold]] = {"room.restored": _restored}
