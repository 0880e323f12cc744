"""红包 in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.kinds.red_packet import all_taken
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import RedPacketSpec
from liveconsole.messages.wording import short_yuan
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
from liveconsole.views.phrases import short_time, spoken, tight_time

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "red_packet"
TITLE: Final = (RedPacketSpec.title[0], RedPacketSpec.title[1].capitalize())
FIRE: Final = ("发红包", "Send packets")
FIRED: Final = ("发红包", "Sent")
COLOUR: Final = "#A8244F"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("packets_taken", "pair"),
    ("packets_total", "money"),
    ("gmv_burst", "factor"),
)


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"claimed", "left", "discount"} if was_on_air else {"discount"})


def is_told(room: Room, cue: Cue) -> bool:
    return all_taken(cue)


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    """Return what somebody read off: of taken and left each says the other."""
    assert isinstance(cue.spec, RedPacketSpec)
    seen = cue.measured
    if seen is None or cue.on_air_at is None:
        return {}
    claimed, left = seen.claimed, seen.left
    if claimed is None and left is not None:
        claimed = max(0, cue.spec.packets - left)
    elif left is None and claimed is not None:
        left = max(0, cue.spec.packets - claimed)
    return {"claimed": claimed, "left": left, "read_off": True}


# On the phone, aloud, and in the composer -----------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    total, packets = short_yuan(int(spec.get("total_fen", 0))), int(spec.get("packets", 1))
    zh_time, en_time = short_time(int(spec.get("seconds", 0)))
    if step == "ended":
        return Instruction(
            "手机 → 红包 → 看领了几个，记下来", "Phone → 红包 → see how many were taken, note it"
        )
    return Instruction(
        f"手机 → 红包 → 总额 {total} 元，{packets} 个，{zh_time} → 点「发红包」",
        f"Phone → 红包 → ¥{total} in all, {packets} packets, {en_time} → press 发红包",
        ("手机 → 红包，照下面填 → 点「发红包」", "Phone → 红包, as below → press 发红包"),
        (
            PhoneField(("总额", "In all"), total, ("元", "yuan")),
            PhoneField(("个数", "Packets"), str(packets), ("个", "")),
            length_field(("时长", "Length"), int(spec.get("seconds", 0))),
        ),
    )


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    total, packets, seconds = short_yuan(spec["total_fen"]), spec["packets"], spec["seconds"]
    return (
        f"红包：一共 {total} 元，{packets} 个，{spoken(seconds)}内领。",
        f"Red packets: ¥{total} in {packets} packets, for {spoken(seconds, english=True)}.",
    )


def line(spec: Json, goods: Goods) -> str:
    return f"红包 {short_yuan(spec['total_fen'])}元 x{spec['packets']} {tight_time(spec['seconds'])}"


def conditions(spec: Json) -> list[tuple[str, str]]:
    return []


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return f"¥{short_yuan(int(spec.get('total_fen', 0)))}"


def offer(spec: Json, *, english: bool) -> str:
    return f"× {spec.get('packets', 1)}"


def tell(said: Promotion, told: PromotionRecord) -> None:
    said.quantity = said.spec.get("packets")
    said.gmv_fen = said.orders = None
    taken, left = said.measured.get("claimed"), said.measured.get("left")
    if taken is None and left is not None and said.quantity is not None:
        taken = max(0, said.quantity - left)
    said.claimed = taken
    whole = taken is not None and said.quantity is not None and taken >= said.quantity
    said.discount_fen = said.spec.get("total_fen") if whole else 0 if taken == 0 else None


def figures(said: Promotion) -> tuple[Any, ...]:
    taken = "—" if said.claimed is None else said.claimed
    return f"{taken}/{said.quantity}", said.spec.get("total_fen"), said.burst


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
