"""口播卡: every promotion as one plain sentence to read out, and as one line to copy. Pure.

Names come from outside: plain text only. The Chinese sentence and the line can both be read back by
`one_line.read`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from liveconsole.views.goods import Goods
from liveconsole.views.instructions import rule_words
from liveconsole.views.money import plain_yuan

MOST_CONDITIONS: Final = 2
_UNITS: Final = ((86_400, "天", "d"), (3_600, "小时", "h"), (60, "分钟", "min"), (1, "秒", "s"))


class Card(Struct, frozen=True):
    """``conditions`` are what a viewer must meet beyond coming in time; above two, ``warning_zh`` and
    ``warning_en`` say that nobody will keep them in mind (else empty)."""

    zh: str
    en: str
    line: str
    conditions: list[tuple[str, str]]
    warning_zh: str
    warning_en: str


def card(kind: str, spec: Mapping[str, Any], goods: Goods) -> Card:
    """``spec`` as in the state. A product that is not in the cart is named by its id."""
    zh, en = _SENTENCES[kind](spec, goods)
    conditions = conditions_of(kind, spec)
    many = len(conditions) > MOST_CONDITIONS
    listed_zh, listed_en = "、".join(c[0] for c in conditions), ", ".join(c[1] for c in conditions)
    return Card(
        zh,
        en,
        line(kind, spec, goods),
        conditions,
        f"条件有 {len(conditions)} 个（{listed_zh}），观众记不住，最好不超过两个" if many else "",
        f"{len(conditions)} conditions ({listed_en}): more than viewers keep in mind" if many else "",
    )


def conditions_of(kind: str, spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(zh, en) of each thing that a viewer must meet. Time and quantity are none: they are the promotion."""
    found: list[tuple[str, str]] = []
    if kind == "flash_sale":
        prices = {sku["price_fen"] for sku in _skus(spec)}
        if len(prices) > 1:
            found.append(("各规格价不同", "prices differ by SKU"))
        found.append(("限购", "a limit per buyer"))
    elif kind == "coupon":
        rule = spec["rule"]
        for tier in rule.get("tiers") or ([rule] if rule.get("threshold_fen") else []):
            threshold = _short(tier["threshold_fen"])
            found.append((f"满 {threshold}", f"from {threshold}"))
        if spec.get("scope"):
            found.append(("指定商品", "certain products"))
        if spec.get("valid_seconds"):
            found.append(("有效期", "a time to use it"))
    elif kind == "lucky_bag":
        if (spec.get("entry") or {}).get("keyword"):
            found.append(("口令", "a keyword"))
        claim = spec.get("claim") or {}
        if claim.get("followed"):
            found.append(("关注", "to follow"))
        if "seconds" in claim:
            found.append(("限时领奖", "a time to claim"))
    return found


def spoken(seconds: int, *, english: bool = False) -> str:
    """5400 → 「1 小时 30 分钟」."""
    parts = []
    for size, zh, en in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {en if english else zh}")
    return " ".join(parts)


def line(kind: str, spec: Mapping[str, Any], goods: Goods) -> str:
    """The promotion as the composer takes it back: 「3号 秒99 x50 限2 5分钟」."""
    return _LINES[kind](spec, goods)


