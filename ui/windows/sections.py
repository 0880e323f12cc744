"""Which panels a frame concerns: one whose sections did not move does nothing in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ui import look
from ui.seat.room import RoomView


class Panel(Protocol):
    """Shows a part of the room. ``SECTIONS`` are all that it reads (`messages.state.SECTIONS`)."""

    @property
    def SECTIONS(self) -> tuple[str, ...]: ...

    def show_state(self, room: RoomView, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class PanelPart:
    """Something that is no panel of its own and shows a part of the room all the same."""

    SECTIONS: tuple[str, ...]
    show_state: Callable[[RoomView, datetime], None]


class SectionRouter:
    """Hands each panel the sections that it named, and no others, when one of them moved."""

    def __init__(self, *panels: Panel) -> None:
        self._panels = panels
        self._look = -1

    def show(self, room: RoomView, moved: frozenset[str], now: datetime) -> None:
        """Another state. In another look than the last one was shown in, every panel shows its part anew."""
        anew = self.stale()
        self._look = look.generation()
        for panel in self._panels:
            if anew or not moved.isdisjoint(panel.SECTIONS):
                panel.show_state(room.only(*panel.SECTIONS), now)

    def stale(self) -> bool:
        """Whether what is shown was drawn in another look, or nothing was shown yet."""
        return self._look != look.generation()
