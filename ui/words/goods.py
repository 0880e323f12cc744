"""Products and promotions in few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from liveconsole.messages.specs import CouponRule, CouponSpec, FlashSaleSpec, LuckyBagSpec, Spec
from liveconsole.messages.state import CueState
from liveconsole.views import instructions
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import language, t
from ui.seat.room import RoomView
from ui.widgets.plain import clean


def product_title(product_id: str, room: RoomView) -> str:
    """The product's title, cleaned; its id when it is not in the catalogue."""
    product = room.products.get(product_id)
    return clean(product.title if product is not None else product_id, 200)


def label(product_id: str, room: RoomView) -> str:
    """``3 号`` when it is in the cart, else its title."""
    number = room.numbers.get(product_id)
    return t("{numbers} 号", numbers=number) if number is not None else product_title(product_id, room)


def rule_words(rule: CouponRule | Mapping[str, Any]) -> str:
    """A coupon's rule: ``满 199 减 20``, ``立减 8``, ``8.5 折``; a draft's may stand as it will be sent."""
    zh, en = instructions.rule_words(msgspec.to_builtins(rule) if isinstance(rule, CouponRule) else rule)
    return clean(en if language() == "en" else zh, 120)


def cue_title(cue: CueState, room: RoomView) -> str:
    """A promotion in one short line: ``秒杀 ¥99 · 3 号``, ``满 199 减 20``, ``福袋「驼色好看」``."""
    return terms_title(cue.kind, cue.terms, room)


def terms_title(kind: str, spec: Spec | None, room: RoomView) -> str:
    """As `cue_title`, of what is no cue yet."""
    name = t(theme.kind_of(kind).name)
    about = "、".join(label(product_id, room) for product_id in room.products_in(spec))
    if isinstance(spec, FlashSaleSpec):
        prices = sorted({sku.price_fen for sku in spec.skus})
        return f"{name} {yuan_short(prices[0])}{'+' if len(prices) > 1 else ''} · {about}"
    if isinstance(spec, CouponSpec):
        return clean(spec.name or rule_words(spec.rule), 60)
    if isinstance(spec, LuckyBagSpec):
        return f"{name}「{clean(spec.entry.keyword or spec.prize.name, 40)}」"
    return f"{name} {about}".strip()


def cue_counts(cue: CueState) -> list[str]:
    """What a running promotion has come to, most telling first. What no source tells is ``—``, never 0."""
    spec = cue.terms
    if isinstance(spec, FlashSaleSpec):
        said = [
            t("已售 {n}", n=number(cue.sold)),
            t("待付款 {n}", n=number(cue.held)),
            # Not on the log: an engine that was started again has counted only since then.
            t("没抢到 {n}+" if cue.refused_since else "没抢到 {n}", n=number(cue.refused_count)),
        ]
        if cue.oversold:
            said.insert(0, t("超卖 {n}", n=number(cue.oversold)))
        return said
    if isinstance(spec, CouponSpec):
        share = f"（{cue.used * 100 // cue.claimed}%）" if cue.claimed and cue.used is not None else ""
        return [
            t("领 {n} / {of}", n=number(cue.claimed), of=number(spec.quantity)),
            t("用 {n}", n=number(cue.used)) + share,
        ]
    if isinstance(spec, LuckyBagSpec):
        drawn = len(cue.winners)
        people = t("{n} 人中奖", n=drawn) if drawn else t("抽 {n} 人", n=number(spec.winners))
        prize = clean(spec.prize.name, 24)
        return [t("{n} 人参与", n=number(cue.entrants)), people, t("奖品 {prize}", prize=prize)]
    return []


def number(value: int | None) -> str:
    """A figure, ``—`` for one that nobody reported."""
    return "—" if value is None else f"{value:,}"
