"""优惠券 in words; how its rule is worded stands in `messages.wording`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.platforms import claims_known
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import CouponSpec
from liveconsole.messages.wording import rule_words, short_yuan
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
from liveconsole.views.phrases import one_line, quoted, ref, ref_en, short_time, spoken, tight_time

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "coupon"
TITLE: Final = (CouponSpec.title[0], CouponSpec.title[1].capitalize())
FIRE: Final = ("发券", "Release coupons")
FIRED: Final = ("发券", "Sent")
COLOUR: Final = "#6B3FC0"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("claimed", "count"),
    ("claim_rate", "share"),
    ("used", "count"),
    ("use_rate", "share"),
    ("sharers", "count"),
    ("brought", "count"),
    ("share_factor", "factor"),
    ("gmv", "money"),
    ("discount", "money"),
    ("burst", "factor"),
)


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"claimed", "used", "left", "discount"})


def is_told(room: Room, cue: Cue) -> bool:
    return claims_known(room, cue)


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    assert isinstance(cue.spec, CouponSpec)
    shared: dict[str, Any] = {}
    if cue.spec.share is not None:
        found = plain.helped(cue)
        told = found is not None and (found.people or claims_known(room, cue))
        typed = cue.measured
        shared = {
            "helped": found if told else None,
            "sharers": typed.sharers if typed is not None else None,
            "brought": typed.brought if typed is not None else None,
        }
    if not claims_known(room, cue):
        measured = cue.measured
        return shared | {
            "claimed": measured.claimed if measured is not None else None,
            "used": measured.used if measured is not None else None,
            "left": measured.left if measured is not None else None,
            "read_off": measured is not None,
        }
    return shared | {"claimed": cue.claimed, "used": cue.used, "left": cue.spec.quantity - cue.claimed}


# On the phone, aloud, and in the composer -----------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    name = one_line(spec.get("name"))
    if step == "on_air":
        zh, en = rule_words(spec.get("rule") or {})
        zh_time, en_time = short_time(int(spec.get("seconds", 0)))
        scope = "" if not spec.get("scope") else "（指定商品）"
        count, per = spec.get("quantity", 0), spec.get("per_buyer", 1)
        zh_share, en_share = _shared(spec)
        if zh_share:
            zh_share, en_share = f"{zh_share}（未在真实店铺上验证）", f"{en_share} (not tried in a real shop)"
        how_many = f"{count} 张，每人 {per} 张，{zh_time}{zh_share}"
        return Instruction(
            f"视频号助手 → 直播 → 优惠券 → 发放「{name}」：{zh}{scope}，{how_many}",
            f"视频号助手 → 优惠券 → send “{name}”: {en}, {count} in all, {per} each, {en_time}{en_share}",
            (
                "视频号助手 → 直播 → 优惠券 → 新建，照下面填 → 发放",
                "视频号助手 → 优惠券 → new, as below → send",
            ),
            _fields(spec, names),
        )
    return Instruction(f"优惠券 → 「{name}」 → 点「停止发放」", f"优惠券 → “{name}” → press 停止发放")


def _fields(spec: Json, names: ProductNames) -> tuple[PhoneField, ...]:
    rule = spec.get("rule") or {}
    found = [PhoneField(("券名", "Name"), one_line(spec.get("name")))]
    tiers = rule.get("tiers") or ([rule] if rule.get("off_fen") else [])
    for place, tier in enumerate(tiers, start=1):
        nth = f" {place}" if len(tiers) > 1 else ""
        if tier.get("threshold_fen"):
            found.append(
                PhoneField((f"门槛{nth}", f"From{nth}"), short_yuan(tier["threshold_fen"]), ("元", "yuan"))
            )
        found.append(PhoneField((f"减{nth}", f"Off{nth}"), short_yuan(tier["off_fen"]), ("元", "yuan")))
    if rule.get("zhe"):
        found.append(PhoneField(("折扣", "Discount"), str(rule["zhe"]), ("折", "折")))
    ids = (spec.get("scope") or {}).get("product_ids") or ()
    if ids:
        found.append(PhoneField(("商品", "Products"), "、".join(names.title(str(each)) for each in ids)))
    found.append(PhoneField(("张数", "Count"), str(spec.get("quantity", 0)), ("张", "")))
    if friends := (spec.get("share") or {}).get("friends"):
        found.append(PhoneField(("分享助力", "To bring"), str(friends), ("人", "people")))
    found.append(PhoneField(("每人", "Each"), str(spec.get("per_buyer", 1)), ("张", "")))
    found.append(length_field(("领取", "Claim in"), int(spec.get("seconds", 0))))
    if spec.get("valid_seconds"):
        found.append(length_field(("领后有效", "Valid for"), int(spec["valid_seconds"])))
    return tuple(found)


def _shared(spec: Json) -> tuple[str, str]:
    """Return what has to be done for one, zh and en; empty where nothing has."""
    friends = (spec.get("share") or {}).get("friends")
    if not friends:
        return "", ""
    return f"，分享带来 {friends} 人才能领", f", for whoever brings {friends} people"


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    zh_rule, en_rule = rule_words(spec["rule"])
    ids = (spec.get("scope") or {}).get("product_ids")
    zh_scope = f"仅 {'、'.join(ref(i, goods) for i in ids)} 可用" if ids else "全场可用"
    en_scope = f"on {', '.join(ref_en(i, goods) for i in ids)}" if ids else "on everything"
    valid = spec.get("valid_seconds")
    zh_valid = f"，领后 {spoken(valid)} 有效" if valid else ""
    en_valid = f", valid for {spoken(valid, english=True)}" if valid else ""
    count, per, seconds = spec["quantity"], spec["per_buyer"], spec["seconds"]
    name = quoted(spec.get("name"))
    return (
        f"优惠券{name}，{zh_rule}，{zh_scope}，共 {count} 张，每人限领 {per} 张，"
        f"{spoken(seconds)}{zh_valid}{_shared(spec)[0]}。",
        f"Coupon {name}: {en_rule} {en_scope}, {count} in all, {per} each, "
        f"for {spoken(seconds, english=True)}{en_valid}{_shared(spec)[1]}.",
    )


def line(spec: Json, goods: Goods) -> str:
    ids = (spec.get("scope") or {}).get("product_ids")
    scope = " ".join(ref(i, goods) for i in ids) if ids else "全场"
    rule = rule_words(spec["rule"])[0].replace(" ", "")
    valid = f" 领后{tight_time(spec['valid_seconds'])}有效" if spec.get("valid_seconds") else ""
    return (
        f"券{quoted(spec.get('name'))} {rule} {scope} x{spec['quantity']} 限{spec['per_buyer']} "
        f"{tight_time(spec['seconds'])}{valid}{_share_line(spec)}"
    )


def _share_line(spec: Json) -> str:
    friends = (spec.get("share") or {}).get("friends")
    return f" 分享{friends}人" if friends else ""


def conditions(spec: Json) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if friends := (spec.get("share") or {}).get("friends"):
        found.append((f"分享带来 {friends} 人", f"bringing {friends} people"))
    rule = spec["rule"]
    for tier in rule.get("tiers") or ([rule] if rule.get("threshold_fen") else []):
        threshold = short_yuan(tier["threshold_fen"])
        found.append((f"满 {threshold}", f"from {threshold}"))
    if spec.get("scope"):
        found.append(("指定商品", "certain products"))
    if spec.get("valid_seconds"):
        found.append(("有效期", "a time to use it"))
    return found


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return one_line(spec.get("name"))


def offer(spec: Json, *, english: bool) -> str:
    return f"{rule_words(spec.get('rule') or {})[english]} × {spec.get('quantity', 0)}"


def tell(said: Promotion, told: PromotionRecord) -> None:
    said.quantity = said.spec.get("quantity")
    _tell_shares(said, told)
    end = told.end
    if not told.claims_known or (said.on_air_at is None and not told.coupons):
        _read_off(said, end)
        return
    said.told = "facts"
    said.claimed = len(told.coupons)
    said.used = sum(coupon.order_id is not None for coupon in told.coupons)
    valid = [c for c in told.coupons if c.order_id is None and (c.valid_until is None or c.valid_until > end)]
    said.unused = len(valid)
    said.valid_until = max((c.valid_until for c in valid if c.valid_until is not None), default=None)
    for order in told.paid_with:
        said.gmv_fen = (said.gmv_fen or 0) + order.paid_fen
        if order.takes == "sold":
            said.orders = (said.orders or 0) + 1
            said.discount_fen = (said.discount_fen or 0) + order.coupon_off_fen


def _tell_shares(said: Promotion, told: PromotionRecord) -> None:
    """Who shared, and how many new buyers they brought: as a source told, else as a person typed it."""
    if not said.spec.get("share"):
        return
    if told.shares is None:
        said.sharers, said.brought = said.measured.get("sharers"), said.measured.get("brought")
        return
    said.sharers, said.brought = told.shares.sharers, told.shares.buyers
    said.people_brought, said.evidence = told.shares.people, list(told.shares.evidence)


def _read_off(said: Promotion, end: datetime) -> None:
    """Where nobody tells of claims: what was read off, and nothing of orders with it."""
    said.claimed, said.used = said.measured.get("claimed"), said.measured.get("used")
    said.gmv_fen = said.discount_fen = said.orders = None
    if said.on_air_at is None:
        return
    valid = said.spec.get("valid_seconds")
    if valid is not None:
        said.valid_until = (said.ended_at or end) + timedelta(seconds=valid)
    if said.claimed is not None and said.used is not None:
        said.unused = max(0, said.claimed - said.used)
    if said.valid_until is not None and said.valid_until <= end:
        said.unused = 0


def figures(said: Promotion) -> tuple[Any, ...]:
    return (
        said.claimed,
        said.claim_rate,
        said.used,
        said.use_rate,
        said.sharers,
        said.brought,
        said.share_factor,
        said.gmv_fen,
        said.discount_fen,
        said.burst,
    )


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    """Coupons that are in somebody's hands outlive the broadcast."""
    in_hands = said.unused is None and said.on_air_at is not None
    return LeftOver(coupons=owed or in_hands or bool(said.unused))
