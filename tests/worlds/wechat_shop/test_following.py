"""How soon an order is on the log, and what the connection says and does when the shop is not well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from liveconsole import credentials
from liveconsole.connectors.wechat_shop import progress
from liveconsole.connectors.wechat_shop.connector import ShopConnector
from liveconsole.messages.connections import ShopConnection
from liveconsole.store.backup import backup, restore
from liveconsole.store.opening import DATABASE
from tests.worlds import virtual
from tests.worlds.engines import RoomRun
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.faults import Rule
from tests.worlds.wechat_shop.made_up import PRODUCT, SKU, shop_with_goods
from tests.worlds.wechat_shop.server import ShopServer
from tests.worlds.wechat_shop.shop import SHOP, Shop
from tests.worlds.wechat_shop.tokens import Quota

BEGAN: Final = 1_779_978_600
"""Half past ten in the evening, in China."""
LIST, GET = "/channels/ec/order/list/get", "/channels/ec/order/get"
AFTERSALES = "/channels/ec/aftersale/getaftersalelist"
POLL = 8


class Evening:
    """A shop and a room that follows it, on virtual time."""

    def __init__(self, folder: Path, platform: str = "") -> None:
        loop = asyncio.get_running_loop()
        self.wall: Callable[[], float] = lambda: BEGAN + loop.time()
        self.shop: Shop = shop_with_goods(self.wall, stock=10**6)
        self.server = ShopServer(self.shop, hang=30)
        self.folder = folder
        self.platform = platform
        self.run: Any = None

    async def begin(self, *, secret: str = SHOP.secret) -> None:
        if not self.folder.exists():
            self.folder.mkdir()
        credentials.keep(self.folder, "wechat_shop", {"secret": secret})
        settings = ShopConnection("wechat_shop", SHOP.appid, poll_seconds=POLL)
        self.run = RoomRun(
            self.folder,
            self.wall,
            lambda at: ShopConnector(settings, at, base=self.server.url),
            self.platform,
        )
        await self.run.start()
        shop = {"kind": "wechat_shop", "appid": SHOP.appid, "poll_seconds": POLL}
        await self.run.ask("set", "room.set", platform="wechat_shop", shop=shop)

    async def stop(self) -> None:
        assert self.run.failed is None
        await self.run.stop()

    @property
    def orders(self) -> dict[str, Any]:
        found: dict[str, Any] = self.run.core.room.orders
        return found

    @property
    def connector(self) -> ShopConnector:
        found: ShopConnector = self.run.connector
        return found

    def sold(self, order_id: str = "") -> str:
        order = self.shop.orders.place("oBuyer", [(PRODUCT, SKU, 1)], order_id=order_id)
        return self.shop.orders.pay(order.order_id).order_id


def played(
    folder: Path,
    act: Callable[[Evening], Awaitable[None]],
    platform: str = "",
    kind: type[Evening] = Evening,
) -> Evening:
    async def whole() -> Evening:
        evening = kind(folder / "room", platform)
        async with evening.server:
            await act(evening)
            await evening.stop()
        return evening

    return virtual.run(whole())


async def _orders_all_evening(evening: Evening, waits: list[float]) -> None:
    dice = Random("latency")
    await evening.begin()
    await asyncio.sleep(POLL)
    waiting: dict[str, float] = {}
    for second in range(900):
        if dice.random() < 0.3:
            waiting[evening.sold()] = evening.wall()
        for _ in range(4):
            await asyncio.sleep(0.25)
            there = [id_ for id_ in waiting if id_ in evening.orders and evening.orders[id_].paid]
            waits += [evening.wall() - waiting.pop(id_) for id_ in there]
        assert second < 60 or waits


def test_an_order_is_on_the_log_within_one_poll_and_a_second(tmp_path: Path) -> None:
    """What the bench asks: from the payment in the shop to the log, p95."""
    waits: list[float] = []
    evening = played(tmp_path, lambda one: _orders_all_evening(one, waits))
    waits.sort()
    assert len(waits) > 200
    assert waits[int(len(waits) * 0.95)] <= POLL + 1, waits[-20:]
    minutes = max(
        sum(call.at // 60 == minute for call in evening.server.calls) for minute in _minutes(evening)
    )
    assert minutes <= 120, "an order costs two readings, a poll three listings"


def _minutes(evening: Evening) -> set[int]:
    return {call.at // 60 for call in evening.server.calls}


def test_what_was_bought_before_is_of_another_time(tmp_path: Path) -> None:
    """An order of last week that is sent tonight is none of tonight's; its refund is neither."""

    async def act(evening: Evening) -> None:
        old = evening.sold()
        await asyncio.sleep(7_200)
        await evening.begin()
        await asyncio.sleep(30)
        evening.shop.orders.send(old)
        back = evening.shop.aftersales.open(old, 100)
        evening.shop.aftersales.give_back(back.aftersale_id)
        new = evening.sold()
        await asyncio.sleep(60)
        assert set(evening.orders) == {new}

    played(tmp_path, act)


