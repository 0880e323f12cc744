"""What the shop shows of what was begun there: how many are left, claimed and used, and that one is over."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, Literal, Protocol

from liveconsole.connectors.cloudevent import cloudevent
from liveconsole.connectors.connection import RoomDoor
from liveconsole.connectors.wechat_shop import sales
from liveconsole.connectors.wechat_shop.asking import ShopCalls, Sleep, Unsure, read
from liveconsole.connectors.wechat_shop.coupon_calls import CouponCalls
from liveconsole.connectors.wechat_shop.sale_tasks import SaleTasks
from liveconsole.connectors.wechat_shop.sales import Task
from liveconsole.domain.effects import Effect, to_read
from liveconsole.domain.kind import kind_named

STOCK: Final = "/channels/ec/product/stock/batchget"
_EVERY: Final = 10.0

_Figures = dict[str, int]
_Stands = Literal["runs", "over", "gone"]


class _Begun(Protocol):
    """What `effects.ShopEffects` has of the shop."""

    @property
    def sales(self) -> SaleTasks: ...
    @property
    def coupons(self) -> CouponCalls: ...


class ReadPromotions:
    """A `jobs.ShopJob`. A figure is told when it is another one than before."""

    name = "promotions"
    every = _EVERY

    def __init__(self, shop: ShopCalls, room: RoomDoor, source: str, begun: _Begun, sleep: Sleep) -> None:
        self._shop = shop
        self._room = room
        self._source = source
        self._begun = begun
        self._sleep = sleep
        self._told: dict[str, _Figures] = {}
        self._missing: set[str] = set()
        """Not found in the shop when they were looked for last."""

    async def turn(self) -> int:
        found: list[Effect] = await self._room.view(lambda core: to_read(core.room))
        by_part: dict[str, list[Effect]] = {}
        for effect in found:
            by_part.setdefault(kind_named(effect.kind).DONE_AS, []).append(effect)
        told = await self._sales(by_part.get("sales", []))
        for effect in by_part.get("coupons", []):
            with suppress(Unsure):  # the next turn reads it
                told += await self._took(effect, *await self._coupon(effect))
        kept = {effect.cue_id for effect in found}
        self._told = {cue_id: told for cue_id, told in self._told.items() if cue_id in kept}
        self._missing &= kept
        return told

    async def _sales(self, effects: Sequence[Effect]) -> int:
        """Read all sales that run, with one list for all of them. The units kept apart for each are read
        before it: of a task that is over they are given back, which is no sale."""
        if not effects:
            return 0
        try:
            left = [await self._left(effect) for effect in effects]
            unfinished = await self._begun.sales.unfinished()
        except Unsure:
            return 0
        told = 0
        for effect, units in zip(effects, left, strict=True):
            with suppress(Unsure):
                told += await self._took(effect, *await self._sale(effect, units, unfinished))
        return told

    async def _took(self, effect: Effect, figures: _Figures, stands: _Stands) -> int:
        told = await self._tell(effect, figures) if figures else 0
        missed = effect.cue_id in self._missing
        self._missing.discard(effect.cue_id)
        if effect.step == "ended":
            return told
        if stands == "over" or (stands == "gone" and missed):
            await self._over(effect)
        elif stands == "gone":
            self._missing.add(effect.cue_id)
        return told

    async def _sale(
        self, effect: Effect, left: int | None, unfinished: Sequence[Task]
    ) -> tuple[_Figures, _Stands]:
        runs = sales.of_sale(effect, unfinished)
        if runs:
            return ({"left": left} if sales.covers(effect, runs) and left is not None else {}), "runs"
        over = sales.of_sale(effect, await self._begun.sales.every())
        if any(task.status != sales.OVER for task in over):
            raise Unsure("sale_not_seen")
        return {}, "over" if over else "gone"

    async def _left(self, effect: Effect) -> int | None:
        products = sorted({goods.product_id for goods in effect.goods.values()})
        answer = await read(self._shop, STOCK, {"product_id": products}, self._sleep)
        try:
            kept = {
                str(sku["sku_id"]): int(sku["limited_discount_stock_num"])
                for product in answer["data"]["spu_stock_list"]
                for sku in product["sku_stock"]
            }
        except (TypeError, ValueError, KeyError, AttributeError) as why:
            raise Unsure("unreadable") from why
        units = [kept.get(sku_id) for sku_id in effect.goods]
        return sum(n for n in units if n is not None) if units and None not in units else None

    async def _coupon(self, effect: Effect) -> tuple[_Figures, _Stands]:
        seen = await self._begun.coupons.of(effect)
        if seen is None:
            return {}, "gone"
        figures = {"claimed": seen.taken, "used": seen.used}
        told = {name: n for name, n in figures.items() if n is not None}
        return told, "over" if seen.over else "runs"

    async def _tell(self, effect: Effect, figures: _Figures) -> int:
        if self._told.get(effect.cue_id) == figures and effect.step == "on_air":
            return 0
        at = int(self._room.now().timestamp() * 1000)
        data: dict[str, Any] = {"cue_id": effect.cue_id, **figures}
        id_ = f"promotion:{effect.cue_id}:{at}"
        await self._room.post([cloudevent(self._source, id_, "promotion.measured", data)])
        self._told[effect.cue_id] = figures
        return 1

    async def _over(self, effect: Effect) -> None:
        data = {"cue_id": effect.cue_id, "fired_at": effect.fired_at.isoformat()}
        await self._room.ask_self("effect.over", data)
