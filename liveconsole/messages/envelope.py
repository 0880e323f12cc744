"""The three envelopes: a fact from outside, a command from a seat, an event on the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from liveconsole.messages.events import EventData
from liveconsole.messages.facts import FactData


class Fact(Struct, frozen=True, gc=False):
    """One accepted-for-shape CloudEvent, people already mapped to pids.

    ``data`` is what the rules read; ``kept`` is the JSON object as sent (ids mapped, names taken out,
    text cut), which is what the log keeps, so that unknown fields survive.
    """

    source: str
    id: str
    type: str
    time: datetime | None
    data: FactData
    kept: dict[str, Any]


class Command(Struct, frozen=True):
    """What a seat asks for; ``role`` was decided by its token, or is ``clock`` / ``platform``."""

    id: str
    type: str
    data: Any
    role: str


class Event(Struct, frozen=True, gc=False):
    """One line of the log. ``seq`` is 0 until the engine has committed it."""

    type: str
    at: datetime
    actor: str
    data: EventData
    seq: int = 0
    source: str = ""
    id: str = ""
    time: datetime | None = None
    kept: dict[str, Any] | None = None
