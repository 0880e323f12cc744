"""From the made-up shop's push through a relay into the room's log: at once, once, and never instead of the
poll."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from liveconsole.connectors.relay.inbox import PushInbox
from liveconsole.connectors.relay.server import RelayServer
from liveconsole.connectors.wechat_shop.connector import ShopConnector
from liveconsole.connectors.wechat_shop.followed import ORDER_GET
from liveconsole.messages.connections import ShopConnection
from liveconsole.messages.differences import ShopDifference
from liveconsole.paths import own_folder, write_own
from tests.goals import within
from tests.worlds import virtual
from tests.worlds.engines import RoomRun
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.made_up import PRODUCT, SKU, shop_with_goods
from tests.worlds.wechat_shop.pushes import Keys, Pusher
from tests.worlds.wechat_shop.server import ShopServer
from tests.worlds.wechat_shop.shop import SHOP
from tests.worlds.wechat_shop.tokens import Quota

KEYS = Keys(appid=SHOP.appid)
KEY = "the-rooms-key"
Deliver = Callable[[aiohttp.ClientSession], Awaitable[int]]


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECONSOLE_KEYRING", "off")


@asynccontextmanager
async def relay(folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> AsyncIterator[str]:
    inbox = PushInbox(folder)
    await inbox.open()
    served = RelayServer(inbox, token=KEYS.token, key=KEY, now=now)
    try:
        yield f"http://127.0.0.1:{await served.open('127.0.0.1', 0)}"
    finally:
        await served.close()
        await inbox.close()


@asynccontextmanager
async def evening(
    folder: Path, server: ShopServer, address: str, wall: Callable[[], float] = time.time
) -> AsyncIterator[RoomRun]:
    """A room that asks the shop once a minute, and hears of its pushes in between."""
    own_folder(folder)
    shop = {"secret": SHOP.secret, "token": KEYS.token, "aes_key": KEYS.aes_key}
    write_own(folder / "secrets.json", json.dumps({"wechat_shop": shop, "relay": {"key": KEY}}).encode())
    set_to = {"kind": "wechat_shop", "appid": SHOP.appid, "poll_seconds": 60, "relay": address}
    settings = ShopConnection(**set_to)  # type: ignore[arg-type]
    run = RoomRun(folder, wall, lambda where: ShopConnector(settings, where, base=server.url))
    await run.start()
    try:
        if run.core.room.seq == 0:
            await run.ask("set", "room.set", platform="manual", shop=set_to)
            await run.ask("open", "broadcast.open")
        await until(lambda: run.connector.state().state == "connected")
        yield run
        assert run.failed is None
    finally:
        await run.stop()


async def until(true: Callable[[], bool], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # a state of the room, which has no event to wait for
            await asyncio.sleep(0.01)


def pushing(
    server: ShopServer, base: str
) -> tuple[Pusher, Callable[[aiohttp.ClientSession], Awaitable[int]]]:
    pusher = Pusher(f"{base}/push", KEYS)
    server.shop.push = pusher.take

    async def deliver(session: aiohttp.ClientSession) -> int:
        return await pusher.deliver(session, int(time.time()))

    return pusher, deliver


def figures(run: RoomRun) -> tuple[int, int]:
    totals = run.core.room.totals
    return totals.placed, totals.paid


async def test_a_push_is_a_fact_within_a_second(tmp_path: Path) -> None:
    shop = shop_with_goods(time.time)
    async with (
        ShopServer(shop) as server,
        relay(tmp_path / "relay") as base,
        evening(tmp_path / "data", server, base) as run,
        aiohttp.ClientSession() as session,
    ):
        pusher, deliver = pushing(server, base)
        assert await pusher.check(session)
        order = shop.orders.place("oBuyer", [(PRODUCT, SKU, 2)])
        before = time.monotonic()
        assert await deliver(session) == 1
        await until(lambda: figures(run) == (1, 0))
        within(time.monotonic() - before, 1.0)
        shop.orders.pay(order.order_id)
        before = time.monotonic()
        await deliver(session)
        await until(lambda: figures(run) == (1, 1))
        within(time.monotonic() - before, 1.0)
        assert run.connector.state().figures.pushes == 2


async def test_a_push_that_comes_again_asks_nothing_and_counts_nothing(tmp_path: Path) -> None:
    shop = shop_with_goods(time.time)
    async with (
        ShopServer(shop) as server,
        relay(tmp_path / "relay") as base,
        evening(tmp_path / "data", server, base) as run,
        aiohttp.ClientSession() as session,
    ):
        _, deliver = pushing(server, base)
        envelopes = []
        taken = server.shop.push
        server.shop.push = lambda envelope: (envelopes.append(envelope), taken(envelope))[1]  # type: ignore[func-returns-value]
        shop.orders.place("oBuyer", [(PRODUCT, SKU, 2)])
        await deliver(session)
        await until(lambda: figures(run) == (1, 0))
        calls = len(server.called(ORDER_GET))
        for _ in range(3):
            taken(envelopes[0])
            await deliver(session)
        await asyncio.sleep(0.3)
        assert (figures(run), len(server.called(ORDER_GET))) == ((1, 0), calls)
        assert (await run.connector.act("sync", {})).ok
        assert figures(run) == (1, 0)  # and the poll counts it no second time


async def test_what_was_pushed_while_the_room_was_down_is_fetched(tmp_path: Path) -> None:
    shop = shop_with_goods(time.time)
    async with (
        ShopServer(shop) as server,
        relay(tmp_path / "relay") as base,
        aiohttp.ClientSession() as session,
    ):
        async with evening(tmp_path / "data", server, base):
            pass
        _, deliver = pushing(server, base)
        shop.orders.place("oBuyer", [(PRODUCT, SKU, 2)])
        assert await deliver(session) == 1
        async with evening(tmp_path / "data", server, base) as run:
            await until(lambda: figures(run) == (1, 0))


async def test_a_relay_that_is_gone_takes_nothing_away(tmp_path: Path) -> None:
    """The poll is the truth: what no push told of comes with the next turn."""
    shop = shop_with_goods(time.time)
    async with (
        ShopServer(shop) as server,
        evening(tmp_path / "data", server, "http://127.0.0.1:9") as run,
    ):
        order = shop.orders.place("oBuyer", [(PRODUCT, SKU, 2)])
        assert (await run.connector.act("sync", {})).ok
        assert figures(run) == (1, 0)
        await asyncio.sleep(1.1)  # the shop's clock goes by seconds
        shop.orders.pay(order.order_id)
        assert (await run.connector.act("sync", {})).ok
        assert figures(run) == (1, 1)
        assert run.connector.state().state == "connected"


async def test_an_order_that_cannot_be_read_at_once_comes_with_the_poll(tmp_path: Path) -> None:
    shop = shop_with_goods(time.time)
    async with (
        ShopServer(shop) as server,
        relay(tmp_path / "relay") as base,
        evening(tmp_path / "data", server, base) as run,
        aiohttp.ClientSession() as session,
    ):
        _, deliver = pushing(server, base)
        server.faults.next(ORDER_GET, wrong.PERMISSION)
        shop.orders.place("oBuyer", [(PRODUCT, SKU, 2)])
        await deliver(session)
        await until(lambda: bool(server.called(ORDER_GET)))
        await asyncio.sleep(0.1)
        assert figures(run) == (0, 0)
        assert (await run.connector.act("sync", {})).ok
        assert figures(run) == (1, 0)


async def rows_of(run: RoomRun) -> list[ShopDifference]:
    assert isinstance(run.connector, ShopConnector)
    return (await run.connector.differences(0, 500, kept=False)).rows


async def test_a_product_that_was_pushed_is_read_again(tmp_path: Path) -> None:
    shop = shop_with_goods(time.time)
    for product in shop.goods.products.values():
        product.pictures = ()
    async with (
        ShopServer(shop) as server,
        relay(tmp_path / "relay") as base,
        evening(tmp_path / "data", server, base) as run,
        aiohttp.ClientSession() as session,
    ):
        pusher, deliver = pushing(server, base)
        assert (await run.connector.act("goods", {})).ok
        found = await rows_of(run)
        take = next(row.take for row in found if row.product_id == PRODUCT)
        assert take is not None
        await run.ask("take", take.type, **take.data)
        shop.goods.products[PRODUCT].title = "新名字"
        pusher.take(
            {"ToUserName": "gh", "FromUserName": "", "CreateTime": int(time.time()), "MsgType": "event",
             "Event": "product_spu_update", "ProductSpuUpdate": {"product_id": PRODUCT, "status": 0}}
        )  # fmt: skip
        assert await deliver(session) == 1

        async def told() -> bool:
            rows = await rows_of(run)
            return any(one.field == "title" and one.shop == "新名字" for one in rows)

        async with asyncio.timeout(5):
            while not await told():  # noqa: ASYNC110  # a state of the shop, which has no event to wait for
                await asyncio.sleep(0.02)


def test_a_storm_of_pushes_asks_no_more_than_the_shop_allows(tmp_path: Path) -> None:
    """150 orders in half a minute, where 60 may be read in a whole one: every order is told once, and no call
    is too many."""

    async def storm() -> None:
        loop = asyncio.get_running_loop()

        def wall() -> float:
            return 1_720_000_000 + loop.time()

        shop = shop_with_goods(wall, 2)
        shop.tokens.quotas[ORDER_GET] = Quota(a_day=50_000, a_minute=60)
        clock = relay(tmp_path / "relay", now=lambda: datetime.fromtimestamp(wall(), UTC))
        async with (
            ShopServer(shop) as server,
            clock as base,
            evening(tmp_path / "data", server, base, wall) as run,
            aiohttp.ClientSession() as session,
        ):
            pusher = Pusher(f"{base}/push", KEYS)
            server.shop.push = pusher.take
            for number in range(30):
                for each in range(5):
                    shop.orders.place(f"oBuyer{number * 5 + each}", [(PRODUCT, SKU, 1)])
                await pusher.deliver(session, int(wall()))
                await asyncio.sleep(1)
            async with asyncio.timeout(600):
                while figures(run)[0] < 150:  # noqa: ASYNC110  # a state of the room
                    await asyncio.sleep(5)
            await asyncio.sleep(240)
            assert figures(run) == (150, 0)
            assert [call for call in server.calls if call.code == 45011] == []
            assert len(server.called(ORDER_GET)) < 400  # each once by either, and once more for certain

    virtual.run(storm())
