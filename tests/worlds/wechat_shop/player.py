"""A recorded month of orders, played as a shop: each is placed, paid, sent, closed, given back in its time.

The recording says when an order was placed and paid, what it was worth, what was paid and what went back.
What it does not say is diced: which lines made it, when the money went back and in how many parts, what was
sent, which were of the live.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from tests.worlds.wechat_shop.aftersales import GIVEN_BACK, GIVEN_BACK_RETURN, WITHDRAWN
from tests.worlds.wechat_shop.clock import CHINA
from tests.worlds.wechat_shop.goods import Sku
from tests.worlds.wechat_shop.orders import IN_LIVE
from tests.worlds.wechat_shop.shop import Shop

BUSIEST: Final = date(2020, 2, 25)
"""3,416 orders."""

PRODUCTS: Final = 40
_PLENTY: Final = 10**9
_UNDOCUMENTED: Final = 60
LATEST: Final = 6 * 3600
"""Seconds after its payment within which an order is sent or money is asked back."""


@dataclass(frozen=True, slots=True)
class Recorded:
    number: str
    total_fen: int
    paid_fen: int
    refunded_fen: int
    province: str
    placed_at: int
    paid_at: int | None


@dataclass(frozen=True, slots=True)
class Truth:
    """What an order of the shop has come to, whoever asks for it and however."""

    total_fen: int
    paid_fen: int
    refunded_fen: int
    closed: bool
    lines: tuple[tuple[str, int, int], ...]
    aftersales: dict[str, bool]
    """Its after-sales, by their ids: whether each is over."""


def recorded(path: Path, day: date | None = None, most: int | None = None) -> list[Recorded]:
    """The orders of a day (None: of all), oldest first; at most the first ``most`` of them."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    found = [_row(row) for row in rows if day is None or row[4].startswith(day.isoformat())]
    return sorted(found, key=lambda one: (one.placed_at, int(one.number)))[:most]


def _row(row: Sequence[str]) -> Recorded:
    kept, refund = _fen(row[2]), _fen(row[6])
    paid_at = _unix(row[5]) if row[5] else None
    return Recorded(row[0], _fen(row[1]), kept + refund, refund, row[3], _unix(row[4]), paid_at)


def _fen(text: str) -> int:
    return round(float(text) * 100)


def _unix(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA).timestamp())


class Player:
    """Plans recorded orders on a shop's clock."""

    def __init__(self, shop: Shop, orders: Sequence[Recorded], seed: int, latest: int = LATEST) -> None:
        self._latest = latest
        self._shop = shop
        self._dice = Random(f"player/{seed}")
        self.ids: dict[str, str] = {}
        """Number in the recording → order id."""
        for place in range(PRODUCTS):
            skus = [Sku(f"{9_000 + place * 10 + which}", 5_000 + place * 100, _PLENTY) for which in range(3)]
            shop.goods.offer(f"{20_000 + place}", f"商品 {place + 1}", skus)
        for one in orders:
            shop.clock.plan(one.placed_at, partial(self._place, one))

    def truth(self) -> dict[str, Truth]:
        """All orders of the shop as they stand."""
        return {order_id: truth_of(self._shop, order_id) for order_id in self._shop.orders.orders}

    def _place(self, one: Recorded) -> None:
        shop, dice = self._shop, self._dice
        order_id = str(3_705_115_000_000_000_000 + int(one.number))
        self.ids[one.number] = order_id
        off = one.total_fen - one.paid_fen if one.paid_at is not None else 0
        freight = dice.choice((0, 0, 500, 1_200)) if one.total_fen > 1_200 else 0
        lines = self._lines(one.total_fen - freight)
        shop.orders.place(
            f"oBuyer{dice.randint(0, 5_000):05d}",
            [(product, sku, count) for product, sku, count, _ in lines],
            prices_fen=[price for *_, price in lines],
            discounted_fen=off,
            freight_fen=freight,
            province=one.province,
            scene=IN_LIVE if dice.random() < 0.7 else dice.choice((1, 3, 4, 5, 6, 99)),
            order_id=order_id,
        )
        now = shop.clock.now()
        if one.paid_at is not None:
            shop.clock.plan(max(one.paid_at, now), lambda: self._pay(one, order_id))
        elif dice.random() < 0.9:
            shop.clock.plan(now + dice.randint(60, 1_800), lambda: shop.orders.close(order_id))

    def _lines(self, goods_fen: int) -> list[tuple[str, str, int, int]]:
        """Products, SKUs, units and prices that come to a sum."""
        dice, left, lines = self._dice, goods_fen, []
        for _ in range(dice.choice((0, 0, 0, 1, 2))):
            count = dice.randint(1, 3)
            price = left // (2 * count)
            if price:
                lines.append((*self._sku(), count, price))
                left -= price * count
        return [*lines, (*self._sku(), 1, left)]

    def _sku(self) -> tuple[str, str]:
        place = self._dice.randrange(PRODUCTS)
        return f"{20_000 + place}", f"{9_000 + place * 10 + self._dice.randrange(3)}"

    def _pay(self, one: Recorded, order_id: str) -> None:
        shop, dice = self._shop, self._dice
        shop.orders.pay(order_id)
        now = shop.clock.now()
        if one.refunded_fen:
            parts = [one.refunded_fen]
            if one.refunded_fen > 1 and dice.random() < 0.3:
                first = dice.randint(1, one.refunded_fen - 1)
                parts = [first, one.refunded_fen - first]
            for part in parts:
                shop.clock.plan(now + dice.randint(30, self._latest), partial(self._open, order_id, part))
        elif dice.random() < 0.05:
            shop.clock.plan(
                now + dice.randint(30, self._latest), lambda: self._open(order_id, 1, withdrawn=True)
            )
        elif dice.random() < 0.4:
            shop.clock.plan(now + dice.randint(60, self._latest), lambda: shop.orders.send(order_id))
        elif dice.random() < 0.1:
            shop.clock.plan(
                now + dice.randint(60, self._latest), lambda: shop.orders.turn(order_id, _UNDOCUMENTED)
            )

    def _open(self, order_id: str, fen: int, withdrawn: bool = False) -> None:
        shop, dice = self._shop, self._dice
        aftersale = shop.aftersales.open(order_id, fen, type_=dice.choice(("REFUND", "REFUND", "RETURN")))
        id_, now = aftersale.aftersale_id, shop.clock.now()
        if withdrawn:
            shop.clock.plan(now + dice.randint(10, 600), lambda: shop.aftersales.withdraw(id_))
            return
        later = now + dice.randint(10, 900)
        on_the_way = dice.choice(("PLATFORM_REFUNDING", "PLATFORM_REFUNDING", "补寄待商家发货"))
        shop.clock.plan(later, lambda: shop.aftersales.turn(id_, on_the_way))
        shop.clock.plan(later + dice.randint(1, 300), lambda: shop.aftersales.give_back(id_))


_OVER: Final = frozenset({GIVEN_BACK, GIVEN_BACK_RETURN, WITHDRAWN})


def truth_of(shop: Shop, order_id: str) -> Truth:
    order = shop.orders.orders[order_id]
    return Truth(
        total_fen=order.price_fen,
        paid_fen=order.price_fen if order.paid_at else 0,
        refunded_fen=order.refunded_fen,
        closed=order.status == 250,
        lines=tuple((line.sku_id, line.count, line.price_fen) for line in order.lines),
        aftersales={id_: shop.aftersales.aftersales[id_].status in _OVER for id_, _ in order.aftersales},
    )
