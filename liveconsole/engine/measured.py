"""What the engine measures of itself while it runs. On the event loop only."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from liveconsole.engine.core import RoomCore
from liveconsole.engine.followers import Tail
from liveconsole.engine.inbox import Inbox
from liveconsole.messages.measures import RoomMeasures
from liveconsole.messages.statuses import RUNNING

KEPT: Final = 1_000
"""Commits whose times are remembered."""
_LAGS: Final = 60
"""Looks at the loop's lag that are remembered: one a second."""


class EngineMeasured:
    """Counts and times; bounded whatever the engine lives through (types of events are the house's own)."""

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()
        self.commits = 0
        self.commit_seconds = 0.0
        self._commits: deque[float] = deque(maxlen=KEPT)
        self._lags: deque[float] = deque(maxlen=_LAGS)

    def committed(self, types: Sequence[str], seconds: float) -> None:
        """See one commit."""
        self.events.update(types)
        self.commits += 1
        self.commit_seconds += seconds
        self._commits.append(seconds)

    async def sleep(self, seconds: float) -> None:
        """Sleep, and see how late the loop woke."""
        loop = asyncio.get_running_loop()
        asleep = loop.time()
        await asyncio.sleep(seconds)
        self._lags.append(max(0.0, loop.time() - asleep - seconds))

    @property
    def lag(self) -> float:
        return self._lags[-1] if self._lags else 0.0

    @property
    def most_lag(self) -> float:
        return max(self._lags, default=0.0)

    def told(
        self, health: Mapping[str, Any], inbox: Inbox, tail: Tail, size: int | None, room: RoomCounts
    ) -> RoomMeasures:
        """Return all of it."""
        return RoomMeasures(
            version=health["version"],
            seq=health["seq"],
            events=dict(self.events),
            commits=self.commits,
            commit_seconds=self.commit_seconds,
            commit_p50=self.percentile(0.5),
            commit_p99=self.percentile(0.99),
            lag_seconds=self.lag,
            lag_most=self.most_lag,
            waiting={"urgent": inbox.urgent, "comments": inbox.comments},
            followers=tail.followers,
            on_air=room.on_air,
            running=room.running,
            owed=room.owed,
            store_bytes=size,
            sources={source: one["age_seconds"] for source, one in health["sources"].items()},
            ok=health["ok"],
        )

    def percentile(self, share: float) -> float | None:
        """Return the time under which this share of the last commits lay; None before the first."""
        if not self._commits:
            return None
        ordered = sorted(self._commits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class RoomCounts(Struct, frozen=True):
    """What of the room is counted (`RoomMeasures`)."""

    on_air: bool
    running: dict[str, int]
    owed: dict[str, int]


_COUNTED: Final = sorted(RUNNING | {"recallable"})


def in_room(core: RoomCore) -> RoomCounts:
    """Count in the room; on the store thread."""
    room = core.room
    stands: Counter[str] = Counter(cue.status for cue in room.cues.values())
    owed: Counter[str] = Counter(cue.owed.step for cue in room.cues.values() if cue.owed is not None)
    return RoomCounts(
        room.broadcast.status == "open",
        {status: stands[status] for status in _COUNTED},
        {step: owed[step] for step in ("on_air", "ended")},
    )
