"""A bus without an engine: what a test says is what the desk sees, and what the desk asks is noted."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from liveconsole.bus.errors import EngineGone, Rejected
from liveconsole.messages.connection_acts import ACTS, ConnectionSaid
from liveconsole.messages.differences import DifferencePage
from liveconsole.messages.sharing import NOT_SHARED, AddressOffer, ShareAct, ShareAnswer
from liveconsole.messages.state import SECTIONS, State, StatePart

Json = dict[str, Any]


class FakeBus:
    """Answers as the door would. ``say`` feeds the stream, ``die`` ends it; set ``answer`` and ``judged``.

    ``now_state`` is what the room is like: put another in its place, and the sections in which it differs
    have moved.
    """

    def __init__(self, state: State) -> None:
        self.now_state = state
        self._told: State | None = None
        self.asked: list[tuple[str, Json]] = []
        self.expiries: list[datetime | None] = []
        self.entries: list[Json] = []
        self.judgements: list[tuple[str, Json]] = []
        self.states = 0
        self.logged: list[Json] = []
        self.after: list[int] = []
        self.answer: Callable[[str, Json], Json] = lambda _type, _data: {"ok": True, "seq": 1, "result": {}}
        self.judged: Callable[[str, Json], Json] = lambda _type, _data: {"ok": True}
        self.shared: list[ShareAct | None] = []
        self.shares: Callable[[ShareAct | None], ShareAnswer] = lambda _act: ShareAnswer(
            True, NOT_SHARED, [AddressOffer("192.168.1.20", True), AddressOffer("10.0.0.7")]
        )
        self.acts: list[tuple[str, str, Json]] = []
        self.acted: Callable[[str, str], Json] = lambda _name, _action: {"ok": True}
        self.differences: Json = {"at": None, "rows": [], "total": 0, "kept": 0, "next": None}
        self.differences_asked: list[tuple[int, int]] = []
        self.secrets_kept: dict[str, dict[str, str]] = {}
        self.questions_asked: list[Json] = []
        self.wishes: list[Json] = []
        self.waits: Json | None = None
        self.orders_sought: list[tuple[str, str, int, int]] = []
        self.orders_told: Callable[[str, str, int, int], Json] = lambda *_: {
            "broadcast": 1,
            "known": True,
            "placed": 0,
            "unpaid": 0,
            "orders": [],
            "before": 0,
        }
        self.searches: list[tuple[str, int]] = []
        self.found: Callable[[str, int], Json] = lambda _text, _before: {"events": [], "before": 1, "at": ""}
        self.cards: dict[str, Json] = {}
        self.pictures: dict[str, bytes] = {}
        self.books_asked: list[tuple[str, dict[str, str | int]]] = []
        self.books_told: dict[str, Callable[[dict[str, str | int]], Json]] = {}
        """Book → what it says to a query."""
        self.past: Json = {"rows": [], "of": 0, "reading": 0}
        self.reports: dict[int, Json] = {}
        self.gate: asyncio.Event | None = None
        self.stopped = self.closed = False
        self.introduced: list[tuple[str, str]] = []
        self._batches: asyncio.Queue[list[Json] | None] = asyncio.Queue()

    def say(self, *events: Json) -> None:
        """Committed events arrive in one batch."""
        self._batches.put_nowait(list(events))

    def die(self) -> None:
        """The connection ends."""
        self._batches.put_nowait(None)

    async def introduce(self, seat: str, name: str) -> None:
        self.introduced.append((seat, name))

    async def state_part(self, have: str = "") -> tuple[StatePart, datetime]:
        self.states += 1
        self._told = told = revised(self._told, self.now_state)
        return part_of(told, have), datetime.now(UTC)

    async def command(
        self, type: str, data: Json, id: str | None = None, expires_at: datetime | None = None
    ) -> Json:
        if self.gate is not None:
            await self.gate.wait()
        self.asked.append((type, data))
        self.expiries.append(expires_at)
        return self.answer(type, data)

    async def judge(self, type: str, data: Json) -> Json:
        self.judgements.append((type, data))
        return self.judged(type, data)

    async def log(self, after: int = 0, limit: int = 1000, types: Sequence[str] = ()) -> list[Json]:
        found = [e for e in self.logged if e["seq"] > after and (not types or e["type"] in types)]
        return found[:limit]

    async def share(self, act: ShareAct | None = None) -> ShareAnswer:
        self.shared.append(act)
        return self.shares(act)

    async def draw_entries(self, id: str, after: str = "") -> Json:
        return {"entries": [entry for entry in self.entries if entry["id"] > after][:2]}

    async def search(self, text: str, before: int = 0, limit: int = 200) -> Json:
        self.searches.append((text, before))
        return self.found(text, before)

    async def orders(self, text: str = "", standing: str = "", least_fen: int = 0, before: int = 0) -> Json:
        self.orders_sought.append((text, standing, least_fen, before))
        return self.orders_told(text, standing, least_fen, before)

    async def questions(self) -> Json:
        return {
            "questions": self.questions_asked,
            "left_out": 0,
            "waits": self.waits,
            "wishes": self.wishes,
            "simulated": True,
        }

    async def viewer(self, id: str) -> Json:
        card = self.cards.get(id)
        if card is None:
            raise Rejected("not_found", "", 404)
        return card

    async def picture(self, sha256: str, size: int = 0) -> bytes:
        body = self.pictures.get(sha256)
        if body is None:
            raise Rejected("not_found", "", 404)
        return body

    async def act(self, connection: str, action: str, data: Json | None = None) -> ConnectionSaid:
        if action not in ACTS[connection]:  # as the door says
            raise Rejected("not_found", "", 404)
        self.acts.append((connection, action, data or {}))
        return msgspec.convert(self.acted(connection, action), ConnectionSaid)

    async def shop_differences(
        self, after: int = 0, limit: int = 500, *, kept: bool = False
    ) -> DifferencePage:
        self.differences_asked.append((after, limit))
        return msgspec.convert(self.differences, DifferencePage)

    async def secrets(self) -> dict[str, list[str]]:
        return {name: sorted(values) for name, values in self.secrets_kept.items()}

    async def keep_secret(self, name: str, values: dict[str, str]) -> str:
        self.secrets_kept.setdefault(name, {}).update(values)
        return "keyring"

    async def keep_picture(self, body: bytes) -> str:
        sha = hashlib.sha256(body).hexdigest()
        self.pictures[sha] = body
        return sha

    async def keep_picture_from(self, url: str) -> str:
        raise Rejected("fetch_failed", "图片没取到", 400)

    async def book(self, name: str, **query: str | int) -> Json:
        self.books_asked.append((name, query))
        if name not in self.books_told:
            raise Rejected("not_found", "", 404)
        told = self.books_told.get(name)
        if told is None:
            raise Rejected("not_found", "", 404)
        return told(query)

    async def past_broadcasts(self, before: int = 0, limit: int = 500) -> Json:
        return self.past

    async def broadcast(self, number: int) -> Json:
        report = self.reports.get(number)
        if report is None:
            raise Rejected("not_found", "", 404)
        return report

    async def stream(self, after: int = 0) -> AsyncIterator[list[Json]]:
        self.after.append(after)
        while (batch := await self._batches.get()) is not None:
            yield batch
        raise EngineGone("the stream ended")

    async def stop(self) -> Json:
        self.stopped = True
        return {"ok": True}

    async def close(self) -> None:
        self.closed = True


def revised(before: State | None, after: State) -> State:
    """A state with the revisions that an engine would give it behind another."""
    numbers = {
        section: getattr(before.revisions, section)
        + any(getattr(before, key) != getattr(after, key) for key in keys)
        if before is not None
        else 1
        for section, keys in SECTIONS.items()
    }
    revisions = msgspec.structs.replace(after.revisions, log="fake", **numbers)
    return msgspec.structs.replace(after, revisions=revisions)


def part_of(state: State, have: str = "") -> StatePart:
    """What the door answers to somebody who has these revisions."""
    had = {name: value for name, _, value in (pair.partition(":") for pair in have.split(",") if pair)}
    if had.get("log") != state.revisions.log:
        had = {}
    came = {
        key: getattr(state, key)
        for section, keys in SECTIONS.items()
        if had.get(section) != str(getattr(state.revisions, section))
        for key in keys
    }
    return StatePart(state.seq, state.revisions, **came)


def refuse(code: str, **params: Any) -> Callable[[str, Json], Json]:
    """An answer that says no to everything."""
    return lambda _type, _data: {"ok": False, "code": code, "text": code, "params": params}


IDLE: Final = 12
"""Seconds by the clock for each of its own that a wait may take: other programs need the processors too."""
LONGEST: Final = 45.0
"""Seconds by the clock: at its own end a test says what it waited for, at pytest's its whole worker goes."""


async def until(true: Callable[[], object], within: float = 5.0) -> None:
    """Wait for something to become true, on the loop's own turns.

    ``within``: seconds that this process may work meanwhile. A machine that works for others is no fault.
    """
    loop = asyncio.get_running_loop()
    ends, works = loop.time() + min(IDLE * within, LONGEST), time.process_time() + within
    while not true():
        if time.process_time() > works or loop.time() > ends:
            raise AssertionError(f"not true within {within} s of work")
        await asyncio.sleep(0.01)
