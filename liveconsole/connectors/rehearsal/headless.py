"""A whole rehearsal on virtual time, in one process, without sleeping: the same seed, scenario and seconds
give the same log to the byte.

The rules, the engine's core and the store are the real ones; the platform is the same class that the
platform's process serves. What the engine's dispatcher does with timeouts is done here on virtual time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from liveconsole.advice.judged import AdviceFiles
from liveconsole.bus.decode import read_events
from liveconsole.connectors.rehearsal import scenario as scenarios
from liveconsole.connectors.rehearsal.autopilot import Autopilot
from liveconsole.connectors.rehearsal.chance import SeededChance, person_key
from liveconsole.connectors.rehearsal.drills import DrillScript
from liveconsole.connectors.rehearsal.ledger import MemoryLedger, PlatformLedger, SimulatedPlatform
from liveconsole.connectors.rehearsal.moment import Ask
from liveconsole.connectors.rehearsal.view import RehearsalRoom, of_state
from liveconsole.connectors.rehearsal.world import World
from liveconsole.domain.drills.run import silent_for
from liveconsole.domain.effects import Effect
from liveconsole.domain.law.reviews import unread
from liveconsole.engine.core import RoomCore
from liveconsole.engine.dispatch import ASK_SECONDS
from liveconsole.engine.people import People
from liveconsole.engine.reviewing import TEXTS_MOST, WordFinder, read_by
from liveconsole.messages.inputs import CommandAnswer, CommandInput, Input
from liveconsole.store.opening import open_store
from liveconsole.views.state import state_of
from liveconsole.views.summary import Summary

EPOCH: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""When every headless rehearsal begins: eight in the evening in China."""
STEP: Final = timedelta(seconds=0.5)
"""The world moves this often; time between is the engine's alone."""
_QUERY_EVERY: Final = timedelta(seconds=2)
_BATCH: Final = "application/cloudevents-batch+json"


Seat = Callable[[float, RehearsalRoom], Sequence[Ask]]
"""Somebody at a desk: the second and what the room looks like → what is asked for."""


def run_headless(
    seed: int, scenario: str, seconds: float, folder: Path, *, seat: Seat | None = None
) -> Summary:
    """Play ``seconds`` of a scenario into a new store in ``folder``; a ``seat`` has the keys in the place of
    the scenario's script.

    Raises:
        UnknownScenario: there is none of that name.
        StoreError: no store can be made there, or it holds another room.
    """
    played = scenarios.load(scenario)
    store = open_store(folder, room_id="rehearsal", simulated=True, person_key=person_key(seed))
    try:
        chance = SeededChance(seed)
        core = RoomCore(store, now=EPOCH, chance=chance, simulated=True)
        books = AdviceFiles()
        core.law = lambda: books.rules
        stage = _Stage(core, played, seed, MemoryLedger(), seat or _nobody, script=seat is None, words=books)
        return stage.play(seconds)
    finally:
        store.close()


def _nobody(second: float, view: RehearsalRoom) -> Sequence[Ask]:
    return ()