def test_an_order_that_cannot_be_read_keeps_no_other_from_coming(tmp_path: Path) -> None:
    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL)
        odd = evening.sold()
        evening.shop.orders.orders[odd].lines.clear()
        good = evening.sold()
        await asyncio.sleep(2 * POLL)
        assert set(evening.orders) == {good}
        await asyncio.sleep(600)
        figures = evening.connector.state().figures
        assert figures.orders == 2
        assert 1 <= (figures.broken or 0) <= 6, "it is not read at every poll"
        assert evening.connector.state().state == "connected"

    played(tmp_path, act)


@pytest.mark.parametrize("torn", [b"", b"{", b'{"appid": "other"}', b"\xff"])
def test_a_torn_file_costs_readings_and_no_facts(tmp_path: Path, torn: bytes) -> None:
    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL)
        first = evening.sold()
        await asyncio.sleep(2 * POLL)
        await evening.stop()
        (evening.folder / progress.FILE).write_bytes(torn)
        second = evening.sold()
        await evening.begin()
        await asyncio.sleep(2 * POLL)
        assert set(evening.orders) == {first, second}
        assert all(order.paid_fen == 5_900 for order in evening.orders.values())
        assert evening.run.core.room.totals.paid == 2

    played(tmp_path, act)


def test_the_calls_of_a_day_are_used_up_and_come_back(tmp_path: Path) -> None:
    """Nothing is asked of the path meanwhile, nothing is lost, and it is said."""

    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL)
        evening.shop.tokens.use_up(GET)
        first = evening.sold()
        await asyncio.sleep(120)
        asked = len(evening.server.called(GET))
        state = evening.connector.state()
        assert (state.code, state.figures.quota_left) == ("day_used_up", 0)
        await asyncio.sleep(3_600)
        assert len(evening.server.called(GET)) == asked
        assert not evening.orders
        await asyncio.sleep(2_000)
        assert set(evening.orders) == {first}
        assert evening.connector.state().code == ""

    played(tmp_path, act)


