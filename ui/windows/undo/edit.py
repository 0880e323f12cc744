"""An edit that was made, and what takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from liveconsole.messages.state import State
from ui.seat.room import RoomView

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """A command that was taken, by whom, the state before it, and what the engine answered. ``fresh`` makes
    the id of a promotion that is written anew."""

    type: str
    data: Json
    role: str
    before: State
    result: Json
    fresh: Callable[[], str]

    @property
    def room(self) -> RoomView:
        return RoomView(self.before)


@dataclass(frozen=True, slots=True)
class Undo:
    """``what`` was done, in words; ``commands`` take it back one after the other, while it ``stands``."""

    what: str
    commands: tuple[tuple[str, Json], ...]
    stands: Callable[[State], bool]
