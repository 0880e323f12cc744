"""组合价 in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.kinds import bundle
from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.together import parts_of
from liveconsole.messages.specs import BundleSpec
from liveconsole.messages.wording import plain_yuan, short_yuan
from liveconsole.views.goods import Goods
from liveconsole.views.kinds import lots, plain
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
from liveconsole.views.phrases import short_time, spoken, tight_time

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "bundle"
TITLE: Final = (BundleSpec.title[0], BundleSpec.title[1].capitalize())
FIRE: Final = ("开组合", "Start bundle")
FIRED: Final = None
COLOUR: Final = "#8A4B00"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("sold", "pair"),
    ("gmv", "money"),
    ("discount", "money"),
    ("oversold", "count"),
)


def items_of(spec: Json) -> Sequence[Json]:
    found: Sequence[Json] = spec["items"]
    return found


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"sold", "held", "left", "oversold", "asks_more", "skus", "refused_count", "discount"})


def is_told(room: Room, cue: Cue) -> bool:
    return orders_known(room)


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    """Bundles as a whole; of each SKU its units, at its cheapest within a bundle."""
    assert isinstance(cue.spec, BundleSpec)
    (offer,) = bundle.offers(cue.spec).together
    prices = {part.sku_id: part.unit_fen for part in parts_of(room, offer)}
    return lots.figures(room, cue, prices) | plain.refused(cue, turned_away)


# On the phone ---------------------------------------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    goods = [(names.thing(str(i["sku_id"])), int(i["quantity"])) for i in items_of(spec)]
    zh = " + ".join(f"{thing[0]} × {count}" for thing, count in goods)
    en = " + ".join(f"{thing[1]} × {count}" for thing, count in goods)
    if step != "on_air":
        return Instruction(f"组合商品 → {zh} → 点「下架」", f"组合商品 → {en} → press 下架")
    per, (zh_time, en_time) = int(spec["per_buyer"]), short_time(int(spec["seconds"]))
    price, count = plain_yuan(int(spec["price_fen"])), int(spec["quantity"])
    return Instruction(
        f"微信小店 → 商品 → 组合商品 → 新建：{zh}，一套 {price} 元，{count} 套，每人限 {per} 套，"
        f"上架 {zh_time}，加进购物车",
        f"微信小店 → 商品 → 组合商品 → new: {en}, ¥{price} together, {count} of them, {per} per buyer, "
        f"on sale for {en_time}, put into the cart",
        (
            "微信小店 → 商品 → 组合商品 → 新建，照下面填，上架并加进购物车",
            "微信小店 → 商品 → 组合商品 → new, as below, put on sale and into the cart",
        ),
        _fields(spec, names),
    )


def _fields(spec: Json, names: ProductNames) -> tuple[PhoneField, ...]:
    found: list[PhoneField] = []
    for item in items_of(spec):
        title = names.title(str(item["sku_id"]))
        found += (
            PhoneField(("商品", "Product"), title),
            PhoneField(("每套", "In one"), str(item["quantity"]), ("件", "")),
        )
    found += (
        PhoneField(("组合价", "Price"), short_yuan(int(spec["price_fen"])), ("元", "yuan")),
        PhoneField(("数量", "Units"), str(spec["quantity"]), ("套", "")),
        PhoneField(("每人限", "Each buyer"), str(spec["per_buyer"]), ("套", "")),
        length_field(("时长", "Length"), int(spec["seconds"])),
    )
    return tuple(found)


# Aloud, and in the composer -------------------------------------------------------------------------


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    zh, en = lots.said_of(items_of(spec), goods)
    price, count, per, seconds = spec["price_fen"], spec["quantity"], spec["per_buyer"], spec["seconds"]
    return (
        f"{zh}，一套只要 {short_yuan(price)} 元，限量 {count} 套，每人限购 {per} 套，{spoken(seconds)}。",
        f"{en} together for ¥{short_yuan(price)}, {count} bundle{'' if count == 1 else 's'}, "
        f"{per} per buyer, for {spoken(seconds, english=True)}.",
    )


def line(spec: Json, goods: Goods) -> str:
    parts = " ".join(lots.as_typed(item, goods) for item in items_of(spec))
    return (
        f"组合 {parts} 一套{short_yuan(spec['price_fen'])} x{spec['quantity']} "
        f"限{spec['per_buyer']} {tight_time(spec['seconds'])}"
    )


def conditions(spec: Json) -> list[tuple[str, str]]:
    return [("整套一起买", "to buy the whole bundle"), ("限购", "a limit per buyer")]


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return lots.called(items_of(spec), shop)


def offer(spec: Json, *, english: bool) -> str:
    return f"{yuan_short(spec['price_fen'])} × {spec['quantity']}"


def tell(said: Promotion, told: PromotionRecord) -> None:
    lots.tell(said, told, sum(item["quantity"] for item in items_of(said.spec)))


def figures(said: Promotion) -> tuple[Any, ...]:
    """Bundles, GMV and discount; nothing of one that never was on air."""
    return (*lots.sold(said), said.oversold or None)


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
