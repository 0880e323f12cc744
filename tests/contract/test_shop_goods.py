"""The shop's goods through the door: seen by every seat, taken by commands, kept back by floors and roles;
and the pushes of a real relay program on the way into the log."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from liveconsole.bus.starting import child_environment
from liveconsole.paths import own_folder, write_own
from tests.contract.engine_process import EngineProcess
from tests.goals import within
from tests.worlds.wechat_shop.made_up import PRODUCT, SKU, shop_with_goods
from tests.worlds.wechat_shop.pushes import Keys, Pusher
from tests.worlds.wechat_shop.server import ShopServer
from tests.worlds.wechat_shop.shop import SHOP

KEYS = Keys(appid=SHOP.appid)
SECRETS = {"secret": SHOP.secret, "token": KEYS.token, "aes_key": KEYS.aes_key}


@pytest.fixture
async def server() -> AsyncIterator[ShopServer]:
    shop = shop_with_goods(time.time, 3)
    for product in shop.goods.products.values():
        product.pictures = ()
    async with ShopServer(shop) as started:
        yield started


@pytest.fixture
async def engine(
    tmp_path: Path, server: ShopServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[EngineProcess]:
    monkeypatch.setenv("LIVECONSOLE_WECHAT_API", server.url)
    running = await asyncio.to_thread(EngineProcess(tmp_path / "room").start)
    yield running
    await asyncio.to_thread(running.stop)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A relay program; its address, and the key that it made."""
    folder = own_folder(tmp_path / "relay")
    write_own(folder / "secrets.json", json.dumps({"wechat_shop": {"token": KEYS.token}}).encode())
    child = subprocess.Popen(
        [sys.executable, "-m", "liveconsole", "relay", "--data", str(folder), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=child_environment() | {"LIVECONSOLE_KEYRING": "off"},
    )  # fmt: skip
    assert child.stdout is not None
    url = json.loads(child.stdout.readline())["url"]
    yield url, json.loads((folder / "secrets.json").read_bytes())["relay"]["key"]
    child.send_signal(signal.SIGTERM if os.name == "posix" else signal.SIGINT)
    child.communicate(timeout=20)


async def until(holds: Callable[[], Any], within: float = 20.0) -> None:
    """Asked in a thread: the shop that is looked at is of this loop."""
    deadline = time.monotonic() + within
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline, "it did not come to hold"
        await asyncio.sleep(0.05)


def differences(engine: EngineProcess, role: str = "host", asked: str = "") -> Any:
    return engine.call("GET", f"/v1/shop/differences{asked}", role=role)


async def connect(engine: EngineProcess, **more: Any) -> None:
    shop = {"kind": "wechat_shop", "appid": SHOP.appid, "poll_seconds": 60, **more}
    assert differences(engine).status == 409
    await asyncio.to_thread(engine.call, "PUT", "/v1/secrets/wechat_shop", SECRETS)
    await asyncio.to_thread(engine.done, "room.set", platform="manual", shop=shop)
    await until(lambda: differences(engine).status == 200 and differences(engine).json["at"] is not None)


async def test_a_person_takes_what_the_shop_has_or_lets_ours_stand(
    engine: EngineProcess, server: ShopServer
) -> None:
    await connect(engine)
    for role, status in (("operator", 200), ("assistant", 200), ("viewer", 403), ("producer", 403)):
        assert differences(engine, role).status == status
    rows = differences(engine).json["rows"]
    assert [row["field"] for row in rows] == ["product"] * 3
    for row in rows:
        await asyncio.to_thread(engine.done, row["take"]["type"], **row["take"]["data"])
    assert differences(engine).json["rows"] == []

    product = server.shop.goods.products[PRODUCT]
    product.title, product.skus[SKU].price_fen = "新名字", 4000
    await asyncio.to_thread(
        engine.done, "catalogue.put", products=[{"product_id": PRODUCT, "floor_fen": 5000}]
    )
    assert (await asyncio.to_thread(engine.call, "POST", "/v1/connections/shop/goods", {})).json["ok"]
    found = {row["field"]: row for row in differences(engine).json["rows"] if row.get("sku_id", SKU) == SKU}
    assert (found["title"]["ours"], found["title"]["shop"]) == ("真丝围巾 1 号", "新名字")
    cheap = found["price_fen"]["take"]
    refused = await asyncio.to_thread(engine.command, cheap["type"], **cheap["data"])
    assert refused["code"] == "below_price_floor"

    keep = found["title"]["keep"]
    await asyncio.to_thread(engine.done, keep["type"], **keep["data"])
    assert "title" not in {row["field"] for row in differences(engine).json["rows"]}
    kept = differences(engine, asked="?kept=1").json["rows"]
    assert [row["kept"] for row in kept if row["field"] == "title"] == [True]
    await asyncio.to_thread(engine.kill)
    await asyncio.to_thread(engine.start)  # what was let stand is on the log
    await until(lambda: differences(engine).status == 200 and differences(engine).json["at"] is not None)
    assert "title" not in {row["field"] for row in differences(engine).json["rows"]}


async def test_a_push_over_a_relay_program_is_on_the_log_in_a_second(
    engine: EngineProcess, server: ShopServer, relay: tuple[str, str]
) -> None:
    address, key = relay
    await asyncio.to_thread(engine.call, "PUT", "/v1/secrets/relay", {"key": key})
    await connect(engine, relay=address)
    await asyncio.to_thread(engine.done, "broadcast.open")
    pusher = Pusher(f"{address}/push", KEYS)
    server.shop.push = pusher.take
    async with aiohttp.ClientSession() as session:
        assert await pusher.check(session)
        server.shop.orders.place("oBuyer", [(PRODUCT, SKU, 2)])
        before = time.monotonic()
        assert await pusher.deliver(session, int(time.time())) == 1
        await until(lambda: b"order.placed" in engine.call("GET", "/v1/log?type=order.placed").body, 5)
        within(time.monotonic() - before, 3)
    log = engine.call("GET", "/v1/log?after=0&limit=10000").body.decode()
    state = engine.call("GET", "/v1/state").body.decode()
    for secret in (key, KEYS.token, KEYS.aes_key, SHOP.secret):
        assert secret not in log
        assert secret not in state