def _skus(spec: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    skus: Sequence[Mapping[str, Any]] = spec.get("skus", [spec])
    return skus


def _short(fen: int) -> str:
    return plain_yuan(fen).removesuffix(".00")


def _ref(product_id: str, goods: Goods) -> str:
    number = goods.number_of(product_id)
    return f"{number}号" if number is not None else f"编号「{product_id}」"


def _time(seconds: int) -> str:
    return spoken(seconds).replace(" ", "")


def _quoted(text: object) -> str:
    """On one line, between marks that it does not hold itself."""
    return f"「{' '.join(str(text or '').split()).replace('「', '『').replace('」', '』')}」"


def _named(product_id: str, goods: Goods) -> tuple[str, str]:
    good, number = goods.products.get(product_id), goods.number_of(product_id)
    title = " ".join((good.title if good is not None else product_id).split())
    if number is None:
        return f"编号「{product_id}」{title}", title
    return f"{number} 号 {title}", f"no. {number} {title}"


def _sku_words(sku: Mapping[str, Any], goods: Goods, before: str | None) -> tuple[str, str, str]:
    """(zh, en, product id) of a SKU; its product is left out where the one before had the same."""
    owner = goods.owner(str(sku["sku_id"]))
    if owner is None:
        return str(sku["sku_id"]), str(sku["sku_id"]), ""
    good, found = owner
    zh, en = _named(good.product_id, goods) if good.product_id != before else ("", "")
    if len(good.skus) > 1:
        zh, en = f"{zh} {found.title}".strip(), f"{en} {found.title}".strip()
    return zh, en, good.product_id


def _sale(spec: Mapping[str, Any], goods: Goods) -> tuple[str, str]:
    zh_parts: list[str] = []
    en_parts: list[str] = []
    before: str | None = None
    word = "改价" if spec.get("via") == "price" else "秒杀价"
    for sku in _skus(spec):
        zh, en, before = _sku_words(sku, goods, before)
        price, count = _short(sku["price_fen"]), sku["quantity"]
        zh_parts.append(f"{zh}，{word} {price} 元，限量 {count} 件")
        en_parts.append(f"{en} for {price} yuan, {count} piece{'' if count == 1 else 's'}")
    per, seconds = spec["per_buyer"], spec["seconds"]
    return (
        f"{'；'.join(zh_parts)}，每人限购 {per} 件，{spoken(seconds)}。",
        f"{'; '.join(en_parts)}, {per} per buyer, for {spoken(seconds, english=True)}.",
    )


def _sale_line(spec: Mapping[str, Any], goods: Goods) -> str:
    parts: list[str] = []
    before: str | None = None
    word = "改价" if spec.get("via") == "price" else "秒"
    for sku in _skus(spec):
        owner = goods.owner(str(sku["sku_id"]))
        if owner is None:
            parts.append(f"编号「{sku['sku_id']}」")
        else:
            good, found = owner
            if good.product_id != before:
                parts.append(_ref(good.product_id, goods))
            if len(good.skus) > 1:
                parts.append(found.title)
            before = good.product_id
        parts.append(f"{word}{_short(sku['price_fen'])} x{sku['quantity']}")
    return f"{' '.join(parts)} 限{spec['per_buyer']} {_time(spec['seconds'])}"


def _coupon(spec: Mapping[str, Any], goods: Goods) -> tuple[str, str]:
    zh_rule, en_rule = rule_words(spec["rule"])
    ids = (spec.get("scope") or {}).get("product_ids")
    zh_scope = f"仅 {'、'.join(_ref(i, goods) for i in ids)} 可用" if ids else "全场可用"
    en_scope = f"on {', '.join(_ref_en(i, goods) for i in ids)}" if ids else "on everything"
    valid = spec.get("valid_seconds")
    zh_valid = f"，领后 {spoken(valid)} 有效" if valid else ""
    en_valid = f", valid for {spoken(valid, english=True)}" if valid else ""
    count, per, seconds = spec["quantity"], spec["per_buyer"], spec["seconds"]
    name = _quoted(spec.get("name"))
    return (
        f"优惠券{name}，{zh_rule}，{zh_scope}，共 {count} 张，每人限领 {per} 张，"
        f"{spoken(seconds)}{zh_valid}。",
        f"Coupon {name}: {en_rule} {en_scope}, {count} in all, {per} each, "
        f"for {spoken(seconds, english=True)}{en_valid}.",
    )


def _ref_en(product_id: str, goods: Goods) -> str:
    number = goods.number_of(product_id)
    return f"no. {number}" if number is not None else product_id


def _coupon_line(spec: Mapping[str, Any], goods: Goods) -> str:
    ids = (spec.get("scope") or {}).get("product_ids")
    scope = " ".join(_ref(i, goods) for i in ids) if ids else "全场"
    rule = rule_words(spec["rule"])[0].replace(" ", "")
    valid = f" 领后{_time(spec['valid_seconds'])}有效" if spec.get("valid_seconds") else ""
    return (
        f"券{_quoted(spec.get('name'))} {rule} {scope} x{spec['quantity']} 限{spec['per_buyer']} "
        f"{_time(spec['seconds'])}{valid}"
    )


def _entry_words(entry: Mapping[str, Any]) -> tuple[str, str]:
    keyword = entry.get("keyword")
    if not keyword:
        return "发任意评论", "post any comment"
    said, match = _quoted(keyword), entry.get("match", "exact")
    if match == "contains":
        return f"评论包含{said}", f"post a comment with {said} in it"
    if match == "lenient":
        return f"评论{said}（标点不计）", f"comment {said} (punctuation does not matter)"
    return f"评论{said}", f"comment {said}"


def _bag(spec: Mapping[str, Any], goods: Goods) -> tuple[str, str]:
    zh_entry, en_entry = _entry_words(spec.get("entry") or {})
    prize, claim = spec["prize"], spec.get("claim") or {}
    item = f"（{_ref(prize['product_id'], goods)}）" if prize.get("product_id") else ""
    value, winners, seconds = _short(prize["value_fen"]), spec["winners"], spec["seconds"]
    title = "平台福袋" if spec.get("draw") == "platform" else "福袋"
    zh = f"{title}：{zh_entry}，抽 {winners} 人送{_quoted(prize['name'])}{item}，价值 {value} 元"
    en = f"Lucky bag: {en_entry}; {winners} win {_quoted(prize['name'])} worth {value} yuan"
    if "alternates" in spec and spec["alternates"] is not None:
        zh += f"，候补 {spec['alternates']} 人"
        en += f", {spec['alternates']} alternates"
    zh += f"，{spoken(seconds)}后开奖"
    en += f", drawn in {spoken(seconds, english=True)}"
    if claim.get("followed"):
        zh += "，须关注主播"
        en += ", winners must follow"
    if "seconds" in claim:
        zh += f"，{spoken(claim['seconds'])}内领奖"
        en += f", to be claimed within {spoken(claim['seconds'], english=True)}"
    return f"{zh}。", f"{en}."


def _bag_line(spec: Mapping[str, Any], goods: Goods) -> str:
    entry, prize, claim = spec.get("entry") or {}, spec["prize"], spec.get("claim") or {}
    parts = ["平台福袋" if spec.get("draw") == "platform" else "福袋"]
    if entry.get("keyword"):
        match = {"contains": "包含", "lenient": "宽松"}.get(entry.get("match", "exact"), "")
        parts.append(f"口令{match}{_quoted(entry['keyword'])}")
    parts.append(f"奖{_quoted(prize['name'])}")
    if prize.get("product_id"):
        parts.append(_ref(prize["product_id"], goods))
    parts += [f"值{_short(prize['value_fen'])}", f"x{spec['winners']}", _time(spec["seconds"])]
    if "alternates" in spec and spec["alternates"] is not None:
        parts.append(f"候补{spec['alternates']}")
    if claim.get("followed"):
        parts.append("须关注")
    if "seconds" in claim:
        parts[-1] += f"，{_time(claim['seconds'])}内领奖"
    return " ".join(parts)


def _pin(spec: Mapping[str, Any], goods: Goods) -> tuple[str, str]:
    zh, en = _named(spec["product_id"], goods)
    return f"现在讲解 {zh}。", f"Now: {en}."


def _pin_line(spec: Mapping[str, Any], goods: Goods) -> str:
    return f"讲 {_ref(spec['product_id'], goods)}"


_SENTENCES: Final = {"pin": _pin, "flash_sale": _sale, "coupon": _coupon, "lucky_bag": _bag}
_LINES: Final = {"pin": _pin_line, "flash_sale": _sale_line, "coupon": _coupon_line, "lucky_bag": _bag_line}
