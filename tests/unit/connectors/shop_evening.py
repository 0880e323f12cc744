"""A room and its shop on one virtual clock: the real rules, the real dispatcher, the fake 微信小店 behind it.

What goes wrong on the way is `tests.worlds.wechat_shop.faults`; a kill is a call, or a place of the
dispatcher, from which nobody comes back, and a new program that knows only the log.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.wechat_shop import coupons, sales
from liveconsole.connectors.wechat_shop.effects import ShopEffects
from liveconsole.connectors.wechat_shop.errors import error_of, not_heard
from liveconsole.connectors.wechat_shop.promotions import STOCK, ReadPromotions
from liveconsole.domain.context import Decision
from liveconsole.domain.effects import Effect, owed
from liveconsole.engine import dispatch
from liveconsole.engine.dispatch import Dispatcher
from liveconsole.messages.inputs import CommandAnswer
from tests.unit.domain.desk import Desk
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.clients import Asker
from tests.worlds.wechat_shop.faults import Faults
from tests.worlds.wechat_shop.goods import Sku
from tests.worlds.wechat_shop.shop import Shop

SALE = {"skus": [{"sku_id": "scarf", "price_fen": 5900, "quantity": 5}], "per_buyer": 2, "seconds": 600}
BOTH = {
    "skus": [
        {"sku_id": "scarf", "price_fen": 5900, "quantity": 5},
        {"sku_id": "hat", "price_fen": 3500, "quantity": 7},
    ],
    "per_buyer": 2,
    "seconds": 600,
}
COUPON = {
    "name": "今晚减八",
    "rule": {"threshold_fen": 9000, "off_fen": 800},
    "quantity": 50,
    "per_buyer": 1,
    "seconds": 600,
    "valid_seconds": 86_400,
    "scope": {"product_ids": ["scarf"]},
}
WRITES = (sales.ADD, sales.STOP, coupons.CREATE, coupons.STATUS)
READS = (sales.LIST, coupons.LIST, coupons.GET, STOCK)


BUSY_AFTER = "busy_after"
"""Carried out, and then -1 is said."""


@dataclass(frozen=True)
class Kill:
    """The ``call``-th call of the shop (from 0), or a place of the dispatcher, is the last that happens."""

    place: str | int
    after: bool = False
    """The call was carried out."""


class ShopEvening:
    """``skew``: by how much the shop's clock is ahead of ours."""

    def __init__(self, faults: Faults | None = None, *, skew: int = 0) -> None:
        self.desk = Desk(
            "wechat_shop", recall_seconds=0, shop={"kind": "wechat_shop", "appid": "wx0000000000000001"}
        )
        self.shop = Shop(lambda: self.desk.now.timestamp(), skew=skew)
        self.shop.goods.offer("scarf", "围巾", [Sku("scarf", 9900, 10)])
        self.shop.goods.offer("hat", "帽子", [Sku("hat", 4900, 20)])
        self.faults = faults or Faults()
        self.called: list[str] = []
        self.kill: Kill | None = None
        self.killed = asyncio.Event()
        self.cannot: list[tuple[str, str]] = []
        self._ask = Asker(self.shop)
        self.program = ShopEffects(self, self._now, self._tell, self._sleep)
        self.dispatcher = self._dispatcher()
        self.reading = self._reading()

    def _reading(self) -> ReadPromotions:
        return ReadPromotions(self, self, "/wechat_shop/wx1", self.program, self._sleep)  # type: ignore[arg-type]

    def _dispatcher(self) -> Dispatcher[Effect]:
        return Dispatcher(self, {"wechat_shop": self.program}, first_wait=0.0001)

    def _now(self) -> Any:
        return self.desk.now

    async def _sleep(self, seconds: float) -> None:
        self.desk.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    async def _tell(self, part: str, code: str) -> None:
        self.cannot.append((part, code))
        await self.ask_self("connection.told", {"name": "shop", "cannot": [part], "code": code})

    # -- the shop, as the program asks it

    async def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        place = len(self.called)
        self.called.append(path)
        await asyncio.sleep(0)
        self.desk.now += timedelta(seconds=0.1)
        dies = self.kill is not None and self.kill.place == place
        if dies and not self.kill.after:  # type: ignore[union-attr]
            await self._die()
        fault = self.faults.strike(path, self.desk.now.timestamp())
        if fault in (wrong.HANG_BEFORE, wrong.RESET_BEFORE, wrong.GATEWAY):
            self._waited(fault)
            raise not_heard("no_answer", path, unsure=True)
        if fault in wrong.REFUSALS:
            raise error_of(*wrong.REFUSALS[fault], path)
        said = self._ask(path, json.loads(json.dumps(body)))
        if fault == BUSY_AFTER:
            raise error_of(-1, "system error", path)
        if dies:
            await self._die()
        if fault in wrong.UNSAID:
            self._waited(fault)
            raise not_heard("no_answer", path, unsure=True)
        if said["errcode"]:
            raise error_of(said["errcode"], said["errmsg"], path)
        return said

    def _waited(self, fault: str | None) -> None:
        if fault in (wrong.HANG_BEFORE, wrong.HANG_AFTER):
            self.desk.now += timedelta(seconds=2.5)

    async def _die(self) -> None:
        self.kill = None
        self.killed.set()
        await asyncio.Event().wait()

    def reached(self, place: str, types: Callable[[], object] | None = None) -> None:
        """Stands in for `failpoints.failpoint` of the dispatcher."""
        if self.kill is not None and self.kill.place == place:
            self.kill = None
            self.killed.set()
            raise asyncio.CancelledError

    # -- the engine, as the dispatcher needs it

    async def ask_self(self, type_: str, data: dict[str, Any]) -> CommandAnswer:
        await asyncio.sleep(0)
        answer = self.desk.ask(type_, data, "platform")
        self.look()
        return CommandAnswer(isinstance(answer, Decision), b"")

    async def view(self, look: Callable[[Any], Any]) -> Any:
        return look(SimpleNamespace(room=self.desk.room))

    async def post(self, events: list[CloudEvent]) -> object:
        for event in events:
            self.desk.fact(event["type"], event["data"], event["source"])
        return None

    def now(self) -> datetime:
        return self.desk.now

    async def read(self) -> int:
        """One turn of what reads the promotions."""
        return await self.reading.turn()

    def look(self) -> None:
        self.dispatcher.owed("wechat_shop", owed(self.desk.room))

    # -- the evening

    def fire(self, kind: str, spec: dict[str, Any], cue_id: str = "sale") -> None:
        self.desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
        self.desk.ok("cue.fire", {"cue_id": cue_id})
        self.look()

    def stop(self, cue_id: str = "sale") -> None:
        self.desk.ok("cue.stop", {"cue_id": cue_id})
        self.look()

    async def settle(self, cue_id: str = "sale", *, seconds: float = 300) -> None:
        """Until nothing is owed of it, or so much of the room's time has gone by. A killed program is
        followed by a new one."""
        until = self.desk.now + timedelta(seconds=seconds)
        async with asyncio.timeout(20):
            while self.owes(cue_id) and self.desk.now < until:
                if self.killed.is_set():
                    await self.restart()
                await asyncio.sleep(0.0005)
                self.desk.now += timedelta(seconds=0.5)

    def owes(self, cue_id: str) -> bool:
        return any(one.cue_id == cue_id for one in owed(self.desk.room))

    async def restart(self) -> None:
        self.killed.clear()
        await self.dispatcher.close()
        self.desk.room = self.desk.refold()
        self.program = ShopEffects(self, self._now, self._tell, self._sleep)
        self.dispatcher = self._dispatcher()
        self.reading = self._reading()
        self.look()

    async def close(self) -> None:
        await self.dispatcher.close()

    # -- what came of it

    def status(self, cue_id: str = "sale") -> str:
        return self.desk.cue(cue_id).status

    def made(self, product_id: str) -> list[str]:
        """Every task that ever was of a product, as it stands now."""
        now = self.shop.clock.now()
        return [("waits", "runs", "over")[task.status(now)] for task in self.shop.discounts.of(product_id)]

    def coupons(self) -> list[int]:
        return [one.status for one in self.shop.coupons.coupons.values()]

    def written(self) -> list[str]:
        return [path for path in self.called if path in WRITES]

    def by_hand(self, product_id: str = "scarf", **more: Any) -> str:
        """A task that somebody made on the phone."""
        now = self.shop.clock.now()
        sku = {"sku_id": product_id, "sale_price": 3900, "sale_stock": 3}
        body = {
            "product_id": product_id,
            "start_time": now,
            "end_time": now + 3600,
            "limited_discount_skus": [sku],
        }
        said = self._ask(sales.ADD, {**body, **more})
        return str(said["task_id"])

    def late(self, body: dict[str, Any]) -> None:
        """What was sent by a program that is dead comes to the shop."""
        self._ask(sales.ADD, body)

    def reason(self, cue_id: str = "sale") -> str:
        return self.desk.cue(cue_id).reason


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dispatcher's pauses are real; the room's time goes by in the evening's own."""
    monkeypatch.setattr(dispatch, "_LONGEST_WAIT", 0.001)


def with_places(evening: ShopEvening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "failpoint", evening.reached)


def same(one: object, other: object) -> bool:
    return msgspec.msgpack.encode(one) == msgspec.msgpack.encode(other)
