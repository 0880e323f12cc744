"""Products and promotions in few words, the same in every place."""

from __future__ import annotations

from collections.abc import Iterable

from liveconsole.messages import wording
from liveconsole.messages.specs import CouponRule, CouponSpec, FlashSaleSpec, LuckyBagSpec, Spec
from liveconsole.messages.state import CueState, ProductState
from liveconsole.views.money import yuan_short
from ui import theme
from ui.clean import clean
from ui.i18n import language, t
from ui.seat.room import RoomView


def label(product_id: str, room: RoomView) -> str:
    """``3 号`` when it is in the cart, else its title."""
    number = room.numbers.get(product_id)
    return t("{numbers} 号", numbers=number) if number is not None else clean(room.title(product_id), 200)


def points_of(product: ProductState | None) -> list[str]:
    """What is said for a product, point by point."""
    points = product.points if product is not None else None
    if isinstance(points, str):
        return [point for point in points.split(" · ") if point]
    return list(points or ())


def left_of(sales: Iterable[CueState], product: ProductState) -> tuple[int | None, int]:
    """What flash sales have left of one product, and how much they set aside of it: of a sale of several
    goods only its own. None where nobody reports it."""
    own = {sku.sku_id for sku in product.skus}
    whole, left = 0, 0
    known = True
    for sale in sales:
        mine = [sku for sku in sale.skus if sku.sku_id in own]
        whole += sum(sku.quantity for sku in mine)
        # What a person read off the platform is the whole sale's, and tells only where that is one product's.
        told = [sale.left] if len(mine) == len(sale.skus) else [sku.left for sku in mine]
        known = known and None not in told
        left += sum(n for n in told if n is not None)
    return (left if known else None), whole


def rule_words(rule: CouponRule) -> str:
    """A coupon's rule: ``满 199 减 20``, ``立减 8``, ``8.5 折``."""
    chinese, english = wording.rule_words(rule)
    return english if language() == "en" else chinese


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


def cue_title(cue: CueState, room: RoomView) -> str:
    """A promotion in one short line."""
    return terms_title(cue.kind, cue.terms, room)


def cue_counts(cue: CueState) -> list[str]:
    """What a running promotion has come to, most telling first. What no source tells is ``—``, never 0."""
    terms = cue.terms
    if isinstance(terms, FlashSaleSpec):
        said = [
            t("已售 {n}", n=number(cue.sold)),
            t("待付款 {n}", n=number(cue.held)),
            # Not on the log: an engine that was started again has counted only since then.
            t("没抢到 {n}+" if cue.refused_since else "没抢到 {n}", n=number(cue.refused_count)),
        ]
        if cue.oversold:
            said.insert(0, t("超卖 {n}", n=number(cue.oversold)))
        return said
    if isinstance(terms, CouponSpec):
        claimed, used = cue.claimed, cue.used
        share = f"（{used * 100 // claimed}%）" if claimed and used is not None else ""
        return [
            t("领 {n} / {of}", n=number(claimed), of=number(terms.quantity)),
            t("用 {n}", n=number(used)) + share,
        ]
    if isinstance(terms, LuckyBagSpec):
        people = (
            t("{n} 人中奖", n=len(cue.winners)) if cue.winners else t("抽 {n} 人", n=number(terms.winners))
        )
        prize = clean(terms.prize.name, 24)
        return [t("{n} 人参与", n=number(cue.entrants)), people, t("奖品 {prize}", prize=prize)]
    return []


def number(value: int | None) -> str:
    """A figure, ``—`` for one that nobody reported."""
    return "—" if value is None else f"{value:,}"
