"""What carries a client's calls to an engine: one port, with HTTP and WebSocket or NATS behind it.

Rules of asking (again under the same id, for how long) stand in `client.Client` alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from liveconsole.bus.errors import EngineGone
from liveconsole.messages.unreadable import UNREADABLE

Json = dict[str, Any]

SEAT_REMOVED = 4001
"""A stream ends with this where the host took the seat away."""
NOW_HEADER = "LiveConsole-Now"
"""Of an answer with the state: the engine's time, so that a seat's clocks run with it."""


class WireAnswer(NamedTuple):
    """What the engine said to one call: an HTTP status, a body, and headers (found whatever their case)."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Wire(Protocol):
    """A way to one engine. Every method may raise `errors.EngineGone`, or `errors.Denied` where the way
    itself lets nobody through."""

    @property
    def url(self) -> str:
        """Where the engine is looked for, for people to read."""

    @property
    def far(self) -> bool:
        """Whether the way may be cut at any moment, so that what may be asked twice is asked again."""

    @property
    def late(self) -> bool:
        """Whether what is sent may arrive long after: a command then says until when it counts."""

    async def health(self) -> Json:
        """Return the liveness of an engine that has proved to be ours, where this way asks for a proof."""

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> WireAnswer:
        """Ask once."""

    def stream(self, after: int) -> AsyncIterator[list[Json]]:
        """Return the batches of the log behind ``after``, then live; ends with `EngineGone`."""

    async def introduce(self, said: str) -> None:
        """Say who sits here, on the stream that is open and on those to come."""

    async def close(self) -> None:
        """Let go of the connections; the wire may be used again after."""


def health_in(body: bytes) -> Json:
    """Return the liveness that an answer tells. Raises EngineGone where it tells none: another program has
    the port of an engine that ended."""
    try:
        return msgspec.json.decode(body, type=Json)
    except UNREADABLE as error:
        raise EngineGone("who answers there is not our engine") from error
