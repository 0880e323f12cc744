"""Rounds that closed bags wait for: fetched when they are there, and told to the room.

One task a bag, never on the writer's thread. Nothing is kept here: what is still awaited after a restart
stands in the room. Where a round does not come within its time the room draws the announced fallback by
itself, and the task of it ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any, Final, Protocol

import aiohttp

from liveconsole.connectors.drand.relay import NotServed, fetch, relays
from liveconsole.domain.drand import Awaited, Chain
from liveconsole.messages.inputs import CommandAnswer, NotTaken
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 4.0


class BeaconTaker(Protocol):
    """The engine, as it is needed here."""

    async def ask_self(self, type_: str, data: dict[str, Any]) -> CommandAnswer: ...


class Beacons:
    """``until`` tells the seconds until a moment by the room's clock."""

    def __init__(self, room: BeaconTaker, chain: Chain | None, until: Callable[[datetime], float]) -> None:
        self._room = room
        self._chain = chain
        self._until = until
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._foreign: set[tuple[str, int]] = set()
        """Of a chain that is not ours: said once."""

    def awaited(self, rounds: Sequence[Awaited]) -> None:
        """Take what is awaited now, after every commit."""
        if not rounds and not self._tasks:
            self._foreign.clear()
            return
        wanted = {(one.cue_id, one.round): one for one in rounds}
        for key in [key for key in self._tasks if key not in wanted]:
            self._tasks.pop(key).cancel()
        for key, one in wanted.items():
            if key in self._tasks or key in self._foreign:
                continue
            if self._chain is None or one.chain != self._chain.hash:
                self._foreign.add(key)
                log.error("round %d of chain %s cannot be verified here", one.round, one.chain)
                continue
            self._tasks[key] = spawn(self._bring(self._chain, one), name=f"drand round {one.round}")

    async def close(self) -> None:
        tasks, self._tasks = list(self._tasks.values()), {}
        await cancel_all(tasks)

    async def _bring(self, chain: Chain, one: Awaited) -> None:
        await asyncio.sleep(max(0.0, self._until(one.at)))
        wait = _FIRST_WAIT
        async with aiohttp.ClientSession(trust_env=True) as session:
            for relay in cycle(relays()):
                try:
                    signature = await fetch(session, relay, chain, one.round)
                    break
                except NotServed as error:
                    log.warning("drand round %d from %s: %s", one.round, relay, error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
        await self._tell(one, signature)

    async def _tell(self, one: Awaited, signature: bytes) -> None:
        """Until it stands on disk: a full disk, or a clock a moment behind the chain's, waits."""
        data = {"cue_id": one.cue_id, "round": one.round, "signature": signature.hex()}
        while True:
            try:
                answer = await self._room.ask_self("draw.beacon", data)
                if answer.ok:
                    return
            except NotTaken as error:
                if error.code != "cannot_write":
                    log.warning("a draw waits for the next engine: %s", error)
                    return
            await asyncio.sleep(_FIRST_WAIT)
