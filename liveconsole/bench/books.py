"""The books of a shop of years: how long a search takes, and that the writer does not wait for who reads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from itertools import cycle
from pathlib import Path
from random import Random
from threading import Event as Flag
from typing import Final, NamedTuple

from liveconsole.bench import many_orders
from liveconsole.bench.figures import BenchRow, against, most, quantile
from liveconsole.bench.world import BenchRun
from liveconsole.bench.years import ShopYears
from liveconsole.books import BOOKS
from liveconsole.books.reading import BookReader
from liveconsole.bus.starting import child_environment, program
from liveconsole.domain.china import day_of
from liveconsole.engine.book_process import AskedBook, BookCommand, BookProcess
from liveconsole.messages.facts import CommentPosted, FactData
from liveconsole.messages.fields import Person
from liveconsole.store.cipher_store import CipherStore
from liveconsole.store.opening import open_store

NAME: Final = "books"
_SEARCHES: Final[tuple[Mapping[str, str], ...]] = (
    {},
    {"q": "2081"}, {"q": "羊绒"}, {"q": "保温杯1号"}, {"q": "林红"}, {"buyer": "小店777"}, {"q": "没有这个"},
    {"state": "unpaid", "sort": "oldest"}, {"state": "to_ship"}, {"state": "exception"}, {"state": "done"},
    {"scene": "live"}, {"province": "上海"}, {"broadcast": "3"},
)  # fmt: skip
_READ: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    ("orders", {"state": "to_ship", "limit": "50"}),
    ("boards", {}),
    ("orders", {"q": "羊绒", "limit": "50"}),
    ("orders", {"limit": "50"}),
)
"""What a desk with the boards and the list of orders open asks for."""
_EVERY: Final = 0.5
"""Seconds between two questions."""
_POST: Final = 400
_A_SECOND: Final = 10_000
"""Comments, as many as the room is made for."""
_POSTS: Final = 40
"""Of one stretch; a stretch is read beside, or not, in turn."""


class _Commit(NamedTuple):
    """What one took, in ms: by the clock, and of the writer's thread."""

    wall: float
    own: float


async def measure(world: BenchRun) -> list[BenchRow]:
    """The rows: search among all orders beside a tenth of them, and commits read beside and alone."""
    size = world.pick(20_000, 1_000_000)
    return await asyncio.to_thread(_measure, world.folder("books"), world.folder("tenth"), size, world)


def _measure(folder: Path, other: Path, size: int, world: BenchRun) -> list[BenchRow]:
    with closing(open_store(other)) as store:
        tenth = _p95(_filled(store, size // 10))
    with closing(open_store(folder)) as store:
        shop = _filled(store, size)
        whole = _p95(shop)
        alone, beside = _commits(shop, world.pick(3, 12))
    return [
        BenchRow(
            NAME,
            f"search among {size:,} orders of {size // 5:,} people, 95 of 100",
            whole,
            "ms",
            f"among {size // 10:,}",
            tenth,
            against(whole, tenth),
            (most(100),),
        ),
        _commit_row("a commit of", [each.wall for each in beside], [each.wall for each in alone]),
        _commit_row("the writer's own time for", [each.own for each in beside], [each.own for each in alone]),
    ]


def _commit_row(what: str, beside: Sequence[float], alone: Sequence[float]) -> BenchRow:
    """The mean of the better half: what else runs on the machine is in the other."""
    mine, other = _mean(beside), _mean(alone)
    return BenchRow(
        NAME,
        f"{what} {_POST} comments while boards and orders are read",
        mine,
        "ms",
        "nobody reads",
        other,
        against(mine, other),
        (most(1.03, "ratio", goal=True), most(1.5, "ratio")),
        note="stretches in turn; the better half of them",
    )


def _mean(values: Sequence[float]) -> float:
    better = sorted(values)[: len(values) // 2]
    return sum(better) / len(better)


def _filled(store: CipherStore, size: int) -> ShopYears:
    shop = ShopYears(store)  # it fills the tables from the log, which is empty: the orders come after it
    shop.evening(1, 0)
    many_orders.fill(store, shop.now, orders=size, people=size // 5)
    return shop


def fill_shop(folder: Path, size: int) -> date:
    """Make a room in ``folder`` whose books have so many orders of a fifth as many people; their last day."""
    with closing(open_store(folder)) as store:
        shop = ShopYears(store)  # no evening of its own: what a desk is told there is what the bench pours
        many_orders.fill(store, shop.now, orders=size, people=size // 5)
        shop.core.save()
        return day_of(shop.now)


def _reader(shop: ShopYears) -> BookReader:
    return BookReader(shop.store.beside(), simulated=False, now=lambda: shop.now)


def _p95(shop: ShopYears) -> float:
    took: list[float] = []
    with closing(_reader(shop)) as reader:
        for _ in range(10):
            for query in _SEARCHES:
                begun = time.perf_counter()
                BOOKS["orders"](reader, {**query, "limit": "50"})
                took.append((time.perf_counter() - begun) * 1_000)
    return quantile(took, 0.95)


def _commits(shop: ShopYears, rounds: int) -> tuple[list[_Commit], list[_Commit]]:
    """Every commit, alone and while somebody reads."""
    dice = Random(3)
    took: dict[bool, list[_Commit]] = {False: [], True: []}
    command = BookCommand([*program(), "read-books"], child_environment())
    access = shop.store.access()
    assert access is not None, "the bench measures a room in a file"
    books = BookProcess(command, access, simulated=False)
    try:
        books.start()
        for _ in range(rounds):
            for read in (False, True):
                done = Flag()
                with ThreadPoolExecutor(1) as beside:
                    reading = beside.submit(_read, shop, books, done) if read else None
                    try:
                        took[read] += [_commit(shop, dice) for _ in range(_POSTS)]
                    finally:
                        done.set()
                    if reading is not None:
                        reading.result()
    finally:
        books.end()
    return took[False], took[True]


def _commit(shop: ShopYears, dice: Random) -> _Commit:
    told: list[FactData] = [
        CommentPosted(Person(f"v{dice.randrange(20_000)}", "观众"), "好看") for _ in range(_POST)
    ]
    begun, own = time.perf_counter(), time.thread_time()
    shop.tell(told)
    took, spent = time.perf_counter() - begun, time.thread_time() - own
    time.sleep(max(0.0, _POST / _A_SECOND - took))
    return _Commit(took * 1_000, spent * 1_000)


def _read(shop: ShopYears, books: BookProcess, done: Flag) -> None:
    for name, query in cycle(_READ):
        books.ask(AskedBook(name, query, shop.now))
        if done.wait(_EVERY):
            return
