"""Which seats follow the room over a broker: they say so every two seconds; who falls silent is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from liveconsole.bus.presence import Presence
from liveconsole.messages.rights import actor_of

GONE_SECONDS: Final = 6.0
_SAID_LONG: Final = 1_024


class SeatsHere:
    """Used on the loop. ``label``: what a seat is called. ``moved``: hears that somebody came or left."""

    def __init__(
        self,
        present: Presence,
        label: Callable[[str], str],
        time: Callable[[], float],
        moved: Callable[[frozenset[str]], None],
    ) -> None:
        self.label = label
        self._present, self._time, self._moved = present, time, moved
        self._seats: dict[str, tuple[int, float]] = {}

    def said(self, seat: str, role: str, words: bytes) -> None:
        """A seat says that it is there, and who sits at it."""
        known = self._seats.get(seat)
        number = known[0] if known is not None else self._present.come(actor_of(role), self.label(seat))
        self._seats[seat] = (number, self._time())
        if len(words) <= _SAID_LONG:
            self._present.say(number, words)
        if known is None:
            self._moved(frozenset(self._seats))

    def sweep(self) -> None:
        """Let go of who fell silent."""
        until = self._time() - GONE_SECONDS
        self._leave([seat for seat, (_, at) in self._seats.items() if at < until])

    def all_left(self) -> None:
        """The broker is gone, and with it everybody behind it."""
        self._leave(list(self._seats))

    def _leave(self, seats: list[str]) -> None:
        for seat in seats:
            self._present.leave(self._seats.pop(seat)[0])
        if seats:
            self._moved(frozenset(self._seats))
