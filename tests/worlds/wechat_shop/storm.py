"""Recorded orders through the made-up shop into a room, on virtual time, while everything goes wrong."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from liveconsole import credentials
from liveconsole.cli.connecting import MAKERS
from liveconsole.connectors.connection import Connector
from liveconsole.domain.room_orders import Order, OrderTotals
from liveconsole.messages.connections import ShopConnection
from liveconsole.messages.facts import AFTERSALE_OVER
from tests.worlds.engines import RoomRun
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.faults import Disorder, Faults, Lag, Rule
from tests.worlds.wechat_shop.orders import no_lag
from tests.worlds.wechat_shop.player import LATEST, Player, Recorded, Truth
from tests.worlds.wechat_shop.server import Call, ShopServer
from tests.worlds.wechat_shop.shop import SHOP, Shop
from tests.worlds.wechat_shop.tokens import Quota

ADDRESS: Final = "LIVECONSOLE_WECHAT_API"
LIST, GET = "/channels/ec/order/list/get", "/channels/ec/order/get"
_CALM: Final = 1_800
"""Seconds of good weather at the end, in which what is missing has to be found."""

_PLENTY: Final = 1_000_000

OFTEN: Final = (
    Rule(wrong.BUSY, 0.02, "/channels"),
    Rule(wrong.TOKEN_EXPIRED, 0.001, "/channels"),
    Rule(wrong.TOKEN_INVALID, 0.001, "/channels"),
    Rule(wrong.HALF, 0.01),
    Rule(wrong.STRING, 0.05),
    Rule(wrong.RESET_BEFORE, 0.004),
    Rule(wrong.RESET_AFTER, 0.004),
    Rule(wrong.HANG_BEFORE, 0.002),
    Rule(wrong.HANG_AFTER, 0.002),
    Rule(wrong.GATEWAY, 0.004),
    Rule(wrong.MINUTE, 0.0005, "/channels"),
)


@dataclass(slots=True)
class Weather:
    """One seed's troubles."""

    seed: int
    rules: list[Rule]
    skew: int
    lag: int
    kills: int
    offs: Sequence[int] = (0, 0, 5, 60, 900, 7_200)
    """For how many seconds nobody runs after a kill: one of these."""
    poll_seconds: int = 8
    away: tuple[int, int] | None = None
    """From when to when nobody runs at all."""
    quota: Quota = field(default_factory=lambda: Quota(a_day=50_000, a_minute=120))


def weather(seed: int, began: int, *, kills: int = 12) -> Weather:
    """A day's, beginning then: the address is shut out for half an hour, and late in it the calls of one path
    are used up."""
    dice = Random(f"weather/{seed}")
    shut = began + dice.randint(3_600, 60_000)
    rules = [
        Rule(wrong.ADDRESS, 1.0, "/channels", after=shut, until=shut + 1_800),
        Rule(wrong.DAILY, 1.0, dice.choice((LIST, GET)), after=began + 23 * 3_600 - 900, most=1),
        *OFTEN,
    ]
    return Weather(seed, rules, skew=dice.randint(-50, 50), lag=60, kills=kills)


