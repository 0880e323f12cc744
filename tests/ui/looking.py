"""A panel before one state, as a window shows it: with the sections that it declared and no others."""

from __future__ import annotations

from datetime import datetime

from liveconsole.messages.state import State
from tests.ui.committed import NOW
from ui.seat.room import RoomView
from ui.windows.sections import Panel


def look(panel: Panel, state: State, now: datetime = NOW) -> None:
    """Show a state."""
    panel.show_state(RoomView(state).only(*panel.SECTIONS), now)
