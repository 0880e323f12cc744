"""Seats at other computers' rooms: what this computer keeps of them, and as what they sit down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from liveconsole.bus.errors import BusError, OtherVersion
from liveconsole.messages.rights import seat_role
from ui.seat.session import Role, StartChoice

if TYPE_CHECKING:
    from liveconsole.bus.joining import SeatCredential


REMOVED: Final = "seat_removed"
OTHER_VERSION: Final = "other_version "
"""Stands before the version of an engine whose words are not understood here."""
_OF_TOOL: Final = "producer"


class At(NamedTuple):
    """A kept seat by its name, and another broker than it was told of (``off``: none)."""

    seat: str = ""
    nats: str = ""


OWN: Final = At()


def lost_why(lost: Exception) -> str:
    """Return why an engine is not there; `REMOVED` where the host took the seat away, `OTHER_VERSION` and the
    engine's version where the two do not understand each other."""
    if isinstance(lost, OtherVersion):
        return OTHER_VERSION + lost.engine
    removed = isinstance(lost, BusError) and lost.code == REMOVED
    return REMOVED if removed else str(lost)


def load(name: str, base: Path, nats: str = "") -> SeatCredential | None:
    """Return the kept seat of this name; None where there is none that can be read, or it is a tool's.
    ``nats``: another broker than it was told of, or ``off``."""
    from liveconsole.bus.joining import load as kept_seat

    try:
        found = kept_seat(name, base)
        if found is not None and found.role == _OF_TOOL:
            return None
        return found.over(nats) if found is not None and nats else found
    except ValueError:
        return None


def kept(base: Path) -> list[SeatCredential]:
    """Return every seat that this computer keeps for a person."""
    from liveconsole.bus.joining import kept as kept_seats

    return [seat for seat in kept_seats(base) if seat.role != _OF_TOOL]


def choice_at(credential: SeatCredential) -> StartChoice:
    """Return what is remembered of sitting there; nothing is checked before the broadcast from afar."""
    role = cast(Role, seat_role(credential.role, may_fire=credential.may_fire, proved=True))
    return StartChoice("manual", role, name=credential.label, checked=True, seat=credential.name)
