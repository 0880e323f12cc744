"""福袋 in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.draw import promise_code
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_bags import Bag
from liveconsole.messages.draws import Winner
from liveconsole.messages.specs import LuckyBagSpec
from liveconsole.messages.state import DrawState, WinnerState
from liveconsole.messages.viewer_card import BagPlace, CardBag
from liveconsole.messages.wording import short_yuan
from liveconsole.views.goods import Goods
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
from liveconsole.views.kinds.series import bags_of, phone_words, series_fields, series_state, series_words
from liveconsole.views.phrases import one_line, quoted, ref, short_time, spoken, tight_time

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "lucky_bag"
TITLE: Final = (LuckyBagSpec.title[0], LuckyBagSpec.title[1].capitalize())
FIRE: Final = ("发福袋", "Start bag")
FIRED: Final = ("发福袋", "Sent")
COLOUR: Final = "#8A5A00"
LISTED: Final = True
DRAWS: Final = True
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("entrants", "count"),
    ("winners_settled", "pair"),
    ("new_followers", "count"),
    ("burst", "factor"),
    ("winners", "text"),
)


def _draws_here(spec: Json) -> bool:
    return bool(spec.get("draw", "console") == "console")


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"discount", "entrants"} if was_on_air else {"discount"})


def is_told(room: Room, cue: Cue) -> bool:
    """Whom a prize goes to is settled here; whom the platform drew, be it nobody, once it was typed in."""
    return _draws_here(cue.spec_sent) or cue.ended_because == "platform"


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    bag = cue.bag
    if bag is None or (cue.on_air_at is None and cue.status != "on_air"):
        return {}
    body: dict[str, Any] = {"source": bag.source}
    if _draws_here(cue.spec_sent):
        body |= {"entrants": bag.entrants or len(bag.entries), "unverified": len(bag.unverified)}
    else:
        body["entrants"] = cue.measured.entrants if cue.measured is not None else None
        body["read_off"] = cue.measured is not None
    drawn = [each for each in cue.bags if each.receipt is not None]
    if drawn:
        body["winners"] = [
            _person(w, people, one, one.claim_until, cue) for one in drawn for w in one.winners
        ]
        body["alternates"] = [_person(w, people, one, {}, cue) for one in drawn for w in one.alternates]
    elif not _draws_here(cue.spec_sent) and (cue.ended_because == "platform" or cue.series is not None):
        body["winners"] = [
            _named(one, place, cue) for one in cue.bags for place in range(len(one.platform_names))
        ]
        body["corrected"] = bag.corrected
    if cue.series is not None:
        body["series"] = series_state(cue, cue.series)
    if bag.promise is not None:
        promise = bag.promise
        body["draw"] = DrawState(
            draw_id=promise.draw_id,
            source=promise.source,
            commit=promise.commit,
            rules_sha256=promise.rules_sha256,
            round=promise.round,
            root=bag.root,
            drawn=bag.receipt is not None,
            promise_code=promise_code(promise.rules_sha256),
            receipt_code=bag.receipt_code,
        )
    return body


def _named(bag: Bag, place: int, cue: Cue) -> WinnerState:
    settled = bag.platform_settled.get(str(place))
    return WinnerState("", bag.platform_names[place], settled=settled, bag=_which(bag, cue))


def _which(bag: Bag, cue: Cue) -> int:
    return bag.number if cue.series is not None else 0


def _person(winner: Winner, people: People, bag: Bag, until: Mapping[str, datetime], cue: Cue) -> WinnerState:
    outside, name = people.get(winner.viewer_id, (winner.viewer_id, ""))
    settled = bag.settled.get(winner.viewer_id)
    return WinnerState(
        viewer_id=outside,
        name=name,
        entry_id=winner.entry_id,
        unverified=winner.viewer_id in bag.unverified,
        settled=settled,
        claim_until=until.get(winner.viewer_id) if settled is None else None,
        bag=_which(bag, cue),
    )


# On the phone ---------------------------------------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    prize = one_line((spec.get("prize") or {}).get("name"))
    winners, (zh_time, en_time) = int(spec.get("winners", 1)), short_time(int(spec.get("seconds", 0)))
    keyword = one_line((spec.get("entry") or {}).get("keyword"))
    here = _draws_here(spec)
    zh_series, en_series = phone_words(spec)
    if step == "on_air" and here:
        said = f"评论「{keyword}」" if keyword else "发任意评论"
        say = f"comment “{keyword}”" if keyword else "post any comment"
        when = f"{zh_time}后本机开奖（不要再开平台福袋）"
        return Instruction(
            f"请主播口播：{said}参与，送「{prize}」× {winners}，{when}{zh_series}",
            f"Host, please announce: {say} to win “{prize}” × {winners}, drawn here in {en_time}{en_series}",
        )
    if step == "on_air":
        entry = f"口令「{keyword}」" if keyword else "无口令"
        word = f"keyword “{keyword}”" if keyword else "no keyword"
        return Instruction(
            f"手机 → 福袋 → 「{prize}」，{winners} 人中奖，{entry}，{zh_time} → 点「发起」{zh_series}",
            f"Phone → 福袋 → “{prize}”, {winners} to win, {word}, {en_time} → press 发起{en_series}",
            ("手机 → 福袋，照下面填 → 点「发起」", "Phone → 福袋, as below → press 发起"),
            (
                PhoneField(("奖品", "Prize"), prize),
                PhoneField(("中奖", "Winners"), str(winners), ("人", "")),
                *([PhoneField(("口令", "Keyword"), keyword)] if keyword else []),
                length_field(("时长", "Length"), int(spec.get("seconds", 0))),
                *series_fields(spec),
            ),
        )
    if here:
        return Instruction(
            f"请主播口播：「{prize}」福袋已结束", f"Host, please announce: the bag “{prize}” is over"
        )
    return Instruction(f"手机 → 福袋 → 「{prize}」 → 点「结束」", f"Phone → 福袋 → “{prize}” → press 结束")


# Aloud, and in the composer -------------------------------------------------------------------------


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    zh_entry, en_entry = _entry_words(spec.get("entry") or {})
    prize, claim = spec["prize"], spec.get("claim") or {}
    item = f"（{ref(prize['product_id'], goods)}）" if prize.get("product_id") else ""
    value, winners, seconds = short_yuan(prize["value_fen"]), spec["winners"], spec["seconds"]
    title = TITLE[0] if _draws_here(spec) else "平台福袋"
    zh = f"{title}：{zh_entry}，抽 {winners} 人送{quoted(prize['name'])}{item}，价值 {value} 元"
    en = f"Lucky bag: {en_entry}; {winners} win {quoted(prize['name'])} worth ¥{value}"
    if "alternates" in spec and spec["alternates"] is not None:
        zh += f"，候补 {spec['alternates']} 人"
        en += f", {spec['alternates']} alternates"
    zh_back, en_back = _back_words((spec.get("entry") or {}).get("stand_back"))
    zh, en = zh + zh_back, en + en_back
    zh += f"，{spoken(seconds)}后开奖"
    en += f", drawn in {spoken(seconds, english=True)}"
    if claim.get("followed"):
        zh += "，须关注主播"
        en += ", winners must follow"
    zh_series, en_series = series_words(spec)
    zh, en = zh + zh_series, en + en_series
    if "seconds" in claim:
        zh += f"，{spoken(claim['seconds'])}内领奖"
        en += f", to be claimed within {spoken(claim['seconds'], english=True)}"
    return f"{zh}。", f"{en}."


def _entry_words(entry: Json) -> tuple[str, str]:
    keyword = entry.get("keyword")
    if not keyword:
        return "发任意评论", "post any comment"
    said, match = quoted(keyword), entry.get("match", "exact")
    if match == "contains":
        return f"评论包含{said}", f"post a comment with {said} in it"
    if match == "lenient":
        return f"评论{said}（标点不计）", f"comment {said} (punctuation does not matter)"
    return f"评论{said}", f"comment {said}"


def _back_words(how: str | None) -> tuple[str, str]:
    if how is None:
        return "", ""
    if how == "none":
        return "，中过奖的可以再参加", ", earlier winners may enter again"
    if how == "broadcast":
        return "，本场中过奖的不参加", ", earlier winners of this broadcast stand back"
    days = how.removeprefix("days:")
    return f"，{days} 天内中过奖的不参加", f", winners of the last {days} days stand back"


def line(spec: Json, goods: Goods) -> str:
    entry, prize, claim = spec.get("entry") or {}, spec["prize"], spec.get("claim") or {}
    parts = [TITLE[0] if _draws_here(spec) else "平台福袋"]
    if entry.get("keyword"):
        match = {"contains": "包含", "lenient": "宽松"}.get(entry.get("match", "exact"), "")
        parts.append(f"口令{match}{quoted(entry['keyword'])}")
    parts.append(f"奖{quoted(prize['name'])}")
    if prize.get("product_id"):
        parts.append(ref(prize["product_id"], goods))
    parts += [f"值{short_yuan(prize['value_fen'])}", f"x{spec['winners']}", tight_time(spec["seconds"])]
    if "alternates" in spec and spec["alternates"] is not None:
        parts.append(f"候补{spec['alternates']}")
    if series := series_words(spec)[0]:
        parts.append(series.removeprefix("，").replace("，", " "))
    if back := _back_words(entry.get("stand_back"))[0]:
        parts.append(back.removeprefix("，"))
    if claim.get("followed"):
        parts.append("须关注")
    if "seconds" in claim:
        parts[-1] += f"，{tight_time(claim['seconds'])}内领奖"
    return " ".join(parts)


def conditions(spec: Json) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if (spec.get("entry") or {}).get("keyword"):
        found.append(("口令", "a keyword"))
    claim = spec.get("claim") or {}
    if claim.get("followed"):
        found.append(("关注", "to follow"))
    if "seconds" in claim:
        found.append(("限时领奖", "a time to claim"))
    if spec.get("series"):
        found.append(("连发", "a series"))
    return found


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return one_line((spec.get("prize") or {}).get("name"))


def offer(spec: Json, *, english: bool) -> str:
    bags = bags_of(spec)
    said = f"× {spec.get('winners', 1)}"
    if bags == 1:
        return said
    return f"{said} × {bags} bags" if english else f"{said} × {bags} 个"


def tell(said: Promotion, told: PromotionRecord) -> None:
    winners = said.spec.get("winners")
    said.quantity = winners * bags_of(said.spec) if winners is not None else None
    said.winners = list(told.winners)
    if said.on_air_at is not None:
        said.entrants = told.entered if _draws_here(said.spec) else said.measured.get("entrants")
        said.new_followers = len(set(told.followers)) if told.follows_known else None
        if _draws_here(said.spec):
            said.told = "facts"


def figures(said: Promotion) -> tuple[Any, ...]:
    several = bags_of(said.spec) > 1
    winners = "、".join(
        f"{winner.bag}: {winner.name or '—'}" if several else winner.name or "—"
        for winner in said.winners
        if winner.status != "passed"
    )
    settled = said.settled if said.on_air_at is not None else None
    if not said.winners and not _draws_here(said.spec):
        settled = f"—/{said.quantity}" if settled is not None else None
    return said.entrants, settled, said.new_followers, said.burst, winners


def standing(cue: Cue, pid: str) -> CardBag | None:
    if not isinstance(cue.spec, LuckyBagSpec):
        return None
    place: BagPlace | None = "kept_out" if pid in cue.spec.exclude else None
    for bag in cue.bags:
        place = _place(bag, pid) or place
        if place in ("confirmed", "won"):
            break
    return CardBag(cue.cue_id, cue.spec.prize.name, place, cue.on_air_at) if place is not None else None


def _place(bag: Bag, pid: str) -> BagPlace | None:
    if pid in bag.settled:
        return "confirmed" if bag.settled[pid] else "passed_over"
    if any(winner.viewer_id == pid for winner in bag.winners):
        return "won"
    return "entered" if pid in bag.entries else None


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    """Its winners are listed apart, whatever became of it."""
    return LeftOver(end=owed)