class _Stage:
    """One room with its world, its host and its platform."""

    def __init__(
        self,
        core: RoomCore,
        played: scenarios.Scenario,
        seed: int,
        book: PlatformLedger,
        seat: Seat = _nobody,
        *,
        script: bool = True,
        words: WordFinder | None = None,
    ) -> None:
        self._words = words
        products = scenarios.products()
        self._core = core
        self._world = World(played, seed, EPOCH, products=products, phrases=scenarios.phrases())
        self._autopilot = Autopilot(played, EPOCH, products=products, script=script)
        self._drills = DrillScript()
        self._seat = seat
        self._platform = _OnVirtualTime(SimulatedPlatform(played.platform, seed, book), self._silent)
        self._summary = Summary()
        self._now = EPOCH

    def play(self, seconds: float) -> Summary:
        self._ask(self._autopilot.prepare())
        end = EPOCH + timedelta(seconds=seconds)
        step = EPOCH
        while step < end:
            step = min(end, step + STEP)
            self._until(step)
            self._now = step
            self._world_moves()
        return self._summary

    def _until(self, moment: datetime) -> None:
        """Everything that the clock and the platform do before ``moment``."""
        while True:
            due = min(filter(None, (self._core.next_due(), self._platform.next_due())), default=None)
            if due is None or due >= moment:
                return
            self._now = max(self._now, due)
            self._process(self._platform.answers(self._now))

    def _world_moves(self) -> None:
        view = self._view()
        second = (self._now - EPOCH) / timedelta(seconds=1)
        drilled = self._drills.step(second, view)
        moment = self._world.step(self._now, view, self._drills.air(second))
        inputs: list[Input] = []
        if moment.facts:
            inputs.append(read_events(_BATCH, msgspec.json.encode(moment.facts), simulated=True))
        asks = [*drilled, *self._autopilot.step(self._now, view), *self._seat(second, view), *moment.asks]
        self._ask(asks, inputs)
        self._read_texts()

    def _read_texts(self) -> None:
        """The machine's step of 三级审核, which the engine's process does beside it (`engine.reviewing`)."""
        words = self._words
        if words is not None and (texts := unread(self._core.room, TEXTS_MOST)):
            read = {"read": [read_by(one, words) for one in texts]}
            self._process([CommandInput(id="", type="review.machine", data=read, role="platform")])

    def _ask(self, asks: Sequence[Ask], before: Sequence[Input] = ()) -> None:
        commands = [CommandInput(id=ask.id, type=ask.type, data=ask.data, role=ask.role) for ask in asks]
        inputs = [*before, *commands]
        if not inputs:
            return
        answers = self._process(inputs)
        for ask, answer in zip(asks, answers[len(before) :], strict=True):
            if ask.role == "producer":
                assert isinstance(answer, CommandAnswer)
                self._world.answered(ask.id, answer.ok, msgspec.json.decode(answer.body).get("result") or {})

    def _process(self, inputs: Sequence[Input]) -> list[Any]:
        outcome = self._core.process(inputs, self._now)
        self._summary.add(map(msgspec.json.decode, outcome.committed.lines))
        owed = sorted(self._core.owed(), key=lambda effect: (effect.since, effect.key))
        asked = self._platform.follow(owed, self._now)
        if asked:
            self._process(asked)
        return list(outcome.answers)

    def _silent(self, now: datetime) -> float | None:
        return silent_for(self._core.room, now)

    def _view(self) -> RehearsalRoom:
        """With those who are shown by their outside ids, as the door has them: who has a place orders for
        himself."""
        return of_state(state_of(self._core.room, self._now, "viewer", people=_Known(self._core.people)))


class _Known(Mapping[str, tuple[str, str]]):
    """pid → (outside id, name), looked up when somebody is shown."""

    def __init__(self, people: People) -> None:
        self._people = people

    def __getitem__(self, pid: str) -> tuple[str, str]:
        return self._people.names((pid,))[pid]

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _OnVirtualTime:
    """Asks the platform what the room owes, and brings its answers when they are due."""

    def __init__(
        self, platform: SimulatedPlatform, silent: Callable[[datetime], float | None] = lambda _now: None
    ) -> None:
        self._platform = platform
        self._silent = silent
        self._asked: set[str] = set()
        self._waiting: list[tuple[datetime, int, Effect, str]] = []
        self._count = 0

    def next_due(self) -> datetime | None:
        return self._waiting[0][0] if self._waiting else None

    def follow(self, owed: Sequence[Effect], now: datetime) -> list[Input]:
        """The marks that go to disk before the questions go out, for what is newly owed."""
        new = [effect for effect in owed if effect.key not in self._asked]
        for effect in new:
            self._asked.add(effect.key)
            self._put(effect, now, "ask")
        return [_internal("effect.asked", effect) for effect in new]

    def answers(self, now: datetime) -> list[Input]:
        """What came by ``now``."""
        found: list[Input] = []
        while self._waiting and self._waiting[0][0] <= now:
            _, _, effect, what = heapq.heappop(self._waiting)
            if what == "ask":
                self._ask(effect, now)
            elif what == "query":
                said = self._platform.query(now, effect.key)
                if said in ("done", "refused"):
                    found.append(_internal("effect.answered", effect, said))
                else:
                    self._put(effect, now + _QUERY_EVERY, "query")
            else:
                found.append(_internal("effect.answered", effect, what))
                if what == "unknown":
                    self._put(effect, now + _QUERY_EVERY, "query")
        return found

    def _ask(self, effect: Effect, now: datetime) -> None:
        reply = self._platform.ask(
            now,
            key=effect.key,
            cue_id=effect.cue_id,
            step=effect.step,
            kind=effect.kind,
            silent=self._silent(now),
        )
        if reply.after is None or reply.after > ASK_SECONDS:
            self._put(effect, now + timedelta(seconds=ASK_SECONDS), "unknown")
            return
        for _ in range(2 if reply.twice else 1):
            self._put(effect, now + timedelta(seconds=reply.after), reply.outcome)

    def _put(self, effect: Effect, at: datetime, what: str) -> None:
        self._count += 1
        heapq.heappush(self._waiting, (at, self._count, effect, what))


def _internal(type_: str, effect: Effect, outcome: str | None = None) -> CommandInput:
    data = {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step}
    if outcome is not None:
        data["outcome"] = outcome
    return CommandInput(id="", type=type_, data=data, role="platform")
