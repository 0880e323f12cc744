"""限时抢购: tasks, their rules, and the units that they keep apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.worlds.wechat_shop.clock import ShopClock
from tests.worlds.wechat_shop.goods import UNDER_AUDIT, Goods, Product
from tests.worlds.wechat_shop.wire import (
    BAD_ARGUMENTS,
    Answerer,
    Body,
    Pages,
    Refused,
    Reply,
    ident,
    rows,
    whole,
)

WAITING, RUNNING, ENDED = 0, 1, 2
_NO_TASK: Final = 10020076
_WRONG_STATE: Final = 10020077
_TOLERANCE: Final = 600
_LONGEST: Final = 24 * 3600
_FARTHEST: Final = 365 * 86_400
_LEAST_PRICE: Final = 1_000
"""¥10: only what costs more is let into a sale, and the sale takes at least as much off."""


@dataclass(slots=True)
class TaskSku:
    sku_id: str
    price_fen: int
    granted: int
    sold: int = 0


@dataclass(slots=True)
class Task:
    task_id: str
    product_id: str
    created_at: int
    start: int
    end: int
    skus: dict[str, TaskSku]
    title: str = ""
    stopped_at: int | None = None
    deleted: bool = False
    let_go: bool = False
    """What it kept apart and did not sell is back with the stock."""

    def status(self, now: int) -> int:
        if self.stopped_at is not None or now >= self.end:
            return ENDED
        return RUNNING if now >= self.start else WAITING


class Discounts:
    def __init__(self, clock: ShopClock, goods: Goods) -> None:
        self._clock = clock
        self._goods = goods
        self.tasks: dict[str, Task] = {}
        """Deleted ones too, so that a test counts all that ever were."""
        self._pages = Pages()

    def endpoints(self) -> dict[str, Answerer]:
        base = "/channels/ec/product/limiteddiscounttask/"
        return {
            base + "add": self.add,
            base + "update": self.update,
            base + "list/get": self.list_get,
            base + "stop": self.stop,
            base + "delete": self.delete,
        }

    # -- what happens in the shop

    def settle(self) -> None:
        """Give the units of what has ended back to the stock, and unlock its product."""
        now = self._clock.now()
        for task in self.tasks.values():
            if task.let_go or task.status(now) != ENDED:
                continue
            task.let_go = True
            self._goods.locked.discard(task.product_id)
            for sku in self._goods.products[task.product_id].skus.values():
                sku.stock += sku.reserved
                sku.reserved = 0

    def running(self, product_id: str, sku_id: str) -> Task | None:
        now = self._clock.now()
        for task in self.tasks.values():
            if task.product_id == product_id and task.status(now) == RUNNING and sku_id in task.skus:
                return task
        return None

    def of(self, product_id: str) -> list[Task]:
        return [task for task in self.tasks.values() if task.product_id == product_id]

    # -- what is asked

    def add(self, body: Body) -> Reply:
        self.settle()
        product = self._goods.product(body)
        if product.edit_status == UNDER_AUDIT:
            raise Refused(10020049, "product is under audit")
        start, end = self._times(body)
        wanted = {ident(row, "sku_id"): row for row in rows(body, "limited_discount_skus")}
        skus = {sku_id: self._sku(product, sku_id, row) for sku_id, row in wanted.items()}
        if product.product_id in self._goods.locked:
            raise Refused(BAD_ARGUMENTS, "the product has an unfinished limited discount task")
        task_id = str(12_345_678 + len(self.tasks))
        self.tasks[task_id] = Task(task_id, product.product_id, self._clock.now(), start, end, skus)
        self._goods.locked.add(product.product_id)
        for one in skus.values():
            self._set_apart(product, one)
        return {"task_id": task_id}

    def update(self, body: Body) -> Reply:
        self.settle()
        task = self._task(body)
        status = task.status(self._clock.now())
        if status == ENDED or whole(body, "status", 0, 1) != status:
            raise Refused(_WRONG_STATE, "the task's status does not allow this")
        product = self._goods.products[task.product_id]
        start = whole(body, "start_time", 0, 2**40, task.start)
        end = whole(body, "end_time", start + 1, 2**40, task.end)
        if end - start > _LONGEST or (status == RUNNING and start != task.start):
            raise Refused(BAD_ARGUMENTS, "invalid start_time or end_time")
        title = body.get("title", task.title)
        if not isinstance(title, str) or len(title) > 50:
            raise Refused(BAD_ARGUMENTS, "invalid title")
        for row in body.get("limited_discount_skus", []):
            sku_id = ident(row, "sku_id")
            if sku_id not in task.skus:
                raise Refused(BAD_ARGUMENTS, "invalid sku_id")
            self._change(product, task.skus[sku_id], row)
        task.start, task.end, task.title = start, end, title
        return {}

    def list_get(self, body: Body) -> Reply:
        self.settle()
        now = self._clock.now()
        status = whole(body, "status", 0, 2) if "status" in body else None
        size = whole(body, "page_size", 1, 50, 10)

        def ids() -> list[str]:
            alive = [task for task in self.tasks.values() if not task.deleted]
            return [task.task_id for task in reversed(alive) if status in (None, task.status(now))]

        page, key = self._pages.page(body.get("next_key"), size, ids)
        return {
            "limited_discount_tasks": [task_wire(self.tasks[one], now) for one in page],
            "next_key": key,
            "total_num": len(ids()),
        }

    def stop(self, body: Body) -> Reply:
        self.settle()
        task = self._task(body)
        if task.status(self._clock.now()) == ENDED:
            raise Refused(_WRONG_STATE, "the task has ended")
        task.stopped_at = self._clock.now()
        self.settle()
        return {}

    def delete(self, body: Body) -> Reply:
        self.settle()
        task = self._task(body)
        if task.status(self._clock.now()) != ENDED:
            raise Refused(_WRONG_STATE, "only an ended task is deleted")
        task.deleted = True
        return {}

    def _task(self, body: Body) -> Task:
        task = self.tasks.get(ident(body, "task_id"))
        if task is None or task.deleted:
            raise Refused(_NO_TASK, "limited discount task not exist")
        return task

    def _times(self, body: Body) -> tuple[int, int]:
        now = self._clock.now()
        start = whole(body, "start_time", now - _TOLERANCE, now + _FARTHEST)
        end = whole(body, "end_time", max(start, now) + 1, start + _LONGEST)
        return start, end

    def _sku(self, product: Product, sku_id: str, row: Body) -> TaskSku:
        if sku_id not in product.skus:
            raise Refused(BAD_ARGUMENTS, "invalid sku_id")
        sku = product.skus[sku_id]
        price = whole(row, "sale_price", 1, 10**9)
        if not price_allowed(sku.price_fen, price):
            raise Refused(BAD_ARGUMENTS, "invalid sale_price")
        return TaskSku(sku_id, price, whole(row, "sale_stock", 1, sku.stock + sku.reserved))

    def _set_apart(self, product: Product, one: TaskSku) -> None:
        sku = product.skus[one.sku_id]
        sku.stock -= one.granted
        sku.reserved += one.granted

    def _change(self, product: Product, one: TaskSku, row: Body) -> None:
        wanted = self._sku(product, one.sku_id, row)
        if wanted.granted < one.sold:
            raise Refused(BAD_ARGUMENTS, "invalid sale_stock")
        sku = product.skus[one.sku_id]
        sku.stock -= wanted.granted - one.granted
        sku.reserved += wanted.granted - one.granted
        one.granted, one.price_fen = wanted.granted, wanted.price_fen


def price_allowed(original_fen: int, sale_fen: int) -> bool:
    """More than ¥10 before; from 1 折 to 8.5 折 then, and at least ¥10 off."""
    return (
        original_fen > _LEAST_PRICE
        and original_fen * 10 <= sale_fen * 100 <= original_fen * 85
        and original_fen - sale_fen >= _LEAST_PRICE
    )


def task_wire(task: Task, now: int) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "product_id": task.product_id,
        "status": task.status(now),
        "create_time": task.created_at,
        "start_time": task.start,
        "end_time": task.end,
        "limited_discount_skus": [
            {"sku_id": one.sku_id, "sale_price": one.price_fen, "sale_stock": one.granted}
            for one in task.skus.values()
        ],
    }
