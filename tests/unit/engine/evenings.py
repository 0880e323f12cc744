"""A room on a real store, its clock turned by hand: evening after evening, and what is told of them late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from liveconsole.bus.decode import read_events
from liveconsole.connectors.rehearsal.chance import SeededChance
from liveconsole.domain.evolve import evolve
from liveconsole.domain.room import Room
from liveconsole.engine.core import RoomCore
from liveconsole.engine.folding import event_of
from liveconsole.messages.inputs import CommandAnswer, CommandInput, FactsAnswer, Input
from liveconsole.store import Store
from liveconsole.store.rows import BroadcastRow, OrderRow
from tests.table_rows import rows_of

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
BATCH = "application/cloudevents-batch+json"


class Evenings:
    """``core`` is made anew by `restart`, from the store alone."""

    def __init__(self, store: Store, *, platform: str = "own", **settings: Any) -> None:
        self.store = store
        self.now = START
        self.chance = SeededChance(3)
        self._count = 0
        self.core = RoomCore(store, now=START, chance=self.chance, simulated=store.meta.simulated)
        self.ok("room.set", platform=platform, recall_seconds=0, hold_seconds=60, **settings)
        product = {"title": "羊毛衫", "price_fen": 19900, "floor_fen": 5000, "stock": 100_000}
        self.ok("catalogue.put", products=[{"product_id": "a", **product}, {"product_id": "b", **product}])
        self.ok("cart.add", product_ids=["a", "b"])

    @property
    def room(self) -> Any:
        return self.core.room

    def restart(self) -> None:
        """Another engine on the same store."""
        self.core = RoomCore(
            self.store, now=self.now, chance=self.chance, simulated=self.store.meta.simulated
        )

    def open(self, title: str = "") -> None:
        self.ok("broadcast.open", title=title)

    def close(self) -> None:
        self.ok("broadcast.close")

    def pass_by(self, evenings: int, *, days: float = 1.0) -> None:
        """So many empty evenings."""
        for _ in range(evenings):
            self.open()
            self.close()
            self.wait(days * 86_400)

    def answer(self, type_: str, data: dict[str, Any], role: str = "host") -> dict[str, Any]:
        self.wait(0.3)
        self._count += 1
        asked = CommandInput(f"c{self._count}", type_, data, role, f"c{self._count}".encode())
        (answer,) = self.process(asked)
        assert isinstance(answer, CommandAnswer)
        body: dict[str, Any] = msgspec.json.decode(answer.body)
        return body

    def ok(self, type_: str, role: str = "host", **data: Any) -> dict[str, Any]:
        body = self.answer(type_, data, role)
        assert body["ok"], (type_, body)
        result: dict[str, Any] = body["result"]
        return result

    def no(self, type_: str, role: str = "host", **data: Any) -> str:
        body = self.answer(type_, data, role)
        assert not body["ok"], (type_, body)
        code: str = body["code"]
        return code

    def event(self, type_: str, data: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        return {"specversion": "1.0", "source": "/shop", "id": str(self._count), "type": type_, "data": data}

    def post(self, *events: dict[str, Any]) -> FactsAnswer:
        posted = read_events(BATCH, msgspec.json.encode(events), simulated=self.store.meta.simulated)
        (answer,) = self.process(posted)
        assert isinstance(answer, FactsAnswer)
        assert not answer.refused, answer.refused
        return answer

    def fact(self, type_: str, **data: Any) -> FactsAnswer:
        self.wait(0.3)
        return self.post(self.event(type_, data))

    def process(self, *inputs: Input) -> list[Any]:
        return list(self.core.process(inputs, self.now).answers)

    def placed(self, order_id: str, cue_id: str | None = None, fen: int = 9900, units: int = 1) -> None:
        line = {"sku_id": "a", "quantity": units, "unit_price_fen": fen}
        named = {} if cue_id is None else {"cue_id": cue_id}
        who = {"id": f"of {order_id}", "name": "小红"}
        self.fact("order.placed", order_id=order_id, buyer=who, lines=[line], total_fen=fen * units, **named)

    def paid(self, order_id: str, fen: int = 9900) -> None:
        self.fact("order.paid", order_id=order_id, paid_fen=fen)

    def sale(self, cue_id: str, **spec: Any) -> None:
        data = {"sku_id": "a", "price_fen": 9900, "quantity": 9, "per_buyer": 5, "seconds": 60, **spec}
        self.ok("cue.add", cue_id=cue_id, kind="flash_sale", spec=data)
        self.ok("cue.fire", cue_id=cue_id)

    def coupon(self, cue_id: str, **spec: Any) -> None:
        rule = {"off_fen": 1000}
        data = {"name": "减10", "rule": rule, "quantity": 5, "per_buyer": 1, "seconds": 60, **spec}
        self.ok("cue.add", cue_id=cue_id, kind="coupon", spec=data)
        self.ok("cue.fire", cue_id=cue_id)

    def claim(self, cue_id: str, viewer: str) -> str:
        coupon_id: str = self.ok("coupon.claim", "producer", cue_id=cue_id, viewer={"id": viewer})[
            "coupon_id"
        ]
        return coupon_id

    def request(self, order_id: str, buyer: str = "v", **more: Any) -> dict[str, Any]:
        lines = [{"sku_id": "b", "quantity": 1}]
        data = {"order_id": order_id, "buyer": {"id": buyer}, "lines": lines, **more}
        return self.answer("order.request", data, "producer")

    def wait(self, seconds: float) -> None:
        end = self.now + timedelta(seconds=seconds)
        while (due := self.core.next_due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.core.tick(self.now)
        self.now = end

    def first_evening(self) -> None:
        """Four orders of a sale: kept, to be sent back, unpaid, to be closed; a week passes."""
        self.open("第一场")
        self.sale("sale-1")
        for order_id in ("kept", "back", "open", "shut"):
            self.placed(order_id, "sale-1")
        for order_id in ("kept", "back", "shut"):
            self.paid(order_id)
        self.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text="好看")
        self.wait(120)
        self.close()
        self.wait(8 * 86_400)

    def refolded(self) -> Room:
        """The whole log, by the rules alone: no snapshot, no table."""
        room = Room(self.store.meta.room_id)
        for event in map(event_of, self.store.events_after(0)):
            evolve(room, event)
        return room

    def log(self, *types: str) -> list[dict[str, Any]]:
        return [msgspec.json.decode(line) for line in self.store.read(0, 1_000_000, types)]

    def books(self, number: int) -> BroadcastRow:
        return next(row for row in self.store.broadcasts() if row.number == number)

    def order(self, order_id: str) -> OrderRow:
        return self.store.orders_of([order_id])[order_id]


def encoded(room: Room) -> bytes:
    """The room to the byte."""
    return msgspec.msgpack.encode(room)


def tables(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the read tables."""
    with store._file.reading() as c:
        return {
            table: [tuple(row) for row in rows_of(c, table, "ORDER BY 1")]
            for table in ("broadcast", "order_row", "cue_row")
        }
