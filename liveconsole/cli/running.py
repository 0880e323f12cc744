"""A running engine put together: store, core, engine, door, capture sources, platform, engine.json."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from liveconsole import __version__
from liveconsole.advice.judged import AdviceFiles, judged
from liveconsole.books.figures import member_figures
from liveconsole.bus import decode, discovery, tokens
from liveconsole.bus.errors import BusError, Busy, EngineCannotWrite, EngineGone
from liveconsole.bus.presence import Presence
from liveconsole.bus.rooms.parts import WallParts
from liveconsole.bus.server import BusServer
from liveconsole.bus.sharing.seats_kept import SeatsInDatabase
from liveconsole.bus.sharing.share import Sharing
from liveconsole.bus.starting import child_environment, program
from liveconsole.cli.backing_up import scheduled_backups
from liveconsole.cli.connecting import MAKERS, ConnectedRoom
from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.connections import (
    ASKS,
    AskedByConnection,
    ConnectedPlatform,
    Connections,
    longer_than_others,
)
from liveconsole.connectors.drand.beacons import Beacons
from liveconsole.connectors.sources import Sources, of_folder, supervise
from liveconsole.domain.drand import QUICKNET, Chain
from liveconsole.domain.drills.run import silent_for
from liveconsole.domain.effects import Effect
from liveconsole.domain.gaps import interrupted
from liveconsole.domain.law.rules import news
from liveconsole.domain.shop_asks import AskEffect
from liveconsole.engine.book_answers import BookCommand
from liveconsole.engine.case_watch import CaseWatch
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.clock import Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.dispatch import Dispatcher, Owed, PlatformProgram, asks_of, promotions_of
from liveconsole.engine.engine import Engine, StateView
from liveconsole.engine.folding import Folded
from liveconsole.engine.forgotten_list import forget_again
from liveconsole.engine.gaps import follow_gaps
from liveconsole.engine.reviewing import review_by_machine
from liveconsole.engine.shown import ShownState
from liveconsole.exits import Exit
from liveconsole.messages.gaps import SourceGap
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.schema import schema
from liveconsole.messages.whole import known_types, make_whole
from liveconsole.overlay.page import page
from liveconsole.overlay.view import overlay_view
from liveconsole.store.kept_at import Leader
from liveconsole.store.store import Store
from liveconsole.tasks import cancel_all, spawn
from liveconsole.views.questions import BadRulesFile, Questions, built_in, of_room

if TYPE_CHECKING:
    from liveconsole.bus.nats.dialing import BrokerAt
    from liveconsole.connectors.rehearsal.client import PlatformClient

log = logging.getLogger(__name__)

LONELY_SECONDS: Final = 600.0
"""An engine that a desk started ends this long after its last seat, off air and owing nothing."""
_ANNOUNCED_SECONDS: Final = 2.0
"""So long the engine may be found by nobody."""
_LOOK_SECONDS: Final = 5.0
_LISTS_SECONDS: Final = 2.0
_WALL_SECONDS: Final = 1.0
_encode = msgspec.json.Encoder().encode


class Relief:
    """Called once, on any thread, when an engine leads no more; does then what it was told to, or at once
    where it is told later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._came = False
        self._then: Callable[[], object] = lambda: None

    def __call__(self) -> None:
        with self._lock:
            self._came, then = True, self._then
        then()

    def then(self, do: Callable[[], object]) -> None:
        """Do this, in place of what was told before."""
        with self._lock:
            self._then, came = do, self._came
        if came:
            do()


class Lead(NamedTuple):
    """An engine leads a room that others stand by for."""

    leader: Leader
    folded: Folded | None
    """The room at the end of its log, where it was followed before."""
    relief: Relief
    """Tells when it leads no more."""


