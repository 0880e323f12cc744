"""One engine's process: the real Engine, Dispatcher, Clock and RoomCore on a virtual loop, put together as
``liveconsole.cli.running`` does it. It can be killed between any two steps, frozen, and revived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any

from liveconsole.bus import decode
from liveconsole.bus.decode import UnreadableBody
from liveconsole.domain.drand import QUICKNET
from liveconsole.engine.clock import Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.dispatch import Dispatcher, promotions_of
from liveconsole.engine.engine import Engine
from liveconsole.messages.inputs import NotTaken
from tests.sim.disk import SimStore
from tests.sim.loop import VirtualLoop
from tests.sim.platform import Line

if TYPE_CHECKING:
    from tests.sim.world import Request, World

BATCH = "application/cloudevents-batch+json"


class Dice:
    """Randomness of one process, as the system's: another process has other bytes."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self.chain = QUICKNET

    def fresh(self, size: int) -> bytes:
        return self._dice.randbytes(size)

    def secret(self, draw_id: str) -> bytes:
        return self._dice.randbytes(32)


class Process:
    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.number = number
        self.asleep = 0
        """Microseconds that the machine was suspended, which the loop's own clock does not count."""
        self.frozen_until: int | None = None
        self.slow_until = 0
        self.others = False
        """Whether another process may have written since this one began."""
        self.stopping = False
        self.began = world.now
        self.core: RoomCore | None = None
        self._held: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []
        self.loop = VirtualLoop(lambda: world.now - self.asleep, self._latency)  # type: ignore[abstract]
        self._dice = Random(f"{world.seed}/process/{number}")
        self.clock = Clock(wall=world.wall_ns, steady=world.steady_ns)
        store: Any = SimStore(world.disk, self)
        self.core = core = RoomCore(
            store, now=self.clock.now(), chance=Dice(self._dice), simulated=world.disk.meta.simulated
        )
        world.checker.guard(world.checker.restarted, core.room, self.clock.now())
        self.clock.anchor(core.room.at)
        self.engine = Engine(store, core, self.clock, state=_no_state, overlay=_no_view)
        self.dispatcher = Dispatcher(
            self.engine, {"rehearsal": Line(self, world.ledger)} if store.meta.simulated else {}
        )
        self.engine.on_owed = lambda platform, owed: self.dispatcher.owed(platform, promotions_of(owed))
        self.loop.start(self.engine.start())
        self.loop.start(self._follow())
        self.loop.run()

    def _latency(self) -> int:
        dice, faults = self._dice, self.world.faults
        if faults.strikes("disk.slow"):
            self.slow_until = self.world.now + 3_000_000
            return dice.randint(100_000, 900_000)
        return dice.randint(300, 4_000)

    @property
    def dead(self) -> bool:
        return self.loop.dead

    @property
    def frozen(self) -> bool:
        return self.frozen_until is not None and self.world.now < self.frozen_until

    def now(self) -> datetime:
        return self.clock.now()

    def run(self) -> None:
        """What is ready."""
        if self.loop.dead or (self.frozen_until is not None and self.frozen):
            return
        if self._held:
            held, self._held = self._held, []
            for call, args in held:
                self.loop.call_soon(call, *args)
        alive = self.loop.run()
        if alive and self.engine.fenced.is_set() and not self.stopping:
            self.world.fenced(self)

    def next_wake(self) -> int | None:
        """The virtual moment at which this process has something to do."""
        if self.loop.dead:
            return None
        if self.frozen_until is not None and self.frozen:
            return self.frozen_until
        when = self.loop.next_wake()
        return when + self.asleep if when is not None else None

    def when_running(self, call: Callable[..., Any], *args: Any) -> None:
        """Something arrives from outside: at once, when it is thawed, or never."""
        if self.loop.dead:
            return
        if self.frozen:
            self._held.append((call, args))
        else:
            self.loop.call_soon(call, *args)

    def kill(self, why: str) -> None:
        if not self.loop.dead:
            self.loop.dead = True
            self.world.died(self, why)

    async def die(self, why: str) -> None:
        """The process dies where it stands: this never returns."""
        self.kill(why)
        await self.loop.create_future()

    def stop(self) -> None:
        """As SIGTERM does."""
        self.stopping = True
        self.when_running(lambda: self.loop.start(self._stop()))

    async def _stop(self) -> None:
        await self.dispatcher.close()
        await self.engine.stop()
        self.kill("stopped")

    # the door

    def arrived(self, request: Request) -> None:
        self.when_running(lambda: self.loop.start(self._serve(request)))

    async def _serve(self, request: Request) -> None:
        try:
            answer: Any
            if request.kind == "events":
                facts = decode.read_events(BATCH, request.body, simulated=self.engine.simulated)
                answer = await self.engine.post(facts)
            else:
                answer = await self.engine.ask(
                    decode.read_command("application/json", request.body, request.role)
                )
            self.world.reply(request, "", answer)
        except NotTaken as no:
            self.world.reply(request, no.code, None)
        except UnreadableBody as no:
            self.world.reply(request, no.code, None)

    async def _follow(self) -> None:
        """The seat that reads the stream, from where the last one was."""
        follower = self.engine.follow(self.world.followed)
        while (lines := await follower.batch()) is not None:
            self.world.streamed(self, lines)

    def tell_again(self, data: dict[str, Any]) -> None:
        """The platform says something that it has said before."""

        async def say() -> None:
            try:
                await self.engine.ask_self("effect.answered", data)
            except NotTaken:
                return

        self.when_running(lambda: self.loop.start(say()))


def _no_state(now: datetime, health: dict[str, Any], role: str, have: str) -> bytes:
    return b"{}"


def _no_view(core: RoomCore, now: datetime, health: dict[str, Any]) -> bytes:
    return b"{}"
