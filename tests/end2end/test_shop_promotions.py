"""A sale and a coupon through the door into a shop, over real connections; engines die on the way there."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psutil
import pytest

from liveconsole.connectors.wechat_shop import coupons, sales
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.goods import Sku
from tests.worlds.wechat_shop.server import ShopServer
from tests.worlds.wechat_shop.shop import SHOP, Shop

pytestmark = pytest.mark.slow

SALE = {
    "skus": [
        {"sku_id": "7001", "price_fen": 5900, "quantity": 5},
        {"sku_id": "7002", "price_fen": 3500, "quantity": 7},
    ],
    "per_buyer": 12,
    "seconds": 600,
}
COUPON = {
    "name": "今晚减八",
    "rule": {"threshold_fen": 9000, "off_fen": 800},
    "quantity": 50,
    "per_buyer": 1,
    "seconds": 600,
    "valid_seconds": 86_400,
    "scope": {"product_ids": ["9001"]},
}


class ShopRoom:
    """An engine whose room is connected to a shop on this loop."""

    def __init__(self, program: Any, server: ShopServer) -> None:
        self.program, self.server = program, server
        self.shop = server.shop

    async def do(self, type_: str, **data: Any) -> Any:
        return await asyncio.to_thread(lambda: self.program.command(type_, **data))

    async def cue(self, cue_id: str) -> Any:
        state = await asyncio.to_thread(self.program.ask, "/v1/state")
        return next(cue for cue in state["cues"] if cue["cue_id"] == cue_id)

    async def until(self, cue_id: str, holds: Callable[[Any], Any], seconds: float = 20) -> Any:
        deadline = time.monotonic() + seconds
        while not holds(cue := await self.cue(cue_id)):
            assert time.monotonic() < deadline, (cue, self.server.calls[-5:])
            await asyncio.sleep(0.05)
        return cue

    async def fire(self, kind: str, spec: dict[str, Any], cue_id: str) -> None:
        await self.do("cue.add", cue_id=cue_id, kind=kind, spec=spec)
        await self.do("cue.fire", cue_id=cue_id)

    def runs(self, product_id: str) -> list[bool]:
        now = self.shop.clock.now()
        return [task.status(now) == sales.RUNS for task in self.shop.discounts.of(product_id)]

    def pid(self) -> int:
        return int(json.loads((self.program.folder / "engine.json").read_bytes())["pid"])

    async def dead(self) -> None:
        """Wait until the engine is gone, and start another one."""
        process = psutil.Process(self.pid())
        await asyncio.to_thread(psutil.wait_procs, [process], 20)
        self.program.env.pop("LIVECONSOLE_FAILPOINTS", None)
        await asyncio.to_thread(self.program.serve)


def _keep_secret(program: Any) -> None:
    found = json.loads((program.folder / "engine.json").read_bytes())
    headers = {"Authorization": f"Bearer {found['tokens']['host']}", "Content-Type": "application/json"}
    body = json.dumps({"secret": SHOP.secret}).encode()
    url = found["url"] + "/v1/secrets/wechat_shop"
    with urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT"), timeout=10):
        pass


@asynccontextmanager
async def room_at(program: Any, failpoints: str = "") -> AsyncIterator[ShopRoom]:
    shop = Shop(time.time)
    shop.goods.offer("9001", "围巾", [Sku("7001", 9900, 10)])
    shop.goods.offer("9002", "帽子", [Sku("7002", 4900, 20)])
    async with ShopServer(shop) as server:
        program.env["LIVECONSOLE_WECHAT_API"] = server.url
        if failpoints:
            program.env["LIVECONSOLE_FAILPOINTS"] = failpoints
        await asyncio.to_thread(program.serve)
        room = ShopRoom(program, server)
        await asyncio.to_thread(_keep_secret, program)
        products = [
            {
                "product_id": "9001",
                "title": "围巾",
                "price_fen": 9900,
                "stock": 10,
                "skus": [_sku("7001", 9900, 10)],
            },
            {
                "product_id": "9002",
                "title": "帽子",
                "price_fen": 4900,
                "stock": 20,
                "skus": [_sku("7002", 4900, 20)],
            },
        ]
        await room.do("catalogue.put", products=products)
        await room.do("room.set", recall_seconds=0, platform="wechat_shop", shop=_SETTINGS)
        await room.do("broadcast.open")
        await connected(room)
        try:
            yield room
        finally:
            await asyncio.to_thread(program.stop)


_SETTINGS = {"kind": "wechat_shop", "appid": SHOP.appid, "poll_seconds": 60}


def _sku(sku_id: str, price_fen: int, stock: int) -> dict[str, Any]:
    return {"sku_id": sku_id, "title": sku_id, "price_fen": price_fen, "stock": stock}


async def connected(room: ShopRoom) -> None:
    deadline = time.monotonic() + 20
    while True:
        state = await asyncio.to_thread(room.program.ask, "/v1/state")
        told = state["health"]["connections"].get("shop", {})
        if told.get("state") == "connected":
            return
        assert time.monotonic() < deadline, told
        await asyncio.sleep(0.05)


async def test_a_sale_and_a_coupon_begin_are_read_and_end(program: Any) -> None:
    async with room_at(program) as room:
        await room.fire("flash_sale", SALE, "sale")
        await room.fire("coupon", COUPON, "coupon")
        for cue_id in ("sale", "coupon"):
            await room.until(cue_id, lambda cue: cue["status"] == "on_air")
        assert room.runs("9001") == room.runs("9002") == [True]
        (made,) = room.shop.coupons.coupons.values()
        assert made.status == coupons.LIVE
        for cue_id in ("sale", "coupon"):
            await room.do("cue.stop", cue_id=cue_id)
            await room.until(cue_id, lambda cue: cue["status"] == "ended" and "owed" not in cue)
        assert room.runs("9001") == room.runs("9002") == [False]
        assert made.status == coupons.VOID
        # what was made on the phone is named, and left
        now = room.shop.clock.now()
        sku = {"sku_id": "7001", "sale_price": 3900, "sale_stock": 3}
        hand = {"product_id": "9001", "start_time": now, "end_time": now + 3600}
        by_hand = room.shop.discounts.add({**hand, "limited_discount_skus": [sku]})
        await room.fire("flash_sale", SALE, "again")
        cue = await room.until("again", lambda cue: cue["status"] == "refused")
        assert "「围巾」在微信小店已有一个没结束的限时抢购" in cue["reason_text"]
        assert by_hand["task_id"] in cue["reason_text"]
        assert (room.runs("9001"), room.runs("9002")) == ([False, True], [False])


@pytest.mark.deep
@pytest.mark.parametrize("point", ["F3", "F5"])
async def test_an_engine_that_dies_where_it_asks_begins_nothing_twice(program: Any, point: str) -> None:
    async with room_at(program, f"{point}:kill") as room:
        await room.fire("flash_sale", SALE, "sale")
        await room.dead()
        await room.until("sale", lambda cue: cue["status"] == "on_air")
        assert room.runs("9001") == room.runs("9002") == [True]
        assert len(room.server.called(sales.ADD)) == 2


@pytest.mark.parametrize(
    ("kind", "spec", "path"),
    [
        ("flash_sale", SALE, sales.ADD),
        pytest.param("coupon", COUPON, coupons.STATUS, marks=pytest.mark.deep),
    ],
)
async def test_an_engine_that_dies_while_the_shop_is_silent_finds_what_it_began(
    program: Any, kind: str, spec: dict[str, Any], path: str
) -> None:
    """It dies within the last call of a start, which the shop carried out."""
    async with room_at(program) as room:
        room.server.faults.rules.insert(0, wrong.Rule(wrong.HANG_AFTER, path=path, most=1))
        if kind == "flash_sale":
            spec = {**spec, "skus": spec["skus"][:1], "per_buyer": 5}
        await room.fire(kind, spec, "one")
        await room.until("one", lambda _: room.server.called(path))
        psutil.Process(room.pid()).kill()
        await room.dead()
        await room.until("one", lambda cue: cue["status"] == "on_air")
        made = len(room.shop.discounts.tasks) + len(room.shop.coupons.coupons)
        assert made == 1
