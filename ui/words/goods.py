"""The room's state by product, SKU and number, and a promotion in few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from liveconsole.messages.specs import CouponRule, CouponSpec, FlashSaleSpec, LuckyBagSpec, Spec
from liveconsole.views import instructions
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import language, t
from ui.seat.room import RoomView
from ui.widgets.plain import clean

Json = Mapping[str, Any]

RUNNING = frozenset({"firing", "unknown", "on_air"})
"""Statuses of a cue that is, or may be, at work at the platform."""


class Goods:
    """Look-ups over one body of ``GET /v1/state``."""

    def __init__(self, state: Json) -> None:
        self.products: dict[str, Json] = {p["product_id"]: p for p in state["catalogue"]["products"]}
        self.product_of: dict[str, str] = {
            sku["sku_id"]: product_id for product_id, p in self.products.items() for sku in p["skus"]
        }
        self.numbers: dict[str, int] = {item["product_id"]: item["number"] for item in state["cart"]["items"]}
        self.order: list[str] = [item["product_id"] for item in state["cart"]["items"]]
        self.cues: list[Json] = list(state["cues"])

    def title(self, product_id: str) -> str:
        """The product's title, cleaned; its id when it is not in the catalogue."""
        product = self.products.get(product_id)
        return clean(product["title"] if product else product_id, 200)

    def label(self, product_id: str) -> str:
        """``3 号`` when it is in the cart, else its title."""
        number = self.numbers.get(product_id)
        return t("{numbers} 号", numbers=number) if number is not None else self.title(product_id)

    def products_of(self, cue: Json) -> list[str]:
        """The products that a cue is about, in its order."""
        spec = cue["spec"]
        if cue["kind"] == "pin":
            return [spec["product_id"]]
        if cue["kind"] == "coupon":
            return list((spec.get("scope") or {}).get("product_ids") or [])
        if cue["kind"] == "lucky_bag":
            product_id = spec["prize"].get("product_id")
            return [product_id] if product_id else []
        found: dict[str, None] = {}
        for sku in sale_skus(spec):
            sku_id: str = sku["sku_id"]
            found[self.product_of.get(sku_id, sku_id)] = None
        return list(found)

    def cues_on(self, product_id: str, kind: str, statuses: frozenset[str]) -> list[Json]:
        """The cues of a kind that are about a product and in one of these states."""
        return [
            cue
            for cue in self.cues
            if cue["kind"] == kind and cue["status"] in statuses and product_id in self.products_of(cue)
        ]

    def next_after(self, product_id: str | None) -> str | None:
        """The product that 下一品 goes to: the next on the shelf after what is, or was last, explained.

        The engine decides; what is named here goes along with the command and is held against it.
        """
        if product_id is None:
            ended = (cue for cue in self.cues if cue["kind"] == "pin" and cue["status"] == "ended")
            product_id = next((cue["spec"]["product_id"] for cue in ended), None)
        at = self.order.index(product_id) + 1 if product_id in self.order else 0
        for candidate in self.order[at:]:
            product = self.products.get(candidate)
            if product is not None and product["on_shelf"]:
                return candidate
        return None


def sale_skus(spec: Json) -> list[Json]:
    """The SKUs of a flash sale, which may stand flat when there is one."""
    return list(spec.get("skus") or ([spec] if "sku_id" in spec else []))


def rule_words(rule: CouponRule) -> str:
    """A coupon's rule: ``满 199 减 20``, ``立减 8``, ``8.5 折``."""
    return instructions.rule_words(msgspec.to_builtins(rule))[language() == "en"]


def label(product_id: str, room: RoomView) -> str:
    """``3 号`` when it is in the cart, else its title."""
    number = room.numbers.get(product_id)
    return t("{numbers} 号", numbers=number) if number is not None else clean(room.title(product_id), 200)


def terms_title(kind: str, terms: Spec | None, room: RoomView) -> str:
    """A promotion in one short line: ``秒杀 ¥99 · 3 号``, ``满 199 减 20``, ``福袋「驼色好看」``."""
    name = t(theme.kind_of(kind).name)
    if isinstance(terms, CouponSpec):
        return clean(terms.name or rule_words(terms.rule), 60)
    if isinstance(terms, LuckyBagSpec):
        return f"{name}「{clean(terms.entry.keyword or terms.prize.name, 40)}」"
    about = "、".join(label(product_id, room) for product_id in room.products_in(terms))
    if isinstance(terms, FlashSaleSpec):
        prices = sorted({sku.price_fen for sku in terms.skus})
        return f"{name} {yuan_short(prices[0])}{'+' if len(prices) > 1 else ''} · {about}"
    return f"{name} {about}".strip()


def cue_title(cue: Json, goods: Goods) -> str:
    """A promotion in one short line: ``秒杀 ¥99 · 3 号``, ``满 199 减 20``, ``福袋「驼色好看」``."""
    spec, kind = cue["spec"], cue["kind"]
    name = t(theme.kind_of(kind).name)
    about = "、".join(goods.label(product_id) for product_id in goods.products_of(cue))
    if kind == "flash_sale":
        prices = sorted({sku["price_fen"] for sku in sale_skus(spec)})
        price = yuan_short(prices[0]) + ("+" if len(prices) > 1 else "") if prices else ""
        return f"{name} {price} · {about}"
    if kind == "coupon":
        return clean(spec.get("name") or rule_words(spec["rule"]), 60)
    if kind == "lucky_bag":
        keyword = (spec.get("entry") or {}).get("keyword")
        return f"{name}「{clean(keyword or spec['prize']['name'], 40)}」"
    return f"{name} {about}".strip()


def cue_counts(cue: Json) -> list[str]:
    """What a running promotion has come to, most telling first. What no source tells is ``—``, never 0."""
    spec, kind = cue["spec"], cue["kind"]
    if kind == "flash_sale":
        said = [
            t("已售 {n}", n=_n(cue.get("sold"))),
            t("待付款 {n}", n=_n(cue.get("held"))),
            # Not on the log: an engine that was started again has counted only since then.
            t("没抢到 {n}+" if cue.get("refused_since") else "没抢到 {n}", n=_n(cue.get("refused_count"))),
        ]
        if cue.get("oversold"):
            said.insert(0, t("超卖 {n}", n=_n(cue["oversold"])))
        return said
    if kind == "coupon":
        claimed, used = cue.get("claimed"), cue.get("used")
        share = f"（{used * 100 // claimed}%）" if claimed and used is not None else ""
        return [
            t("领 {n} / {of}", n=_n(claimed), of=_n(spec.get("quantity"))),
            t("用 {n}", n=_n(used)) + share,
        ]
    if kind == "lucky_bag":
        winners = cue.get("winners") or []
        people = t("{n} 人中奖", n=len(winners)) if winners else t("抽 {n} 人", n=_n(spec.get("winners")))
        prize = clean(spec["prize"]["name"], 24)
        return [t("{n} 人参与", n=_n(cue.get("entrants"))), people, t("奖品 {prize}", prize=prize)]
    return []


def _n(value: Any) -> str:
    return "—" if value is None else f"{value:,}"
