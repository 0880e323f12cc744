"""The one rule of when nothing is said about updates: while a room of this data folder is on air."""

from __future__ import annotations

import asyncio
from pathlib import Path

from liveconsole.bus.rooms.listed import BadRooms, FolderRooms, ListedRoom
from liveconsole.bus.rooms.watching import WatchedRooms
from liveconsole.bus.starting import ANNOUNCED
from liveconsole.engine.lease import is_taken
from liveconsole.paths import rehearsal_folder, tape_folder


class _RoomsBelow:
    """Every engine of a data folder: its own room, rehearsals, tapes, and what its list of rooms names."""

    def __init__(self, base: Path) -> None:
        self._base = base

    def rooms(self) -> list[ListedRoom]:
        try:
            named = [room.folder for room in FolderRooms(self._base).rooms()]
        except BadRooms:
            named = []
        inside = [
            place for above in (rehearsal_folder(self._base), tape_folder(self._base)) for place in _in(above)
        ]
        places = dict.fromkeys([self._base, tape_folder(self._base), *inside, *named])
        running = [place for place in places if (place / ANNOUNCED).is_file()]
        return [ListedRoom(str(place), place.name, place) for place in running]

    def watchers(self) -> dict[str, frozenset[str] | None]:
        return {}


async def rooms_on_air(base: Path) -> int:
    """Return how many rooms are on air, rehearsals as well; one that does not say how it stands counts: what
    is unknown is no leave to disturb it. Takes some seconds at most."""
    rooms = WatchedRooms(_RoomsBelow(base))
    try:
        await rooms.look()
        wall = rooms.wall()
    finally:
        await rooms.close()
    silent = [Path(room.id) for room in wall.rooms if room.stands == "gone"]
    running = await asyncio.to_thread(lambda: sum(map(is_taken, silent)))  # too busy to answer, it seems
    return sum(room.stands in ("on_air", "unread") for room in wall.rooms) + running + wall.left_out


def _in(folder: Path) -> list[Path]:
    try:
        return sorted(place for place in folder.iterdir() if place.is_dir())
    except OSError:
        return []
