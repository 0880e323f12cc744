"""An evening in rehearsal on virtual time, up to the moment of the pictures.

The rules and the store are the real ones, audience and platform those of a rehearsal; a host and an
assistant press what people press.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import field

from liveconsole.connectors.rehearsal import headless
from liveconsole.connectors.rehearsal import scenario as scenarios
from liveconsole.connectors.rehearsal.chance import SeededChance, person_key
from liveconsole.connectors.rehearsal.headless import EPOCH
from liveconsole.connectors.rehearsal.ledger import MemoryLedger
from liveconsole.connectors.rehearsal.moment import Ask, Outbox
from liveconsole.connectors.rehearsal.view import RehearsalRoom
from liveconsole.domain.judge import judge
from liveconsole.domain.room import Cue
from liveconsole.engine.core import RoomCore
from liveconsole.messages.state import State
from liveconsole.store.opening import open_store
from liveconsole.views.room_questions import RoomQuestions
from liveconsole.views.state import state_of, wire
from liveconsole.views.summary import Summary
from tests.shots import goods, wear
from ui.windows.host.notes import as_note

SEED = 7
MOMENT = 2452.0
"""Seconds after the beginning: a sale, a coupon and a bag run, and the next one can be recalled."""
_FIRES = (
    (139.2, "flash_sale", "C03"),
    (168.2, "coupon", None),
    (105.2, "lucky_bag", None),
    (0.9, "flash_sale", "C04"),
)
_RUNS_OUT = 480.0
"""Seconds from the moment until the last promotion has ended."""
_NEXT_AT = 382.0
"""Seconds before the moment at which the segment that is on began."""


class Evening(headless._Stage):
    """``log``: the lines of the door, as a seat gets them."""

    def __init__(self, core: RoomCore, played: scenarios.Scenario) -> None:
        super().__init__(core, played, SEED, MemoryLedger())
        heard = _Heard()
        self.log, self._summary = heard.lines, heard
        self._autopilot = _People(core)  # type: ignore[assignment]

    def at(self, *, counting: bool) -> tuple[datetime, State]:
        """A moment and its state: as the next sale can still be recalled, or just before it was fired."""
        return (self._now, self._state()) if counting else self._calm

    def _world_moves(self) -> None:
        super()._world_moves()
        if self._now == EPOCH + timedelta(seconds=MOMENT - 1.5):
            self._calm = (self._now, self._state())
            self._calm_said = {
                cue_id: self._judge("cue.fire", {"cue_id": cue_id}) for cue_id in self._core.room.queue
            }

    def _state(self) -> State:
        """The room as a host's seat decodes it."""
        core = self._core
        last = next(e["at"] for e in reversed(self.log) if e["type"] == "comment.posted")
        heard = {"last_at": datetime.fromisoformat(last), "events": len(self.log)}
        health = {"sources": {f"/rehearsal/{SEED}": heard}}
        turned = (core.turned_away, core.began)
        state = state_of(core.room, self._now, health=health, turned_away=turned)
        return msgspec.json.decode(msgspec.json.encode(wire(core.room, state)), type=State)

    def close(self) -> None:
        """What runs comes to its own end; then 下播, with all that is left stopped first."""
        end = self._now + timedelta(seconds=_RUNS_OUT)
        while self._now < end:
            step = self._now + headless.STEP
            self._until(step)
            self._now = step
            self._world_moves()
        for number, type_ in enumerate(("room.halt", "broadcast.close")):
            self._until(self._now + timedelta(seconds=10))
            self._ask([Ask(f"end-{number}", type_, {}, "host")])

    def questions(self, now: datetime) -> list[dict[str, Any]]:
        """What the room asks at that moment, as ``GET /v1/questions`` tells it."""
        asking = RoomQuestions()
        for event in self.log:
            if event["type"] == "comment.posted":
                said, second = event["data"], int(datetime.fromisoformat(event["at"]).timestamp())
                asking.comment(event["seq"], second, said["viewer"]["id"], said["text"])
        found: list[dict[str, Any]] = msgspec.to_builtins(asking.asked(int(now.timestamp())))
        return found

    def judged(self, type_: str, data: dict[str, Any], *, counting: bool) -> dict[str, Any]:
        """``POST /v1/judge`` at that moment."""
        if not counting and type_ == "cue.fire":
            return self._calm_said[data["cue_id"]]
        return self._judge(type_, data)

    def _judge(self, type_: str, data: dict[str, Any]) -> dict[str, Any]:
        answer = judge(self._core.room, type_, self._core.people.ask_in(type_, data), self._now)
        decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
        return decoded


def sold() -> list[dict[str, Any]]:
    """What is for sale, as ``catalogue.put`` takes it."""
    return [
        p.put() | {"stock": p.stock * goods.STOCKED} for p in scenarios.products()
    ] + goods.more_products()