@dataclass(slots=True)
class Came:
    """What a storm left behind."""

    truth: dict[str, Truth]
    room: dict[str, Order]
    totals: OrderTotals
    calls: list[Call]
    deaths: list[int]
    """When somebody died, by the shop's clock."""
    struck: Counter[str]

    def differences(self) -> list[str]:
        """Every order, and every figure of one, that is not in the room as it is in the shop."""
        found = [f"{one} is not in the room" for one in self.truth.keys() - self.room.keys()]
        found += [f"{one} is not in the shop" for one in self.room.keys() - self.truth.keys()]
        for order_id in self.truth.keys() & self.room.keys():
            truth, order = self.truth[order_id], self.room[order_id]
            for name, shop, room in (
                ("total", truth.total_fen, order.total_fen),
                ("paid", truth.paid_fen, order.paid_fen),
                ("refunded", truth.refunded_fen, order.refund_fen),
                ("closed", truth.closed, order.closed and not order.paid),
                (
                    "after-sales",
                    truth.aftersales,
                    {id_: how in AFTERSALE_OVER for id_, how in order.aftersales.items()},
                ),
                (
                    "lines",
                    truth.lines,
                    tuple((one.sku_id, one.quantity, one.unit_price_fen) for one in order.lines),
                ),
            ):
                if shop != room:
                    found.append(f"{order_id}: {name} is {shop} in the shop and {room} in the room")
        return sorted(found) + self._sums()

    def _sums(self) -> list[str]:
        """What does not come to the same over all orders: the room counts as it goes."""
        truths = self.truth.values()
        sums = {
            "placed": (len(truths), self.totals.placed),
            "gmv_fen": (sum(one.paid_fen for one in truths), self.totals.gmv_fen),
            "refund_fen": (sum(one.refunded_fen for one in truths), self.totals.refund_fen),
        }
        return [
            f"{name} is {shop} and in the room {room}" for name, (shop, room) in sums.items() if shop != room
        ]

    def refused_for_calls(self) -> list[Call]:
        """Calls that were truly too many: the shop said so, and no fault did. In the minute of a death the
        next one does not know how many were made."""
        died = {at // 60 for at in self.deaths}
        return [
            call
            for call in self.calls
            if call.code in (45009, 45011) and call.fault is None and call.at // 60 not in died
        ]


def connector(settings: ShopConnection, folder: Path) -> Connector:
    """As the program makes it."""
    return MAKERS["shop"](settings, folder)


async def storm(
    folder: Path,
    orders: Sequence[Recorded],
    now: Weather,
    make: Callable[[ShopConnection, Path], Connector] = connector,
    latest: int = LATEST,
) -> Came:
    """Play it all, also what comes up to ``latest`` seconds after a payment, and let it calm down."""
    loop = asyncio.get_running_loop()
    dice = Random(f"storm/{now.seed}")
    began = orders[0].placed_at - 120

    def wall() -> float:
        return began + loop.time()

    shop = Shop(wall, skew=now.skew)
    player = Player(shop, orders, now.seed, latest)
    shop.tokens.default = now.quota
    shop.orders.lag = Lag(now.seed, longest=now.lag) if now.lag else no_lag
    shop.aftersales.lag = Lag(now.seed + 1, longest=now.lag) if now.lag else no_lag
    shop.orders.pages.disorder = Disorder(now.seed)
    shop.aftersales.pages.disorder = Disorder(now.seed + 1)
    lasts = orders[-1].placed_at - began + 2 * latest + 3_600
    server = ShopServer(shop, Faults(now.seed, now.rules), hang=120)
    likely = 2 * lasts // now.poll_seconds + 2 * len(orders)
    server.deadly = set(dice.sample(range(2, likely), now.kills))
    furnish(folder)
    settings = ShopConnection("wechat_shop", SHOP.appid, poll_seconds=now.poll_seconds)
    lives, deaths = 0, list[int]()
    async with server:
        os.environ[ADDRESS] = server.url
        while True:
            run = RoomRun(folder, wall, lambda at: make(settings, at))
            await run.start()
            if not lives:
                await run.ask("goods", "catalogue.put", products=catalogue(shop))
                await run.ask("open", "broadcast.open")
            lives += 1
            off = dice.choice(now.offs)
            leaves = now.away[0] - wall() if now.away is not None else lasts
            died = await _until(server, min(leaves, lasts - loop.time()))
            if run.failed is not None:
                raise run.failed
            if now.away is not None and wall() >= now.away[0]:
                off, now.away = now.away[1] - int(wall()), None
            elif not died:
                break
            deaths.append(shop.clock.now())
            folder = await run.kill(folder.with_name(f"{folder.name}-{lives}"))
            await asyncio.sleep(off)
        server.faults.rules.clear()
        server.deadly.clear()
        shop.orders.lag = shop.aftersales.lag = no_lag
        await asyncio.sleep(_CALM)
        if run.failed is not None:
            raise run.failed
        room, totals = dict(run.core.room.orders), run.core.room.totals
        await run.stop()
    return Came(
        player.truth(),
        room,
        totals,
        server.calls,
        deaths,
        Counter(fault for fault, _ in server.faults.struck),
    )


def furnish(folder: Path) -> None:
    """A data folder with the shop's secret in it."""
    folder.mkdir()
    credentials.keep(folder, "wechat_shop", {"secret": SHOP.secret})


def catalogue(shop: Shop) -> list[dict[str, Any]]:
    """What the room has to know so that an order's lines are of its own goods."""
    return [
        {
            "product_id": product.product_id,
            "title": product.title,
            "price_fen": min(sku.price_fen for sku in product.skus.values()),
            "stock": sum(min(sku.stock, _PLENTY) for sku in product.skus.values()),
            "skus": [
                {
                    "sku_id": sku_id,
                    "title": sku_id,
                    "price_fen": sku.price_fen,
                    "stock": min(sku.stock, _PLENTY),
                }
                for sku_id, sku in product.skus.items()
            ],
        }
        for product in shop.goods.products.values()
    ]


async def _until(server: ShopServer, seconds: float) -> bool:
    """Whether somebody has to die before so many seconds are over."""
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            await server.dying.wait()
    except TimeoutError:
        return False
    server.dying.clear()
    return True
