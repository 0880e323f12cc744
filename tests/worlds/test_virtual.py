"""Time jumps, sockets are true, and an engine lives, dies and goes on from its disk in it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from liveconsole.connectors.cloudevent import cloudevent
from liveconsole.connectors.connection import RoomDoor
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connections import ConnectionState
from tests.goals import within
from tests.worlds import virtual
from tests.worlds.engines import RoomRun
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.made_up import shop_with_goods
from tests.worlds.wechat_shop.server import ShopServer


def test_a_day_of_asking_takes_as_long_as_its_calls() -> None:
    async def day() -> tuple[int, float]:
        loop = asyncio.get_running_loop()
        shop = shop_with_goods(lambda: 1_720_000_000 + loop.time())
        async with ShopServer(shop) as server, aiohttp.ClientSession(trust_env=False) as session:
            for _ in range(100):
                async with session.post(f"{server.url}/cgi-bin/stable_token", json={}) as response:
                    assert (await response.json())["errcode"] == 40002
                await asyncio.sleep(864)
            return len(server.calls), loop.time()

    began = time.monotonic()
    calls, lasted = virtual.run(day())
    assert (calls, round(lasted)) == (100, 86_400)
    within(time.monotonic() - began, 10)


def test_an_answer_that_never_comes_runs_into_the_callers_limit() -> None:
    async def hung() -> float:
        loop = asyncio.get_running_loop()
        async with ShopServer(shop_with_goods(loop.time)) as server, aiohttp.ClientSession() as session:
            server.faults.next("/", wrong.HANG_AFTER)
            with pytest.raises(TimeoutError):
                await session.post(server.url + "/x", json={}, timeout=aiohttp.ClientTimeout(10))
            return loop.time()

    assert 10 <= virtual.run(hung()) < 12


class Teller:
    """A connection that tells of an order every ten seconds."""

    def __init__(self, folder: Path) -> None:
        self.told = 0

    def state(self) -> ConnectionState:
        return ConnectionState("connected")

    async def run(self, room: RoomDoor) -> None:
        while True:
            stamp = int(room.now().timestamp())
            lines = [{"sku_id": "a", "quantity": 1, "unit_price_fen": 100}]
            data = {
                "order_id": f"o{stamp}",
                "buyer": {"id": "b", "name": ""},
                "lines": lines,
                "total_fen": 100,
            }
            event = cloudevent("test:shop", f"{stamp}", "order.placed", data, room.now().isoformat())
            await room.post([event])
            self.told += 1
            await asyncio.sleep(10)

    async def act(self, action: str, data: dict[str, Any]) -> ConnectionSaid:
        raise LookupError(action)


def test_a_room_that_is_killed_goes_on_from_its_disk(tmp_path: Path) -> None:
    async def lives() -> tuple[int, int]:
        loop = asyncio.get_running_loop()

        def wall() -> float:
            return 1_720_000_000 + loop.time()

        told, folder = 0, tmp_path / "room"
        for life in range(3):
            run = RoomRun(folder, wall, Teller)
            await run.start()
            if not life:
                await run.ask("open", "broadcast.open")
            await asyncio.sleep(95)
            assert run.failed is None
            assert isinstance(run.connector, Teller)
            told += run.connector.told
            folder = await run.kill(tmp_path / f"room {life}")
        run = RoomRun(folder, wall, Teller)
        orders = len(run.core.room.orders)
        await run.stop()
        return told, orders

    assert virtual.run(lives()) == (30, 30)
