"""The way to a price, step by step and in words: the price it starts from, and what is taken off one unit."""

from __future__ import annotations

from msgspec import Struct

from liveconsole.domain.discount import discount_of
from liveconsole.domain.fitting import OfferedCoupon, OfferedGift
from liveconsole.messages.wording import plain_yuan, taken_words


class PriceStep(Struct, frozen=True):
    """One step of the way to a price: the price it starts from, or what a coupon takes off one unit."""

    what: str
    """``price``, ``shop_coupon``, or the kind of the promotion."""
    fen: int
    words: str
    words_en: str
    cue_id: str | None = None
    place: int | None = None
    """Of a coupon of the shop: where it stands in the settings."""


class Lowest(Struct, frozen=True):
    fen: int
    combination: str
    """In Chinese, as "秒杀 39.00 + 满减 8.00"."""
    combination_en: str
    parts: list[PriceStep]


def lowest_of(fen: int, parts: list[PriceStep]) -> Lowest:
    words, english = " + ".join(p.words for p in parts), " + ".join(p.words_en for p in parts)
    return Lowest(fen, words, english, parts)


def taken_off(coupon: OfferedCoupon, off: int, basket: int, price_fen: int) -> PriceStep:
    """Return what a coupon takes off one unit in a basket of that sum, or what a gift is worth to it."""
    if isinstance(coupon, OfferedGift):
        return gift_step(coupon.title, coupon.value, off, coupon.kind, coupon.cue_id or None)
    words, english = taken_words(coupon.rule, discount_of(coupon.rule, basket))
    if coupon.rule.zhe is None and basket != price_fen:
        sum_, each = plain_yuan(basket), plain_yuan(off)
        words += f"（凑到 {sum_}，每件摊 {each}）"
        english += f" (filled up to {sum_}, {each} of it on each)"
    if not coupon.kind:
        said = f"店铺已有 {words}", f"{english}, live in the shop"
        return PriceStep("shop_coupon", off, *said, place=coupon.place)
    return PriceStep(coupon.kind, off, words, english, coupon.cue_id or None)


def gift_step(title: str, value: int, off: int, kind: str, cue_id: str | None) -> PriceStep:
    worth, each = plain_yuan(value), plain_yuan(off)
    words = f"赠「{title}」值 {worth}（每件摊 {each}）"
    english = f"gift {title} worth {worth} ({each} of it on each)"
    return PriceStep(kind, off, words, english, cue_id)
