"""拼团 in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import GroupBuySpec
from liveconsole.messages.state import GroupsState
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

NAME: Final = "group_buy"
TITLE: Final = (GroupBuySpec.title[0], GroupBuySpec.title[1].capitalize())
FIRE: Final = ("开团", "Open groups")
FIRED: Final = ("开团", "Opened")
COLOUR: Final = "#0B7A75"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("sold", "pair"),
    ("filled", "pair"),
    ("gmv", "money"),
    ("discount", "money"),
    ("burst", "factor"),
    ("oversold", "count"),
)

_UNSURE: Final = ("（未在真实店铺上验证）", " (not tried in a real shop)")


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"sold", "held", "left", "oversold", "asks_more", "refused_count", "groups", "discount"})


def is_told(room: Room, cue: Cue) -> bool:
    return orders_known(room)


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    """Return its figures: what is left is no more than those can have who may still join."""
    spec = cue.spec
    assert isinstance(spec, GroupBuySpec)
    found = plain.by_name(room, cue) | plain.refused(cue, turned_away)
    groups = cue.groups
    if groups is None or not (orders_known(room) or groups.each):
        return found
    found["groups"] = GroupsState(
        size=groups.size,
        most=groups.most,
        opened=len(groups.each),
        filled=groups.filled,
        joined=sum(len(group.people()) for group in groups.each.values() if group.filled_at is None),
        places=groups.places,
    )
    if orders_known(room) and found["left"] is not None:
        found["left"] = min(found["left"], groups.places * spec.per_buyer)
    return found


# On the phone, aloud, and in the composer -----------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    zh, en = names.thing(str(spec.get("sku_id", "")))
    if step != "on_air":
        return Instruction(
            f"微信小店 → 营销 → 拼团 → {zh} → 点「结束」；没成团的订单，付了的要退{_UNSURE[0]}",
            f"微信小店 → 营销 → 拼团 → {en} → press 结束; what was paid in groups that are not full goes back"
            f"{_UNSURE[1]}",
        )
    price, size, groups = short_yuan(int(spec["price_fen"])), spec["size"], spec["groups"]
    per, (zh_time, en_time) = int(spec.get("per_buyer", 1)), short_time(int(spec.get("seconds", 0)))
    return Instruction(
        f"微信小店 → 营销 → 拼团 → 新建：{zh} {price} 元，{size} 人团，最多 {groups} 团，每人限 {per} 件，"
        f"{zh_time}，立即开始{_UNSURE[0]}",
        f"微信小店 → 营销 → 拼团 → new: {en} at ¥{price}, {size} people a group, {groups} groups "
        f"at most, {per} per buyer, {en_time}, start now{_UNSURE[1]}",
        (
            f"微信小店 → 营销 → 拼团 → 新建，照下面填，立即开始{_UNSURE[0]}",
            f"微信小店 → 营销 → 拼团 → new, as below, start now{_UNSURE[1]}",
        ),
        (
            PhoneField(("商品", "Product"), names.title(str(spec.get("sku_id", "")))),
            PhoneField(("拼团价", "Price"), price, ("元", "yuan")),
            PhoneField(("几人成团", "People a group"), str(size), ("人", "")),
            PhoneField(("最多开团", "Groups at most"), str(groups), ("团", "")),
            PhoneField(("每人限", "Each buyer"), str(per), ("件", "")),
            length_field(("时长", "Length"), int(spec.get("seconds", 0))),
        ),
    )


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    zh, en = one_sku.said(spec, goods)
    price, size, groups, per = short_yuan(spec["price_fen"]), spec["size"], spec["groups"], spec["per_buyer"]
    seconds = spec["seconds"]
    return (
        f"{zh}，{size} 人拼团价 {price} 元，共 {groups} 团，每人限 {per} 件，{spoken(seconds)}，"
        "没成团的退款。",
        f"{en} for ¥{price} in groups of {size}, {groups} groups, {per} per buyer, "
        f"for {spoken(seconds, english=True)}; who finds no group is paid back.",
    )


def line(spec: Json, goods: Goods) -> str:
    return (
        f"{one_sku.in_line(spec, goods)} 拼团{short_yuan(spec['price_fen'])} {spec['size']}人团 "
        f"{spec['groups']}团 限{spec['per_buyer']} {tight_time(spec['seconds'])}"
    )


def conditions(spec: Json) -> list[tuple[str, str]]:
    size = spec["size"]
    return [(f"{size} 人成团", f"groups of {size}"), ("限购", "a limit per buyer")]


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return shop.called(spec.get("sku_id", ""))


def offer(spec: Json, *, english: bool) -> str:
    each, groups = ("people", "groups") if english else ("人", "团")
    price = yuan_short(spec["price_fen"])
    return f"{price} · {spec['size']} {each} × {spec['groups']} {groups}"


def tell(said: Promotion, told: PromotionRecord) -> None:
    terms = said.spec
    said.quantity, said.groups = terms["groups"] * terms["size"] * terms["per_buyer"], terms["groups"]
    plain.tell_sold(said, told)
    if told.orders_known or told.filled:
        said.filled = told.filled


def figures(said: Promotion) -> tuple[Any, ...]:
    """Units, groups, GMV and discount; nothing of one that never was on air."""
    sold: tuple[Any, ...] = (None, None, None, None)
    if said.on_air_at is not None or said.orders:
        units, filled = ("—" if n is None else n for n in (said.sold, said.filled))
        sold = f"{units}/{said.quantity}", f"{filled}/{said.groups}", said.gmv_fen, said.discount_fen
    return (*sold, said.burst, said.oversold or None)


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
