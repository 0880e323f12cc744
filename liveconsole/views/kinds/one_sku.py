"""What kinds of one SKU at a price of its own say alike."""

from __future__ import annotations

from liveconsole.views.goods import Goods
from liveconsole.views.kinds.kind import Json
from liveconsole.views.phrases import named, one_line, ref


def said(spec: Json, goods: Goods) -> tuple[str, str]:
    """Return its SKU as it is said, zh and en: number, title, and the SKU's own where there are several."""
    sku_id = str(spec.get("sku_id", ""))
    owner = goods.owner(sku_id)
    if owner is None:
        return one_line(sku_id), one_line(sku_id)
    good, sku = owner
    zh, en = named(good.product_id, goods)
    return (zh, en) if len(good.skus) == 1 else (f"{zh} {sku.title}", f"{en} {sku.title}")


def in_line(spec: Json, goods: Goods) -> str:
    """Return its SKU as one line takes it back."""
    sku_id = str(spec.get("sku_id", ""))
    owner = goods.owner(sku_id)
    if owner is None:
        return f"编号「{sku_id}」"
    good, sku = owner
    return ref(good.product_id, goods) + (f" {sku.title}" if len(good.skus) > 1 else "")
