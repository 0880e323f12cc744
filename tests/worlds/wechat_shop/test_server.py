"""The made-up shop at its address: what is answered, what goes wrong, and whether it was carried out."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from liveconsole.tasks import spawn
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.clients import Asker, HandClock
from tests.worlds.wechat_shop.faults import CARRIED_OUT, EVERY, REFUSALS, UNSAID, Disorder, Faults, Lag, Rule
from tests.worlds.wechat_shop.made_up import FIRST, shop_with_goods
from tests.worlds.wechat_shop.server import ShopServer

STOCK = {"product_id": str(FIRST), "sku_id": "764787449", "diff_type": 1, "num": 1}
UPDATE = "/channels/ec/product/stock/update"


@pytest.fixture
async def server() -> AsyncIterator[ShopServer]:
    async with ShopServer(shop_with_goods(HandClock()), hang=0.05) as server:
        yield server


async def post(server: ShopServer, path: str, body: dict[str, Any]) -> Any:
    token = Asker(server.shop).tokens["shop"]
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.post(f"{server.url}{path}?access_token={token}", json=body) as response,
    ):
        return json.loads(await response.read())


async def test_it_answers_at_its_address(server: ShopServer) -> None:
    said = await post(server, "/channels/ec/product/get", {"product_id": str(FIRST)})
    assert said["product"]["title"] == "真丝围巾 1 号"
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.get(server.url + UPDATE) as response,
    ):
        assert (await response.json())["errcode"] == 43002
    assert [call.path for call in server.calls] == ["/channels/ec/product/get"] * 1 + [UPDATE]


@pytest.mark.parametrize("fault", EVERY)
async def test_every_fault_does_what_it_is_called(server: ShopServer, fault: str) -> None:
    server.faults.next(UPDATE, fault)
    sku = server.shop.goods.products[str(FIRST)].skus["764787449"]
    before = sku.stock
    if fault in UNSAID:
        with pytest.raises((aiohttp.ClientError, ValueError)):
            await post(server, UPDATE, STOCK)
    else:
        said = await post(server, UPDATE, STOCK)
        codes = {wrong.STRING: "0", wrong.BUSY_AFTER: -1}
        assert said["errcode"] == (REFUSALS[fault][0] if fault in REFUSALS else codes.get(fault, 0))
    assert sku.stock == before + (fault in CARRIED_OUT)
    assert (await post(server, UPDATE, STOCK))["errcode"] == 0, "only the next one"
    assert [call.fault for call in server.calls] == [fault, None]


async def test_an_answer_that_never_comes_ends_with_the_server() -> None:
    server = ShopServer(shop_with_goods(HandClock()))
    await server.start()
    server.faults.next("/", wrong.HANG_BEFORE)
    asking = spawn(post(server, UPDATE, STOCK), name="asking")
    done, _ = await asyncio.wait([asking], timeout=0.1)
    assert not done
    await server.close()
    with pytest.raises(aiohttp.ClientError):
        await asking


def test_faults_are_the_same_on_the_same_seed_and_stay_in_their_time() -> None:
    rules = [Rule(wrong.BUSY, 0.5, "/a", after=10, until=20), Rule(wrong.HALF, 0.1)]

    def played(seed: int) -> list[str | None]:
        faults = Faults(seed, rules)
        return [faults.strike("/a", at) for at in range(30) for _ in range(20)]

    assert played(1) == played(1)
    assert played(1) != played(2)
    assert wrong.BUSY not in played(1)[:200]
    assert wrong.BUSY in played(1)[200:400]


def test_disorder_loses_nothing_and_lag_shows_it_later() -> None:
    ids = [str(number) for number in range(100)]
    mixed = Disorder(1)(ids)
    assert set(mixed) == set(ids)
    assert len(mixed) > len(ids)
    assert mixed[:100] != ids
    clock = HandClock()
    shop = shop_with_goods(clock)
    ask = Asker(shop)
    shop.orders.lag = lambda: 30
    order = shop.orders.place("oBuyer", [(str(FIRST), "764787449", 1)])
    window = {"update_time_range": {"start_time": int(clock.at), "end_time": int(clock.at)}, "page_size": 10}
    assert ask("order/list/get", window)["order_id_list"] == []
    assert ask("order/get", {"order_id": order.order_id})["order"]["status"] == 10
    clock.go(30)
    assert ask("order/list/get", window)["order_id_list"] == [order.order_id]
    lag = Lag(1)
    lags = [lag() for _ in range(500)]
    assert (min(lags), max(lags)) == (0, 60)


def test_it_stands_at_an_address_of_its_own() -> None:
    words = [sys.executable, "-m", "tests.worlds.wechat_shop", "--port", "0", "--fault", "half=0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[0]
            with urllib.request.urlopen(f"{url}/cgi-bin/stable_token", data=b"{}") as response:
                assert json.load(response)["errcode"] == 40002
        finally:
            process.kill()
