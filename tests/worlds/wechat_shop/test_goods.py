"""The goods and the big screen of the made-up shop, through the connection into a room, by its log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.connectors.wechat_shop.big_screen import SCREEN
from liveconsole.connectors.wechat_shop.connector import ShopConnector
from liveconsole.connectors.wechat_shop.goods import GET, LIST
from liveconsole.messages.connections import ShopConnection
from tests.worlds import virtual
from tests.worlds.engines import RoomRun
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.goods import Goods
from tests.worlds.wechat_shop.made_up import LIVE, PRODUCT, SKU, shop_with_goods
from tests.worlds.wechat_shop.server import ShopServer
from tests.worlds.wechat_shop.shop import ASSISTANT, SHOP, Shop
from tests.worlds.wechat_shop.wire import Body, Reply

START = 1_720_000_000.0
Play = Callable[[RoomRun, ShopServer], Awaitable[None]]
SETTINGS = {"kind": "wechat_shop", "appid": SHOP.appid, "assistant_appid": ASSISTANT.appid}


def play(
    tmp_path: Path, then: Play, *, products: int = 5, prepare: Callable[[Shop], None] | None = None
) -> None:
    """A room that is connected to a shop, open, on virtual time."""

    async def evening() -> None:
        loop = asyncio.get_running_loop()

        def wall() -> float:
            return START + loop.time()

        shop = shop_with_goods(wall, products)
        if prepare is not None:
            prepare(shop)
        folder = tmp_path / "data"
        folder.mkdir(exist_ok=True)
        secrets = {"wechat_shop": {"secret": SHOP.secret, "assistant_secret": ASSISTANT.secret}}
        (folder / "secrets.json").write_text(json.dumps(secrets), "utf-8")
        (folder / "secrets.json").chmod(0o600)
        async with ShopServer(shop) as server:
            settings = ShopConnection(**SETTINGS)  # type: ignore[arg-type]
            run = RoomRun(folder, wall, lambda where: ShopConnector(settings, where, base=server.url))
            await run.start()
            try:
                await run.ask("set", "room.set", platform="manual", shop=SETTINGS)
                await run.ask("open", "broadcast.open")
                await then(run, server)
                assert run.failed is None
            finally:
                await run.stop()

    virtual.run(evening())


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECONSOLE_KEYRING", "off")


async def rows(run: RoomRun, after: int = 0, limit: int = 500, *, kept: bool = False) -> Any:
    """A page as the door says it."""
    assert isinstance(run.connector, ShopConnector)
    return msgspec.to_builtins(await run.connector.differences(after, limit, kept=kept))


async def take_all(run: RoomRun) -> int:
    taken = 0
    while True:
        told = await rows(run)
        if not told["rows"]:
            return taken
        take = told["rows"][0]["take"]
        await run.ask(f"take-{run.core.room.seq}", take["type"], **take["data"])
        taken += 1


def without_pictures(shop: Shop) -> None:
    """The made-up addresses lead nowhere."""
    for product in shop.goods.products.values():
        product.pictures = ()


def test_a_room_without_goods_takes_the_shops_and_then_follows_them(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        await asyncio.sleep(30)
        told = await rows(run)
        assert (told["total"], {row["field"] for row in told["rows"]}) == (5, {"product"})
        assert await take_all(run) == 5
        assert run.core.room.skus[SKU].price_fen == 5900
        assert run.core.room.skus[SKU].on_hand == 1000

        shop = server.shop.goods.products[PRODUCT]
        shop.title, shop.skus[SKU].price_fen = "新名字", 6100
        assert (await rows(run))["rows"] == []  # nothing is read behind a person's back
        assert (await run.connector.act("goods", {})).ok
        found = {(row["field"], row.get("sku_id", "")) for row in (await rows(run))["rows"]}
        assert found == {("title", ""), ("price_fen", SKU), ("price_fen", "")}
        assert run.core.room.products[PRODUCT].title == "真丝围巾 1 号"  # and nothing is taken by itself
        await take_all(run)
        assert run.core.room.products[PRODUCT].title == "新名字"

    play(tmp_path, evening, prepare=without_pictures)


def test_before_the_shop_was_read_nothing_is_known(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        server.faults.next(LIST, wrong.HANG_BEFORE)
        await asyncio.sleep(1)
        told = await rows(run)
        assert (told["at"], told["rows"]) == (None, [])
        await asyncio.sleep(120)
        assert (await rows(run))["total"] == 5

    play(tmp_path, evening)


@pytest.mark.parametrize("fault", [wrong.HANG_BEFORE, wrong.HALF, wrong.GATEWAY, wrong.RESET_AFTER])
def test_half_a_reading_takes_no_product_for_gone(tmp_path: Path, fault: str) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        await asyncio.sleep(30)
        await take_all(run)
        server.faults.next(GET, fault, 20)
        said = await run.connector.act("goods", {})
        assert not said.ok or said.code == "goods_coming"
        await asyncio.sleep(30)
        assert (await rows(run))["rows"] == []
        del server.shop.goods.products[PRODUCT]
        await asyncio.sleep(600)
        assert (await run.connector.act("goods", {})).ok
        (row,) = (await rows(run))["rows"]
        assert (row["field"], row["product_id"], row.get("shop")) == (
            "product", PRODUCT, None,
        )  # fmt: skip

    play(tmp_path, evening, prepare=without_pictures)


def test_what_was_put_away_years_ago_is_nobodys_difference(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        goods = server.shop.goods.products
        for product_id in list(goods)[3:]:
            goods[product_id].status = 11
        await asyncio.sleep(30)
        assert (await rows(run))["total"] == 3
        assert len(server.called(GET)) == 3  # and costs no call
        await take_all(run)
        goods[PRODUCT].status = 11  # one of ours is
        assert (await run.connector.act("goods", {})).ok
        (row,) = (await rows(run))["rows"]
        assert (row["field"], row["ours"], row["shop"]) == ("on_shelf", True, False)
        await take_all(run)
        assert not run.core.room.products[PRODUCT].on_shelf

    play(tmp_path, evening, prepare=without_pictures)


def test_a_product_that_is_gone_takes_no_other_stock_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nowhere is it said what the platform answers of several, one of which is gone: here it refuses all."""
    there = Goods.stock_batch_get

    def all_or_none(goods: Goods, body: Body) -> Reply:
        for product_id in body["product_id"]:
            goods.product({"product_id": product_id})
        return there(goods, body)

    monkeypatch.setattr(Goods, "stock_batch_get", all_or_none)

    async def evening(run: RoomRun, server: ShopServer) -> None:
        await asyncio.sleep(30)
        await take_all(run)
        await run.ask("cart", "cart.add", product_ids=list(server.shop.goods.products))
        del server.shop.goods.products[PRODUCT]
        for product in server.shop.goods.products.values():
            for sku in product.skus.values():
                sku.stock = 77
        await asyncio.sleep(125)
        seen = [sku.measured.units for sku in run.core.room.skus.values() if sku.measured is not None]
        assert sorted(set(seen)) == [77]
        assert run.connector.state().code == ""

    play(tmp_path, evening, prepare=without_pictures)