class EngineRun:
    """One engine from start to stop. `run` returns the exit code: 0 when asked to stop, 1 when fenced."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        *,
        port: int | None,
        with_desk: bool,
        chain: Chain | None = QUICKNET,
        lead: Lead | None = None,
        nats: BrokerAt | None = None,
    ) -> None:
        """``lead``: how this engine leads a room in a database; None where the room is its own file.
        ``nats``: the broker at which it serves as well."""
        self._nats = nats
        self._folder = folder
        self._store = store
        self._port = port
        self._with_desk = with_desk
        self._chain = chain
        self._lead = lead
        self._may_ask = (lambda: True) if lead is None else lead.leader.may_ask
        self._lost = asyncio.Event()
        self._stopping = asyncio.Event()
        self._advice = AdviceFiles(folder)
        self._figures = member_figures(folder)
        self._cases = CaseWatch()

    def stop(self) -> None:
        """Ask it to end; may be called more than once."""
        self._stopping.set()

    def relieved(self) -> None:
        """Another engine leads the room: end, and ask and write nothing more. On the loop's thread."""
        self._lost.set()

    async def run(self, *, ready: Callable[[str], None]) -> int:
        """Serve until `stop`; ``ready`` gets the URL once everything answers."""
        make_whole(known_types())  # the writer, the readers and dry runs decode into them at the same time
        core, engine, clock = self._engine()
        before = interrupted(core.room, clock.now())
        platform = _simulated_platform(self._folder, engine, clock) if self._store.meta.simulated else None
        post = _poster(engine)
        door = ConnectedRoom(engine, post, clock.now, self._folder)
        self._connections = Connections(self._folder, door, MAKERS)
        dispatcher = Dispatcher(
            engine,
            _programs(platform, self._connections),
            longer=longer_than_others if platform is None else lambda _effect: 0.0,
            may_ask=self._may_ask,
        )
        asks = Dispatcher(engine, {ASKS: AskedByConnection(self._connections)}, may_ask=self._may_ask)
        engine.on_owed = partial(_hand_on, dispatcher, asks)
        beacons = Beacons(engine, self._chain, clock.until)
        engine.on_awaited = beacons.awaited
        self._sources = Sources(post, makers=of_folder(self._folder))
        self._present = Presence(clock.now)
        self._backups = scheduled_backups(self._folder, engine, self._store.meta.room_id, clock)
        seats = _seats_of(self._store, self._folder)
        self._sharing = Sharing(self._folder, self._store.meta.room_id, clock.now, seats)
        access = tokens.load(self._folder)
        server = BusServer(
            engine,
            tokens=access.tokens,
            proof_key=access.proof_key,
            schema=lambda: _encode(schema()),
            overlay_page=page,
            stop=self.stop,
            present=self._present,
            connections=self._connections,
            sharing=self._sharing,
            phone=self._phone,
        )
        self._sharing.serve(server, partial(_on_air, engine))
        await engine.start()
        tasks = [
            spawn(self._backups.follow(), name="backups"),
            spawn(supervise(lambda: core.room.settings.sources, self._sources), name="sources"),
            spawn(self._connections.follow(lambda: core.room.settings), name="connections"),
            spawn(self._follow_lists(engine), name="word lists"),
            spawn(review_by_machine(engine, self._advice), name="reviews by machine"),
            spawn(self._follow_gaps(engine, clock, before), name="gaps"),
            spawn(self._cases.follow(engine), name="clocks after the order"),
            *([] if self._lead is None else [spawn(_tell_wall(engine, self._lead), name="wall")]),
            spawn(engine.books.stay_ready(engine.is_idle), name="the books are ready"),
        ]
        try:
            discovery.clear(self._folder)
            port = await server.open(access.port if self._port is None else self._port)
            tokens.keep_port(self._folder, access, port)
            url = f"http://127.0.0.1:{port}"
            found = discovery.Discovery(url, os.getpid(), __version__, access.proof_key, access.tokens)
            discovery.announce(self._folder, found)
            tasks.append(spawn(self._stay_found(found), name="engine.json"))
            tasks.append(spawn(self._sharing.follow(), name="sharing"))
            if self._nats is not None:
                tasks.append(spawn(self._at_broker(self._nats, engine, server, clock), name="broker"))
            if self._with_desk:
                tasks.append(spawn(self._end_when_lonely(engine, server), name="lonely engine"))
            ready(url)
            if platform is not None:  # behind the rest: it is a program that takes as long to load
                tasks.append(spawn(platform.start(), name="simulated platform"))
            await self._until_stopped(engine)
        finally:
            await dispatcher.close()  # nothing is asked of what ends with the tasks
            await asks.close()
            await cancel_all(tasks)
            discovery.withdraw(self._folder, os.getpid())
            await beacons.close()
            if platform is not None:
                await platform.close()
            await self._sharing.close()
            await server.close()
            await engine.stop()
        if self._stopping.is_set() and self._lost.is_set():
            return Exit.OK  # asked to end, and relieved meanwhile
        return Exit.FAILED if engine.fenced.is_set() else Exit.OK

    async def _at_broker(self, at: BrokerAt, engine: Engine, server: BusServer, clock: Clock) -> None:
        from liveconsole.bus.nats.serving import AtBroker, Leads

        led = self._lead.leader.epoch if self._lead is not None else None
        leads = Leads(self._store.meta.epoch if led is None else led, self._may_ask)
        room = AtBroker(at, self._folder, self._store.meta.room_id, self._sharing, self._present, leads)
        await room.run(engine, server, clock.now)

    def _engine(self) -> tuple[RoomCore, Engine, Clock]:
        """The room as its log says, and the engine that is to run it; nothing runs yet."""
        lead = self._lead
        clock = Clock() if lead is None else Clock(wall=lead.leader.wall)
        core = RoomCore(
            self._store,
            now=clock.now(),
            chance=SystemChance(self._chain),
            simulated=self._store.meta.simulated,
            folded=None if lead is None else lead.folded,
        )
        core.law = lambda: self._advice.rules
        core.figures = lambda: self._figures
        core.terms = self._advice.terms
        clock.anchor(core.room.at)
        forget_again(core, self._folder, clock.now())
        shown = ShownState(core, self._store.meta.store_id, self._advice)
        engine = Engine(
            self._store,
            core,
            clock,
            state=self._state_of(shown),
            overlay=overlay_view,
            judge=partial(judged, self._advice),
            questions=partial(_questions, self._folder),
            books=BookCommand([*program(), "read-books"], child_environment()),
        )

        async def phone(role: str, english: bool) -> tuple[bytes, datetime]:
            now = clock.now()
            return await engine.view(lambda _core: shown.phone(now, role, english=english)), now

        self._phone = phone
        return core, engine, clock

    def _state_of(self, shown: ShownState) -> StateView:
        """What makes the body of the state, with the health of the capture sources, who follows and what
        the lists are like in it."""

        def state(now: datetime, health: dict[str, Any], role: str, have: str) -> bytes:
            beside = {
                "capture": self._sources.health(now),
                "connections": self._connections.states(),
                "seats": self._present.seats,
                "seats_more": self._present.more,
                "lists": self._advice.files_at(now),
                **self._cases.told(now),
                "backup": self._backups.state(),
                "sharing": self._sharing.shown,
            }
            return shown.answer(now, {**health, **beside}, role, have)

        return state

    async def _follow_gaps(self, engine: Engine, clock: Clock, before: Sequence[SourceGap]) -> None:
        await follow_gaps(engine, self._sources.health, self._connections.states, clock.now, before)

    async def _follow_lists(self, engine: Engine) -> None:
        """What a person edits marks the queue as well as the draft, without a draft being judged first."""
        while True:
            with suppress(NotTaken):  # the room cannot be looked at for now
                await self._law_news(engine)
            await asyncio.sleep(_LISTS_SECONDS)
            await asyncio.to_thread(self._advice.look)
            self._figures = await asyncio.to_thread(member_figures, self._folder)

    async def _law_news(self, engine: Engine) -> None:
        """Rules that are others than those on the log hold from here on."""
        found = self._advice.rules
        if found is not None and await engine.view(lambda core: news(core.room, found)):
            await engine.ask_self("law.read", {"rules": msgspec.to_builtins(found)})

    async def _stay_found(self, found: discovery.Discovery) -> None:
        """Write engine.json again where it was deleted or cannot be read; that of another engine stays."""
        while True:
            await asyncio.sleep(_ANNOUNCED_SECONDS)
            if discovery.look_up(self._folder) is not None:
                continue
            try:
                discovery.announce(self._folder, found)
                log.warning("engine.json was gone and is written again")
            except OSError as error:
                log.error("engine.json is gone and cannot be written: %s", error)

    async def _until_stopped(self, engine: Engine) -> None:
        waiting = [
            spawn(self._stopping.wait(), name="waits for stop"),
            spawn(engine.fenced.wait(), name="waits for a fence"),
            spawn(self._lost.wait(), name="waits for another leader"),
        ]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if self._lost.is_set():
            log.critical("another engine leads this room, this one ends")
            engine.end()
        await cancel_all(waiting)

    async def _end_when_lonely(self, engine: Engine, door: BusServer) -> None:
        loop = asyncio.get_running_loop()
        since = loop.time()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            busy = await engine.view(lambda core: bool(core.owed()) or core.room.broadcast.status == "open")
            if door.seats or busy:
                since = loop.time()
            elif loop.time() - since >= LONELY_SECONDS:
                log.info("no seat for %g s, off air, nothing owed: the engine ends", LONELY_SECONDS)
                self.stop()
                return


