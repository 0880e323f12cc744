"""Which rooms there are, and who may see which. `RoomList` is the port: data folders, or a database
(`database.DatabaseRooms`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, Protocol

import msgspec
from msgspec import Meta, Struct

from liveconsole.bus.tokens import FILE as ACCESS
from liveconsole.messages.unreadable import UNREADABLE

FILE: Final = "rooms.json"
ROOMS: Final = 100
"""Rooms that are asked; those beyond are counted."""
WATCHERS: Final = 100
_ALL: Final = "all"

_Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
_Name = Annotated[str, Meta(min_length=1, max_length=80)]


class BadRooms(Exception):
    """The file of rooms cannot be used; the message says why."""


class ListedRoom(Struct, frozen=True):
    """A room and its data folder, where the engine says its address."""

    id: str
    name: str
    folder: Path


class RoomList(Protocol):
    """What a wall asks for its rooms; looked at again each second, on a thread beside the loop."""

    def rooms(self) -> Sequence[ListedRoom]:
        """Return all of them, in their order; may raise `BadRooms`."""

    def watchers(self) -> Mapping[str, frozenset[str] | None]:
        """Return who may look: a name → the ids of rooms, None for all; may raise `BadRooms`."""


class _RoomRow(Struct, frozen=True, forbid_unknown_fields=True):
    folder: Annotated[str, Meta(min_length=1, max_length=1000)]
    id: _Id | None = None
    name: _Name | None = None


class _RoomsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """``watchers``: without them there is one, ``all``, who sees every room."""

    rooms: list[_RoomRow] | None = None
    watchers: dict[_Id, list[_Id] | Literal["*"]] | None = None


class FolderRooms:
    """Rooms of a folder: as its rooms.json says, else itself and each folder in it that is a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rooms(self) -> list[ListedRoom]:
        told = self._read().rooms
        if told is None:
            return self._found()
        rooms = [self._listed(row) for row in told]
        ids = [room.id for room in rooms]
        if twice := {id_ for id_ in ids if ids.count(id_) > 1}:
            raise BadRooms(f"{FILE}: two rooms of the id {min(twice)}")
        return rooms

    def lists_rooms(self) -> bool:
        """Tell whether rooms.json says which rooms there are; may raise `BadRooms`."""
        return self._read().rooms is not None

    def watchers(self) -> dict[str, frozenset[str] | None]:
        told = self._read().watchers
        if told is None:
            return {_ALL: None}
        if len(told) > WATCHERS:
            raise BadRooms(f"{FILE}: over {WATCHERS} watchers")
        return {name: None if may == "*" else frozenset(may) for name, may in told.items()}

    def _read(self) -> _RoomsFile:
        try:
            return msgspec.json.decode((self._folder / FILE).read_bytes(), type=_RoomsFile)
        except FileNotFoundError:
            return _RoomsFile()
        except (OSError, *UNREADABLE) as error:
            raise BadRooms(f"{FILE}: {error}") from error

    def _listed(self, row: _RoomRow) -> ListedRoom:
        folder = (self._folder / Path(row.folder).expanduser()).absolute()
        return ListedRoom(row.id or folder.name, row.name or row.id or folder.name, folder)

    def _found(self) -> list[ListedRoom]:
        try:
            inside = sorted(self._folder.iterdir())
        except OSError:
            inside = []
        places = [place for place in (self._folder, *inside) if (place / ACCESS).is_file()]
        return [ListedRoom(place.name, place.name, place) for place in places]
