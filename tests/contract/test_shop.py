"""微信小店 through the door and the command line: connected with a secret that stays one, followed, refused
in words, and back by itself."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from liveconsole.cli import shop as command
from tests.contract.engine_process import EngineProcess
from tests.unit.domain.desk import product
from tests.worlds.wechat_shop.made_up import PRODUCT, SKU, shop_with_goods
from tests.worlds.wechat_shop.server import ShopServer
from tests.worlds.wechat_shop.shop import SHOP

NAMES = ["token", "orders", "aftersales", "products", "sales", "coupons"]


@pytest.fixture
async def shop() -> AsyncIterator[ShopServer]:
    async with ShopServer(shop_with_goods(time.time)) as server:
        yield server


@pytest.fixture
async def engine(
    tmp_path: Path, shop: ShopServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[EngineProcess]:
    monkeypatch.setenv("LIVECONSOLE_WECHAT_API", shop.url)
    running = await asyncio.to_thread(EngineProcess(tmp_path / "room").start)
    await asyncio.to_thread(_furnish, running)
    yield running
    await asyncio.to_thread(running.stop)


def _furnish(engine: EngineProcess) -> None:
    engine.done("room.set", platform="wechat_shop", recall_seconds=0)
    engine.done("catalogue.put", products=[product(SKU, 5900, 100)])
    engine.done("broadcast.open", title="晚场")


async def until(holds: Callable[[], Any], within: float = 20.0) -> None:
    deadline = time.monotonic() + within
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline, "it did not come to hold"
        await asyncio.sleep(0.05)


async def typed(engine: EngineProcess, *words: str, stdin: str = "") -> tuple[int, str]:
    """The command line, in this process."""
    said = io.StringIO()

    def run() -> int:
        with redirect_stdout(said), redirect_stderr(said), mock.patch("sys.stdin", io.StringIO(stdin)):
            return command.run([*words, "--data", str(engine.folder)])

    return await asyncio.to_thread(run), said.getvalue()


def health(engine: EngineProcess) -> dict[str, Any]:
    found: dict[str, Any] = engine.state()["health"]["connections"].get("shop", {})
    return found


def listed(engine: EngineProcess) -> list[dict[str, Any]]:
    return list(engine.call("GET", "/v1/orders", role="host").json["orders"])


async def test_a_shop_is_connected_and_its_orders_come(shop: ShopServer, engine: EngineProcess) -> None:
    code, said = await typed(engine, "check")
    assert (code, "还没有连接" in said) == (1, True)
    code, said = await typed(
        engine, "connect", "--appid", SHOP.appid, "--poll", "5", stdin=f"{SHOP.secret}\n"
    )
    assert code == 0, said
    assert "限时抢购: 正常" in said
    assert "未在真实店铺上验证" in said
    assert SHOP.secret not in said

    order = shop.shop.orders.place("oBuyer", [(PRODUCT, SKU, 2)], freight_fen=500)
    shop.shop.orders.pay(order.order_id)
    code, said = await typed(engine, "sync", "--json")
    assert code == 0
    assert json.loads(said)["facts"] in (0, 2), "the poll may have been quicker"
    (row,) = await asyncio.to_thread(listed, engine)
    assert (row["order_id"], row["standing"], row["paid_fen"]) == (order.order_id, "paid", 12_300)

    back = shop.shop.aftersales.open(order.order_id, 5_900)
    shop.shop.aftersales.give_back(back.aftersale_id)
    await typed(engine, "sync")
    (row,) = await asyncio.to_thread(listed, engine)
    assert (row["refund_fen"], row["aftersales"]) == (5_900, ["refunded"])
    state = await asyncio.to_thread(engine.state)
    assert (state["orders"]["known"], state["orders"]["gmv_fen"]) == (True, 12_300)
    one = state["health"]["connections"]["shop"]
    assert (one["state"], one.get("code", "")) == ("connected", "")
    assert one["figures"]["calls_minute"] > 0
    assert one["figures"]["quota_left"] > 0
    assert state["orders"]["unmatched"] == 0, "what is paid for the way there is no price of goods"
    log = (await asyncio.to_thread(engine.call, "GET", "/v1/log?limit=1000", role="host")).body
    assert SHOP.secret.encode() not in log
    assert SHOP.secret not in json.dumps(state)


async def test_what_a_shop_refuses_is_said_and_mended(shop: ShopServer, engine: EngineProcess) -> None:
    code, said = await typed(engine, "connect", "--appid", SHOP.appid, "--poll", "5", stdin="wrong\n")
    assert code == 1
    assert "AppSecret 不对" in said
    await until(lambda: health(engine).get("code") == "bad_secret")
    assert sorted(health(engine)["cannot"]) == ["coupons", "orders", "sales"]
    kept = await asyncio.to_thread(
        engine.call,
        "PUT",
        "/v1/secrets/wechat_shop",
        json.dumps({"secret": SHOP.secret}).encode(),
        role="host",
    )
    assert kept.status == 200, kept.body
    await until(lambda: health(engine).get("state") == "connected")
    told = await asyncio.to_thread(engine.call, "GET", "/v1/log?type=connection.told", role="host")
    assert [line["data"]["cannot"] for line in told.lines] == [["orders", "sales", "coupons"], []]

    shop.faults.next("/channels/ec/coupon", "48001")
    code, said = await typed(engine, "check", "--json")
    answers = {one["name"]: one for one in json.loads(said)["answers"]}
    assert (code, list(answers)) == (1, NAMES)
    assert [name for name, one in answers.items() if not one["ok"]] == ["coupons"]
    await until(lambda: health(engine).get("cannot") == ["coupons"])
    assert health(engine)["state"] == "connected", "one call that is not to be had is not the shop"
    assert (await typed(engine, "check"))[0] == 0
    await until(lambda: not health(engine).get("cannot"))

    shop.shop.tokens.addresses = set()
    shop.address = "203.0.113.7"
    code, said = await typed(engine, "check", "--english")
    assert code == 1
    assert "Add 203.0.113.7 to the IP whitelist" in said
    assert "rid" in said
    await until(lambda: health(engine).get("params", {}).get("ip") == "203.0.113.7")


def test_no_word_of_the_command_takes_a_secret() -> None:
    assert "secret" not in command.parser().format_help().replace("hand in the secret", "")
    with pytest.raises(SystemExit):
        command.parser().parse_args(["connect", "--appid", "wx1", "--secret", "s"])
