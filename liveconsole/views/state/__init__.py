"""The room as every seat sees it (`messages.state`), made from the room in memory. Pure."""

from liveconsole.views.state.body import state_of, wire
from liveconsole.views.state.figures import oversold

__all__ = ["oversold", "state_of", "wire"]
