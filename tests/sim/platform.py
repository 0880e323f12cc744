"""The platform and its ledger. It is not idempotent: what it is asked twice to begin, it begins twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from liveconsole.domain.effects import Effect
from liveconsole.engine.dispatch import PlatformSaid
from tests.sim.broken import must

if TYPE_CHECKING:
    from tests.sim.process import Process
    from tests.sim.world import World

MS = 1_000
SECOND = 1_000_000


class Ledger:
    """What the platform did under every key; outlives every engine."""

    def __init__(self, world: World, dice: Random) -> None:
        self._world = world
        self._dice = dice
        self.done: dict[str, str] = {}
        self.fires: Counter[str] = Counter()
        """Beginnings carried out, by key."""

    def outcome(self, key: str) -> str | None:
        return self.done.get(key)

    def carry_out(self, effect: Effect) -> str:
        """A question arrived."""
        faults = self._world.faults
        if effect.step == "on_air":
            refused = self.fires[effect.key] == 0 and faults.strikes("platform.refuses")
        else:
            refused = self.done.get(effect.key) != "done" and faults.strikes("platform.refuses_end")
        outcome = "refused" if refused else "done"
        self.done[effect.key] = outcome
        if effect.step == "on_air" and not refused:
            self.fires[effect.key] += 1
            self._world.checker.guard(
                must,
                self.fires[effect.key] == 1,
                "the platform was made to begin twice under one key",
                effect,
            )
        self._world.note("platform", effect.step, effect.key[:8], outcome)
        return outcome

    def carry_late(self, effect: Effect) -> None:
        self.carry_out(effect)

    def between(self, low: int, high: int) -> int:
        return self._dice.randint(low, high)


class Line:
    """One engine's connection to the platform: questions and answers travel, late, twice or never."""

    def __init__(self, process: Process, ledger: Ledger) -> None:
        self._process = process
        self._world = process.world
        self._ledger = ledger

    async def ask(self, effect: Effect) -> PlatformSaid:
        world, ledger, faults = self._world, self._ledger, self._world.faults
        world.checker.guard(self._marked, effect)
        if faults.strikes("crash.after_mark"):
            await self._process.die("after the mark, before the question")
        if faults.strikes("platform.raises"):
            raise ConnectionResetError("no way to the platform")
        future: asyncio.Future[PlatformSaid] = self._process.loop.create_future()
        way = ledger.between(2, 60) * MS
        if faults.strikes("platform.lost"):
            return await future
        if faults.strikes("platform.arrives_late"):
            world.later(ledger.between(11, 40) * SECOND, ledger.carry_late, effect)
            return await future
        world.later(way, self._arrived, effect, future)
        return await future

    async def query(self, effect: Effect) -> PlatformSaid:
        world, ledger = self._world, self._ledger
        if world.faults.strikes("platform.raises"):
            raise ConnectionResetError("no way to the platform")
        future: asyncio.Future[PlatformSaid] = self._process.loop.create_future()
        if world.faults.strikes("platform.never"):
            return await future
        world.later(ledger.between(2, 60) * MS, self._asked_about, effect, future)
        return await future

    def _marked(self, effect: Effect) -> None:
        marked = self._world.marks.get(effect.key, 0)
        must(marked, "the platform was asked before the mark was on disk", effect)

    def _arrived(self, effect: Effect, future: asyncio.Future[PlatformSaid]) -> None:
        world, faults = self._world, self._world.faults
        outcome = self._ledger.carry_out(effect)
        if faults.strikes("crash.after_ask"):
            self._process.kill("after the question, before the answer")
            return
        if faults.strikes("platform.never"):
            return
        late = faults.strikes("platform.late")
        after = self._ledger.between(6, 25) * SECOND if late else self._ledger.between(5, 900) * MS
        world.later(after, self._answer, effect, future, outcome)
        if faults.strikes("platform.twice"):
            again = after + self._ledger.between(1, 20_000) * MS
            world.later(again, world.told_again, effect, outcome)

    def _asked_about(self, effect: Effect, future: asyncio.Future[PlatformSaid]) -> None:
        outcome = self._ledger.outcome(effect.key) or "absent"
        self._world.later(self._ledger.between(2, 60) * MS, self._answer, effect, future, outcome)

    def _answer(self, effect: Effect, future: asyncio.Future[PlatformSaid], outcome: Any) -> None:
        self._process.when_running(_settle, future, PlatformSaid(outcome))


def _settle(future: asyncio.Future[PlatformSaid], said: PlatformSaid) -> None:
    if not future.done():
        future.set_result(said)
