"""A panel is shown a room as its window shows it: its own sections and no others."""

from __future__ import annotations

from datetime import datetime

from liveconsole.messages.state import State
from tests.ui.committed import NOW
from ui.seat.room import RoomView
from ui.windows.sections import Panel


def show(panel: Panel, state: State, now: datetime = NOW) -> None:
    """A panel that reads a section which it does not declare raises."""
    panel.show_state(RoomView(state).only(*panel.SECTIONS), now)
