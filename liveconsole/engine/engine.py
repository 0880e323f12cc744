"""The asyncio shell of `RoomCore`: inbox, group commit on one store thread, the timer, followers, effects."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from liveconsole import __version__
from liveconsole.domain.drand import Awaited
from liveconsole.domain.judge import judge
from liveconsole.domain.room import Room
from liveconsole.engine import asking, forgetting, viewers, whole_room
from liveconsole.engine.book_answers import BookAnswers, BookCommand
from liveconsole.engine.clock import TOO_FAR_AHEAD, Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.dispatch import Owed, RoomWants, wanted
from liveconsole.engine.draws import Draws
from liveconsole.engine.dry_runs import DryRuns, Judge
from liveconsole.engine.followers import FORGOTTEN, LogFollower, Tail
from liveconsole.engine.history import History
from liveconsole.engine.inbox import Inbox, Waiting, fail
from liveconsole.engine.last_heard import LastHeard, Troubled
from liveconsole.engine.measured import EngineMeasured, in_room
from liveconsole.engine.outcome import Fenced, Outcome, Unwritten, WriteLost
from liveconsole.engine.pace import CommitPace
from liveconsole.engine.pictures import Pictures
from liveconsole.engine.upkeep import Chore, chores
from liveconsole.failpoints import failpoint
from liveconsole.messages.bounds import FRAME_BYTES, PAGE_BYTES, Lag
from liveconsole.messages.inputs import (
    Answer,
    ClockInput,
    CommandAnswer,
    CommandInput,
    FactsAnswer,
    FactsInput,
    Input,
    NotTaken,
    answered,
)
from liveconsole.messages.joining import Checkpoint
from liveconsole.messages.measures import RoomMeasures
from liveconsole.messages.order_list import OrdersSought
from liveconsole.messages.rights import MAY
from liveconsole.store.errors import StoreBroken, StoreError
from liveconsole.store.reader import Reader
from liveconsole.store.store import Store
from liveconsole.tasks import cancel_all, spawn
from liveconsole.views import order_list
from liveconsole.views.questions import Questions, built_in

log = logging.getLogger(__name__)

T = TypeVar("T")
FORGETS: Final = "viewer.forget"
_WATCH_SECONDS: Final = 1.0
_IDLE_SECONDS: Final = 5.0  # without a commit for so long, nobody waits for the writer
_RETRY_SECONDS: Final = 0.5
View = Callable[[RoomCore, datetime, dict[str, Any]], bytes]
"""Makes a JSON body of the room, on the store thread; the last argument is the engine's health."""
StateView = Callable[[datetime, dict[str, Any], str, str], bytes]  # for a role that has what ``have`` names


