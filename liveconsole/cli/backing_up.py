"""Backups on a schedule, of the engine that runs here."""

from __future__ import annotations

from pathlib import Path

from liveconsole.bus.starting import program
from liveconsole.connectors.backups.scheduled import RoomNow, ScheduledBackups
from liveconsole.domain.room import Room
from liveconsole.engine.clock import Clock
from liveconsole.engine.engine import Engine


def scheduled_backups(folder: Path, engine: Engine, room_id: str, clock: Clock) -> ScheduledBackups:
    async def look() -> RoomNow:
        return await engine.view(lambda core: _room_now(core.room))

    return ScheduledBackups(folder, room_id, program(), look, clock.now)


def _room_now(room: Room) -> RoomNow:
    closed = room.broadcast.status == "closed"
    number = room.broadcast.number if closed else max(0, room.broadcast.number - 1)
    return RoomNow(room.settings.backup, room.broadcast.status == "open", number)