def test_a_minutes_bound_is_hit_once(tmp_path: Path) -> None:
    """Who is told that it was too often asks less often from then on, and reads it all the same."""

    async def act(evening: Evening) -> None:
        evening.shop.tokens.quotas[GET] = Quota(a_minute=30)
        await evening.begin()
        await asyncio.sleep(POLL)
        for _ in range(200):
            evening.sold()
        await asyncio.sleep(1_800)
        assert len(evening.orders) == 200

    evening = played(tmp_path, act)
    refused = [call for call in evening.server.called(GET) if call.code == 45011]
    # those that were on their way together are refused together; the minutes of the two clocks differ
    assert len({call.at // 60 for call in refused}) <= 3


def test_one_call_without_permission_is_not_the_shop(tmp_path: Path) -> None:
    async def act(evening: Evening) -> None:
        evening.server.faults.rules.append(Rule(wrong.PERMISSION, path=AFTERSALES))
        await evening.begin()
        await asyncio.sleep(POLL)
        order = evening.sold()
        await asyncio.sleep(120)
        assert set(evening.orders) == {order}
        state = evening.connector.state()
        assert (state.state, state.code) == ("connected", "no_permission")
        assert state.params["path"] == AFTERSALES
        assert not evening.run.core.room.cannot

    played(tmp_path, act)


def test_without_permission_for_orders_they_are_a_persons_and_told_once(tmp_path: Path) -> None:
    async def act(evening: Evening) -> None:
        evening.server.faults.rules.append(Rule(wrong.PERMISSION, path=LIST))
        await evening.begin()
        await asyncio.sleep(600)
        assert evening.run.core.room.cannot == {"shop": ["orders"]}
        assert evening.connector.state().code == "no_permission"
        evening.server.faults.rules.clear()
        order = evening.sold()
        await asyncio.sleep(120)
        assert set(evening.orders) == {order}
        assert evening.run.core.room.cannot == {"shop": []}

    played(tmp_path, act)


def test_an_answer_without_bounds_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that do not end, and a body that does not: both are given up, and the mark stays."""

    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL)
        real = evening.shop.orders.list_get
        evening.shop._endpoints[LIST] = (
            "shop",
            lambda body: {**real(body), "has_more": True, "next_key": "again"},
        )
        order = evening.sold()
        await asyncio.sleep(60)
        assert evening.connector.state().code in ("endless", "refused")
        evening.shop._endpoints[LIST] = ("shop", lambda body: {"order_id_list": ["1" * (5 << 20)]})
        await asyncio.sleep(300)
        assert evening.connector.state().code == "too_large"
        assert not evening.orders
        evening.shop._endpoints[LIST] = ("shop", lambda body: {"order_id_list": []})
        await asyncio.sleep(300)
        assert evening.connector.state().code == "unreadable", "half a list is none"
        evening.shop._endpoints[LIST] = ("shop", real)
        await asyncio.sleep(120)
        assert set(evening.orders) == {order}

    played(tmp_path, act)


def test_a_push_is_read_at_once(tmp_path: Path) -> None:
    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL + 1)
        order = evening.sold()
        await evening.connector.look_at("order", order)
        assert evening.orders[order].paid
        await asyncio.sleep(3 * POLL)
        assert evening.run.core.room.totals.paid == 1, "the poll tells nothing twice"
        await evening.connector.look_at("order", "nobody's")

    played(tmp_path, act)


def test_a_token_that_is_refused_for_an_hour_is_not_forced_for_an_hour(tmp_path: Path) -> None:
    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL)
        evening.server.faults.rules.append(Rule(wrong.TOKEN_INVALID, path="/channels"))
        order = evening.sold()
        await asyncio.sleep(3_600)
        assert evening.connector.state().code == "token_refused"
        asked = evening.shop.tokens.asked
        assert sum(forced for _, _, forced in asked) <= 1
        assert len(asked) < 400
        evening.server.faults.rules.clear()
        await asyncio.sleep(180)
        assert set(evening.orders) == {order}

    played(tmp_path, act)


def test_where_it_cannot_be_kept_how_far_it_went_nothing_is_lost_and_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where it is killed between the log and the file, every time."""

    def full(folder: Path, kept: progress.Progress) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(progress, "save", full)

    async def act(evening: Evening) -> None:
        sold = set()
        for _ in range(3):
            await evening.begin()
            for _ in range(5):
                await asyncio.sleep(POLL)
                sold.add(evening.sold())
            await asyncio.sleep(2 * POLL)
            assert set(evening.orders) == sold
            assert evening.run.core.room.totals.gmv_fen == 5_900 * len(sold)
            await evening.stop()
        await evening.begin()

    played(tmp_path, act)


def test_an_order_in_a_sale_that_the_room_fired_counts_to_it(tmp_path: Path) -> None:
    """No order names a promotion: it is told by its SKU and its price, and what is above it is none of it."""

    async def act(evening: Evening) -> None:
        await evening.begin()
        (goods,) = (one for one in evening.shop.goods.products.values() if one.product_id == PRODUCT)
        skus = [
            {"sku_id": sku_id, "title": sku_id, "price_fen": sku.price_fen, "stock": 100}
            for sku_id, sku in goods.skus.items()
        ]
        product = {"product_id": PRODUCT, "title": "围巾", "price_fen": 5_900, "stock": 200, "skus": skus}
        await evening.run.ask("goods", "catalogue.put", products=[product])
        await evening.run.ask("fast", "room.set", recall_seconds=0)
        await evening.run.ask("open", "broadcast.open")
        spec = {"sku_id": SKU, "price_fen": 3_900, "quantity": 50, "per_buyer": 5, "seconds": 600}
        await evening.run.ask("add", "cue.add", cue_id="sale", kind="flash_sale", spec=spec)
        before = evening.sold()
        await asyncio.sleep(2 * POLL)
        await evening.run.ask("fire", "cue.fire", cue_id="sale")
        await asyncio.sleep(POLL)
        assert evening.run.core.room.cues["sale"].status == "on_air"
        inside = evening.sold()
        await asyncio.sleep(2 * POLL)
        count = evening.run.core.room.cues["sale"].sale[SKU]
        assert (count.sold, count.held) == (1, 0)
        assert evening.orders[inside].paid_fen == 3_900
        assert [line.cue_id for line in evening.orders[inside].lines] == ["sale"]
        assert [line.cue_id for line in evening.orders[before].lines] == [None]
        assert not evening.run.core.room.off_orders, "each was what was promised"

    played(tmp_path, act, platform="wechat_shop")


@pytest.mark.parametrize("mended", [True, False], ids=["as_it_is", "twin"])
def test_a_backup_in_place_gets_the_orders_that_came_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mended: bool
) -> None:
    """The file of how far it went outlives the database that was lost, and is ahead of the backup's log."""
    if not mended:
        monkeypatch.setattr(progress, "fits", lambda kept, store: True)
    file = tmp_path / "backup"

    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL)
        before = evening.sold()
        await asyncio.sleep(2 * POLL)
        code = backup(evening.folder, file)
        after = evening.sold()
        await asyncio.sleep(600)
        assert set(evening.orders) == {before, after}
        await evening.stop()
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (evening.folder / name).unlink(missing_ok=True)
        restore(file, code, evening.folder)
        assert (evening.folder / progress.FILE).exists()
        await evening.begin()
        await asyncio.sleep(4 * POLL)
        assert set(evening.orders) == ({before, after} if mended else {before})
        assert evening.run.core.room.totals.paid == (2 if mended else 1)

    played(tmp_path, act)


