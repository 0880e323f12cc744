"""The room as every seat sees it (`messages.state`), made from the room in memory. Pure."""

from liveconsole.views.state.body import capabilities_of, state_of, wire
from liveconsole.views.state.cues import orders_are_reported
from liveconsole.views.state.figures import oversold

__all__ = ["capabilities_of", "orders_are_reported", "oversold", "state_of", "wire"]
