"""人工协助: what a person has to press on the phone or in 视频号助手 for a step that is owed. Pure.

No API does 讲解 or 福袋 in a 视频号 room, so the desk says in one line what to press and waits for the
answer. Menu names are those of 视频号助手 (channels.weixin.qq.com, 直播管理) and of the live phone as
their hosts call them; nothing here presses anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from liveconsole.views.money import plain_yuan


class Instruction(Struct, frozen=True):
    """The same line in Chinese and in English. Names in it come from outside: plain text only."""

    zh: str
    en: str


class Names(Struct, frozen=True):
    """What the cart and the catalogue know, to say products as the host sees them."""

    titles: Mapping[str, str] = {}
    """product id or SKU id → title."""
    numbers: Mapping[str, int] = {}
    """product id or SKU id → number in the cart."""
    prices: Mapping[str, int] = {}
    """SKU id → its price in 分 outside any sale: what a 改价 is restored to."""


def instruction(kind: str, step: str, spec: Mapping[str, Any], names: Names) -> Instruction:
    """What to press for ``step`` (``on_air`` or ``ended``) of a cue of ``kind``; ``spec`` as in the state."""
    if kind == "pin":
        return _pin(step, spec, names)
    if kind == "flash_sale":
        return _sale(step, spec, names)
    if kind == "coupon":
        return _coupon(step, spec)
    return _bag(step, spec)


def _pin(step: str, spec: Mapping[str, Any], names: Names) -> Instruction:
    zh, en = _thing(str(spec.get("product_id", "")), names)
    if step == "on_air":
        return Instruction(
            f"手机或视频号助手的商品列表 → {zh} → 点「讲解」",
            f"Phone or 视频号助手, products → {en} → press 讲解",
        )
    return Instruction(f"商品列表 → {zh} → 点「结束讲解」", f"Products → {en} → press 结束讲解")


def _sale(step: str, spec: Mapping[str, Any], names: Names) -> Instruction:
    skus: list[Mapping[str, Any]] = list(spec.get("skus") or [spec])
    per, seconds = int(spec.get("per_buyer", 1)), int(spec.get("seconds", 0))
    parts = [(_thing(str(s.get("sku_id", "")), names), s) for s in skus]
    if spec.get("via", "task") == "price":
        if step == "on_air":
            zh = "；".join(f"{t[0]} 改成 {_price(s)} 元" for t, s in parts)
            en = "; ".join(f"{t[1]} to {_price(s)} yuan" for t, s in parts)
            return Instruction(f"微信小店 → 商品 → 改价：{zh}", f"微信小店 → 商品 → change the price: {en}")
        zh = "；".join(f"{t[0]} 改回 {_normal(s, names)} 元" for t, s in parts)
        en = "; ".join(f"{t[1]} back to {_normal(s, names)} yuan" for t, s in parts)
        return Instruction(f"马上改回原价：{zh}", f"Restore the price now: {en}")
    if step == "on_air":
        zh = "；".join(f"{t[0]} {_price(s)} 元 × {s['quantity']} 件" for t, s in parts)
        en = "; ".join(f"{t[1]} at {_price(s)} yuan × {s['quantity']}" for t, s in parts)
        return Instruction(
            f"微信小店 → 营销 → 限时抢购 → 新建：{zh}，每人限 {per} 件，{_zh_time(seconds)}，立即开始",
            f"微信小店 → 营销 → 限时抢购 → new: {en}, {per} per buyer, {_en_time(seconds)}, start now",
        )
    zh, en = "、".join(t[0] for t, _ in parts), ", ".join(t[1] for t, _ in parts)
    return Instruction(
        f"限时抢购 → {zh} → 点「结束」（结束后不能再开）",
        f"限时抢购 → {en} → press 结束 (it cannot be reopened)",
    )


def _coupon(step: str, spec: Mapping[str, Any]) -> Instruction:
    name, seconds = _line(spec.get("name")), int(spec.get("seconds", 0))
    if step == "on_air":
        zh, en = rule_words(spec.get("rule") or {})
        scope = "" if not spec.get("scope") else "（指定商品）"
        count, per = spec.get("quantity", 0), spec.get("per_buyer", 1)
        how_many = f"{count} 张，每人 {per} 张，{_zh_time(seconds)}"
        return Instruction(
            f"视频号助手 → 直播 → 优惠券 → 发放「{name}」：{zh}{scope}，{how_many}",
            f"视频号助手 → 优惠券 → send “{name}”: {en}, {count} in all, {per} each, {_en_time(seconds)}",
        )
    return Instruction(f"优惠券 → 「{name}」 → 点「停止发放」", f"优惠券 → “{name}” → press 停止发放")


def _bag(step: str, spec: Mapping[str, Any]) -> Instruction:
    prize = _line((spec.get("prize") or {}).get("name"))
    winners, seconds = int(spec.get("winners", 1)), int(spec.get("seconds", 0))
    keyword = _line((spec.get("entry") or {}).get("keyword"))
    console = spec.get("draw", "console") == "console"
    if step == "on_air" and console:
        said = f"评论「{keyword}」" if keyword else "发任意评论"
        say = f"comment “{keyword}”" if keyword else "post any comment"
        when = f"{_zh_time(seconds)}后本机开奖（不要再开平台福袋）"
        return Instruction(
            f"请主播口播：{said}参与，送「{prize}」× {winners}，{when}",
            f"Host, please announce: {say} to win “{prize}” × {winners}, drawn here in {_en_time(seconds)}",
        )
    if step == "on_air":
        entry = f"口令「{keyword}」" if keyword else "无口令"
        word = f"keyword “{keyword}”" if keyword else "no keyword"
        return Instruction(
            f"手机 → 福袋 → 「{prize}」，{winners} 人中奖，{entry}，{_zh_time(seconds)} → 点「发起」",
            f"Phone → 福袋 → “{prize}”, {winners} to win, {word}, {_en_time(seconds)} → press 发起",
        )
    if console:
        return Instruction(
            f"请主播口播：「{prize}」福袋已结束", f"Host, please announce: the bag “{prize}” is over"
        )
    return Instruction(f"手机 → 福袋 → 「{prize}」 → 点「结束」", f"Phone → 福袋 → “{prize}” → press 结束")


def rule_words(rule: Mapping[str, Any]) -> tuple[str, str]:
    """A coupon's rule in Chinese and English: 满 199 减 20."""
    if rule.get("zhe"):
        return f"{rule['zhe']} 折", f"pay {rule['zhe']}/10"
    tiers = rule.get("tiers") or []
    if tiers:
        zh = "、".join(f"满 {_short(t['threshold_fen'])} 减 {_short(t['off_fen'])}" for t in tiers)
        en = ", ".join(f"{_short(t['off_fen'])} off from {_short(t['threshold_fen'])}" for t in tiers)
        return zh, en
    off = _short(rule.get("off_fen", 0))
    if rule.get("threshold_fen"):
        threshold = _short(rule["threshold_fen"])
        return f"满 {threshold} 减 {off}", f"{off} off from {threshold}"
    return f"立减 {off}", f"{off} off"


def _thing(id_: str, names: Names) -> tuple[str, str]:
    title = _line(names.titles.get(id_, id_))
    number = names.numbers.get(id_)
    return (title, title) if number is None else (f"{number} 号 {title}", f"no. {number} {title}")


def _price(sku: Mapping[str, Any]) -> str:
    return plain_yuan(int(sku["price_fen"]))


def _normal(sku: Mapping[str, Any], names: Names) -> str:
    price = names.prices.get(str(sku.get("sku_id", "")))
    return "?" if price is None else plain_yuan(price)


def _line(text: object) -> str:
    """A name from outside on one line."""
    return " ".join(str(text or "").split())


def _short(fen: int) -> str:
    return plain_yuan(fen).removesuffix(".00")


def _zh_time(seconds: int) -> str:
    return f"{seconds // 60} 分钟" if seconds >= 60 and seconds % 60 == 0 else f"{seconds} 秒"


def _en_time(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds >= 60 and seconds % 60 == 0 else f"{seconds} s"