def test_where_the_file_is_gone_the_last_week_is_read_again(tmp_path: Path) -> None:
    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL)
        sold = {evening.sold()}
        await asyncio.sleep(600)
        await evening.stop()
        (evening.folder / progress.FILE).unlink()
        sold.add(evening.sold())
        await asyncio.sleep(3 * 3_600)
        await evening.begin()
        await asyncio.sleep(2 * POLL)
        assert set(evening.orders) == sold
        assert evening.run.core.room.totals.paid == 2

    played(tmp_path, act)


def test_secrets_that_are_handed_in_or_taken_away_count_at_once(tmp_path: Path) -> None:
    async def act(evening: Evening) -> None:
        await evening.begin()
        await asyncio.sleep(POLL)

        def keep(secret: str) -> None:
            credentials.keep(evening.folder, "wechat_shop", {"secret": secret})
            evening.connector.secrets_kept()

        keep("")
        await asyncio.sleep(1)
        state = evening.connector.state()
        assert (state.state, state.code) == ("waiting", "no_secret")
        assert evening.run.core.room.cannot == {"shop": ["orders", "sales", "coupons"]}
        order = evening.sold()
        keep(SHOP.secret)
        await asyncio.sleep(1)
        assert set(evening.orders) == {order}
        assert evening.run.core.room.cannot == {"shop": []}

    played(tmp_path, act)
