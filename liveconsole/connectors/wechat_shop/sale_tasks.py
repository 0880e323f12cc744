"""Starting and ending a sale in the shop: its tasks are added once, read back, and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from liveconsole.connectors.wechat_shop import sales
from liveconsole.connectors.wechat_shop.asking import (
    PREPARE_SECONDS,
    NotDone,
    ShopCalls,
    Sleep,
    Unsure,
    once,
    pauses,
    read,
)
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.connectors.wechat_shop.sales import NewTask, Task
from liveconsole.domain.effects import Effect
from liveconsole.domain.platforms import PLATFORMS

_PAGE: Final = 50
_PAGES: Final = 40
_PAGES_OF_OVER: Final = 4
"""Of those that are over, of which a shop has any number, this many pages are looked through."""


class SaleTasks:
    """``settled``: whether nothing of an effect can be on its way to the shop any more."""

    def __init__(self, shop: ShopCalls, sleep: Sleep, settled: Callable[[Effect], bool]) -> None:
        self._shop = shop
        self._sleep = sleep
        self._settled = settled
        self._undoing: set[tuple[str, datetime]] = set()
        """Sales of which a part was refused: what stands of them is being taken back."""

    async def begin(self, effect: Effect) -> None:
        """Add what is not there yet and read it back; all of it, or what was added is stopped again.

        Raises:
            NotDone: nothing of it runs.
            Unsure: `find` tells later.
            ShopError: the shop could not be read; nothing was changed.
        """
        wanted = _wanted(effect)
        try:
            async with asyncio.timeout(PREPARE_SECONDS):
                found = await self.unfinished()
        except TimeoutError as why:
            raise NotDone("no_answer") from why
        except Unsure as why:
            raise NotDone(why.reason) from why
        mine = sales.of_sale(effect, found)
        others = [task for task in found if task not in mine]
        if (other := sales.in_the_way(wanted, others)) is not None:
            title = next(task.title for task in wanted if task.product_id == other.product_id)
            raise NotDone("sale_there", {"title": title, "task_id": other.task_id})
        there = {task.product_id for task in mine}
        try:
            for task in wanted:
                if task.product_id not in there:
                    await self._add(effect, task)
            await self._stands(effect)
        except ShopError as why:
            raise Unsure(why.word) from why

    async def _add(self, effect: Effect, task: NewTask) -> None:
        try:
            await once(self._shop, sales.ADD, sales.body(task))
        except ShopError as why:
            if why.unsure:
                await self._appears(effect, task, why)
            else:
                await self._take_back(effect, task, why)

    async def _appears(self, effect: Effect, task: NewTask, why: ShopError) -> None:
        """Look whether an addition that nobody answered was carried out all the same."""
        for pause in pauses():
            await self._sleep(pause)
            found = sales.of_sale(effect, await self.unfinished())
            if any(one.product_id == task.product_id for one in found):
                return
        raise Unsure(why.word)

    async def _take_back(self, effect: Effect, task: NewTask, why: ShopError) -> None:
        """One product was refused: what was added of the others is stopped."""
        self._undoing.add((effect.cue_id, effect.fired_at))
        if not await self._stop(effect):
            raise Unsure("sale_partly")
        self._undoing.discard((effect.cue_id, effect.fired_at))
        params = {**why.params, "title": task.title}
        raise NotDone(_word(why), params) from why

    async def _stands(self, effect: Effect) -> None:
        """Read it back."""
        for pause in pauses():
            await self._sleep(pause)
            found = sales.of_sale(effect, await self.unfinished())
            if sales.covers(effect, found) and all(task.status == sales.RUNS for task in found):
                return
        raise Unsure("sale_not_seen")

    async def find(self, effect: Effect) -> bool:
        """Tell whether it began; False: there is nothing of it. What is there in part when nothing can come
        any more, or when another part was refused, is stopped.

        Raises:
            NotDone: nothing of it runs, and nothing will.
            Unsure: it is too early to tell.
            ShopError: the shop could not be read.
        """
        found = sales.of_sale(effect, await self.every())
        undoing = (effect.cue_id, effect.fired_at) in self._undoing
        if sales.covers(effect, found) and not undoing:
            if any(task.status == sales.WAITS for task in found):
                raise Unsure("sale_not_started")
            return True
        if not found:
            if self._settled(effect):
                raise NotDone("not_in_shop")
            return False
        if not (undoing or self._settled(effect)):
            raise Unsure("sale_partly")
        if not await self._stop(effect) or not self._settled(effect):
            raise Unsure("sale_partly")
        self._undoing.discard((effect.cue_id, effect.fired_at))
        raise NotDone("sale_taken_back")

    async def is_over(self, effect: Effect) -> bool:
        """Tell whether it has ended in the shop; False: it runs.

        Raises:
            Unsure: it is not there, and may still come.
            ShopError: the shop could not be read.
        """
        found = sales.of_sale(effect, await self.every())
        if any(task.status != sales.OVER for task in found):
            return False
        if not (sales.covers(effect, found) or self._settled(effect)):
            raise Unsure("not_in_shop")
        return True

    async def end(self, effect: Effect) -> None:
        """Stop what runs of it.

        Raises:
            Unsure: it was not read as ended.
            ShopError: the shop could not be read, or does not let it be stopped.
        """
        if not await self._stop(effect) or not await self.is_over(effect):
            raise Unsure("sale_still_runs")

    async def _stop(self, effect: Effect) -> bool:
        """Stop it where it is there, as often as that takes within one question; True: nothing of it is
        unfinished."""
        for pause in pauses():
            await self._sleep(pause)
            running = sales.of_sale(effect, await self.unfinished())
            if not running:
                return True
            for task in running:
                try:
                    await once(self._shop, sales.STOP, {"task_id": task.task_id})
                except ShopError as why:
                    if why.action not in ("again", "refused"):
                        raise
        return not sales.of_sale(effect, await self.unfinished())

    async def unfinished(self) -> list[Task]:
        """Return all tasks of the shop that wait or run."""
        found: dict[str, Task] = {}
        for status in sales.UNFINISHED:
            found |= {task.task_id: task for task in await self._listed(status, _PAGES, whole=True)}
        return list(found.values())

    async def every(self) -> list[Task]:
        """Return all that wait or run, and the first pages of those that are over."""
        found = await self.unfinished()
        known = {task.task_id for task in found}
        over = await self._listed(sales.OVER, _PAGES_OF_OVER, whole=False)
        return found + [task for task in over if task.task_id not in known]

    async def _listed(self, status: int, pages: int, *, whole: bool) -> list[Task]:
        """Read pages until there is none. ``whole``: a list that is shorter than its own count is none."""
        found: dict[str, Task] = {}
        body: dict[str, Any] = {"status": status, "page_size": _PAGE}
        for _ in range(pages):
            answer = await read(self._shop, sales.LIST, body, self._sleep)
            try:
                page = list(sales.tasks_in(answer))
                total = int(answer.get("total_num") or 0)
            except (TypeError, ValueError, KeyError, AttributeError) as why:
                raise Unsure("unreadable") from why
            found |= {task.task_id: task for task in page}
            key = answer.get("next_key") or ""
            if not key or not page:
                break
            body = {**body, "next_key": str(key)}
        if whole and len(found) < total:
            raise Unsure("unreadable")
        return list(found.values())


def _wanted(effect: Effect) -> Sequence[NewTask]:
    try:
        wanted = sales.tasks_of(effect)
    except sales.UnknownGoods as why:
        raise NotDone("goods_unknown") from why
    most = PLATFORMS["wechat_shop"].products_max
    if most is not None and len(wanted) > most:
        raise NotDone("too_many_products", {"n": len(wanted), "most": most})
    return wanted


def _word(why: ShopError) -> str:
    """A code of the path itself has a sentence of its own where it is documented."""
    return _DOCUMENTED.get(why.code, "sale_refused" if why.word == "refused" else why.word)


_DOCUMENTED: Final = {
    10020049: "under_audit",
    10020050: "no_permission",
    10020051: "bad_terms",
    10020052: "no_such_product",
}
