"""What evenings came to, by four readers: the room, the row of a broadcast, its board, and the report that is
made of the log; each against a count by hand, whatever was told when."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import pytest

from liveconsole.books import boards
from liveconsole.books.reading import BookReader
from liveconsole.domain import amounts
from liveconsole.engine import refill
from liveconsole.messages.boards import BoardPage
from liveconsole.store import open_store
from liveconsole.views.report import fold
from tests.unit.engine.evenings import Evenings

STARTS: Final = {
    "midnight in China": datetime(2026, 6, 1, 15, 40, tzinfo=UTC),
    "the year's end in China": datetime(2026, 12, 31, 15, 40, tzinfo=UTC),
    "summer time ends in Europe": datetime(2026, 10, 25, 0, 40, tzinfo=UTC),
    "the leap day": datetime(2028, 2, 28, 15, 40, tzinfo=UTC),
}


class Sums(NamedTuple):
    placed: int
    paid: int
    closed: int
    refunded: int
    unpaid: int
    units: int
    gift_units: int
    gmv_fen: int
    refund_fen: int
    refund_owed_fen: int


class Told:
    """One order as it is told, and what it comes to."""

    def __init__(self, order_id: str, dice: random.Random) -> None:
        self.order_id = order_id
        self.lines: list[dict[str, Any]] = [
            {"sku_id": dice.choice("ab"), "quantity": dice.choice([1, 2, 999]), "unit_price_fen": fen}
            for fen in dice.choices([0, 1, 333, 19_900, 10**8], k=dice.randint(1, 4))
        ]
        whole = sum(line["quantity"] * line["unit_price_fen"] for line in self.lines)
        self.total_fen = max(0, whole - dice.choice([0, 1, 5_000]))
        who = {"id": f"v{dice.randrange(6)}", "name": ""}
        placed = {"buyer": who, "lines": self.lines, "total_fen": self.total_fen}
        facts: list[tuple[str, dict[str, Any]]] = [("order.placed", placed)]
        self.payments: dict[str | None, list[int]] = dice.choice(
            [{}, {None: [whole]}, {"p1": [whole // 2], "p2": [7, 3]}]
        )
        self.refunds: dict[str | None, list[int]] = dice.choice(
            [{}, {}, {None: [1, whole // 3]}, {"r1": [whole // 4], "r2": [5]}]
        )
        for name, told in (("paid", self.payments), ("refund", self.refunds)):
            type_ = "order.paid" if name == "paid" else "order.refunded"
            for id_, fens in told.items():
                named = {} if id_ is None else {"payment_id" if name == "paid" else "refund_id": id_}
                facts += [(type_, {f"{name}_fen": fen, **named}) for fen in fens]
        self.closed = dice.random() < 0.25
        if self.closed:
            facts.append(("order.closed", {"reason": ""}))
        if dice.random() < 0.5:
            dice.shuffle(facts)
        self.facts = [(type_, {"order_id": order_id, **data}) for type_, data in facts]
        if dice.random() < 0.3:  # a platform tells things twice
            self.facts += dice.sample(self.facts, len(self.facts))

    def sums(self) -> Sums:
        paid, refund = (sum(max(fens) for fens in told.values()) for told in (self.payments, self.refunds))
        is_paid = bool(self.payments)
        sold = is_paid and not self.closed
        units = sum(line["quantity"] for line in self.lines if line["unit_price_fen"])
        gifts = sum(line["quantity"] for line in self.lines if not line["unit_price_fen"])
        return Sums(
            1,
            int(sold),
            int(self.closed),
            int(refund > 0),
            int(not is_paid and not self.closed),
            units * sold,
            gifts * sold,
            paid * is_paid,
            refund,
            max(0, paid - refund) if self.closed and is_paid else 0,
        )


@pytest.fixture
def evenings(tmp_path: Path) -> Iterator[Evenings]:
    store = open_store(tmp_path / "data", room_id="room")
    yield Evenings(store)
    store.close()


def told(evenings: Evenings, start: datetime, dice: random.Random) -> list[list[Told]]:
    """Three evenings; what is told of an order comes as it comes, some of it days after its evening."""
    evenings.wait((start - evenings.now) / timedelta(seconds=1))
    found: list[list[Told]] = []
    late: list[tuple[str, dict[str, Any]]] = []
    for number in (1, 2, 3):
        evenings.open()
        orders = [Told(f"o{number}-{n}", dice) for n in range(8)]
        found.append(orders)
        facts = [*late, *(fact for order in orders for fact in order.facts[:1])]
        late = []
        for order in orders:
            cut = dice.choice([1, len(order.facts), len(order.facts)])
            first = order.facts[0][0] == "order.placed"
            now, then = order.facts[1 : cut if first else None], order.facts[cut:] if first else []
            facts += now
            late += then
        for type_, data in facts:
            evenings.fact(type_, **data)
            evenings.wait(dice.choice([0.0, 1.0, 200.0]))
        if dice.random() < 0.5:
            evenings.restart()
        evenings.close()
        evenings.wait(dice.choice([600, 86_400, 5 * 86_400]))
    for type_, data in late:
        evenings.fact(type_, **data)
    return found


def by_hand(orders: list[Told]) -> Sums:
    return Sums(*(sum(column) for column in zip(*(order.sums() for order in orders), strict=True)))


def rows(evenings: Evenings) -> list[Sums]:
    """Of each broadcast's row."""
    found = sorted(evenings.store.broadcasts(), key=lambda row: row.number)
    return [Sums(*(getattr(row.sums, name) for name in Sums._fields)) for row in found]


