"""The only door between the bus and Qt.

It joins an engine, follows the log, keeps the state fresh, and hands each frame to whoever listens: at most
one batch a frame, never a signal per event. Commands go out with an expiry, so that a press which was
delayed by a restart of the engine is not carried out when nobody expects it any more.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeVar

import msgspec
import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer

from liveconsole import tasks
from liveconsole.bus.errors import BusError, OtherVersion
from liveconsole.bus.receipts import receipt_to_keep
from liveconsole.messages.broadcasts import PastBroadcasts
from liveconsole.messages.playback import SOUGHT
from liveconsole.messages.sharing import ShareAct, ShareAnswer
from liveconsole.messages.state import NothingKnown, State, have, merged, moved_sections
from liveconsole.messages.verdicts import Verdict
from liveconsole.messages.viewer_card import ViewerCard
from liveconsole.views.report import Report
from ui.seat.bus import Bus, Json, verdict_of
from ui.seat.clock import EngineClock
from ui.seat.elsewhere import lost_why
from ui.seat.listeners import Listeners
from ui.seat.pending import Pending

log = logging.getLogger(__name__)

LinkState = Literal["joining", "live", "lost", "closed"]

FRAME_MS: Final = 16
TICK_FRAMES: Final = 5
"""Clocks are painted every fifth frame, 12.5 times a second: enough for tenths."""
BACKLOG: Final = 400
"""Events from before joining that the feed starts with."""
STATE_GAP: Final = 0.1
QUIET_GAP: Final = 1.0
_QUIET_TURNS: Final = 5
"""After so many gaps without an event the state is asked for all the same: a full disk makes no events."""
COMMAND_LIFE: Final = timedelta(seconds=8)
_UNJUDGED: Final = ("judge_later", "only_playback")
_WAITS: Final = (0.2, 0.5, 1.0, 2.0, 4.0)

ANEW: Final = "stream.anew"
"""Stands before the events of a feed that begins anew: somebody was forgotten, and what was shown may name
him."""
FORGOTTEN: Final = "viewer.forgotten"

QUIET_TYPES: Final = frozenset(
    {
        "comment.posted",
        "viewer.entered",
        "viewer.followed",
        "viewer.joined_club",
        "viewer.shared",
        "viewer.liked",
        "gift.sent",
        "stream.skipped",
    }
)
"""Types that move only counters of the state: it is asked for again once a second, not ten times."""


class _BeginAnew(Exception):
    """What was followed so far is to be read from the log again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command. ``code`` says why not; it has a sentence in ``messages.refusals``."""

    ok: bool
    result: Json = field(default_factory=dict)
    code: str = ""
    params: Json = field(default_factory=dict)
    text: str = ""
    seq: int = 0
    """Of the log, where the room has what came of it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What happened since the last frame: another state, or events.

    ``state`` is None when it is still the same; ``moved`` names the sections in which it differs from the
    last one that was handed over.
    """

    now: datetime
    state: State | None
    events: list[Json]
    moved: frozenset[str] = frozenset()


T = TypeVar("T")


class Seat:
    """One seat at one engine, on the Qt thread. `run` is its life, `close` its end. ``where``: whose room
    it is, where that is another computer's."""

    def __init__(
        self,
        join: Callable[[], Awaitable[Bus]],
        parent: QObject | None = None,
        *,
        name: str = "",
        where: str = "",
    ) -> None:
        self._join = join
        self.id = uuid.uuid4().hex
        """Which of those who follow the room this one is."""
        self.name, self.where, self._heard = name, where, time.monotonic()
        self._client: Bus | None = None
        self._events = Pending()
        self._frames_to = Listeners[[Frame]]()
        self._ticks_to = Listeners[[datetime]]()
        self._links_to = Listeners[[LinkState, str]]()
        self._taken_to = Listeners[[str, Json, State, Answer]]()
        self._fresh: State | None = None
        self._known: State | None = None
        self._loud = asyncio.Event()
        self._quiet = False
        self._seen = 0
        self._clean_from = 0
        """Everything that was followed was read behind this event, which forgot somebody, or behind none."""
        self._frames = 0
        self._behind = False
        """Whether events have waited for a frame already."""
        self._closed = False
        self._clock = EngineClock()
        self.state: State | None = None
        self.link: LinkState = "joining"
        self._timer = QTimer(parent)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.frame)

    # Listening -------------------------------------------------------------------------------------

    def on_frame(self, owner: QObject, listener: Callable[[Frame], None]) -> None:
        """Call `listener` once a frame in which something arrived, for as long as `owner` lives."""
        self._frames_to.add(owner, listener)

    def on_tick(self, owner: QObject, listener: Callable[[datetime], None]) -> None:
        """Call `listener` some twelve times a second with the time, for clocks and countdowns."""
        self._ticks_to.add(owner, listener)

    def on_link(self, owner: QObject, listener: Callable[[LinkState, str], None]) -> None:
        """Call `listener` when the engine is joined or lost; the second word says why."""
        self._links_to.add(owner, listener)

    def on_taken(self, owner: QObject, listener: Callable[[str, Json, State, Answer], None]) -> None:
        """Call `listener` with every command of this seat that the engine took: its type and data, the state
        that was seen when it was given, and the answer."""
        self._taken_to.add(owner, listener)

    @property
    def seq(self) -> int:
        """The last event that this seat has seen; it is on the engine's disk."""
        return self._seen

    def now(self) -> datetime:
        """The engine's time as far as this machine can tell; deadlines are the engine's, we draw them."""
        return self._clock.now(self._known)

    def age(self) -> float:
        """Seconds since the engine was heard last."""
        return time.monotonic() - self._heard

    def frame(self) -> None:
        """Hand over what has arrived. Called by the frame timer; tests call it themselves."""
        now = self.now()
        # Panels and feed are each the work of a frame: where both have news the feed's wait, for one frame.
        if self._fresh is not None and not (self._behind and self._events):
            fresh, self._fresh = self._fresh, None
            moved = moved_sections(self.state, fresh)
            self.state, self._behind = fresh, bool(self._events)
            self._frames_to.call(Frame(now, fresh, [], moved))
        elif self._events:
            self._behind = False
            self._frames_to.call(Frame(now, None, self._events.take()))
        self._frames += 1
        if self._frames % TICK_FRAMES == 0:
            self._ticks_to.call(now)

    # Living ----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Join, follow, join again, until cancelled or closed."""
        self._timer.start()
        tries = 0
        while not self._closed:
            try:
                client = await self._join()
            except (BusError, OSError) as why:
                self._say("lost", lost_why(why))
                await asyncio.sleep(_WAITS[min(tries, len(_WAITS) - 1)])
                tries += 1
                continue
            self._client = client
            try:
                await client.introduce(self.id, self.name)
                await self._follow(client)
            except BusError as why:
                if not self._closed:
                    log.warning("the engine was lost: %s", why)
                    self._say("lost", lost_why(why))
            finally:
                self._client = None
                await client.close()
            tries = 0
            if not self._closed:
                await asyncio.sleep(_WAITS[0])

    def rename(self, name: str) -> None:
        """Somebody else sits here, or under another name; everybody is told over the same connection."""
        self.name = name
        if self._client is not None and not self._closed:
            tasks.spawn(self._introduce(self._client), name="who sits here")

    async def _introduce(self, client: Bus) -> None:
        await client.introduce(self.id, self.name)
        self._loud.set()

    def look_again(self) -> None:
        """Ask for the state now, without waiting for an event or for the next turn."""
        self._loud.set()

    async def close(self) -> None:
        """No frame and no answer reaches anybody after this."""
        self._closed = True
        self._timer.stop()
        self._say("closed", "")
        for listeners in (self._frames_to, self._ticks_to, self._links_to, self._taken_to):
            listeners.clear()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _follow(self, client: Bus) -> None:
        seq = await self._fetch(client)
        if seq < self._seen or self._seen == 0:
            # Joined for the first time, or the folder holds another room now.
            self._seen = max(0, seq - BACKLOG)
            self._clean_from = seq
        self._say("live", "")
        refresher = tasks.spawn(self._refresh(client), name="seat-state")
        try:
            while True:
                try:
                    async with aclosing(client.stream(self._seen)) as batches:
                        async for batch in batches:
                            self._take(batch)
                except _BeginAnew:
                    self._events.take()
                    self._events.add([{"type": ANEW}])
                    self._seen = max(0, self._clean_from - BACKLOG)
                    self._loud.set()
        finally:
            await tasks.cancel_all([refresher])

    def _take(self, batch: list[Json]) -> None:
        for event in batch:
            if event["type"] == SOUGHT or (event["type"] == FORGOTTEN and event["seq"] > self._clean_from):
                self._clean_from = event["seq"]
                raise _BeginAnew
            if event["type"] == "stream.skipped":
                self._seen = max(self._seen, int(event["data"]["to"]))
            else:
                self._seen = max(self._seen, int(event["seq"]))
            if event["type"] in QUIET_TYPES:
                self._quiet = True
            else:
                self._loud.set()
        self._events.add(batch)

    async def _refresh(self, client: Bus) -> None:
        """Ask for the state again: at most ten times a second, and once a second for counters alone."""
        turns = 0
        while True:
            try:
                # Not wait_for: Python 3.11's loses a cancellation that comes with the event.
                async with asyncio.timeout(QUIET_GAP):
                    await self._loud.wait()
            except TimeoutError:
                turns += 1
                if not self._quiet and turns < (1 if self.where else _QUIET_TURNS):
                    continue
            self._loud.clear()
            self._quiet, turns = False, 0
            try:
                await self._fetch(client)
            except OtherVersion:  # what stands there would grow old under a live sign: who joins is told why
                return await client.close()
            except BusError as why:  # the stream tells when the engine is gone
                log.info("no state: %s", why)
            await asyncio.sleep(STATE_GAP)

    async def _fetch(self, client: Bus) -> int:
        asked = datetime.now(UTC)
        part, told = await client.state_part(have(self._known) if self._known is not None else "")
        came, self._heard = datetime.now(UTC), time.monotonic()
        self._clock.tell(told, asked, came)
        try:
            state = merged(self._known, part)
        except NothingKnown as why:
            if self._known is None:  # of a body that was asked for whole: asking again would never end
                raise OtherVersion from why
            self._known = None
            return await self._fetch(client)
        known = self._known
        if known is None or known.revisions.log != state.revisions.log or state.seq >= known.seq:
            self._known = self._fresh = state
        return state.seq

    def _say(self, state: LinkState, why: str) -> None:
        self.link = state
        self._links_to.call(state, why)

    # Asking ----------------------------------------------------------------------------------------

    async def ask(self, type: str, data: Json) -> Answer:
        """Give a command and wait for the engine's answer; never raises for what can happen on the way.

        ``no_link``: there is no engine now and nothing was sent. ``engine_gone``: it went away while asked,
        the outcome stands in the state once it is back.
        """
        client = self._client
        if client is None or self._closed:
            return Answer(False, code="no_link")
        before = self.state
        try:
            said = await client.command(type, data, str(uuid.uuid4()), self.now() + COMMAND_LIFE)
        except BusError as why:
            return Answer(False, code=why.code, text=why.text)
        self._loud.set()
        answer = answer_of(said)
        if answer.ok and before is not None and not self._closed:
            self._taken_to.call(type, data, before, answer)
        return answer

    def ask_then(self, owner: QObject, type: str, data: Json, then: Callable[[Answer], None]) -> None:
        """Ask, and call `then` with the answer unless `owner` was destroyed meanwhile."""
        tasks.spawn(self._ask_then(owner, type, data, then), name=f"ask {type}")

    async def _ask_then(self, owner: QObject, type: str, data: Json, then: Callable[[Answer], None]) -> None:
        answer = await self.ask(type, data)
        if not self._closed and shiboken6.isValid(owner):
            then(answer)

    async def _told(self, what: str, ask: Callable[[Bus], Awaitable[T]]) -> T | None:
        """What the engine says to that; None when nobody can be asked, or it does not know."""
        client = self._client
        if client is None or self._closed:
            return None
        try:
            return await ask(client)
        except (BusError, ValueError, msgspec.ValidationError) as why:
            log.info("no %s: %s", what, why.code if isinstance(why, BusError) else type(why).__name__)
            return None

    async def judge(self, type: str, data: Json) -> Verdict | None:
        """What the rules would say now; None when nobody can be asked, or the engine has no time to tell."""
        # No answer is shown as no answer; the rules judge again anyway.
        said = await self._told("judgement", lambda client: verdict_of(client, type, data))
        return said if said is not None and said.code not in _UNJUDGED else None

    async def receipt(self, cue_id: str) -> Json | None:
        """The receipt of a drawn bag, from the log: it grows with the entrants, so the state has it not.

        None when it was not drawn, or nobody can be asked.
        """
        return await self._told("receipt", lambda client: receipt_to_keep(client, cue_id))

    async def viewer(self, viewer_id: str) -> ViewerCard | None:
        """What the room knows of a person; None when it knows nobody of that id, or nobody can be asked."""

        async def ask(client: Bus) -> ViewerCard:
            return msgspec.convert(await client.viewer(viewer_id), ViewerCard)

        return await self._told("card of a viewer", ask)

    async def questions(self) -> Json | None:
        """What the room asks now; None when nobody can be asked."""
        return await self._told("questions of the room", lambda client: client.questions())

    async def orders(self, text: str, standing: str, least_fen: int, before: int) -> Json | None:
        """A page of the orders of this broadcast; None when nobody can be asked."""
        return await self._told("orders", lambda client: client.orders(text, standing, least_fen, before))

    async def book(self, name: str, **query: str | int) -> Json | None:
        """What a book says; None when nobody can be asked, or it cannot say it now."""
        return await self._told(f"book {name}", lambda client: client.book(name, **query))

    async def past_broadcasts(self, before: int = 0) -> PastBroadcasts | None:
        """A page of the broadcasts of this room; None when nobody can be asked."""

        async def ask(client: Bus) -> PastBroadcasts:
            return msgspec.convert(await client.past_broadcasts(before), PastBroadcasts)

        return await self._told("past broadcasts", ask)

    async def report_of(self, number: int) -> Report | None:
        """The report of a broadcast; None when there is none, or nobody can be asked."""

        async def ask(client: Bus) -> Report:
            return msgspec.convert(await client.broadcast(number), Report)

        return await self._told("report", ask)

    async def log_page(self, after: int, limit: int) -> list[Json] | None:
        """Events after a number, none at the log's end; None when nobody can be asked."""
        return await self._told("page of the log", lambda client: client.log(after, limit))

    async def search(self, text: str, before: int) -> Json | None:
        """One page of the log's comments with `text` in them, back from seq `before`; None when nobody can be
        asked."""
        return await self._told("search", lambda client: client.search(text, before))

    async def picture(self, sha256: str, side: int) -> bytes | None:
        """A picture of a product; None where the engine has none of that hash, or nobody can be asked."""
        client = self._client
        if client is None or self._closed or len(sha256) != 64:  # an older room may hold any text there
            return None
        try:
            return await client.picture(sha256, side)
        except BusError as why:  # a letter stands in its place
            log.info("no picture: %s", why.code)
            return None

    async def keep_picture(self, picture: bytes | str) -> Answer:
        """Let the engine keep a picture, or what lies at an address: ``result`` has its ``sha256``."""

        async def keep(client: Bus) -> str:
            kept = client.keep_picture if isinstance(picture, bytes) else client.keep_picture_from
            return await kept(picture)  # type: ignore[arg-type]

        kept = await self.at_door(keep)
        return Answer(True, {"sha256": kept}) if isinstance(kept, str) else kept

    async def at_door(self, ask: Callable[[Bus], Awaitable[T]]) -> T | Answer:
        """Ask something of the door that is no command: what it said, else the no; never raises, as `ask`."""
        client = self._client
        if client is None or self._closed:
            return Answer(False, code="no_link")
        try:
            return await ask(client)
        except BusError as why:
            return Answer(False, code=why.code, text=why.text)

    async def share(self, act: ShareAct | None = None) -> ShareAnswer | None:
        """How the room is shared, or something done about it; None when nobody can be asked."""
        return await self._told("sharing", lambda client: client.share(act))

    async def stop_engine(self, *, comes_back: bool = False) -> None:
        """End the engine (host only); its going is no loss then. ``comes_back``: this seat stays, and joins
        it again, which starts the program as it is installed now."""
        client, self._closed = self._client, self._closed or not comes_back
        if client is not None:
            try:
                await client.stop()
            except BusError as why:  # gone already is what was wanted
                log.info("stopping the engine: %s", why)


def answer_of(said: Json) -> Answer:
    """The engine's answer as the desk reads it."""
    if said.get("ok"):
        return Answer(True, result=said.get("result") or {}, seq=int(said.get("seq") or 0))
    return Answer(
        False,
        code=str(said.get("code", "")),
        params=said.get("params") or {},
        text=str(said.get("text", "")),
    )
