"""The rooms of a database, by one question for all of them: each leader tells there how its room stands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

import msgspec

from liveconsole.bus.rooms.listed import FILE, ROOMS, BadRooms, FolderRooms, ListedRoom
from liveconsole.bus.rooms.watching import BEAT, ordered
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.messages.unwritten import why_in_both
from liveconsole.messages.wall import Wall, WallLead, WallRoom
from liveconsole.store.errors import StoreError
from liveconsole.store.kept_at import LEASE_SECONDS, TELL_SECONDS
from liveconsole.views.masks import plain_line

log = logging.getLogger(__name__)

_read = msgspec.json.Decoder(WallRoom).decode
SILENT_SECONDS: Final = 3 * TELL_SECONDS
"""A leader that has told nothing for so long may stand still while its lease goes on: its room is unread."""


class DatabaseRow(Protocol):
    """One room, as `store.postgres.wall.RoomRow` has it."""

    @property
    def name(self) -> str: ...
    @property
    def holder(self) -> str: ...
    @property
    def epoch(self) -> int: ...
    @property
    def leads(self) -> bool: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def seconds_left(self) -> float | None: ...
    @property
    def standing_by(self) -> int: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def told_ago(self) -> float | None: ...
    @property
    def body(self) -> bytes | None: ...


class DatabaseReader(Protocol):
    """Reads all rooms at once; may raise StoreError."""

    def read(self, most: int) -> tuple[Sequence[DatabaseRow], int]: ...

    def close(self) -> None: ...


class DatabaseRooms:
    """The rooms of a database, and the watchers of a folder's rooms.json, which lists no rooms then."""

    def __init__(self, folder: Path, reader: DatabaseReader) -> None:
        self._folder, self._file, self.reader = folder, FolderRooms(folder), reader

    def rooms(self) -> list[ListedRoom]:
        """See `RoomList.rooms`; a room's folder is where its engine runs, which nobody here knows."""
        try:
            rows, _ = self.reader.read(ROOMS)
        except StoreError as error:
            raise BadRooms(why_in_both(str(error))) from error
        return [ListedRoom(row.name, row.name, self._folder) for row in rows]

    def watchers(self) -> dict[str, frozenset[str] | None]:
        """See `RoomList.watchers`."""
        if self._file.lists_rooms():
            raise BadRooms(f"{FILE} lists rooms in folders; those of a database are listed there")
        return self._file.watchers()


class RoomsInDatabase:
    """The rooms of a database as they stand, as `WatchedRooms` are those of folders. On one event loop."""

    def __init__(
        self, reader: DatabaseReader, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._reader, self._now = reader, now
        self._rooms: list[WallRoom] = []
        self._left_out = 0
        self._away: datetime | None = None

    async def follow(self) -> None:
        """Keep asking until cancelled; a database that does not answer makes every room unread."""
        while True:
            try:
                await self.look()
            except BadRooms as error:
                if self._away is None:
                    log.warning("the rooms cannot be read: %s", error)
                    self._away = self._now()
                self._rooms = [_unread(room, self._away) for room in self._rooms]
            await asyncio.sleep(BEAT)

    async def look(self) -> None:
        """Ask once; raises `BadRooms`."""
        try:
            rows, self._left_out = await asyncio.to_thread(self._reader.read, ROOMS)
        except StoreError as error:
            raise BadRooms(why_in_both(str(error))) from error
        self._away = None
        self._rooms = [shown(row) for row in rows]

    async def close(self) -> None:
        """Let go of the connection."""
        await asyncio.to_thread(self._reader.close)

    def wall(self, may: frozenset[str] | None = None) -> Wall:
        """Return the rooms that a watcher may see (None: all), those first that need somebody."""
        rooms = [room for room in self._rooms if may is None or room.id in may]
        return Wall(self._now(), ordered(rooms), self._left_out if may is None else 0)


def shown(row: DatabaseRow) -> WallRoom:
    """Return a room as its row says."""
    name = plain_line(row.name, 80)
    left = row.seconds_left
    lead = WallLead(
        plain_line(row.holder, 80),
        row.epoch,
        row.standing_by,
        None if left is None else round(max(0.0, LEASE_SECONDS - left), 1),
    )
    told = _told(row.body)
    if not row.leads:
        was_on_air = told is not None and told.is_live
        return WallRoom(
            row.name, name, "gone", row.until or row.at, was_on_air=was_on_air, gmv_why="gone", lead=lead
        )
    if told is None:  # it began a moment ago, or an engine of another version tells otherwise
        return WallRoom(row.name, name, "unread", row.at, gmv_why="gone", lead=lead)
    if row.told_ago is None or row.told_ago > SILENT_SECONDS:
        on_air = told.is_live
        return WallRoom(row.name, name, "unread", row.at, was_on_air=on_air, gmv_why="gone", lead=lead)
    return msgspec.structs.replace(told, id=row.name, name=name, url="", lead=lead)


def _told(body: bytes | None) -> WallRoom | None:
    try:
        return None if body is None else _read(body)
    except UNREADABLE:
        return None


def _unread(was: WallRoom, since: datetime) -> WallRoom:
    on_air = was.was_on_air or was.is_live
    return WallRoom(was.id, was.name, "unread", since, was_on_air=on_air, gmv_why="gone")
