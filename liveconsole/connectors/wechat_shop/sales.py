"""限时抢购: what a flash sale is as tasks of the shop, and which task of a list is it.

The shop takes no key of ours and gives a task no field of ours, so a task is known again by what nobody else
writes: the very second of its start, and each SKU at its price and quantity. All of this is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain.effects import Effect
from liveconsole.messages.specs import FlashSaleSpec

ADD: Final = "/channels/ec/product/limiteddiscounttask/add"
LIST: Final = "/channels/ec/product/limiteddiscounttask/list/get"
STOP: Final = "/channels/ec/product/limiteddiscounttask/stop"

WAITS, RUNS, OVER = 0, 1, 2
"""A task's ``status``; what is not among them counts as over."""
UNFINISHED: Final = (WAITS, RUNS)
"""In the order in which they are asked for: a task only moves on, so none is missed between two questions."""

_EARLIER: Final = timedelta(seconds=120)
"""A start may lie ten minutes back. Two of them are taken: where our clock goes ahead of the shop's, the task
runs all the same and does not wait for its start."""
_LONGER: Final = timedelta(seconds=15)
"""The task outlasts the promise by this, so that no viewer loses a second of it while the shop is asked; the
end is asked for at its time."""
_LONGEST: Final = timedelta(hours=24)


class TaskSku(Struct, frozen=True, order=True):
    sku_id: str
    price_fen: int
    quantity: int


class NewTask(Struct, frozen=True):
    """One product's part of a sale."""

    product_id: str
    title: str
    start: int
    end: int
    skus: tuple[TaskSku, ...]


class Task(Struct, frozen=True):
    """A task as the shop lists it. Times are its seconds."""

    task_id: str
    product_id: str
    status: int
    start: int
    end: int
    skus: tuple[TaskSku, ...]


class UnknownGoods(ValueError):
    """A SKU of a sale is no product's of the room any longer; the text is its id."""


def tasks_of(effect: Effect) -> list[NewTask]:
    """Return the tasks that a sale is, one for each product, in the order of its SKUs.

    Raises:
        UnknownGoods: nobody knows which product a SKU of it belongs to.
    """
    spec = effect.spec
    assert isinstance(spec, FlashSaleSpec)
    start, end = start_of(effect), _end(effect, spec)
    parts: dict[str, list[TaskSku]] = {}
    for sku in spec.skus:
        found = effect.goods.get(sku.sku_id)
        if found is None:
            raise UnknownGoods(sku.sku_id)
        parts.setdefault(found.product_id, []).append(TaskSku(sku.sku_id, sku.price_fen, sku.quantity))
    titles = {goods.product_id: goods.title for goods in effect.goods.values()}
    return [NewTask(id_, titles[id_], start, end, tuple(sorted(skus))) for id_, skus in parts.items()]


def start_of(effect: Effect) -> int:
    """Return the second that marks its tasks: always the same one, as the firing stands on the log."""
    return int((effect.fired_at - _EARLIER).timestamp())


def _end(effect: Effect, spec: FlashSaleSpec) -> int:
    ends = effect.fired_at + timedelta(seconds=spec.seconds) + _LONGER
    return min(int(ends.timestamp()), start_of(effect) + int(_LONGEST.total_seconds()))


def body(task: NewTask) -> dict[str, Any]:
    """Return what `ADD` takes."""
    skus = [
        {"sku_id": sku.sku_id, "sale_price": sku.price_fen, "sale_stock": sku.quantity} for sku in task.skus
    ]
    return {
        "product_id": task.product_id,
        "start_time": task.start,
        "end_time": task.end,
        "limited_discount_skus": skus,
    }


def tasks_in(answer: Mapping[str, Any]) -> Iterator[Task]:
    """Return the tasks of a page. Ids come as text or as numbers, and so do times.

    Raises:
        TypeError, ValueError, KeyError, AttributeError: it is another shape.
    """
    for row in answer.get("limited_discount_tasks") or ():
        skus = tuple(
            sorted(
                TaskSku(str(sku["sku_id"]), int(sku["sale_price"]), int(sku["sale_stock"]))
                for sku in row["limited_discount_skus"]
            )
        )
        yield Task(
            str(row["task_id"]),
            str(row["product_id"]),
            int(row["status"]),
            int(row["start_time"]),
            int(row["end_time"]),
            skus,
        )


def of_sale(effect: Effect, tasks: Iterable[Task]) -> list[Task]:
    """Return those of a list that are parts of this sale, one for each product, a running one before one that
    is over. The goods of the room are not asked: they may have been renamed since.
    """
    spec = effect.spec
    assert isinstance(spec, FlashSaleSpec)
    start = start_of(effect)
    wanted = {TaskSku(sku.sku_id, sku.price_fen, sku.quantity) for sku in spec.skus}
    found: dict[str, Task] = {}
    for task in sorted(tasks, key=lambda task: (task.status == OVER, task.task_id)):
        if task.start == start and task.skus and wanted.issuperset(task.skus):
            found.setdefault(task.product_id, task)
    return list(found.values())


def covers(effect: Effect, tasks: Sequence[Task]) -> bool:
    """Tell whether every SKU of the sale stands in one of them."""
    spec = effect.spec
    assert isinstance(spec, FlashSaleSpec)
    return {sku.sku_id for sku in spec.skus} == {sku.sku_id for task in tasks for sku in task.skus}


def in_the_way(wanted: Sequence[NewTask], tasks: Iterable[Task]) -> Task | None:
    """Return an unfinished task of one of the products: the shop takes one at a time, and whoever made it
    there keeps it."""
    products = {task.product_id for task in wanted}
    unfinished = (task for task in tasks if task.status in UNFINISHED and task.product_id in products)
    return min(unfinished, key=lambda task: (task.start, task.task_id), default=None)
