"""The engine's time as far as this machine can tell: deadlines are the engine's, we draw them."""

from __future__ import annotations

from datetime import UTC, datetime

from liveconsole.messages.state import State


class EngineClock:
    """What the engine said of its time last, and when that was here."""

    def __init__(self) -> None:
        self._told: tuple[datetime, datetime] | None = None

    def tell(self, told: datetime, asked: datetime, came: datetime) -> None:
        """The answer to a question that was ``asked`` then and ``came`` then."""
        self._told = told, asked + (came - asked) / 2

    def now(self, state: State | None) -> datetime:
        """That of a recording stands still, or runs as fast as it is played."""
        here, playback = datetime.now(UTC), state.health.playback if state is not None else None
        if self._told is None:
            return here
        told, then = self._told
        if not playback:
            return told + (here - then)
        return min(told + (here - then) * (playback.speed if playback.playing else 0), playback.end)
