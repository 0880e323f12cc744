"""An evening of sales and coupons that a host fires at the made-up shop, on virtual time: calls go wrong, the
program dies, and somebody works on the phone beside it."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from liveconsole.domain.room import Cue
from liveconsole.messages.connections import ShopConnection
from liveconsole.messages.inputs import CommandInput, NotTaken
from tests.worlds.engines import RoomRun
from tests.worlds.wechat_shop.discounts import ENDED, Task
from tests.worlds.wechat_shop.faults import Faults, Rule
from tests.worlds.wechat_shop.made_up import shop_with_goods
from tests.worlds.wechat_shop.server import Call, ShopServer
from tests.worlds.wechat_shop.shop import SHOP, Shop
from tests.worlds.wechat_shop.storm import ADDRESS, catalogue, connector, furnish

PROMOTIONS: Final = ("/channels/ec/product/limiteddiscounttask/", "/channels/ec/coupon/")
BEGAN: Final = 1_720_000_000.0
PRODUCTS: Final = 12
_SETTINGS: Final = {"kind": "wechat_shop", "appid": SHOP.appid, "poll_seconds": 60}
_CALM: Final = 900
_SECONDS: Final = (20, 60, 300, 20_000)
"""How long a promotion lasts: the longest outlast the evening, and end because they are stopped."""


@dataclass(slots=True)
class Spent:
    """What an evening left behind."""

    shop: Shop
    cues: dict[str, Cue]
    by_hand: list[Task]
    calls: list[Call]
    deaths: int
    struck: Counter[str]
    owed: int

    def wrongs(self) -> list[str]:
        """All that must not be."""
        return [*self._tasks(), *self._coupons(), *self._cues(), *self._hand_made()]

    def ours(self) -> list[Task]:
        return [task for task in self.shop.discounts.tasks.values() if task not in self.by_hand]

    def _tasks(self) -> Iterator[str]:
        now = self.shop.clock.now()
        for mark, times in Counter((task.product_id, task.start) for task in self.ours()).items():
            if times > 1:
                yield f"{times} tasks of one firing of {mark}"
        for task in self.ours():
            if task.status(now) != ENDED:
                yield f"the task {task.task_id} is not ended"

    def _coupons(self) -> Iterator[str]:
        notes = Counter(one.asked["ext_info"]["notes"] for one in self.shop.coupons.coupons.values())
        for mark, times in notes.items():
            if times > 1:
                yield f"{times} coupons of one firing of {mark}"
        for one in self.shop.coupons.coupons.values():
            if one.status == 2 and one.asked["receive_info"]["end_time"] > self.shop.clock.now():
                yield f"the coupon {one.coupon_id} can still be taken"

    def _cues(self) -> Iterator[str]:
        if self.owed:
            yield f"{self.owed} effects are owed for ever"
        for cue_id, cue in self.cues.items():
            if cue.on_air_at is None or cue.fired_at is None:
                continue
            if cue.kind == "coupon":
                if not any(one.created_at >= int(cue.fired_at.timestamp()) for one in self._all_coupons()):
                    yield f"{cue_id} was on air, and no coupon was made"
                continue
            wanted = {sku.sku_id for sku in cue.spec.skus}  # type: ignore[union-attr]
            made = {sku_id for task in self.ours() for sku_id in task.skus}
            if not wanted <= made:
                yield f"{cue_id} was on air, and a part of it never was in the shop"

    def _all_coupons(self) -> list[Any]:
        return list(self.shop.coupons.coupons.values())

    def _hand_made(self) -> Iterator[str]:
        for task in self.by_hand:
            if task.stopped_at is not None:
                yield f"the task {task.task_id} was made by hand and was stopped"
            if any(call.body.get("task_id") == task.task_id for call in self.calls if call.body):
                yield f"the task {task.task_id} was made by hand and was touched"


class Evening:
    """``kills`` of the calls about promotions are the last that a program makes."""

    def __init__(self, folder: Path, seed: int, cues: int, kills: int, rules: Sequence[Rule]) -> None:
        self._dice = Random(f"evening/{seed}")
        self._folder = folder
        self._seed = seed
        self._cues = cues
        self._kills = kills
        self._rules = rules
        self._by_hand: list[Task] = []
        self._asked = 0
        self._deaths = 0

    def _wall(self) -> float:
        return BEGAN + self._loop.time()

    async def play(self) -> Spent:
        self._loop = asyncio.get_running_loop()
        shop = shop_with_goods(self._wall, PRODUCTS)
        self._server = ShopServer(shop, Faults(self._seed, self._rules), hang=30)
        self._server.deadly = set(self._dice.sample(range(1, 1 + self._cues * 8), self._kills))
        self._server.deadly_paths = PROMOTIONS
        furnish(self._folder)
        async with self._server:
            os.environ[ADDRESS] = self._server.url
            await self._begin()
            await self._ask("catalogue.put", products=catalogue(shop))
            await self._ask("room.set", platform="wechat_shop", recall_seconds=0, shop=_SETTINGS)
            await self._ask("broadcast.open")
            for number in range(self._cues):
                await self._go_on(self._dice.randint(5, 60))
                await self._something(shop, f"cue{number}")
            self._server.faults.rules.clear()
            for cue_id in list(self._run.core.room.cues):
                await self._ask("cue.stop", cue_id=cue_id)
            await self._go_on(_CALM)
            owed = len(self._run.core.owed())
            cues = dict(self._run.core.room.cues)
            await self._run.stop()
        struck = Counter(fault for fault, _ in self._server.faults.struck)
        return Spent(shop, cues, self._by_hand, self._server.calls, self._deaths, struck, owed)

    async def _begin(self) -> None:
        settings = ShopConnection("wechat_shop", SHOP.appid, poll_seconds=60)
        self._run = RoomRun(self._folder, self._wall, lambda at: connector(settings, at), "wechat_shop")
        await self._run.start()

    async def _go_on(self, seconds: float) -> None:
        """Let the time go by; who dies in it is followed by another."""
        until = self._loop.time() + seconds
        while (left := until - self._loop.time()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._server.dying.wait()
            except TimeoutError:
                break
            self._server.dying.clear()
            self._deaths += 1
            self._folder = await self._run.kill(self._folder.with_name(f"data-{self._deaths}"))
            await asyncio.sleep(self._dice.choice((0, 0, 2, 30, 200)))
            await self._begin()
        if self._run.failed is not None:
            raise self._run.failed

    async def _ask(self, type_: str, **data: Any) -> bool:
        """Ask as the host does; a refusal is an answer."""
        self._asked += 1
        id_ = f"host{self._asked}"
        try:
            answer = await self._run.engine.ask(CommandInput(id_, type_, data, "host", id_.encode()))
        except NotTaken:
            return False
        return answer.ok

    async def _something(self, shop: Shop, cue_id: str) -> None:
        dice = self._dice
        product = dice.choice(list(shop.goods.products.values()))
        if dice.random() < 0.15 and product.product_id not in shop.goods.locked:
            sku = next(iter(product.skus.values()))
            task_id = shop.discounts.add(
                {
                    "product_id": product.product_id,
                    "start_time": shop.clock.now(),
                    "end_time": shop.clock.now() + dice.choice((120, 3_600)),
                    "limited_discount_skus": [
                        {"sku_id": sku.sku_id, "sale_price": sku.price_fen * 7 // 10, "sale_stock": 3}
                    ],
                }
            )["task_id"]
            self._by_hand.append(shop.discounts.tasks[task_id])
        kind = dice.choice(("flash_sale", "flash_sale", "coupon"))
        spec = (
            self._sale(shop, product.product_id) if kind == "flash_sale" else self._coupon(product.product_id)
        )
        if await self._ask("cue.add", cue_id=cue_id, kind=kind, spec=spec):
            await self._ask("cue.fire", cue_id=cue_id)
        if dice.random() < 0.4:
            await self._go_on(dice.choice((0.2, 1, 3, 20)))
            await self._ask("cue.stop", cue_id=cue_id)

    def _sale(self, shop: Shop, product_id: str) -> dict[str, Any]:
        products = {product_id}
        if self._dice.random() < 0.4:
            products.add(self._dice.choice(list(shop.goods.products)))
        skus = [
            {"sku_id": sku.sku_id, "price_fen": sku.price_fen * self._dice.randint(5, 8) // 10, "quantity": 5}
            for one in sorted(products)
            for sku in shop.goods.products[one].skus.values()
        ]
        return {"skus": skus, "per_buyer": 2, "seconds": self._dice.choice(_SECONDS)}

    def _coupon(self, product_id: str) -> dict[str, Any]:
        return {
            "name": "今晚减八",
            "rule": {"threshold_fen": 9_000, "off_fen": 800},
            "quantity": 50,
            "per_buyer": 1,
            "seconds": self._dice.choice(_SECONDS),
            "valid_seconds": 86_400,
            "scope": {"product_ids": [product_id]},
        }
