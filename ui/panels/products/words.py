"""A row of a product table in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from liveconsole.intake.products import CatalogueRow, Change, RowChange
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.sheets.table import PreviewRow, why_in

_FIELDS: Final = {
    "title": "名称",
    "price_fen": "价格",
    "floor_fen": "底价",
    "list_price_fen": "原价",
    "stock": "库存",
    "points": "卖点",
    "image": "图片",
    "skus": "规格",
    "category": "类目",
    "licences": "资质",
    "ship_hours": "发货时限",
    "ships_on": "预售发货日",
}


def item_of(seen: RowChange, hints: Mapping[str, str], *, english: bool) -> PreviewRow:
    """What the preview shows of a row. ``hints``: product → words of it that should be looked at."""
    if seen.bad is not None:
        bad = seen.bad
        return PreviewRow(seen.line, "wrong", bad.text, below=why_in(bad.reason(english=english), bad.cell))
    row = seen.row
    assert row is not None
    remarks = [remark.said(english=english) for remark in seen.remarks]
    remarks += hints.get(row.product_id, "").splitlines()
    skus = t("{n} 个规格：{names}", n=len(row.skus), names=t("、").join(sku.title for sku in row.skus))
    below = [*remarks, *map(change_words, seen.changes)] + ([skus] if row.skus and not seen.changes else [])
    name = f"{row.product_id} {row.title}"
    beside = "" if seen.changes else figures(row)
    return PreviewRow(seen.line, seen.state, name, beside, " · ".join(below), warned=bool(remarks))


def figures(row: CatalogueRow) -> str:
    """Price, units and floor."""
    parts = [yuan_short(row.price_fen)]
    if row.stock is not None:
        parts.append(t("余 {n}", n=f"{row.stock:,}"))
    if row.floor_fen is not None:
        parts.append(t("底价 {money}", money=yuan_short(row.floor_fen)))
    else:
        parts.append(t("无底价"))
    return " · ".join(parts)


def change_words(change: Change) -> str:
    """「价格 ¥99 → ¥89」."""
    what = t(_FIELDS[change.field])
    named = f"{change.sku} {what}" if change.sku else what
    return f"{named} {_said(change.field, change.before)} → {_said(change.field, change.after)}"


def _said(field: str, value: Any) -> str:
    if value is None:
        return t("无")
    if field == "ship_hours":
        return t("{n} 小时", n=value)
    if field.endswith("_fen"):
        return yuan_short(int(value))
    if isinstance(value, str):
        return value
    return t("、").join(map(str, value)) if isinstance(value, Sequence) else f"{value:,}"
