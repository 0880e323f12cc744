"""From an order in a shop to the desk's screen. The shop is asked every few seconds, so that is what most of
it takes; what comes after the question has one second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import msgspec
from aiohttp import web

from liveconsole import credentials
from liveconsole.bench import comments
from liveconsole.bench.figures import BenchRow, most
from liveconsole.bench.flood import LAST, ORDER, post_order
from liveconsole.bench.program import DeskProgram
from liveconsole.bench.serving import ServedEngine, serving
from liveconsole.bench.wire import BenchConnection, Unexpected
from liveconsole.bench.world import BenchHost, BenchRun
from liveconsole.connectors.wechat_shop.api import ENV, QUOTA_PATH
from liveconsole.connectors.wechat_shop.connector import SECRETS
from liveconsole.connectors.wechat_shop.followed import ORDER_GET, ORDER_LIST
from liveconsole.connectors.wechat_shop.token import PATH as TOKEN_PATH
from liveconsole.paths import own_folder

NAME: Final = "polled"
POLL_SECONDS: Final = 5
"""As often as a room may ask at most."""
_AFTER_MS: Final = 1_000
_BETWEEN: Final = 0.2
"""Seconds from one order to the next: no whole part of a poll."""
_FACTS: Final = 2
"""An order is told as placed and as paid."""
_CONNECTS_WITHIN: Final = 20.0
_LOOK: Final = 0.2

_Call = Callable[[dict[str, Any]], dict[str, Any]]


class BenchShop:
    """A 微信小店 on loopback, as far as an order goes: a token, how often may be asked, the list by the time
    of the last change, one order. Of everything else there is none."""

    def __init__(self) -> None:
        self.url = ""
        self._orders: dict[str, int] = {}
        self._calls: dict[str, _Call] = {
            TOKEN_PATH: lambda _: {"access_token": "bench", "expires_in": 7_200},
            QUOTA_PATH: lambda _: {
                "quota": {"daily_limit": 1_000_000, "used": 0, "remain": 1_000_000},
                "rate_limit": {"call_count": 600, "refresh_second": 60},
            },
            ORDER_LIST: self._list,
            ORDER_GET: self._get,
        }
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def sell(self) -> None:
        """Have somebody buy and pay now. The order's id says when, by the clock that the desk has too."""
        self._orders[f"{ORDER}{time.monotonic_ns()}"] = int(time.time())

    async def _answer(self, request: web.Request) -> web.Response:
        body = msgspec.json.decode(await request.read() or b"{}")
        call = self._calls.get(request.path)
        said: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "has_more": False, "next_key": ""}
        said |= call(body) if call is not None else {}
        return web.Response(body=msgspec.json.encode(said), content_type="application/json")

    def _list(self, body: dict[str, Any]) -> dict[str, Any]:
        between = body["update_time_range"]
        first, last = between["start_time"], between["end_time"]
        found = [order_id for order_id, at in self._orders.items() if first <= at <= last]
        return {"order_id_list": found}

    def _get(self, body: dict[str, Any]) -> dict[str, Any]:
        at = self._orders[body["order_id"]]
        bought = {"product_id": "bench", "sku_id": "bench", "sku_cnt": 1, "sale_price": 9_900}
        detail = {
            "product_infos": [bought],
            "price_info": {"order_price": 9_900},
            "pay_info": {"pay_time": at, "transaction_id": body["order_id"]},
        }
        order = {"order_id": body["order_id"], "openid": "bench", "status": 20, "order_detail": detail}
        return {"order": {**order, "create_time": at, "update_time": at}}


async def measure(world: BenchRun) -> list[BenchRow]:
    """A shop sells five a second; the real desk at a real engine that follows it paints each."""
    seconds = world.seconds(5, 40)
    folder = own_folder(world.folder(NAME))
    await asyncio.to_thread(credentials.keep, folder, SECRETS, {"secret": "bench"})
    async with (
        BenchShop() as shop,
        serving(folder, more={ENV: shop.url}) as engine,
        engine.wire("host") as host,
    ):
        ask = BenchHost(host)
        await ask("broadcast.open", title="bench")
        settings = {"kind": "wechat_shop", "appid": "wxbench", "poll_seconds": POLL_SECONDS}
        await ask("room.set", platform="manual", shop=settings)
        token = engine.folder / "bench-token"
        token.write_text(engine.tokens["host"], "utf-8")
        words = ["flood", "--url", f"http://127.0.0.1:{engine.port}", "--token-file", str(token)]
        async with DeskProgram(*words) as program:
            await program.said()
            await _until(host, lambda shop: shop.get("state") == "connected", _CONNECTS_WITHIN)
            await _say_something(engine)
            sold = await _selling(shop, seconds)
            await _until(host, lambda shop: shop["figures"]["orders"] >= _FACTS * sold, 4.0 * POLL_SECONDS)
            async with engine.wire("producer") as producer:
                await post_order(producer, LAST)
            told = await program.said()
            await program.ended()
    return _rows(told, sold)


async def _selling(shop: BenchShop, seconds: float) -> int:
    sold = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        shop.sell()
        sold += 1
        await asyncio.sleep(_BETWEEN)
    return sold


async def _say_something(engine: ServedEngine) -> None:
    """The desk counts from the first comment on."""
    async with engine.wire("producer") as producer:
        for body in comments.bodies(1, source="/bench/polled", batch=1):
            await producer.post(body, comments.TYPE)


async def _until(host: BenchConnection, holds: Callable[[dict[str, Any]], bool], seconds: float) -> None:
    """Wait until the room says so of its shop.

    Raises:
        Unexpected: it does not, in that time.
    """
    until = time.monotonic() + seconds
    while True:
        state = msgspec.json.decode(await host.ask("GET", "/v1/state"))
        shop = state["health"].get("connections", {}).get("shop", {})
        if shop and holds(shop):
            return
        if time.monotonic() > until:
            raise Unexpected(f"the shop's connection: {shop}")
        await asyncio.sleep(_LOOK)


def _rows(told: dict[str, Any], sold: int) -> list[BenchRow]:
    screen = told["order_to_screen"]
    return [
        BenchRow(
            NAME,
            f"order in the shop → painted, asked every {POLL_SECONDS} s, 95 of 100",
            screen["p95"],
            "ms",
            bounds=(most(POLL_SECONDS * 1_000 + _AFTER_MS),),
            note=f"{sold} orders of a made-up shop; a poll and a second",
        ),
        BenchRow(NAME, "the same, half", screen["p50"], "ms"),
        BenchRow(NAME, "the same, the longest", screen["max"], "ms"),
        BenchRow(
            NAME,
            "orders of the shop that the desk did not get",
            sold - told["orders"],
            "orders",
            bounds=(most(0),),
            note=f"of {sold}",
        ),
    ]
