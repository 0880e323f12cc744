"""Events of the room's own keeping: its time, its restore from a backup, a person who was forgotten."""

from __future__ import annotations

from msgspec import Struct

from liveconsole.messages.fields import Pid


class ClockStepped(Struct, frozen=True):
    """``clock.stepped``: the wall clock jumped by ``seconds`` against the engine's own; no deadline moved."""

    seconds: float


class ClockRepaired(Struct, frozen=True):
    """``clock.repaired``: the room's time went back by ``seconds``, to the computer's; order is by seq."""

    seconds: float


class RoomRestored(Struct, frozen=True):
    """``room.restored``: the room goes on from a backup, whose log ended with ``log_seq`` and its link
    ``head``."""

    epoch: int
    log_seq: int
    head: str


class ViewerForgotten(Struct, frozen=True):
    """``viewer.forgotten``: from here on nobody knows who this pid was; what named him gave way."""

    viewer_id: Pid