def _seats_of(store: Store, folder: Path) -> SeatsInDatabase | None:
    """The seats of a room in a database; None: they lie in the folder."""
    kept = store.seats()
    if kept is None:
        return None
    seats = SeatsInDatabase(kept)
    seats.take_over(folder)
    return seats


async def _tell_wall(engine: Engine, lead: Lead) -> None:
    """Who looks at all rooms of a database asks none of their engines: each tells how it stands."""
    parts, room = WallParts(), engine.health()["room"]
    while True:
        with suppress(NotTaken):  # the room cannot be looked at for now; it is told again when it can
            body, _ = await engine.state("viewer", parts.have)
            parts.take(body)
            lead.leader.tell(_encode(parts.shown(room, room)))
        await asyncio.sleep(_WALL_SECONDS)


async def _on_air(engine: Engine) -> tuple[int, bool]:
    return await engine.view(lambda core: (core.room.broadcast.number, core.room.broadcast.status == "open"))


def _questions(folder: Path) -> Questions:
    """The groups that a report counts comments in."""
    try:
        return of_room(folder)
    except BadRulesFile as error:
        log.warning("the room's own groups of questions cannot be used: %s", error)
        return built_in()


def _hand_on(
    promotions: Dispatcher[Effect], asks: Dispatcher[AskEffect], platform: str, owed: Sequence[Owed]
) -> None:
    """What was committed last owes: promotions by the room's platform, the rest by the shop's connection."""
    promotions.owed(platform, promotions_of(owed))
    asks.owed(ASKS, asks_of(owed))