def play(folder: Path, *, closed: bool = False) -> Evening:
    """Play it into a new store in ``folder``; ``closed``: everything is stopped and the broadcast is over."""
    played = scenarios.load()
    lively = msgspec.structs.replace(played.rates, comments=14.0, orders=0.35, sale_orders=0.1, entries=9.0)
    played = msgspec.structs.replace(played, rates=lively, viewers=3600, online=(1800, 3520))
    store = open_store(folder, room_id="rehearsal", simulated=True, person_key=person_key(SEED))
    try:
        core = RoomCore(store, now=EPOCH, chance=SeededChance(SEED), simulated=True)
        evening = Evening(core, played)
        evening.play(MOMENT)
        if closed:
            evening.close()
        return evening
    finally:
        store.close()


class _Heard(Summary):
    """Keeps every committed line; nobody asks for its counts."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def add(self, events: Iterable[Mapping[str, Any]]) -> Summary:
        self.lines.extend(dict(event) for event in events)
        return self


class _People:
    """The host and the assistant of this evening, in the autopilot's place."""

    def __init__(self, core: RoomCore) -> None:
        self._core = core
        self._out = Outbox("", "p")
        self._fired: set[str] = set()
        self._said: set[str] = set()
        times, at = [], 4.0
        for row, pace in zip(
            goods.RUNDOWN[: goods.PLAYED], (0.9, 1.1, 1.0, 1.2, 1.0, 1.05, 1.0), strict=True
        ):
            times.append(at)
            at += row["minutes"] * 60 * pace
        self._starts = [*times, MOMENT - _NEXT_AT]

    def prepare(self) -> list[Ask]:
        """Shop, cart, running order, and on air."""
        ask = self._out.ask
        products = wear.dressed(sold())
        ask(
            "room.set",
            {"platform": "rehearsal", "title": "秋冬羊绒专场", "recall_seconds": 3, "hold_seconds": 900},
            "host",
        )
        ask("catalogue.put", {"products": products}, "host")
        ask("cart.add", {"product_ids": [str(p["product_id"]) for p in products]}, "host")
        ask("rundown.put", {"segments": goods.RUNDOWN, "replace": True}, "assistant")
        ask("broadcast.open", {"title": "秋冬羊绒专场"}, "host")
        return self._out.take().asks

    def step(self, now: datetime, view: RehearsalRoom) -> list[Ask]:
        """What they press by ``now``."""
        age = (now - EPOCH).total_seconds()
        while self._starts and age >= self._starts[0]:
            self._starts.pop(0)
            self._out.ask("go.next", {}, "host")
        for cue_id, viewer_id in view.winners:
            if self._once(f"{cue_id} {viewer_id}"):
                self._out.ask("bag.settle", {"cue_id": cue_id, "viewer_id": viewer_id, "ok": True}, "host")
        if age < MOMENT - _NEXT_AT:
            self._fire_armed(now)
        else:
            self._last_minutes(MOMENT - age)
        return self._out.take().asks

    def _once(self, what: str) -> bool:
        new = what not in self._said
        self._said.add(what)
        return new

    def _ready(self) -> list[Cue]:
        room = self._core.room
        found = [room.cues[cue_id] for cue_id in room.queue]
        return [cue for cue in found if cue.status == "approved" and cue.cue_id not in self._fired]

    def _fire(self, cue: Cue) -> None:
        self._fired.add(cue.cue_id)
        self._out.ask("cue.fire", {"cue_id": cue.cue_id}, "host")

    def _fire_armed(self, now: datetime) -> None:
        """Whatever 下一品 has armed goes out a while after it."""
        for cue in self._ready():
            if now - cue.added_at > timedelta(seconds=55):
                self._fire(cue)

    def _last_minutes(self, left: float) -> None:
        if left <= 300 and self._once("gloves"):
            template = goods.sale("C04", 5900, 18, 600, 1)
            self._out.ask("cue.add", {"cue_id": "gloves", **template}, "host")
            self._out.ask("cue.approve", {"cue_id": "gloves"}, "host")
        for at, kind, sku in _FIRES:
            if left <= at and f"fire {kind} {sku}" not in self._said:
                for cue in self._ready():
                    if cue.kind == kind and (sku is None or sku in (cue.sale or {})):
                        self._once(f"fire {kind} {sku}")
                        self._fire(cue)
                        break
        if left <= 96 and self._once("proposed"):
            self._propose()
        if left <= 40 and self._once("asked"):
            for text, count in (
                ("165 / 52 公斤，会不会太长？", 87),
                ("什么时候发货？", 31),
                ("有没有黑色？", 24),
            ):
                self._out.ask("note.put", {"text": as_note(text, count), "to": "host"}, "assistant")
        if left <= 20 and self._once("noted"):
            self._out.ask(
                "note.put", {"text": "手套库存只有 18，下一品别超 6 分钟", "to": "host"}, "assistant"
            )

    def _propose(self) -> None:
        ready = goods.coupon("大衣满 1200 减 100", 120000, 10000, 60, only="C01")
        self._out.ask("cue.add", {"cue_id": "ready", **ready}, "assistant")
        self._out.ask("cue.approve", {"cue_id": "ready"}, "host")
        self._out.ask("cue.add", {"cue_id": "prize", **goods.bag("羊绒围巾", 19900, "开心过冬")}, "assistant")
        self._out.ask("cue.add", {"cue_id": "socks", **goods.sale("D13", 2990, 200, 300)}, "assistant")
