"""Play what a reader gives into an engine, at the tape's own pace or as fast as it is taken."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import msgspec

from liveconsole.bus.errors import Busy, EngineGone, Rejected
from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.tape.lines import BrokenLine, TapeFact
from liveconsole.connectors.tape.own_log import PassedOver

BATCH: Final = 500
"""Events of one request."""
_BATCH_BYTES: Final = 900_000
"""Below the door's limit of 1 MiB for a body."""
_LONGEST_WAIT: Final = 2.0
_PATIENCE: Final = 30.0
"""Seconds in which an engine that went away may come back."""

Post = Callable[[list[CloudEvent]], Awaitable[dict[str, Any]]]


class Tally:
    """What became of the lines so far. ``played = accepted + duplicates + refused``; broken lines are
    refused ones that never left this machine."""

    def __init__(self) -> None:
        self.accepted = 0
        self.duplicates = 0
        self.reasons: Counter[str] = Counter()
        self.first_lines: dict[str, list[int]] = {}
        self.passed_over: Counter[str] = Counter()
        """Lines of a room's own log that are no facts, by type; they count in nothing else."""

    @property
    def refused(self) -> int:
        return self.reasons.total()

    def refuse(self, reason: str, line: int) -> None:
        self.reasons[reason] += 1
        places = self.first_lines.setdefault(reason, [])
        if len(places) < 5:
            places.append(line)

    def summary(self) -> dict[str, int]:
        """The last line of ``liveconsole replay``."""
        said = {
            "played": self.accepted + self.duplicates + self.refused,
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "refused": self.refused,
        }
        return said | ({"passed_over": self.passed_over.total()} if self.passed_over else {})

    def report(self) -> list[str]:
        """One line for each reason, for people: how often, and where first."""
        told = []
        for reason, count in self.reasons.most_common():
            places = self.first_lines[reason]
            more = ", …" if count > len(places) else ""
            told.append(f"{count} × {reason} (line {', '.join(map(str, places))}{more})")
        return told


class Player:
    """One replay. ``speed`` None is as fast as the engine takes it; 2.0 is twice the tape's own pace.

    ``clock`` and ``sleep`` are real time unless a test brings its own.
    """

    def __init__(
        self,
        post: Post,
        *,
        speed: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.tally = Tally()
        self._post = post
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._batch: list[tuple[int, CloudEvent]] = []
        self._bytes = 0

    async def play(self, items: Iterable[tuple[int, TapeFact | BrokenLine | PassedOver]]) -> Tally:
        """Play to the end, in order, one request after the other.

        Raises:
            EngineGone: it went away and did not come back; `tally` says how far it was.
            Denied, CannotWrite: nothing more will be taken.
        """
        started = self._clock()
        first_t: float | None = None
        for line, item in items:
            if isinstance(item, PassedOver):
                self.tally.passed_over[item.type] += 1
                continue
            if isinstance(item, BrokenLine):
                self.tally.refuse(f"{item.code} {item.detail}".strip(), line)
                continue
            if self._speed is not None:
                first_t = item.t if first_t is None else first_t
                due = started + (item.t - first_t) / self._speed
                if due > self._clock():
                    await self._flush()
                    await self._sleep(max(0.0, due - self._clock()))
            await self._add(line, item.event)
        await self._flush()
        return self.tally

    async def _add(self, line: int, event: CloudEvent) -> None:
        size = len(msgspec.json.encode(event)) + 1
        if len(self._batch) == BATCH or self._bytes + size > _BATCH_BYTES:
            await self._flush()
        self._batch.append((line, event))
        self._bytes += size

    async def _flush(self) -> None:
        batch, self._batch, self._bytes = self._batch, [], 0
        if batch:
            await self._send(batch)

    async def _send(self, batch: list[tuple[int, CloudEvent]]) -> None:
        try:
            answer = await self._ask([event for _, event in batch])
        except Rejected as no:
            if len(batch) == 1:
                self.tally.refuse(no.code, batch[0][0])
                return
            # A body that is refused whole hides which event is at fault: halve it until it shows.
            middle = len(batch) // 2
            await self._send(batch[:middle])
            await self._send(batch[middle:])
            return
        self.tally.accepted += answer["accepted"]
        self.tally.duplicates += answer["duplicates"]
        for refused in answer["refused"]:
            self.tally.refuse(refused["code"], batch[refused["index"]][0])

    async def _ask(self, events: list[CloudEvent]) -> dict[str, Any]:
        """The answer, however often it takes: an event that is sent again is known by its id."""
        wait, gone_since = 0.1, self._clock()
        while True:
            try:
                return await self._post(events)
            except Busy as busy:
                await self._sleep(min(busy.retry_after, _LONGEST_WAIT))
                gone_since = self._clock()
            except EngineGone:
                if self._clock() - gone_since > _PATIENCE:
                    raise
                await self._sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
