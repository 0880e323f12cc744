"""讲解 in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import PinSpec
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
from liveconsole.views.phrases import named, ref

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "pin"
TITLE: Final = (PinSpec.title[0], PinSpec.title[1].capitalize())
FIRE: Final = ("讲解", "Pin")
FIRED: Final = None
COLOUR: Final = "#0B5CD6"
LISTED: Final = False
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = ()


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset()


def is_told(room: Room, cue: Cue) -> bool:
    """It gives nothing."""
    return True


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    return {}


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    zh, en = names.thing(str(spec.get("product_id", "")))
    if step == "on_air":
        return Instruction(
            f"手机或视频号助手的商品列表 → {zh} → 点「讲解」",
            f"Phone or 视频号助手, products → {en} → press 讲解",
        )
    return Instruction(f"商品列表 → {zh} → 点「结束讲解」", f"Products → {en} → press 结束讲解")


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    zh, en = named(spec["product_id"], goods)
    return f"现在讲解 {zh}。", f"Now: {en}."


def line(spec: Json, goods: Goods) -> str:
    return f"讲 {ref(spec['product_id'], goods)}"


def conditions(spec: Json) -> list[tuple[str, str]]:
    return []


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return shop.called(spec.get("product_id", ""))


def offer(spec: Json, *, english: bool) -> str:
    """Say nothing: a clip says by itself what was shown."""
    return ""


def tell(said: Promotion, told: PromotionRecord) -> None:
    """It has no figures."""


def figures(said: Promotion) -> tuple[Any, ...]:
    return ()


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
