"""The words of `made_up_kind`."""

from __future__ import annotations

from typing import Any, Final

from liveconsole.domain.room import Cue, Room
from liveconsole.messages.wording import plain_yuan
from liveconsole.views.goods import Goods
from liveconsole.views.kinds import plain
from liveconsole.views.kinds.kind import (
    Instruction,
    Json,
    LeftOver,
    People,
    ProductNames,
    PromotionRecord,
    Sort,
    TurnedAway,
)

NAME: Final = "early_door"
TITLE: Final = ("早鸟", "Early door")
FIRE: Final = ("开门", "Open the door")
FIRED: Final = ("开门", "Opened")
COLOUR: Final = "#123456"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (("sold", "pair"), ("gmv", "money"))


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"sold", "left", "skus", "discount"})


def is_told(room: Room, cue: Cue) -> bool:
    return True


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    return plain.by_the_unit(room, cue)


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    zh, en = names.thing(str(spec["sku_id"]))
    return Instruction(f"{'开门' if step == 'on_air' else '关门'}：{zh}", f"{step}: {en}")


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    price = plain_yuan(spec["price_fen"])
    return f"早鸟价 {price} 元。", f"Early door for {price} yuan."


def line(spec: Json, goods: Goods) -> str:
    return f"早鸟{plain_yuan(spec['price_fen'])}"


def conditions(spec: Json) -> list[tuple[str, str]]:
    return [("早到", "to be early")]


def about(spec: Json, shop: Any) -> str:
    return str(shop.called(spec["sku_id"]))


def offer(spec: Json, *, english: bool) -> str:
    return f"{plain_yuan(spec['price_fen'])} × {spec['quantity']}"


def tell(said: Any, told: PromotionRecord) -> None:
    said.quantity, said.orders = said.spec["quantity"], len(told.sold_in)
    said.sold = sum(line.quantity for order in told.sold_in for line in order.lines)
    said.gmv_fen = sum(order.paid_fen for order in told.sold_in)


def figures(said: Any) -> tuple[Any, ...]:
    return f"{said.sold}/{said.quantity}", said.gmv_fen


standing = plain.standing


def left_over(said: Any, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