class Engine:
    """One running room; the room port of the bus. Everything here runs on one event loop but `RoomCore`.

    ``fenced`` is set when another writer appended to the log, or the disk failed to keep what was written:
    the program must end, and the next one reads what is there.
    """

    def __init__(
        self,
        store: Store,
        core: RoomCore,
        clock: Clock,
        *,
        state: StateView,
        overlay: View,
        judge: Judge = judge,
        questions: Callable[[], Questions] = built_in,
        books: BookCommand | None = None,
    ) -> None:
        self._store = store
        self._core = core
        self._clock = clock
        self._state_view = state
        self._overlay_view = overlay
        self._dry_runs = DryRuns(self.view, judge, clock.now)
        self._inbox = Inbox()
        self.sources, self._troubled = LastHeard(clock), Troubled(clock)
        self._tail = Tail(self._pages, core.seq)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._reader: Reader = store.open_reader()
        self._chores = chores(store, core)
        for chore in self._chores:  # what the last run left to do
            chore.look()
        self._history = History(
            store.open_reader(),
            simulated=store.meta.simulated,
            questions=questions,
            keep=lambda cards: self.view(lambda _core: store.keep_cards(cards)),
            broken=self._disk_failed,
        )
        self._draws = Draws(self._reader)
        self.books = BookAnswers(store, clock.now, self._unreadable, books)
        self.pictures = Pictures(store, self.view, self._read_with, self._disk_failed)
        self._asking = asking.AskingRoom(self._reader, questions, store.folder)
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._due: datetime | None = core.next_due()
        core.wall = clock.wall
        self._hold_until = 0.0
        self._committed_at = 0.0
        self._pace = CommitPace()
        self._measured = EngineMeasured()
        self._damaged = False
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self.fenced = asyncio.Event()
        self.on_owed: Callable[[str, Sequence[Owed]], None] | None = None
        """Called on the loop after every commit with the room's platform and what it owes an answer to."""
        self.on_awaited: Callable[[Sequence[Awaited]], None] | None = None
        """Called on the loop after every commit with the public values that draws wait for."""

    @property
    def simulated(self) -> bool:
        return self._store.meta.simulated

    @property
    def room(self) -> Room:
        """The living room; read it on the store thread only (`view`)."""
        return self._core.room

    async def start(self) -> None:
        """Begin: what fell due while nobody ran happens now."""
        self._tasks = [
            spawn(self._commits(), name="engine commits"),
            spawn(self._watch(), name="engine watches the clock"),
        ]
        if self.on_owed is not None:
            self.on_owed(*await self.view(lambda core: wanted(core.room)))
        if self.on_awaited is not None:
            self.on_awaited(await self.view(RoomCore.awaited))
        self._wake.set()

    async def stop(self) -> None:
        """Take nothing more, commit what was taken, keep a snapshot, let go of the store."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            await self._tasks[0]
        await cancel_all(self._tasks)
        if self._timer is not None:
            self._timer.cancel()
        self._tail.end()
        loop = asyncio.get_running_loop()
        if not self.fenced.is_set():
            await loop.run_in_executor(self._writer, self._save)
        await loop.run_in_executor(None, self._dry_runs.close)
        await self._history.rest()
        self._writer.shutdown()
        self._reading.shutdown()
        self._reader.close()
        self._history.close()
        await loop.run_in_executor(None, self.books.close)
        self._store.close()

    async def post(self, facts: FactsInput) -> FactsAnswer:
        if not facts.facts:
            return answered(0, 0, facts.problems, self._tail.last, facts.more)
        answer = await self._submit(facts)
        assert isinstance(answer, FactsAnswer)
        self.sources.heard(facts.facts)
        return answer

    async def ask(self, command: CommandInput) -> CommandAnswer:
        if command.type == FORGETS and command.type in MAY.get(command.role, ()):
            await self._look_through(command)
        ready = await self.pictures.fetched(command)
        if isinstance(ready, CommandAnswer):
            return ready
        command = ready
        answer = await self._submit(command)
        assert isinstance(answer, CommandAnswer)
        return answer

    async def _look_through(self, command: CommandInput) -> None:
        """Where the log may name whom this wants forgotten, off the writer's thread."""
        whom = await self.view(lambda core: forgetting.whom(core.people, command.data))
        if whom is None:
            return
        found = await self._reads(partial(self._reader.facts_with, whom.mentions.sought, 0))
        await self.view(lambda core: core.looked_through.update({command.id: found}))

    async def ask_self(self, type_: str, data: dict[str, Any]) -> CommandAnswer:
        """Ask a command of the engine's own (role ``platform``): never refused for want of room."""
        answer = await self._submit(CommandInput("", type_, data, "platform"), own=True)
        assert isinstance(answer, CommandAnswer)
        return answer

    async def denied(self, role: str, what: str) -> None:
        await self.view(lambda core: core.deny(role, what, self._clock.now()))

    async def judge(self, type: str, data: dict[str, Any], role: str) -> bytes:
        return await self._dry_runs.ask(type, data, role)

    async def state(self, role: str, have: str) -> tuple[bytes, datetime]:
        waits = self._asking.open_question(self._clock.now())
        health = {**self.health(), "sources": self.sources.heard_at(), "open_question": waits}

        def look(core: RoomCore) -> tuple[bytes, datetime]:
            now = self._clock.now()
            return self._state_view(now, health, role, have), now

        return await self.view(look)

    async def overlay(self) -> bytes:
        health = self.health()
        return await self.view(lambda core: self._overlay_view(core, self._clock.now(), health))

    async def log(self, after: int, limit: int, types: Sequence[str]) -> list[bytes]:
        return await self._read(after, limit, types, PAGE_BYTES)

    async def _read(self, after: int, limit: int, types: Sequence[str], most_bytes: int) -> list[bytes]:
        return await self._reads(partial(self._reader.read, after, limit, types, most_bytes=most_bytes))

    async def checkpoint(self, source: str) -> Checkpoint:
        return await self._reads(partial(self._reader.newest_of, source))

    async def search(self, text: str, before: int, limit: int) -> bytes:
        found = await self._reads(partial(self._reader.search, text, before, limit))
        return b'{"events":[%b],"before":%d,"at":"%b"}' % (b",".join(found.lines), found.before, found.at)

    async def broadcasts(self) -> bytes:
        return await self._readable(self._history.broadcasts())

    async def past_broadcasts(self, before: int, limit: int) -> bytes:
        return await self._readable(self._history.past(before, limit))

    async def broadcast(self, number: int) -> bytes | None:
        return await self._readable(self._history.report(number))

    async def _readable(self, asked: Awaitable[T]) -> T:
        try:
            return await asked
        except StoreError as error:
            self._unreadable(error)
            log.error("the store cannot be read: %s", error)
            raise NotTaken("log_unreadable", str(error)) from error

    async def viewers(self, text: str) -> bytes:
        return await self._reads(partial(viewers.search, self._reader, text))

    async def viewer(self, id: str) -> bytes | None:
        seen = await self.view(lambda core: viewers.in_room(core.room, core.people.inside(id)))
        return await self._reads(partial(viewers.card, self._reader, seen))

    async def orders(self, sought: OrdersSought) -> bytes:
        return await self.view(lambda core: order_list.encoded(core.room, sought))

    async def questions(self) -> bytes:
        room = await self.view(lambda core: asking.in_room(core.room))
        return await self._reads(partial(self._asking.look, self._clock.now(), room))

    async def _reads(self, look: Callable[[], T]) -> T:
        """Read the store on the reading thread."""
        return await self._readable(asyncio.get_running_loop().run_in_executor(self._reading, look))

    async def _read_with(self, look: Callable[[Reader], T]) -> T:
        return await self._reads(partial(look, self._reader))

    async def draw_entries(self, id: str, after: str) -> bytes | None:
        return await self._reads(partial(self._draws.entries, id, after))

    def follow(self, after: int, lag: Lag | None = None) -> LogFollower:
        return self._tail.follow(after, lag)

    async def moved(self, beyond: int) -> int:
        try:
            await self._tail.moved(beyond)
        except asyncio.CancelledError:
            if self._stopping:
                return -1
            raise
        return self._tail.last

    def health(self) -> dict[str, Any]:
        trouble = self._trouble()
        return {
            "ok": not self.fenced.is_set() and not trouble,
            "trouble": trouble,
            "trouble_since": self._troubled.since(trouble),
            "version": __version__,
            "room": self._store.meta.room_id,
            "simulated": self.simulated,
            "seq": self._tail.last,
            "clock_ahead_seconds": self._clock.ahead(),
            "waiting": self._inbox.urgent + self._inbox.comments,
            "sources": self.sources.ages(),
        }

    async def measures(self) -> RoomMeasures:
        room, size = await self.view(in_room), await asyncio.to_thread(self._store.size)
        return self._measured.told(self.health(), self._inbox, self._tail, size, room)

    def _trouble(self) -> str:
        """What a person has to see to: ``cannot_write`` until a write goes through again, ``log_damaged``
        from the first page that a reader found to be damaged, ``clock_ahead`` until it is repaired. What was
        answered is safe in all of them."""
        if self._hold_until:
            return "cannot_write"
        if self._damaged:
            return "log_damaged"
        return "clock_ahead" if self._clock.ahead() >= TOO_FAR_AHEAD else ""

    def _unreadable(self, error: StoreError) -> None:
        self._damaged = self._damaged or isinstance(error, StoreBroken)

    async def view(self, look: Callable[[RoomCore], T]) -> T:
        """Look at the room between two commits, on the store thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, whole_room.seen, self._core, look)

    async def _submit(self, one: Input, *, own: bool = False) -> Answer | None:
        if self._stopping or self.fenced.is_set():
            raise NotTaken("engine_stopped")
        answer = self._inbox.put(one, own=own)
        self._wake.set()
        return await answer

    async def _pages(self, after: int, limit: int) -> list[bytes]:
        return await self._read(after, limit, (), FRAME_BYTES - 1)

    async def _commits(self) -> None:
        """Drain what is queued, commit, answer, again: a commit takes whatever came during the one before."""
        while not self.fenced.is_set():
            if (chore := self._chore()) is not None:
                await self._do(chore)
                continue
            batch = self._drain()
            if not batch and not self._is_due():
                if self._stopping:
                    return
                self._set_timer()
                self._wake.clear()
                await self._wake.wait()
                continue
            await self._commit(batch)

    def _drain(self) -> list[Waiting]:
        if self._due is None or self._stopping:
            return self._pace.all_of(self._inbox)
        return self._pace.before(self._left(), self._inbox)

    def _left(self) -> float:
        """Seconds until the next deadline that nothing holds back."""
        if self._due is None:
            return math.inf
        left = self._clock.until(self._due)
        return math.inf if left == 0.0 and not self._is_due() else left  # a write failed: it is not yet time

    def _chore(self) -> Chore | None:
        """What the writer shall do for the store before it commits again."""
        if self._stopping:
            return None  # closing the store does it all
        left, idle = self._left(), self.is_idle()
        return next((chore for chore in self._chores if chore.is_time(left, idle=idle)), None)

    def is_idle(self) -> bool:
        """Tell whether nothing was committed for some seconds."""
        return asyncio.get_running_loop().time() - self._committed_at > _IDLE_SECONDS

    async def _do(self, chore: Chore) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await loop.run_in_executor(self._writer, chore.do)
        except StoreBroken as error:
            self._disk_failed(error)
        except StoreError as error:
            log.warning("the store is not tidied up: %s", error)
        chore.took(loop.time() - began)

    async def _commit(self, batch: list[Waiting]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            outcome, due, wants = await loop.run_in_executor(self._writer, self._process, batch)
        except Unwritten as error:
            log.error("cannot write: %s", error)
            self._hold_until = loop.time() + _RETRY_SECONDS
            if self._core.seq != self._tail.last:
                self._look_again()  # it stands on disk all the same: the disk's no came behind its yes
            fail(batch, NotTaken("cannot_write", str(error)))
            return
        except Fenced as error:
            log.critical("another engine writes this log, this one ends: %s", error)
            self.end(batch)
            return
        except WriteLost as error:
            self._disk_failed(error, batch)
            return
        except Exception:
            log.exception("a commit failed with a bug")
            self._look_again()
            fail(batch, NotTaken("cannot_write", "a fault of the program"))
            return
        self._hold_until = 0.0
        self._committed_at = loop.time()
        self._due = due
        self._pace.learn(sum(waiting.weight for waiting in batch), loop.time() - began)
        self._measured.committed(outcome.committed.types, loop.time() - began)
        for waiting, answer in zip(batch, outcome.answers, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(answer)
        try:
            if FORGOTTEN in outcome.committed.types:
                self._history.forget()
                self.books.forget()
            self._tail.publish(outcome.committed)
            failpoint("published", lambda: outcome.committed.types)
            if self.on_owed is not None:
                self.on_owed(wants.platform, wants.owed)
            if self.on_awaited is not None:
                self.on_awaited(wants.awaited)
        except Exception:
            log.exception("what was committed was not handed on, by a bug")
            self._look_again()

    def _look_again(self) -> None:
        """A bug came in between, perhaps behind the disk's yes: commit once more, to learn what is due."""
        self._hold_until = asyncio.get_running_loop().time() + _RETRY_SECONDS
        self._due = self._clock.now()

    def _disk_failed(self, error: Exception, batch: Sequence[Waiting] = ()) -> None:
        log.critical("the disk failed to keep what was written, this engine ends: %s", error)
        self.end(batch)

    def end(self, batch: Sequence[Waiting] = ()) -> None:
        """Take, write and save nothing more: the disk failed, or another engine leads the room."""
        self.fenced.set()
        fail([*batch, *self._rest()], NotTaken("engine_stopped"))

    def _process(self, batch: list[Waiting]) -> tuple[Outcome, datetime | None, RoomWants]:
        """On the store thread."""
        core = self._core
        outcome = core.process([waiting.one for waiting in batch], self._clock.now())
        if "clock.repaired" in outcome.committed.types:
            self._clock.repair()
            self.sources.not_after(self._clock.now())
        for chore in self._chores:
            chore.look()
        return outcome, core.next_due(), RoomWants(*wanted(core.room), core.awaited())

    def _rest(self) -> list[Waiting]:
        rest: list[Waiting] = []
        while self._inbox:
            rest.extend(self._inbox.drain())
        return rest

    def _is_due(self) -> bool:
        if self._due is None or self._due > self._clock.now():
            return False
        return asyncio.get_running_loop().time() >= self._hold_until

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._due is not None:
            loop = asyncio.get_running_loop()
            wait = max(self._clock.until(self._due), self._hold_until - loop.time())
            self._timer = loop.call_later(wait, self._wake.set)

    async def _watch(self) -> None:
        """Sleep and suspend stop the loop's timers but not our clock: look again every second."""
        while True:
            await self._measured.sleep(_WATCH_SECONDS)
            step = self._clock.stepped()
            if step is not None:
                log.warning("the wall clock was set by %+.1f s; no deadline moves", step)
                with_answer = self._inbox.put(ClockInput(step), own=True)
                with_answer.add_done_callback(lambda done: done.exception())
            if step is not None or self._is_due() or self._chore() is not None:
                self._wake.set()

    def _save(self) -> None:
        try:
            self._core.save()
        except Exception:
            log.exception("no snapshot at the end; the next start folds more")
