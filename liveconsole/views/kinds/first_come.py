"""接龙 in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.draw import promise_code
from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import FirstComeSpec
from liveconsole.messages.state import DrawState, PlaceState
from liveconsole.messages.wording import short_yuan
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
from liveconsole.views.phrases import one_line, quoted, ref, short_time, spoken, tight_time

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "first_come"
TITLE: Final = (FirstComeSpec.title[0], FirstComeSpec.title[1].capitalize())
FIRE: Final = ("开接龙", "Open list")
FIRED: Final = ("开接龙", "List opened")
COLOUR: Final = "#2F6B00"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("places", "pair"),
    ("waiting", "count"),
    ("sold", "count"),
    ("gmv", "money"),
    ("discount", "money"),
    ("burst", "factor"),
)


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    on_air = {"places", "waiting", "sold", "held", "left"} if was_on_air else set()
    return frozenset({"discount", *on_air})


def is_told(room: Room, cue: Cue) -> bool:
    return not cue.sale or orders_known(room)


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    there = cue.places
    assert isinstance(cue.spec, FirstComeSpec)
    if there is None or cue.on_air_at is None:
        return {}
    body: dict[str, Any] = plain.by_the_unit(room, cue) if cue.sale else {}
    body |= {
        "source": there.source,
        "places": [
            _place(pid, comer.number, comer.at, people, unverified=pid in there.unverified)
            for pid, comer in there.placed(cue.spec.places)
        ],
        "waiting": there.waiting(cue.spec.places),
    }
    if (promised := there.promise) is not None:
        body["draw"] = DrawState(
            draw_id=promised.draw_id,
            source="",
            commit="",
            rules_sha256=promised.rules_sha256,
            round=None,
            root="",
            drawn=bool(there.receipt_code),
            promise_code=promise_code(promised.rules_sha256),
            receipt_code=there.receipt_code,
        )
    return body


def _place(pid: str, number: int, at: Any, people: People, *, unverified: bool) -> PlaceState:
    outside, name = people.get(pid, (pid, ""))
    return PlaceState(outside, name, at, number, unverified)


# On the phone, aloud, and in the composer -----------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    """Return what to say, and what to pin among the comments: nothing has to be pressed to begin."""
    word = quoted(spec.get("keyword"))
    places, (zh_time, en_time) = int(spec.get("places", 1)), short_time(int(spec.get("seconds", 0)))
    if step == "ended":
        return Instruction(
            f"请主播口播：{word}接龙已结束", f"Host, please announce: the list {word} is closed"
        )
    price = ""
    if spec.get("sku_id"):
        price = f"，每人一件 {short_yuan(int(spec.get('price_fen', 0)))} 元"
    return Instruction(
        f"请主播口播并置顶评论：扣{word}，前 {places} 位{price}，{zh_time}截止",
        f"Host, please say and pin as a comment: write {word}, the first {places}, closed in {en_time}",
    )


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    word, places, seconds = quoted(spec["keyword"]), spec["places"], spec["seconds"]
    zh = f"接龙：评论{_how(spec)}{word}，按先后前 {places} 位"
    en = f"First come: comment {word}, the first {places} by order of arrival"
    if spec.get("sku_id"):
        zh_what, en_what = _what(spec["sku_id"], goods)
        price = short_yuan(spec["price_fen"])
        zh += f"，每人一件{zh_what} {price} 元"
        en += f", one unit of {en_what} each for ¥{price}"
    return f"{zh}，{spoken(seconds)}截止。", f"{en}, closed in {spoken(seconds, english=True)}."


def _how(spec: Json) -> str:
    return {"contains": "包含", "lenient": "（标点不计）"}.get(spec.get("match", "exact"), "")


def _what(sku_id: str, goods: Goods) -> tuple[str, str]:
    found = goods.owner(sku_id)
    if found is None:
        return f"「{sku_id}」", f"“{sku_id}”"
    good, sku = found
    title = one_line(f"{good.title} {sku.title}" if len(good.skus) > 1 else good.title)
    return f"「{title}」", f"“{title}”"


def line(spec: Json, goods: Goods) -> str:
    match = {"contains": "包含", "lenient": "宽松"}.get(spec.get("match", "exact"), "")
    parts = [f"接龙 口令{match}{quoted(spec['keyword'])} x{spec['places']}"]
    if spec.get("sku_id"):
        found = goods.owner(spec["sku_id"])
        parts.append(ref(found[0].product_id if found is not None else spec["sku_id"], goods))
        if found is not None and len(found[0].skus) > 1:
            parts.append(one_line(found[1].title))
        parts.append(f"秒{short_yuan(spec['price_fen'])}")
    parts.append(tight_time(spec["seconds"]))
    return " ".join(parts)


def conditions(spec: Json) -> list[tuple[str, str]]:
    return [("口令", "a keyword")]


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return quoted(spec.get("keyword"))


def offer(spec: Json, *, english: bool) -> str:
    places = spec.get("places", 1)
    if not spec.get("sku_id"):
        return f"× {places}"
    return f"¥{short_yuan(spec['price_fen'])} × {places}"


def tell(said: Promotion, told: PromotionRecord) -> None:
    said.quantity = said.spec.get("places")
    if said.on_air_at is not None:
        said.entrants, said.told = told.entered, "facts"
    if not said.spec.get("sku_id"):
        said.gmv_fen = said.discount_fen = said.orders = None
        return
    if not told.orders_known:
        said.sold = said.gmv_fen = said.discount_fen = said.orders = None
        return
    plain.tell_units(said, told)


def figures(said: Promotion) -> tuple[Any, ...]:
    came, places = said.entrants, said.quantity or 0
    pair = f"{min(came, places)}/{places}" if came is not None else None
    waiting = max(0, came - places) if came is not None else None
    return pair, waiting, said.sold, said.gmv_fen, said.discount_fen, said.burst


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
