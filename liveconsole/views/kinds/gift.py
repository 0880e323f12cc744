"""买赠 and 满赠 in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import GiftSpec
from liveconsole.messages.wording import short_yuan, sum_words
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
from liveconsole.views.phrases import named, ref, short_time, spoken, tight_time

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "gift"
TITLE: Final = (GiftSpec.title[0], GiftSpec.title[1].capitalize())
FIRE: Final = ("开赠", "Start gift")
FIRED: Final = None
COLOUR: Final = "#A3238E"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("given", "pair"),
    ("orders", "count"),
    ("discount", "money"),
    ("oversold", "count"),
)


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"sold", "held", "left", "oversold", "asks_more", "skus", "discount"})


def is_told(room: Room, cue: Cue) -> bool:
    return orders_known(room)


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    """Tell how many times it was given, waits and is left."""
    return lots.figures(room, cue, {})


# On the phone ---------------------------------------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    gift, buy = spec["gift"], spec["buy"]
    (zh_gift, en_gift), units = names.thing(str(gift["sku_id"])), int(gift.get("quantity", 1))
    if step != "on_air":
        return Instruction(
            f"买赠活动 → 送 {zh_gift} 的那个 → 点「结束」", f"买赠活动 → the one of {en_gift} → press 结束"
        )
    per, (zh_time, en_time), count = (
        int(spec["per_buyer"]),
        short_time(int(spec["seconds"])),
        spec["quantity"],
    )
    if buy.get("threshold_fen") is not None:
        zh, en = sum_words(int(buy["threshold_fen"]))
    else:
        things = [names.thing(str(id_)) for id_ in buy["product_ids"]]
        many = int(buy.get("units", 1))
        zh = f"买 {'、'.join(thing[0] for thing in things)}" + (f" {many} 件" if many > 1 else "")
        en = f"buy {many} of {', '.join(thing[1] for thing in things)}"
    return Instruction(
        f"微信小店 → 营销 → 买赠活动 → 新建：{zh}，送 {zh_gift} × {units}，共 {count} 套，每人限 {per} 套，"
        f"{zh_time}，仅直播间展示",
        f"微信小店 → 营销 → 买赠活动 → new: {en}, gift {en_gift} × {units}, {count} sets, {per} per buyer, "
        f"{en_time}, in the live room only",
        (
            "微信小店 → 营销 → 买赠活动 → 新建，照下面填，选「仅直播间展示」",
            "微信小店 → 营销 → 买赠活动 → new, as below, in the live room only",
        ),
        _fields(spec, names),
    )


def _fields(spec: Json, names: ProductNames) -> tuple[PhoneField, ...]:
    gift, buy = spec["gift"], spec["buy"]
    found: list[PhoneField] = []
    if buy.get("threshold_fen") is not None:
        found.append(
            PhoneField(("满", "From"), short_yuan(int(buy["threshold_fen"])), ("元", "yuan"))
        )  # fmt: skip
    else:
        found += [PhoneField(("主商品", "Product"), names.title(str(id_))) for id_ in buy["product_ids"]]
        found.append(PhoneField(("买", "Buy"), str(buy.get("units", 1)), ("件", "")))
    return (
        *found,
        PhoneField(("赠品", "Gift"), names.title(str(gift["sku_id"]))),
        PhoneField(("每套", "In one"), str(gift.get("quantity", 1)), ("件", "")),
        PhoneField(("总套数", "Sets"), str(spec["quantity"]), ("套", "")),
        PhoneField(("每人限", "Each buyer"), str(spec["per_buyer"]), ("套", "")),
        length_field(("时长", "Length"), int(spec["seconds"])),
    )


# Aloud, and in the composer -------------------------------------------------------------------------


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    zh_gift, en_gift = lots.said_of([{"quantity": 1, **spec["gift"]}], goods)
    zh_buy, en_buy = _buy(spec, goods)
    count, per, seconds = spec["quantity"], spec["per_buyer"], spec["seconds"]
    return (
        f"{zh_buy}，送 {zh_gift}，限量 {count} 份，每人 {per} 份，{spoken(seconds)}。",
        f"{en_buy} with {en_gift} free, {count} of them, {per} per buyer, for "
        f"{spoken(seconds, english=True)}.",
    )


def _buy(spec: Json, goods: Goods) -> tuple[str, str]:
    buy = spec["buy"]
    if buy.get("threshold_fen") is not None:
        zh, en = sum_words(int(buy["threshold_fen"]))
        return zh, en.capitalize()
    names = [named(str(id_), goods) for id_ in buy["product_ids"]]
    units = int(buy.get("units", 1))
    zh, en = "或".join(zh for zh, _ in names), " or ".join(en for _, en in names)
    return f"买 {zh}" + (
        f" {units} 件" if units > 1 else ""
    ), f"Buy {f'{units} of ' if units > 1 else ''}{en}"


def line(spec: Json, goods: Goods) -> str:
    buy = spec["buy"]
    if buy.get("threshold_fen") is not None:
        said = f"满赠 满{short_yuan(buy['threshold_fen'])}"
    else:
        said = f"买赠 {' '.join(ref(str(id_), goods) for id_ in buy['product_ids'])}x{buy.get('units', 1)}"
    gift = lots.as_typed({"quantity": 1, **spec["gift"]}, goods)
    return f"{said} 赠 {gift} x{spec['quantity']} 限{spec['per_buyer']} {tight_time(spec['seconds'])}"


def conditions(spec: Json) -> list[tuple[str, str]]:
    return [("赠品送完即止", "while gifts last"), ("每人限领", "a limit per buyer")]


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return lots.called([spec["gift"]], shop)


def offer(spec: Json, *, english: bool) -> str:
    buy, gift = spec["buy"], int(spec["gift"].get("quantity", 1))
    if buy.get("threshold_fen") is not None:
        sum_ = yuan_short(buy["threshold_fen"])
        return f"{sum_} → {gift} × {spec['quantity']}"
    return f"{buy.get('units', 1)} → {gift} × {spec['quantity']}"


def tell(said: Promotion, told: PromotionRecord) -> None:
    lots.tell(said, told, int(said.spec["gift"].get("quantity", 1)))
    said.gmv_fen = None  # what was bought with it is no sale of the gift's


def figures(said: Promotion) -> tuple[Any, ...]:
    """Times given, orders and value; nothing of one that never was on air."""
    given, _, worth = lots.sold(said)
    return given, said.orders, worth, said.oversold or None


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
