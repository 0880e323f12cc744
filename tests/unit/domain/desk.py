"""A room at a desk, for tests: commands, facts and time go in; every rule is seen to only read the room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from liveconsole.domain.context import Decision
from liveconsole.domain.decide import decide
from liveconsole.domain.drand import QUICKNET, Chain
from liveconsole.domain.evolve import evolve
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.domain.take import take
from liveconsole.domain.tick import next_due, tick
from liveconsole.messages.envelope import Command, Event, Fact
from liveconsole.messages.facts import FACTS
from liveconsole.messages.refusals import Refused
from liveconsole.messages.state import State
from liveconsole.views.state import state_of, wire

START = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
SALE = {"sku_id": "scarf", "price_fen": 5900, "quantity": 5, "per_buyer": 2, "seconds": 60}


class Seeded:
    """The same bytes on every run."""

    def __init__(self) -> None:
        self._calls = 0
        self.chain: Chain | None = QUICKNET

    def fresh(self, size: int) -> bytes:
        self._calls += 1
        return sha256(str(self._calls).encode()).digest()[:size]

    def secret(self, draw_id: str) -> bytes:
        return sha256(draw_id.encode()).digest()


def encoded(room: Room) -> bytes:
    return msgspec.msgpack.encode(room)


class Desk:
    """``log`` holds every event so far."""

    def __init__(self, platform: str = "own", *, open_: bool = True, **settings: Any) -> None:
        self.room = Room("room", simulated=platform == "rehearsal")
        self.now = START
        self.chance = Seeded()
        self.log: list[Event] = []
        self._facts = 0
        self.ok("room.set", {"platform": platform, **settings})
        self.ok("catalogue.put", {"products": [product("scarf", 9900, 10), product("hat", 4900, 20)]})
        self.ok("cart.add", {"product_ids": ["scarf", "hat"]})
        if open_:
            self.ok("broadcast.open", {"title": "晚场"})

    def ask(self, type_: str, data: Any, role: str = "host") -> Decision | Refused:
        """The answer; its events are folded, the rule itself must have changed nothing."""
        before = encoded(self.room)
        answer = decide(self.room, Command("id", type_, data, role), self.now, self.chance)
        assert encoded(self.room) == before, f"{type_} changed the room that it was to read"
        if isinstance(answer, Decision):
            self.fold(answer.events)
        return answer

    def ok(self, type_: str, data: Any, role: str = "host") -> dict[str, Any]:
        answer = self.ask(type_, data, role)
        assert isinstance(answer, Decision), answer
        return answer.result

    def no(self, type_: str, data: Any, role: str = "host") -> str:
        answer = self.ask(type_, data, role)
        assert isinstance(answer, Refused), answer
        assert answer.text != answer.code, "every code has a sentence"
        return answer.code

    def refusal(self, type_: str, data: Any, role: str = "host") -> Refused:
        answer = self.ask(type_, data, role)
        assert isinstance(answer, Refused), answer
        return answer

    def fold(self, events: list[Event]) -> None:
        for event in events:
            numbered = msgspec.structs.replace(event, seq=self.room.seq + 1)
            self.log.append(numbered)
            evolve(self.room, numbered)

    def fact(self, type_: str, data: dict[str, Any], source: str = "/shop") -> list[str]:
        """One fact; the types of the events that came of it."""
        before = encoded(self.room)
        events = take(self.room, [self.made(type_, data, source)], self.now, self.chance)
        assert encoded(self.room) == before
        self.fold(events)
        return [e.type for e in events]

    def made(self, type_: str, data: dict[str, Any], source: str = "/shop") -> Fact:
        self._facts += 1
        return Fact(source, str(self._facts), type_, None, msgspec.convert(data, FACTS[type_]), data)

    def wait(self, seconds: float) -> list[str]:
        """Time passes, the clock stopping at every moment that is due on the way; what it brought."""
        until, found = self.now + timedelta(seconds=seconds), []
        while (due := next_due(self.room)) is not None and due <= until:
            self.now = max(self.now, due)
            found += self.tick()
        self.now = until
        return found

    def sleep(self, seconds: float) -> list[str]:
        """The engine was away for so long, and looks at the clock once."""
        self.now += timedelta(seconds=seconds)
        return self.tick()

    def tick(self) -> list[str]:
        before = encoded(self.room)
        events = tick(self.room, self.now, self.chance)
        assert encoded(self.room) == before
        self.fold(events)
        due = next_due(self.room)
        assert due is None or due > self.now, "a tick does everything that is due"
        return [e.type for e in events]

    def cue(self, cue_id: str = "sale") -> Cue:
        return self.room.cues[cue_id]

    def queue_sale(self, cue_id: str = "sale", at: datetime | None = None, **spec: Any) -> str:
        data: dict[str, Any] = {"cue_id": cue_id, "kind": "flash_sale", "spec": SALE | spec}
        if at is not None:
            data["at"] = at.isoformat()
        self.ok("cue.add", data, "assistant")
        return cue_id

    def run_sale(self, cue_id: str = "sale", **spec: Any) -> SaleCount:
        """A sale on air, fired now under ``own`` with no recall window."""
        self.ok("room.set", {"recall_seconds": 0})
        self.queue_sale(cue_id, **spec)
        self.ok("cue.fire", {"cue_id": cue_id})
        assert self.cue(cue_id).status == "on_air"
        return next(iter(self.cue(cue_id).sale.values()))

    def shown(self, role: str = "host", **more: Any) -> State:
        """The state as a seat of ``role`` decodes it off the wire."""
        body = wire(self.room, state_of(self.room, self.now, role, **more))
        return msgspec.json.decode(msgspec.json.encode(body), type=State)

    def state(self) -> dict[str, Any]:
        """The state as it stands on the wire, for a host."""
        body: dict[str, Any] = msgspec.json.decode(
            msgspec.json.encode(wire(self.room, state_of(self.room, self.now)))
        )
        return body

    def seen(self, cue_id: str = "sale") -> dict[str, Any]:
        return next(c for c in self.state()["cues"] if c["cue_id"] == cue_id)

    def refold(self) -> Room:
        room = Room("room", simulated=self.room.simulated)
        for event in self.log:
            evolve(room, event)
        return room


def product(product_id: str, price_fen: int, stock: int, **more: Any) -> dict[str, Any]:
    return {"product_id": product_id, "title": product_id, "price_fen": price_fen, "stock": stock, **more}


def request(order_id: str, buyer: str = "b", quantity: int = 1, **more: Any) -> dict[str, Any]:
    """The data of an ``order.request``."""
    sku_id = more.pop("sku_id", "scarf")
    lines = [{"sku_id": sku_id, "quantity": quantity}]
    return {"order_id": order_id, "buyer": {"id": buyer}, "lines": lines, **more}


def placed(
    order_id: str, buyer: str = "b", quantity: int = 1, price_fen: int = 5900, **more: Any
) -> dict[str, Any]:
    """The data of an ``order.placed``."""
    lines = [{"sku_id": more.pop("sku_id", "scarf"), "quantity": quantity, "unit_price_fen": price_fen}]
    total = price_fen * quantity
    return {"order_id": order_id, "buyer": {"id": buyer}, "lines": lines, "total_fen": total, **more}