def test_pages_are_bounded_and_go_on(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        await asyncio.sleep(60)
        first = await rows(run, limit=10)
        second = await rows(run, limit=10, after=first["next"])
        assert (len(first["rows"]), len(second["rows"]), first["total"], second["next"]) == (10, 2, 12, None)
        assert len((await rows(run, limit=10**9))["rows"]) == 12
        assert len((await rows(run, after=-3, limit=0))["rows"]) == 1

    play(tmp_path, evening, products=12)


def test_a_stock_is_measured_and_told_when_it_moves(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        await asyncio.sleep(30)
        await take_all(run)
        await run.ask("cart", "cart.add", product_ids=[PRODUCT])
        await asyncio.sleep(70)
        seen = run.core.room.skus[SKU].measured
        assert seen is not None
        assert (seen.units, seen.ours) == (1000, 1000)
        seq = run.core.room.seq
        await asyncio.sleep(65)
        assert run.core.room.skus[SKU].measured == seen  # it has not moved, and is not told again
        server.shop.goods.products[PRODUCT].skus[SKU].stock = 990
        await asyncio.sleep(65)
        (row,) = (await rows(run))["rows"]
        assert (row["field"], row["ours"], row["shop"]) == ("stock", 1000, 990)
        assert run.core.room.seq > seq
        await take_all(run)
        assert run.core.room.skus[SKU].on_hand == 990

    play(tmp_path, evening, prepare=without_pictures)


async def _sold_in_between(run: RoomRun, server: ShopServer) -> list[Any]:
    """An order that the shop has and we have not heard of, when its stock is read."""
    await asyncio.sleep(30)
    await take_all(run)
    await run.ask("cart", "cart.add", product_ids=[PRODUCT])
    found = []
    for number in range(90):
        server.shop.orders.place(f"oBuyer{number}", [(PRODUCT, SKU, 3)])
        await asyncio.sleep(1)
        found += [row for row in (await rows(run))["rows"] if row["field"] == "stock"]
    assert run.core.room.skus[SKU].measured is not None
    return found


def test_an_order_on_its_way_is_no_difference_of_stock(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        assert await _sold_in_between(run, server) == []

    play(tmp_path, evening, prepare=without_pictures)


def test_twin_where_the_orders_are_not_caught_up_with_it_looks_like_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(connector: ShopConnector) -> None:
        return

    monkeypatch.setattr(ShopConnector, "_orders_now", nothing)

    async def evening(run: RoomRun, server: ShopServer) -> None:
        assert await _sold_in_between(run, server) != []

    play(tmp_path, evening, prepare=without_pictures)


def test_the_big_screen_is_told_every_half_minute_and_no_faster(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        live = server.shop.lives.lives[LIVE]
        live.online, live.watched, live.exposures = 321, 5000, 800
        await asyncio.sleep(45)
        first = run.core.room.audience.measured["online"]
        assert (first.value, run.core.room.audience.measured["watched"].value) == (321, 5000)
        assert run.core.room.audience.recent["gmv_fen"].minutes == 10
        live.online, server.shop.lives.as_strings = 400, False
        await asyncio.sleep(31)
        second = run.core.room.audience.measured["online"]
        assert second.value == 400
        assert second.at > first.at
        calls = [call.at for call in server.called(SCREEN)]
        assert all(later - earlier >= 30 for earlier, later in pairwise(calls))
        server.shop.lives.end(LIVE)
        await asyncio.sleep(90)
        count = len(server.called(SCREEN))
        await asyncio.sleep(300)
        assert len(server.called(SCREEN)) == count  # what is over is not asked again

    play(tmp_path, evening)


def test_a_count_that_comes_by_the_second_goes_before_the_screens(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        server.shop.lives.lives[LIVE].online = 321
        for number in range(12):
            event = {"specversion": "1.0", "id": str(number), "source": "/oba/x", "type": "room.measured",
                     "data": {"online": 500 + number}}  # fmt: skip
            await run.room.post([event])
            await asyncio.sleep(10)
            assert run.core.room.audience.online == 500 + number
        await asyncio.sleep(150)
        assert run.core.room.audience.online == 321  # it has fallen silent

    play(tmp_path, evening)


def test_what_the_assistant_is_refused_stops_the_screen_and_nothing_else(tmp_path: Path) -> None:
    async def evening(run: RoomRun, server: ShopServer) -> None:
        server.faults.next("/channels/ec/finderlive", wrong.PERMISSION, 1000)
        await asyncio.sleep(120)
        assert "online" not in run.core.room.audience.measured
        assert run.connector.state().cannot == []
        assert (await rows(run))["total"] == 5

    play(tmp_path, evening)