def reports(evenings: Evenings) -> list[Sums]:
    """Of each broadcast's report, made of the log alone."""
    lines = [json.loads(line) for line in evenings.store.read(0, 100_000)]
    totals = [fold(lines, broadcast=number).totals for number in (1, 2, 3)]
    return [Sums(*(getattr(each, name) for name in Sums._fields)) for each in totals]


def tiles(evenings: Evenings) -> list[tuple[Any, ...]]:
    """Of each broadcast's board, as far as it has a tile for it."""
    found = []
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now)
    with closing(reader):
        for number in ("1", "2", "3"):
            board = msgspec.json.decode(boards.answer(reader, {"broadcast": number}), type=BoardPage)
            each = {tile.name: tile.value for level in (*board.levels.values(), board.more) for tile in level}
            assert board.products is not None
            goods = sum(row.gmv_fen or 0 for row in board.products.rows) + (board.products.other_fen or 0)
            found.append((*(each[name] for name in TILES), goods))
    return found


TILES: Final = ("orders_placed", "orders_paid", "orders_closed", "orders_refunded", "orders_unpaid",
                "units", "gmv_fen", "refund_fen")  # fmt: skip


def on_tiles(sums: Sums) -> tuple[Any, ...]:
    of = sums._asdict()
    names = [name.removeprefix("orders_") for name in TILES]
    return (*(of[name] for name in names), sums.gmv_fen)


@pytest.mark.parametrize("start", STARTS.values(), ids=list(STARTS))
@pytest.mark.parametrize("seed", range(2))
def test_all_say_the_same_to_the_fen(evenings: Evenings, start: datetime, seed: int) -> None:
    wanted = [by_hand(orders) for orders in told(evenings, start, random.Random(seed))]
    assert rows(evenings) == wanted
    assert reports(evenings) == wanted
    assert tiles(evenings) == [on_tiles(each) for each in wanted]
    totals = evenings.room.totals
    assert Sums(*(getattr(totals, name) for name in Sums._fields)) == wanted[-1]
    refill.refill(evenings.store)
    assert rows(evenings) == wanted
    assert tiles(evenings) == [on_tiles(each) for each in wanted]


def test_the_twin_that_adds_every_telling_is_seen(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(self: Any, fen: int, part_id: str | None) -> None:
        self.whole_fen += fen

    monkeypatch.setattr(amounts.ToldAmount, "told", again)
    wanted = [by_hand(orders) for orders in told(evenings, STARTS["midnight in China"], random.Random(0))]
    assert rows(evenings) != wanted
