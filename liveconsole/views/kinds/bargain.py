"""砍价 in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.platforms import does, orders_known
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import BargainSpec
from liveconsole.messages.wording import short_yuan
from liveconsole.views.goods import Goods
from liveconsole.views.kinds import one_sku, plain
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

NAME: Final = "bargain"
TITLE: Final = (BargainSpec.title[0], BargainSpec.title[1].capitalize())
FIRE: Final = ("开砍", "Start bargain")
FIRED: Final = ("开砍", "Started")
COLOUR: Final = "#8A5A00"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("sold", "count"),
    ("reached", "count"),
    ("helpers", "count"),
    ("gmv", "money"),
    ("discount", "money"),
    ("burst", "factor"),
    ("oversold", "count"),
)

_UNSURE: Final = ("（未在真实店铺上验证）", " (not tried in a real shop)")


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"sold", "held", "oversold", "asks_more", "refused_count", "helped", "discount"})


def is_told(room: Room, cue: Cue) -> bool:
    return orders_known(room)


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    """It has no number of units, so nothing of it is left or gone."""
    found = plain.by_name(room, cue) | plain.refused(cue, turned_away)
    found.pop("left", None)
    if (helped := plain.helped(cue)) is not None and (helped.people or does(room, cue) != "person"):
        found["helped"] = helped
    return found


# On the phone, aloud, and in the composer -----------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    zh, en = names.thing(str(spec.get("sku_id", "")))
    if step != "on_air":
        return Instruction(
            f"微信小店 → 营销 → 砍价 → {zh} → 点「结束」{_UNSURE[0]}",
            f"微信小店 → 营销 → 砍价 → {en} → press 结束{_UNSURE[1]}",
        )
    price, friends = short_yuan(int(spec["price_fen"])), spec["friends"]
    per, (zh_time, en_time) = int(spec.get("per_buyer", 1)), short_time(int(spec.get("seconds", 0)))
    return Instruction(
        f"微信小店 → 营销 → 砍价 → 新建：{zh} 砍到 {price} 元，{friends} 人帮砍，每人限 {per} 件，"
        f"{zh_time}，立即开始{_UNSURE[0]}",
        f"微信小店 → 营销 → 砍价 → new: {en} down to ¥{price}, {friends} helpers, {per} per buyer, "
        f"{en_time}, start now{_UNSURE[1]}",
        (
            f"微信小店 → 营销 → 砍价 → 新建，照下面填，立即开始{_UNSURE[0]}",
            f"微信小店 → 营销 → 砍价 → new, as below, start now{_UNSURE[1]}",
        ),
        (
            PhoneField(("商品", "Product"), names.title(str(spec.get("sku_id", "")))),
            PhoneField(("砍到", "Down to"), price, ("元", "yuan")),
            PhoneField(("帮砍人数", "Helpers"), str(friends), ("人", "")),
            PhoneField(("每人限", "Each buyer"), str(per), ("件", "")),
            length_field(("时长", "Length"), int(spec.get("seconds", 0))),
        ),
    )


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    zh, en = one_sku.said(spec, goods)
    price, friends, per = short_yuan(spec["price_fen"]), spec["friends"], spec["per_buyer"]
    seconds = spec["seconds"]
    return (
        f"{zh}，请 {friends} 个朋友帮忙，砍到 {price} 元，每人限 {per} 件，{spoken(seconds)}。",
        f"{en}: with {friends} friends who help it is ¥{price}, {per} per buyer, "
        f"for {spoken(seconds, english=True)}.",
    )


def line(spec: Json, goods: Goods) -> str:
    return (
        f"{one_sku.in_line(spec, goods)} 砍价{short_yuan(spec['price_fen'])} {spec['friends']}人帮砍 "
        f"限{spec['per_buyer']} {tight_time(spec['seconds'])}"
    )


def conditions(spec: Json) -> list[tuple[str, str]]:
    friends = spec["friends"]
    return [(f"{friends} 人帮砍", f"{friends} helpers"), ("限购", "a limit per buyer")]


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return shop.called(spec.get("sku_id", ""))


def offer(spec: Json, *, english: bool) -> str:
    return f"{yuan_short(spec['price_fen'])} · {spec['friends']} {'helpers' if english else '人帮砍'}"


def tell(said: Promotion, told: PromotionRecord) -> None:
    plain.tell_sold(said, told)
    if told.helped or told.orders_known:
        said.helpers = sum(len(by) for by in told.helped.values())
        said.reached = sum(len(by) >= said.spec["friends"] for by in told.helped.values())


def figures(said: Promotion) -> tuple[Any, ...]:
    """Units, people, GMV and discount; nothing of one that never was on air."""
    sold: tuple[Any, ...] = (None, None, None, None, None)
    if said.on_air_at is not None or said.orders:
        sold = said.sold, said.reached, said.helpers, said.gmv_fen, said.discount_fen
    return (*sold, said.burst, said.oversold or None)


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
