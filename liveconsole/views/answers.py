"""What may be said to a question: from the library, from the product's own parameters, or that it has no such
parameter. Nothing is made up. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain.comment_desk import GivenAnswer, LibraryAnswer
from liveconsole.views.delivery import NO_DELIVERY, Delivery, days_answer, names_province
from liveconsole.views.questions import Questions, asks
from liveconsole.views.room_questions import SuggestedAnswer, alike

_FIGURE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(公斤|kg|千克)?", re.IGNORECASE)
_JIN: Final = 2
"""斤 of a 公斤: tables are in either."""
_LINES: Final = 6
"""Rows of a size table that are read out where none is told by the question."""
_KNOWN: Final = (
    "材质", "面料", "成分", "含量", "厚度", "克重", "产地", "尺寸", "重量", "净含量", "保质期", "生产日期",
    "颜色", "规格", "型号", "功率", "容量", "口味", "配料", "适用", "品牌", "货号", "风格", "季节", "洗涤",
    "里料", "填充", "充绒量", "长度", "宽度", "高度",
)  # fmt: skip
"""What parameters are commonly called: asked for by that name, and not there, it is not there."""


class KnownGoods(Struct, frozen=True):
    """What is known of the product that a question is about."""

    product_id: str
    title: str
    parameters: dict[str, str] = {}
    columns: list[str] = []
    rows: list[list[str]] = []


def product_of(product_id: str, title: str, sent: Mapping[str, Any]) -> KnownGoods:
    """Return what of a product as it was put bears on questions."""
    table = sent.get("size_table") or {}
    parameters = sent.get("parameters") or {}
    return KnownGoods(
        product_id, title, dict(parameters), list(table.get("columns", ())), list(table.get("rows", ()))
    )


def suggested(
    question: str,
    product: KnownGoods | None,
    library: Iterable[LibraryAnswer],
    drafts: Sequence[GivenAnswer],
    groups: Questions,
    delivery: Delivery = NO_DELIVERY,
) -> SuggestedAnswer | None:
    """Return the best answer: what was written for this product before what was written for all, the very
    question before its group, then the product's own table, then what was said before; None where nobody
    has any. Days to a province that is named stand before what was written for all, to any other behind."""
    own = product.product_id if product is not None else None
    group = groups.topic(question)
    best: tuple[int, LibraryAnswer] | None = None
    for one in library:
        if one.product_id not in (own, None):
            continue
        same = alike(one.question, question)
        if same or (group and one.question == group):
            rank = 2 * (one.product_id is None) + (not same)
            if best is None or rank < best[0]:
                best = rank, one
    if best is not None and best[0] < 2:
        return _written(best[1])
    if product is not None and (told := _of_product(question, group, product)) is not None:
        return told
    days = days_answer(question, delivery)
    if days is not None and (best is None or names_province(question, delivery)):
        return days
    if best is not None:
        return _written(best[1])
    for given in reversed(drafts):
        same = given.question == group or alike(given.question, question)
        if given.product_id in (own, None) and same:
            return SuggestedAnswer("draft", given.text, given.text)
    missing = next((name for name in _KNOWN if name in question), "")
    if product is not None and missing and asks(question):
        return SuggestedAnswer(
            "none", f"「{missing}」：没有这个参数", f"{missing}: the product has no such parameter"
        )
    return None


def _written(one: LibraryAnswer) -> SuggestedAnswer:
    return SuggestedAnswer("library", one.zh, one.en, one.answer_id)


def _of_product(question: str, group: str, product: KnownGoods) -> SuggestedAnswer | None:
    for name, value in product.parameters.items():
        if name and name in question:
            return SuggestedAnswer("parameter", f"{name}：{value}", f"{name}: {value}")
    if group == "size" and product.rows:
        said = "；".join(_row(product.columns, row) for row in _rows_for(question, product))
        return SuggestedAnswer("size_table", said, said)
    return None


def _rows_for(question: str, product: KnownGoods) -> list[list[str]]:
    """The rows in whose spans all figures of the question lie; where none is, the first of the table."""
    asked = [
        (float(figure), float(figure) * (_JIN if unit else 1)) for figure, unit in _FIGURE.findall(question)
    ]
    fitting = [
        row
        for row in product.rows
        if asked and all(any(_holds(cell, ways) for cell in row[1:]) for ways in asked)
    ]
    return (fitting or product.rows)[:_LINES]


def _holds(cell: str, ways: tuple[float, ...]) -> bool:
    """Whether ``155-165`` or ``160`` holds a figure, in one of the ways to put it."""
    ends = [float(figure) for figure, _ in _FIGURE.findall(cell)]
    return bool(ends) and any(min(ends) <= one <= max(ends) for one in ways)


def _row(columns: Sequence[str], row: Sequence[str]) -> str:
    """``M：身高 155-165，体重 90-105``; without a head the cells alone."""
    cells = [f"{columns[n]} {cell}" if n < len(columns) else cell for n, cell in enumerate(row) if n and cell]
    return f"{row[0]}：{'，'.join(cells)}" if row and cells else "，".join(row)
