"""A year of evenings as the rules make it: broadcasts, promotions, orders, and the rests that go along.

Everything goes through `RoomCore` on a real store with a clock of its own, in large commits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec

from liveconsole.domain.room import Room
from liveconsole.engine import folding
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.messages.facts import (
    CommentPosted,
    FactData,
    OrderClosed,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
)
from liveconsole.messages.fields import Person
from liveconsole.messages.inputs import CommandAnswer, CommandInput, FactsInput, Input, SentFact
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store

PRODUCTS: Final = 60
PROMOTIONS: Final = 40
_COMMENTS: Final = 50
"""An evening: they only have to be there; the row ``long`` is about millions."""
_START: Final = datetime(2025, 1, 1, 12, tzinfo=UTC)
_IN_ONE: Final = 400
_to_json = msgspec.json.Encoder(order="sorted").encode


def make(folder: Path, *, evenings: int, orders: int, closed: bool = False) -> int:
    """A store in ``folder`` after so many broadcasts with so many orders each, the last one open.

    Returns:
        The size of its snapshot in bytes.
    """
    store = open_store(folder)
    try:
        store._file.pragma("synchronous=OFF")  # made to be measured, not to be kept: no disk is waited for
        year = ShopYears(store)
        for number in range(1, evenings + 1):
            year.evening(number, orders)
            if number < evenings or closed:
                year.close()
        year.core.save()
        return len(msgspec.msgpack.encode(folding.fold(store)[0]))
    finally:
        store.close()


class ShopYears:
    """A shop through its evenings; ``room`` is what is in memory now."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._now = _START
        self._dice = Random(1)
        self._count = 0
        self._evening = 0
        self._back: list[str] = []
        """Orders of the evening before, of which something is told late."""
        self.core = RoomCore(store, now=_START, chance=SystemChance())
        ids = [f"p{number:02d}" for number in range(PRODUCTS)]
        product = {"price_fen": 9_900, "floor_fen": 4_900, "stock": 900_000}
        products = [{"product_id": id_, "title": f"秋季新品 {id_}", **product} for id_ in ids]
        self._ask("room.set", recall_seconds=0, hold_seconds=600)
        self._ask("catalogue.put", products=products)
        self._ask("cart.add", product_ids=ids)

    @property
    def now(self) -> datetime:
        """The shop's clock."""
        return self._now

    @property
    def room(self) -> Room:
        """The living room."""
        return self.core.room

    def evening(self, number: int, orders: int) -> None:
        """Three hours: promotions one after the other, orders all the while."""
        self._evening = number
        self._ask("broadcast.open", title=f"第 {number} 场")
        each = -(-orders // PROMOTIONS)
        left = orders
        told: list[FactData] = []
        placed: list[str] = []
        for place in range(PROMOTIONS):
            cue_id = self._promotion(number, place)
            told += [
                CommentPosted(Person(f"v{n}", "观众"), "好看") for n in range(_COMMENTS // PROMOTIONS + 1)
            ]
            for n in range(min(each, left)):
                told += self._order(f"{number}-{place}-{n}", cue_id, place, placed)
            left -= each
            told += self._late()
            self.tell(told)
            told = []
            self._pass(270)
        self._back = placed[-40:]

    def close(self) -> None:
        """Until everybody has claimed and every hold has lapsed; then on to the next day."""
        self._pass(1_200)
        self._ask("broadcast.close")
        self._pass(20 * 3_600)

    def _promotion(self, number: int, place: int) -> str:
        product = f"p{place % PRODUCTS:02d}"
        kind = ("flash_sale", "flash_sale", "coupon", "lucky_bag")[place % 4]
        cue_id = f"{kind}-{number}-{place}"
        sale = {"sku_id": product, "price_fen": 7_900, "quantity": 500, "per_buyer": 5, "seconds": 240}
        coupon = {"name": "减 5", "rule": {"off_fen": 500}, "quantity": 50, "per_buyer": 1, "seconds": 240,
                  "valid_seconds": 86_400}  # fmt: skip
        prize = {"name": "保温杯", "value_fen": 5_900}
        bag = {"prize": prize, "winners": 1, "entry": {"keyword": "想要"}, "seconds": 240}
        spec: dict[str, Any] = {"flash_sale": sale, "coupon": coupon, "lucky_bag": bag}[kind]
        self._ask("go.next")
        self._ask("cue.add", cue_id=cue_id, kind=kind, spec=spec)
        self._ask("cue.fire", cue_id=cue_id)
        for n in range(10 if kind == "coupon" else 0):
            self._ask("coupon.claim", role="producer", cue_id=cue_id, viewer={"id": f"v{n}"})
        return cue_id

    def _order(self, order_id: str, cue_id: str, place: int, placed: list[str]) -> list[FactData]:
        """Placed, mostly paid, some closed, a few refunded, as a platform tells it."""
        roll = self._dice.random()
        in_sale = cue_id.startswith("flash_sale")
        fen = 7_900 if in_sale else 9_900
        lines = [{"sku_id": f"p{place % PRODUCTS:02d}", "quantity": 1, "unit_price_fen": fen}]
        named = cue_id if in_sale else None
        body = {"order_id": order_id, "buyer": {"id": f"b{order_id}"}, "lines": lines, "total_fen": fen}
        found: list[FactData] = [msgspec.convert({**body, "cue_id": named}, OrderPlaced)]
        placed.append(order_id)
        if roll < 0.94:
            found.append(OrderPaid(order_id, fen))
        if roll > 0.92:
            found.append(OrderClosed(order_id, "不想要了"))
        if 0.90 < roll < 0.94:
            found.append(OrderRefunded(order_id, fen))
        return found

    def _late(self) -> list[FactData]:
        """A refund of the evening before."""
        return [OrderRefunded(self._back.pop(), 7_900)] if self._back else []

    def tell(self, told: list[FactData]) -> None:
        """One commit of so many facts."""
        for start in range(0, len(told), _IN_ONE):
            facts = [self._sent(data) for data in told[start : start + _IN_ONE]]
            self._process(FactsInput(facts))

    def _sent(self, data: FactData) -> SentFact:
        self._count += 1
        kept: dict[str, Any] = msgspec.to_builtins(data)
        type_ = _TYPES[type(data)]
        plain = None if type_ == "comment.posted" else kept
        return SentFact("/bench/year", str(self._count), type_, None, data, plain, _to_json(kept))

    def _ask(self, type_: str, *, role: str = "host", **data: Any) -> None:
        self._count += 1
        answer = self._process(CommandInput(f"year-{self._count}", type_, data, role))
        assert isinstance(answer, CommandAnswer)
        if not answer.ok and answer.code != "nothing_next":
            raise RuntimeError(f"{type_}: {answer.body.decode()}")

    def _process(self, one: Input) -> Any:
        self._now += timedelta(milliseconds=50)
        return self.core.process([one], self._now).answers[0]

    def _pass(self, seconds: float) -> None:
        end = self._now + timedelta(seconds=seconds)
        while (due := self.core.next_due()) is not None and due <= end:
            self._now = max(self._now, due)
            self.core.tick(self._now)
        self._now = end


_TYPES: Final[dict[type, str]] = {
    CommentPosted: "comment.posted",
    OrderPlaced: "order.placed",
    OrderPaid: "order.paid",
    OrderClosed: "order.closed",
    OrderRefunded: "order.refunded",
}
