"""秒杀 in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import FlashSaleSpec
from liveconsole.messages.wording import plain_yuan, short_yuan
from liveconsole.views.goods import Goods
from liveconsole.views.kinds import plain
from liveconsole.views.kinds.kind import (
    Instruction,
    Json,
    LeftOver,
    People,
    PhoneField,
    ProductNames,
    PromotionRecord,
    Sort,
    TurnedAway,
    length_field,
)
from liveconsole.views.money import yuan_short
from liveconsole.views.phrases import named, ref, short_time, spoken, tight_time

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "flash_sale"
TITLE: Final = (FlashSaleSpec.title[0], FlashSaleSpec.title[1].capitalize())
FIRE: Final = ("开抢", "Start sale")
FIRED: Final = None
COLOUR: Final = "#B8420B"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("sold", "pair"),
    ("gmv", "money"),
    ("discount", "money"),
    ("list_discount", "money"),
    ("burst", "factor"),
    ("oversold", "count"),
)


def skus_of(spec: Json) -> Sequence[Json]:
    """Its SKUs, of which one may stand flat."""
    skus: Sequence[Json] = spec.get("skus") or [spec]
    return skus


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"sold", "held", "left", "oversold", "asks_more", "skus", "refused_count", "discount"})


def is_told(room: Room, cue: Cue) -> bool:
    return orders_known(room)


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    return plain.by_the_unit(room, cue) | plain.refused(cue, turned_away)


# On the phone ---------------------------------------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    parts = [(names.thing(str(s.get("sku_id", ""))), s) for s in skus_of(spec)]
    titled = [(names.title(str(s.get("sku_id", ""))), s) for s in skus_of(spec)]
    if spec.get("via", "task") == "price":
        if step == "on_air":
            zh = "；".join(f"{t[0]} 改成 {_price(s)} 元" for t, s in parts)
            en = "; ".join(f"{t[1]} to ¥{_price(s)}" for t, s in parts)
            return Instruction(
                f"微信小店 → 商品 → 改价：{zh}",
                f"微信小店 → 商品 → change the price: {en}",
                ("微信小店 → 商品 → 改价，照下面填", "微信小店 → 商品 → change the price, as below"),
                _price_fields(titled, lambda sku: short_yuan(int(sku["price_fen"]))),
            )
        zh = "；".join(f"{t[0]} 改回 {_normal(s, names)} 元" for t, s in parts)
        en = "; ".join(f"{t[1]} back to ¥{_normal(s, names)}" for t, s in parts)
        return Instruction(
            f"马上改回原价：{zh}",
            f"Restore the price now: {en}",
            (
                "马上改回原价：微信小店 → 商品 → 改价，照下面填",
                "Restore the price now: 微信小店 → 商品, as below",
            ),
            _price_fields(titled, lambda sku: _normal(sku, names).removesuffix(".00")),
        )
    if step == "on_air":
        per, (zh_time, en_time) = int(spec.get("per_buyer", 1)), short_time(int(spec.get("seconds", 0)))
        zh = "；".join(f"{t[0]} {_price(s)} 元 × {s['quantity']} 件" for t, s in parts)
        en = "; ".join(f"{t[1]} at ¥{_price(s)} × {s['quantity']}" for t, s in parts)
        return Instruction(
            f"微信小店 → 营销 → 限时抢购 → 新建：{zh}，每人限 {per} 件，{zh_time}，立即开始",
            f"微信小店 → 营销 → 限时抢购 → new: {en}, {per} per buyer, {en_time}, start now",
            (
                "微信小店 → 营销 → 限时抢购 → 新建，照下面填，选「立即开始」",
                "微信小店 → 营销 → 限时抢购 → new, as below, start now",
            ),
            _sale_fields(titled, spec),
        )
    zh, en = "、".join(t[0] for t, _ in parts), ", ".join(t[1] for t, _ in parts)
    return Instruction(
        f"限时抢购 → {zh} → 点「结束」（结束后不能再开）",
        f"限时抢购 → {en} → press 结束 (it cannot be reopened)",
    )


_Titled = Sequence[tuple[str, Json]]
"""Each SKU with its title."""
_YUAN: Final = ("元", "yuan")


def _price_fields(parts: _Titled, price: Callable[[Json], str]) -> tuple[PhoneField, ...]:
    found: list[PhoneField] = []
    for title, sku in parts:
        found += (PhoneField(("商品", "Product"), title), PhoneField(("改成", "Price"), price(sku), _YUAN))
    return tuple(found)


def _sale_fields(parts: _Titled, spec: Json) -> tuple[PhoneField, ...]:
    """One price is said once; a count, and a price of its own, stand with their SKU."""
    prices = list(dict.fromkeys(int(sku["price_fen"]) for _, sku in parts))
    found: list[PhoneField] = []
    for title, sku in parts:
        count = PhoneField(("数量", "Units"), str(sku["quantity"]), ("件", ""))
        if len(parts) == 1 or len(prices) > 1:
            found.append(PhoneField(("商品", "Product"), title))
            found.append(PhoneField(("秒杀价", "Price"), short_yuan(int(sku["price_fen"])), _YUAN))
            found.append(count)
        else:
            found.append(PhoneField((title, title), count.value, count.unit))
    if len(parts) > 1 and len(prices) == 1:
        found.insert(0, PhoneField(("秒杀价", "Price"), short_yuan(prices[0]), _YUAN))
    found.append(PhoneField(("每人限", "Each buyer"), str(spec.get("per_buyer", 1)), ("件", "")))
    found.append(length_field(("时长", "Length"), int(spec.get("seconds", 0))))
    return tuple(found)


def _price(sku: Json) -> str:
    return plain_yuan(int(sku["price_fen"]))


def _normal(sku: Json, names: ProductNames) -> str:
    price = names.prices.get(str(sku.get("sku_id", "")))
    return "?" if price is None else plain_yuan(price)


# Aloud, and in the composer -------------------------------------------------------------------------


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    zh_parts: list[str] = []
    en_parts: list[str] = []
    before: str | None = None
    word = "改价" if spec.get("via") == "price" else "秒杀价"
    for sku in skus_of(spec):
        zh, en, before = _sku_words(sku, goods, before)
        price, count = short_yuan(sku["price_fen"]), sku["quantity"]
        zh_parts.append(f"{zh}，{word} {price} 元，限量 {count} 件")
        en_parts.append(f"{en} for ¥{price}, {count} piece{'' if count == 1 else 's'}")
    per, seconds = spec["per_buyer"], spec["seconds"]
    return (
        f"{'；'.join(zh_parts)}，每人限购 {per} 件，{spoken(seconds)}。",
        f"{'; '.join(en_parts)}, {per} per buyer, for {spoken(seconds, english=True)}.",
    )


def _sku_words(sku: Json, goods: Goods, before: str | None) -> tuple[str, str, str]:
    """(zh, en, product id) of a SKU; its product is left out where the one before had the same."""
    owner = goods.owner(str(sku["sku_id"]))
    if owner is None:
        return str(sku["sku_id"]), str(sku["sku_id"]), ""
    good, found = owner
    zh, en = named(good.product_id, goods) if good.product_id != before else ("", "")
    if len(good.skus) > 1:
        zh, en = f"{zh} {found.title}".strip(), f"{en} {found.title}".strip()
    return zh, en, good.product_id


def line(spec: Json, goods: Goods) -> str:
    parts: list[str] = []
    before: str | None = None
    word = "改价" if spec.get("via") == "price" else "秒"
    for sku in skus_of(spec):
        owner = goods.owner(str(sku["sku_id"]))
        if owner is None:
            parts.append(f"编号「{sku['sku_id']}」")
        else:
            good, found = owner
            if good.product_id != before:
                parts.append(ref(good.product_id, goods))
            if len(good.skus) > 1:
                parts.append(found.title)
            before = good.product_id
        parts.append(f"{word}{short_yuan(sku['price_fen'])} x{sku['quantity']}")
    return f"{' '.join(parts)} 限{spec['per_buyer']} {tight_time(spec['seconds'])}"


def conditions(spec: Json) -> list[tuple[str, str]]:
    found = [("各规格价不同", "prices differ by SKU")] if _several_prices(spec) else []
    return [*found, ("限购", "a limit per buyer")]


def _several_prices(spec: Json) -> bool:
    return len({sku["price_fen"] for sku in skus_of(spec)}) > 1


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    skus = skus_of(spec)
    more = f" … +{len(skus) - 3}" if len(skus) > 3 else ""
    return "、".join(shop.called(sku.get("sku_id", "")) for sku in skus[:3]) + more


def offer(spec: Json, *, english: bool) -> str:
    """Price × units of each SKU."""
    skus = skus_of(spec)
    more = f" … +{len(skus) - 3}" if len(skus) > 3 else ""
    return "、".join(f"{yuan_short(s['price_fen'])} × {s['quantity']}" for s in skus[:3]) + more


def tell(said: Promotion, told: PromotionRecord) -> None:
    said.quantity = sum(sku["quantity"] for sku in skus_of(said.spec))
    plain.tell_sold(said, told)


def figures(said: Promotion) -> tuple[Any, ...]:
    """Units, GMV and both discounts; nothing of one that never was on air."""
    sold: tuple[Any, ...] = (None, None, None, None)
    if said.on_air_at is not None or said.orders:
        units = "—" if said.sold is None else said.sold
        sold = f"{units}/{said.quantity}", said.gmv_fen, said.discount_fen, said.list_discount_fen
    return (*sold, said.burst, said.oversold or None)


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    """Tell which prices were changed by hand and are to be changed back."""
    if owed and said.spec.get("via") == "price":
        return LeftOver(prices=[sku["sku_id"] for sku in skus_of(said.spec)])
    return LeftOver(end=owed)
