"""Events and commands of what is played with the audience: places that are taken by comments, a PK."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.fields import Id, PersonId, Pid, Text, Typed


class PlacesTaken(Struct, frozen=True):
    """``places.taken``: who said the word, beyond the places too: they wait."""

    cue_id: str
    entries: list[tuple[Pid, str]]
    """(pid, entry id), in the order of the log."""
    unverified: list[Pid] = []
    """Those of them who are known by name only (``name:`` ids)."""


class PlaceFreed(Struct, frozen=True):
    """``place.freed``: taken off the list by a person; ``next`` is who moves up from the waiting."""

    cue_id: str
    viewer_id: Pid
    reason: Typed = ""
    next: Pid | None = None


class PlaceFree(Struct, frozen=True):
    """``place.free``: take one off the list, so that the first who waits has the place."""

    cue_id: Id
    viewer_id: PersonId
    reason: Text = ""


class PlacesClosed(Struct, frozen=True):
    """``places.closed``: the list as it stood at its end, with the rules that were fixed before anybody came.
    It names where the log ended before it, so that no other log can have led to it."""

    cue_id: str
    receipt: dict[str, Any]


class PkRound(Struct, frozen=True):
    """``pk.round``: the round that begins, from 2; what was told of the one before stands."""

    cue_id: str
    round: int


EVENTS: Final[dict[str, type[Struct]]] = {
    "places.taken": PlacesTaken,
    "place.freed": PlaceFreed,
    "places.closed": PlacesClosed,
    "pk.round": PkRound,
}
COMMANDS: Final[dict[str, type[Struct]]] = {
    "place.free": PlaceFree,
}