def _programs(simulated: PlatformClient | None, connections: Connections) -> dict[str, PlatformProgram]:
    """What carries out effects, by the room's platform; `own` and `manual` need nothing."""
    if simulated is not None:
        return {"rehearsal": simulated}
    connected = ConnectedPlatform(connections)
    return {"wechat_shop": connected, "browser": connected}


def _simulated_platform(folder: Path, engine: Engine, clock: Clock) -> PlatformClient:
    """Loaded for a simulated room only: a real one does not wait for it."""
    from liveconsole.connectors.rehearsal.client import PlatformClient

    async def silent() -> float | None:
        return await engine.view(lambda core: silent_for(core.room, clock.now()))

    return PlatformClient(folder, silent)


def _poster(engine: Engine) -> Callable[[list[CloudEvent]], Any]:
    """What capture sources inside the engine's process post to: the door's own decoder, without the wire."""

    async def post(events: list[CloudEvent]) -> object:
        facts = decode.read_events(
            "application/cloudevents-batch+json", _encode(events), simulated=engine.simulated
        )
        try:
            return await engine.post(facts)
        except NotTaken as error:
            raise _as_bus_error(error) from error

    return post


def _as_bus_error(error: NotTaken) -> BusError:
    if error.code == "inbox_full":
        return Busy(error.code, str(error), 429, error.retry_after)
    if error.code == "cannot_write":
        return EngineCannotWrite(error.code, str(error), 507)
    return EngineGone(str(error))
