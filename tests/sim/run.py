"""One seed from its first moment to its last: faults, then (in liveness mode) peace, and all that is owed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from random import Random
from typing import Literal

from msgspec import Struct

from liveconsole.engine import folding, inbox
from liveconsole.store.errors import StoreError
from tests.sim.broken import must
from tests.sim.clients import Commands
from tests.sim.evenings import Evenings
from tests.sim.faults import Faults
from tests.sim.market import Crowd, Market
from tests.sim.platform import SECOND
from tests.sim.seats import Script, Seat
from tests.sim.world import World

Mode = Literal["safety", "liveness"]
SEVERAL = 0.4
"""Of the seeds so many play more than one broadcast."""
SETTLED_WITHIN = 180
"""Virtual seconds after the last fault: by then everything owed is settled."""


class Ran(Struct):
    seed: int
    mode: Mode
    broken: str | None
    trace: str
    seconds: float
    """Virtual."""
    events: int
    faults: Counter[str]
    types: set[str]
    lives: set[tuple[str, str]]
    """(kind of promotion, status) of everything that moved."""


def mode_of(seed: int) -> Mode:
    return "liveness" if seed % 2 else "safety"


def run(
    seed: int,
    mode: Mode | None = None,
    *,
    telling: Callable[[str], None] | None = None,
    only: frozenset[str] | None = None,
    lying_disk: bool = False,
) -> Ran:
    """Run a seed. ``only`` names the faults that may strike, in place of the seed's own choice."""
    mode = mode or mode_of(seed)
    kept = folding.SNAPSHOT_EVERY, inbox.BATCH
    with ExitStack() as undo:
        undo.callback(lambda: _put_back(kept))
        dice = Random(f"{seed}/run")
        faults = Faults(Random(f"{seed}/faults"), only)
        world = World(seed, faults, simulated=dice.random() < 0.6, telling=telling)
        world.disk.lies = lying_disk
        undo.enter_context(_listening(world))
        undo.callback(world.end)
        room = Everybody(world)
        world.run_until(dice.randint(44, 74) * SECOND)
        if mode == "liveness" and world.checker.broken is None:
            world.heal()
            room.rest()
            _settle(world, room)
        if world.checker.broken is None:
            world.last_look()
    seen = world.checker
    return Ran(
        seed,
        mode,
        seen.broken,
        world.trace(),
        world.now / SECOND,
        len(world.disk.rows),
        faults.seen,
        seen.heard_of,
        seen.lives,
    )


class Everybody:
    """Who is in the room."""

    def __init__(self, world: World) -> None:
        self._world = world
        seed = world.seed
        self.commands = Commands(world, Random(f"{seed}/commands"))
        script = Script(world, self.commands, Random(f"{seed}/script"))
        self.script = script
        self.seats = [
            Seat(world, self.commands, script, role, Random(f"{seed}/{role}"))
            for role in ("host", "operator", "assistant")
        ]
        self.market = Market(world, self.commands, Random(f"{seed}/market"))
        self.crowd = Crowd(world, Random(f"{seed}/crowd"))
        evenings = Random(f"{seed}/evenings")
        self.evenings = None
        if evenings.random() < SEVERAL:
            self.evenings = Evenings(world, self.commands, script, self.market.shop, evenings)
        self.producers = [self.market.shop, *self.crowd.tools]
        world.on_restart = self._restarted

    def _restarted(self) -> None:
        if self._world.faults.strikes("producer.after_restart"):
            for producer in self.producers:
                producer.resend(5)
            self.commands.again(6)

    def rest(self) -> None:
        """Nobody presses anything any more; what was begun goes on."""
        self.market.resting = self.crowd.resting = True
        if self.evenings is not None:
            self.evenings.resting = True
        for seat in self.seats:
            seat.resting = True

    def owed(self) -> str:
        """What somebody still waits for; "" when nothing."""
        for producer in self.producers:
            if producer.outbox:
                return f"{producer.source} still has {len(producer.outbox)} facts"
        if self.commands.waiting:
            return f"commands wait: {list(self.commands.waiting)[:3]}"
        return self._world.owed()

    def tidy(self) -> None:
        """A person answers what no program can: what became of a firing that the platform never heard of. And
        ends the plans, which would go on for minutes."""
        checker = self._world.checker
        for cue_id in checker.plans.cues:
            if checker.stage.cues[cue_id].status == "standby":
                self.commands.ask("host", "cue.remove", {"cue_id": cue_id}, tries=100)
        for cue in list(self._world.checker.stage.live.values()):
            by_hand = self.script.settings["platform"] == "manual"
            if not cue.key or not (by_hand or cue.status == "unknown"):
                continue
            done = by_hand or self._world.ledger.outcome(cue.key) == "done"
            data = {"cue_id": cue.cue_id, "step": cue.step, "done": done}
            self.commands.ask("host", "cue.confirm", data, tries=100)


def _settle(world: World, room: Everybody) -> None:
    end = world.now + SETTLED_WITHIN * SECOND
    rounds = 0
    while world.now < end and world.checker.broken is None:
        world.run_until(min(end, world.now + 5 * SECOND))
        rounds += 1
        if rounds % 4 == 0:
            room.tidy()
        elif rounds > 4 and not room.owed():
            return
    world.checker.guard(must, not room.owed(), "not settled after all faults stopped:", room.owed())


class _listening(logging.Handler):
    """The engine's own words: a bug that it caught and logged is a bug all the same."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.ERROR)
        self._world = world
        self._log = logging.getLogger("liveconsole")

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, StoreError):
            words = f"{record.getMessage()}: {logging.Formatter().formatException(record.exc_info)}"  # type: ignore[arg-type]
            self._world.checker.guard(must, False, "a bug:", words)

    def __enter__(self) -> None:
        self._log.addHandler(self)
        self._kept = self._log.propagate, self._log.level
        self._log.propagate = False
        self._log.setLevel(logging.ERROR)

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self)
        self._log.propagate = self._kept[0]
        self._log.setLevel(self._kept[1])


def _put_back(kept: tuple[int, int]) -> None:
    folding.SNAPSHOT_EVERY, inbox.BATCH = kept  # type: ignore[misc]


__all__ = ["Mode", "Ran", "mode_of", "run"]
