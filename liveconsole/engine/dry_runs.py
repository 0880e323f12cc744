"""Dry runs, off the writer's thread: on a copy of the room, within a budget.

The writer only encodes what rules of money need (a few milliseconds for 2,000 SKUs, nothing while the log
rests); orders, buyers and entrants stay out, but for those that the question names. Whoever asks for more
than there is time for is told ``judge_later``; a command itself is judged by the writer, to its end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Any, Final, Protocol

import msgspec
from msgspec.structs import replace

from liveconsole.domain import time_limit
from liveconsole.domain.judge import worded
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_bags import Bag
from liveconsole.engine.core import RoomCore
from liveconsole.messages.bounds import DRY_RUN_SECONDS
from liveconsole.messages.refusals import Refused
from liveconsole.store.people import pids_in

_WAIT_SECONDS: Final = 1.0
"""How long one may wait for those before it."""
_MOST_WAITING: Final = 50
_NAMED: Final = ("cue_id", "order_id", "coupon_id")
_encode = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Room).decode

Judge = Callable[[Room, str, dict[str, Any], datetime, str], dict[str, Any]]
"""A dry run of a command (type, data, now, role), with whatever advice is given besides."""


class View(Protocol):
    """`Engine.view`."""

    def __call__(self, look: Callable[[RoomCore], Any]) -> Awaitable[Any]: ...


class DryRuns:
    """Asked on the event loop; ``now`` is the engine's clock."""

    def __init__(self, view: View, judge: Judge, now: Callable[[], datetime]) -> None:
        self._view = view
        self._judge = judge
        self._now = now
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="judge")
        self._waiting = 0
        self._packed: tuple[tuple[Any, ...], bytes] = ((), b"")
        self._room: tuple[bytes, Room] | None = None

    def close(self) -> None:
        """Take nothing more; one that runs ends within its budget."""
        self._thread.shutdown(cancel_futures=True)

    async def ask(self, type_: str, data: dict[str, Any], role: str) -> bytes:
        """Return the answer as JSON, names in it."""
        if self._waiting >= _MOST_WAITING:
            return _later()
        self._waiting += 1
        try:
            inside, packed = await self._view(lambda core: self._take(core, type_, data))
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(_WAIT_SECONDS):
                found = await loop.run_in_executor(self._thread, self._run, packed, type_, inside, role)
        except TimeoutError:
            return _later()
        finally:
            self._waiting -= 1
        return await self._view(lambda core: core.people.shown(found)) if pids_in((found,)) else found

    def _take(self, core: RoomCore, type_: str, data: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """On the store thread."""
        inside = core.people.ask_in(type_, data)
        named = [value if isinstance(value := inside.get(name), str) else "" for name in _NAMED]
        key = (core.seq, *named)
        if self._packed[0] != key:
            self._packed = key, _pack(_without_crowds(core.room, *named))
        return inside, self._packed[1]

    def _run(self, packed: bytes, type_: str, data: dict[str, Any], role: str) -> bytes:
        """On the judging thread. The same bytes are the same room, which a dry run only reads."""
        ends = time.monotonic() + DRY_RUN_SECONDS
        if self._room is None or self._room[0] is not packed:
            self._room = packed, _unpack(packed)
        with time_limit.until(lambda: time.monotonic() > ends):
            return _encode(self._judge(self._room[1], type_, data, self._now(), role))


def _later() -> bytes:
    return _encode({"ok": False, **worded(Refused("judge_later"))})


def _without_crowds(room: Room, cue_id: str, order_id: str, coupon_id: str) -> Room:
    """The room without what grows with the audience; what is named stays whole."""
    order, coupon = room.orders.get(order_id), room.coupons.get(coupon_id)
    return replace(
        room,
        cues={id_: cue if id_ == cue_id else _light(cue) for id_, cue in room.cues.items()},
        orders={order_id: order} if order is not None else {},
        coupons={coupon_id: coupon} if coupon is not None else {},
        holds={},
        hold_heap=[],
        notes=[],
        unknown_cues={},
        followed=_one_of(room.followed),
        in_club=_one_of(room.in_club),
    )


def _one_of(people: dict[str, None]) -> dict[str, None]:
    """One is enough to tell that somebody told of them."""
    return dict(islice(people.items(), 1))


def _light(cue: Cue) -> Cue:
    crowds = (cue.bag, cue.places, cue.groups, cue.helped)
    if not cue.buyers and all(one is None for one in crowds):
        return cue
    series = cue.series
    if series is not None:
        series = replace(series, before=[_light_bag(bag) for bag in series.before])
    bag = _light_bag(cue.bag) if cue.bag is not None else None
    places = replace(cue.places, came={}, unverified=[]) if cue.places is not None else None
    return replace(cue, buyers={}, bag=bag, series=series, places=places, groups=None, helped=None)


def _light_bag(bag: Bag) -> Bag:
    return replace(bag, entries={}, unverified=[], kept_out={}, receipt=None)
