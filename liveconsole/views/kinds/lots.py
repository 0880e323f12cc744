"""What is said alike of kinds that go by the lot (`SaleCount.lot`): bundles, and gifts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from liveconsole.domain import sales
from liveconsole.domain.given import off_price
from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.domain.together import lots_left
from liveconsole.messages.state import SaleSkuState
from liveconsole.views.goods import Goods
from liveconsole.views.kinds.kind import Json, PromotionRecord
from liveconsole.views.phrases import named, ref

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion


def figures(room: Room, cue: Cue, prices: Mapping[str, int]) -> dict[str, Any]:
    """Return lots sold, held and left, and the units of each SKU beside ``prices``. Where nobody reports
    orders they are not known until a person has read them off the platform."""
    told = orders_known(room)
    skus = [
        SaleSkuState(
            sku_id=sku_id,
            price_fen=prices.get(sku_id, 0),
            quantity=count.quantity,
            sold=count.shown_sold if told else None,
            held=count.shown_held if told else None,
            left=count.left if told else None,
            oversold=count.oversold,
            lot=count.lot,
        )
        for sku_id, count in cue.sale.items()
    ]
    body: dict[str, Any] = {"oversold": sales.oversold(cue), "asks_more": cue.asks_more, "skus": skus}
    if told:
        counts = cue.sale.values()
        sold = _most(counts, lambda count: count.shown_sold)
        left = lots_left(cue)
        whole = min((count.quantity // count.lot for count in counts if count.lot), default=0)
        return {**body, "sold": sold, "held": max(0, whole - sold - left), "left": left}
    seen = cue.measured
    return {
        **body,
        "sold": seen.sold if seen is not None else None,
        "left": seen.left if seen is not None else None,
        "read_off": seen is not None,
    }


def _most(counts: Iterable[SaleCount], units: Any) -> int:
    return max((units(count) // count.lot for count in counts if count.lot), default=0)


def said_of(items: Sequence[Json], goods: Goods) -> tuple[str, str]:
    """To be read out: 「3 号围巾加 4 号帽子 2 件」."""
    zh, en = [], []
    for item in items:
        one_zh, one_en = _thing(str(item["sku_id"]), goods)
        count = int(item["quantity"])
        zh.append(one_zh if count == 1 else f"{one_zh} {count} 件")
        en.append(one_en if count == 1 else f"{count} of {one_en}")
    return "加".join(zh), " and ".join(en)


def _thing(sku_id: str, goods: Goods) -> tuple[str, str]:
    owner = goods.owner(sku_id)
    if owner is None:
        return sku_id, sku_id
    good, found = owner
    zh, en = named(good.product_id, goods)
    if len(good.skus) > 1:
        zh, en = f"{zh} {found.title}", f"{en} {found.title}"
    return zh, en


def as_typed(item: Json, goods: Goods) -> str:
    """As one line takes it: 「3号x2」."""
    owner = goods.owner(str(item["sku_id"]))
    if owner is None:
        return f"编号「{item['sku_id']}」x{item['quantity']}"
    good, found = owner
    size = f" {found.title} " if len(good.skus) > 1 else ""
    return f"{ref(good.product_id, goods)}{size}x{item['quantity']}"


def called(items: Sequence[Json], shop: CatalogueOverTime) -> str:
    more = f" … +{len(items) - 3}" if len(items) > 3 else ""
    return " + ".join(shop.called(item.get("sku_id", "")) for item in items[:3]) + more


def tell(said: Promotion, told: PromotionRecord, units: int) -> None:
    """Fills in lots of so many units each, what came in with them and what they took off."""
    said.quantity, said.sold = said.spec["quantity"], 0
    if not told.orders_known:
        said.sold = said.measured.get("sold")
        return
    said.told = "facts"
    sold = 0
    for order in told.sold_in:
        said.orders = (said.orders or 0) + (order.paid and not order.closed)
        shares, _ = order.parts(order.paid_fen)
        for row, fen in zip(order.lines, shares, strict=True):
            if row.cue_id != said.cue_id:
                continue
            said.gmv_fen = (said.gmv_fen or 0) + fen
            if order.takes == "sold":
                sold += row.quantity
                off = off_price(row.regular_fen, row.unit_price_fen, row.quantity)
                said.discount_fen = (said.discount_fen or 0) + off
    said.sold = sold // units


def sold(said: Promotion) -> tuple[Any, ...]:
    if said.on_air_at is None and not said.orders:
        return None, None, None
    lots = "—" if said.sold is None else said.sold
    return f"{lots}/{said.quantity}", said.gmv_fen, said.discount_fen
