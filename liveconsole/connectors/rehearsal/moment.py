"""What one step of the simulated world brings: facts that happened, and what people ask the engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.rehearsal.scenario import Span


class Ask(Struct, frozen=True):
    """A command. ``role``: host or assistant from the script, producer from the shop."""

    id: str
    type: str
    data: dict[str, Any]
    role: str = "producer"


class Moment(Struct, frozen=True):
    facts: list[CloudEvent]
    asks: list[Ask]


class Outbox:
    """Collects one moment. ``run`` names this run of the world among others in the same room's log, so
    that no id is used twice; facts, commands and orders are numbered in it."""

    def __init__(self, source: str, run: str) -> None:
        self.source = source
        self.run = run
        self.now = datetime.min.replace(tzinfo=UTC)
        self._numbers = 0
        self._facts: list[CloudEvent] = []
        self._asks: list[Ask] = []

    def number(self, prefix: str) -> str:
        self._numbers += 1
        return f"{prefix}{self.run}-{self._numbers}"

    def fact(self, type_: str, data: dict[str, Any], *, late: float = 0.0) -> CloudEvent:
        """Something that happened now, or ``late`` seconds ago."""
        time = (self.now - timedelta(seconds=late)).isoformat(timespec="milliseconds")
        event = cloudevent(self.source, self.number("f"), type_, data, time.replace("+00:00", "Z"))
        self._facts.append(event)
        return event

    def again(self, event: CloudEvent) -> None:
        """The same event once more."""
        self._facts.append(event)

    def ask(self, type_: str, data: dict[str, Any], role: str = "producer") -> str:
        """Ask for something; returns the command's id."""
        id_ = self.number(f"{role[0]}")
        self._asks.append(Ask(id_, type_, data, role))
        return id_

    def take(self) -> Moment:
        moment = Moment(self._facts, self._asks)
        self._facts, self._asks = [], []
        return moment


def between(span: Span, roll: float) -> float:
    """The point of a span at ``roll`` in 0…1."""
    low, high = span
    return low + (high - low) * roll
