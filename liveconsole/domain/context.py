"""What a rule is given besides the room, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from liveconsole.domain.drand import Chain
from liveconsole.domain.room import Room
from liveconsole.domain.room_asks import FromBooks
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import EventData
from liveconsole.messages.membership import MemberFigures
from liveconsole.messages.refusals import Refused


class Chance(Protocol):
    """Randomness as data. The engine's draws from the system, the rehearsal's from its seed."""

    @property
    def chain(self) -> Chain | None:
        """Return the public chain whose rounds can be verified here; None where nothing can verify one."""

    def fresh(self, size: int) -> bytes:
        """``size`` bytes that nobody can foresee; what is made of them is recorded in the event."""

    def secret(self, draw_id: str) -> bytes:
        """Return the 32 bytes of this draw, kept outside the log: the same on every call, made at the
        first."""


class Past(Struct, frozen=True, gc=False):
    """What all our books have of one buyer."""

    paid: int = 0
    """Orders that were paid and not given back."""
    paid_fen: int = 0
    """Of all of them, less what was given back."""
    reaches_level: bool = False
    """It is as much as the first level above that of every buyer (`membership.reaches_level`)."""


Pasts = Mapping[str, Past]
"""pid → his past, of those that a command or a run of facts is about; who is not in it was not asked for."""


class Context(Struct, frozen=True):
    """``role`` is who asks: host, operator, assistant, keys, producer, clock, platform. ``now`` is aware
    UTC."""

    now: datetime
    role: str
    chance: Chance
    source: str = ""
    """Of the fact that is being taken."""
    pasts: Pasts = {}
    books: FromBooks = FromBooks()
    members: MemberFigures = MemberFigures()

    def event(self, type_: str, data: EventData) -> Event:
        return Event(type=type_, at=self.now, actor=self.role, data=data)


class Decision(Struct, frozen=True):
    """Accepted: what goes on the log, and what the asker is told. No events: it was so already."""

    events: list[Event]
    result: dict[str, Any]


Rule = Callable[[Room, Any, Context], Decision | Refused]
"""A handler of one command type; its data is the struct of ``messages.commands``."""

Fold = Callable[[Room, Any, Event], None]
"""A handler of one event type: changes the room by the event's data."""
