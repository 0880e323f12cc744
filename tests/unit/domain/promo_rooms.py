"""Rooms for tests of promotions: goods, cues in any status, and a chance that repeats itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from liveconsole.domain.context import Context
from liveconsole.domain.drand import QUICKNET, Chain
from liveconsole.domain.kinds import coupon
from liveconsole.domain.kinds.lucky_bag import draws, promise
from liveconsole.domain.room import Cue, Product, Room, Sku
from liveconsole.domain.room_bags import Bag
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import Person
from liveconsole.messages.specs import parse_spec
from liveconsole.messages.statuses import Status

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)


class SeededChance:
    """The same bytes on every run; ``secret`` is one per draw."""

    def __init__(self, seed: str = "test") -> None:
        self.seed = seed
        self.chain: Chain | None = QUICKNET
        self._calls = 0

    def fresh(self, size: int) -> bytes:
        self._calls += 1
        return sha256(f"{self.seed}/{self._calls}".encode()).digest()[:size]

    def secret(self, draw_id: str) -> bytes:
        return sha256(f"{self.seed}/secret/{draw_id}".encode()).digest()


def at(seconds: float, *, chance: SeededChance | None = None, role: str = "host") -> Context:
    return Context(now=T0 + timedelta(seconds=seconds), role=role, chance=chance or SeededChance())


def room_of(*goods: tuple[str, int, int | None], stock: int = 100) -> Room:
    """(sku id, price, floor); each is the only SKU of a product of the same id."""
    room = Room(room_id="room", at=T0)
    for sku_id, price, floor in goods:
        room.products[sku_id] = Product(sku_id, sku_id, price, [sku_id], {}, floor_fen=floor)
        room.skus[sku_id] = Sku(sku_id, sku_id, sku_id, price, on_hand=stock, floor_fen=floor)
    return room


def cue_in(room: Room, kind: str, spec: dict[str, Any], status: Status = "on_air", cue_id: str = "") -> Cue:
    """A cue that is there already, in ``status``, since T0."""
    cue_id = cue_id or f"{kind}-{len(room.cues) + 1}"
    parsed = parse_spec(kind, spec)
    cue = Cue(cue_id, kind, parsed, spec, status, added_at=T0, proposed_by="host")
    if status == "on_air":
        cue.on_air_at, cue.ends_at = T0, T0 + timedelta(seconds=spec.get("seconds", 60))
    room.cues[cue_id] = cue
    room.live.append(cue_id)
    return cue


def bag_in(room: Room, spec: dict[str, Any], chance: SeededChance | None = None, cue_id: str = "") -> Cue:
    """A lucky bag that went on air at T0."""
    cue = cue_in(room, "lucky_bag", spec, cue_id=cue_id)
    cue.bag = Bag(promise=promise.promise(room, cue, at(0, chance=chance)))
    return cue


FOLDS = {**coupon.FOLDS, **draws.FOLDS}


def fold(room: Room, events: Iterable[Event]) -> None:
    """The events of these modules; of the end only what they read."""
    for event in events:
        if event.type == "cue.ended":
            cue = room.cues[event.data.cue_id]  # type: ignore[attr-defined]
            cue.status, cue.ended_at, cue.ended_because = "ended", event.at, event.data.because  # type: ignore[attr-defined]
        else:
            FOLDS[event.type](room, event.data, event)


def comment(text: str, pid: str = "p1", source: str = "/tape/1", number: int = 1) -> Fact:
    data = CommentPosted(Person(pid), text)
    return Fact(source, f"{number}", "comment.posted", None, data, {})


def bag_spec(**fields: Any) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "prize": {"name": "保温杯", "value_fen": 9900},
        "winners": 2,
        "entry": {"keyword": "福到了"},
        "seconds": 60,
    }
    return spec | fields
