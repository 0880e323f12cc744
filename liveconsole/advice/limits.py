"""What a platform allows, in plain words with the figure that is missing. Advice, never a refusal.

The figures are an editable file (``resources/limits/*.toml``; the user's own copy wins): `parse` reads its
text, `check` holds a spec against it. Both are pure; `load` finds the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.advice import played, together
from liveconsole.advice.notices import LimitNotice, Number, fen_of, hours, lasts, number, part_of, plain
from liveconsole.advice.played import PacketLimits, PkLimits
from liveconsole.advice.together import BargainLimits, GroupLimits
from liveconsole.messages.specs import (
    BargainSpec,
    BundleSpec,
    CouponRule,
    CouponSpec,
    FlashSaleSpec,
    GiftSpec,
    GroupBuySpec,
    LuckyBagSpec,
    PkSpec,
    RedPacketSpec,
    Spec,
)
from liveconsole.paths import own_folders
from liveconsole.respath import resources
from liveconsole.views.money import NotMoney, parse_yuan, plain_yuan

FOLDER: Final = "limits"
FILE: Final = "wechat.toml"


class BadLimits(ValueError):
    """A limits file that cannot be used; the text says where."""


class SaleLimits(Struct, frozen=True, forbid_unknown_fields=True):
    hours_max: Number | None = None
    days_ahead_max: Number | None = None
    price_over_yuan: Number | None = None
    zhe_min: Number | None = None
    zhe_max: Number | None = None
    off_min_yuan: Number | None = None
    one_per_product: bool = False


class CouponLimits(Struct, frozen=True, forbid_unknown_fields=True):
    name_chars_max: int | None = None
    zhe_min: Number | None = None
    zhe_max: Number | None = None
    zhe_step: Number | None = None
    off_max_yuan: Number | None = None
    result_zhe_min: Number | None = None
    products_max: int | None = None
    tiers: bool = True


class BagLimits(Struct, frozen=True, forbid_unknown_fields=True):
    winners_max: int | None = None
    minutes_min: Number | None = None
    minutes_max: Number | None = None
    keyword_chars_max: int | None = None
    series_max: int | None = None


class BundleLimits(Struct, frozen=True, forbid_unknown_fields=True):
    items_max: int | None = None


class GiftLimits(Struct, frozen=True, forbid_unknown_fields=True):
    minutes_min: Number | None = None
    days_max: Number | None = None
    days_ahead_max: Number | None = None
    threshold: bool = True


class Limits(Struct, frozen=True):
    """One platform's. A figure that is not there is not checked."""

    name: str = ""
    checked: Any = None
    flash_sale: SaleLimits = SaleLimits()
    coupon: CouponLimits = CouponLimits()
    lucky_bag: BagLimits = BagLimits()
    bundle: BundleLimits = BundleLimits()
    gift: GiftLimits = GiftLimits()
    group_buy: GroupLimits = GroupLimits()
    bargain: BargainLimits = BargainLimits()
    pk: PkLimits = PkLimits()
    red_packet: PacketLimits = PacketLimits()

    @property
    def parts(self) -> tuple[Struct, ...]:
        """Those of each kind."""
        return (
            self.flash_sale,
            self.coupon,
            self.lucky_bag,
            self.bundle,
            self.gift,
            self.group_buy,
            self.bargain,
            self.pk,
            self.red_packet,
        )


class Stocked(Struct, frozen=True):
    """What a check must know of the shop besides the spec: prices in 分, and running sales."""

    prices: Mapping[str, int]
    """SKU id → its normal price."""
    owners: Mapping[str, str]
    """SKU id → product id."""
    titles: Mapping[str, str]
    """Product id → title."""
    sales: Mapping[str, str] = {}
    """Product id → a sale of it that is queued, planned or running, other than the one that is checked."""


def parse(text: str) -> Limits:
    """
    Raises:
        BadLimits: it is no TOML, or a figure is none.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), Limits)
        for part in found.parts:
            for name in part.__struct_fields__:
                value = getattr(part, name)
                if name.endswith("_yuan") and value is not None:
                    parse_yuan(str(value))
                elif isinstance(value, str) or (isinstance(value, float) and not isfinite(value)):
                    raise BadLimits(f"{name} = {value!r}")
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadLimits(str(error)) from error
    except NotMoney as error:
        raise BadLimits(f"{name} = {value!r}") from error
    return found


def path(data: Path | None) -> Path:
    """The file that holds: the user's own (``paths.own_folders``), else the program's."""
    for folder in own_folders(data) if data is not None else ():
        own = folder / FOLDER / FILE
        if own.is_file():
            return own
    return resources() / FOLDER / FILE


def load(data: Path | None = None) -> Limits:
    """
    Raises:
        BadLimits: the file cannot be used.
        OSError: it cannot be read.
    """
    return parse(path(data).read_text("utf-8-sig"))


def figures(limits: Limits) -> int:
    """How many of them are checked."""
    return sum(
        getattr(part, name) != default
        for part in limits.parts
        for name, default in zip(part.__struct_fields__, part.__struct_defaults__, strict=True)
    )


def check(limits: Limits, spec: Spec, shop: Stocked, *, ahead_seconds: float = 0.0) -> list[LimitNotice]:
    """What the platform would not take of a spec, the most pressing first.

    Args:
        ahead_seconds: how long before its start it is set up.
    """
    if isinstance(spec, FlashSaleSpec):
        return list(_sale(limits.flash_sale, spec, shop, ahead_seconds)) if spec.via == "task" else []
    if isinstance(spec, CouponSpec):
        return list(_coupon(limits.coupon, spec, shop))
    if isinstance(spec, LuckyBagSpec):
        return list(_bag(limits.lucky_bag, spec)) if spec.draw == "platform" else []
    if isinstance(spec, BundleSpec):
        return list(_bundle(limits.bundle, spec))
    if isinstance(spec, GiftSpec):
        return list(_gift(limits.gift, spec, ahead_seconds))
    if isinstance(spec, GroupBuySpec):
        return list(together.group(limits.group_buy, spec))
    if isinstance(spec, BargainSpec):
        return list(together.bargain(limits.bargain, spec))
    if isinstance(spec, PkSpec):
        return list(played.pk(limits.pk, spec))
    if isinstance(spec, RedPacketSpec):
        return list(played.red_packet(limits.red_packet, spec))
    return []


def told(limits: Limits, spec: Spec) -> dict[str, dict[str, str]]:
    """Return what the platform allows in each field of a promotion, in words; a field that is not named is
    one about which it says nothing."""
    if isinstance(spec, FlashSaleSpec):
        return _sale_told(limits.flash_sale) if spec.via == "task" else {}
    return {}


def _sale_told(limits: SaleLimits) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    zh, en = [], []
    if limits.zhe_min is not None and limits.zhe_max is not None:
        low, high = plain(limits.zhe_min), plain(limits.zhe_max)
        zh.append(f"{low} 折到 {high} 折")
        en.append(f"{low}/10 to {high}/10 of the price")
    elif limits.zhe_max is not None:
        zh.append(f"最多 {plain(limits.zhe_max)} 折")
        en.append(f"at most {plain(limits.zhe_max)}/10 of the price")
    if limits.off_min_yuan is not None:
        zh.append(f"至少便宜 {plain(limits.off_min_yuan)} 元")
        en.append(f"at least ¥{plain(limits.off_min_yuan)} off")
    if zh:
        found["price"] = {"zh": "，".join(zh), "en": ", ".join(en)}
    if limits.hours_max is not None:
        hours = plain(limits.hours_max)
        found["seconds"] = {"zh": f"最长 {hours} 小时", "en": f"at most {hours} hours"}
    if limits.days_ahead_max is not None:
        days = plain(limits.days_ahead_max)
        found["at"] = {"zh": f"最多提前 {days} 天设", "en": f"set up {days} days ahead at most"}
    return found


def task_skus(spec: Spec) -> list[str]:
    """SKUs of a sale that is a 限时抢购 task at the platform, of which a product has one at a time."""
    if isinstance(spec, FlashSaleSpec) and spec.via == "task":
        return [sku.sku_id for sku in spec.skus]
    return []


def _sale(
    limits: SaleLimits, spec: FlashSaleSpec, shop: Stocked, ahead_seconds: float
) -> Iterator[LimitNotice]:
    for sku in spec.skus:
        original = shop.prices.get(sku.sku_id)
        if original is not None:
            yield from _sale_price(limits, sku.price_fen, original, _title(shop, sku.sku_id, spec))
    yield from hours(limits.hours_max, spec.seconds)
    if limits.days_ahead_max is not None and ahead_seconds > number(limits.days_ahead_max) * 86_400:
        days = plain(limits.days_ahead_max)
        yield LimitNotice("days_ahead_max", f"最多提前 {days} 天设", f"Set up {days} days ahead at most")
    if limits.one_per_product:
        for product_id in dict.fromkeys(shop.owners.get(sku.sku_id, "") for sku in spec.skus):
            if product_id in shop.sales:
                title = shop.titles.get(product_id, product_id)
                yield LimitNotice(
                    "one_per_product",
                    f"{title} 已有一个抢购排着或没结束：一个商品同时只能有一个，先结束或移除它",
                    f"{title} has a sale that waits or is not over: one at a time for a product",
                )


def _title(shop: Stocked, sku_id: str, spec: FlashSaleSpec) -> str:
    """Named only where it would not be clear which is meant."""
    if len(spec.skus) == 1:
        return ""
    return f"{shop.titles.get(shop.owners.get(sku_id, ''), sku_id)}："


def _sale_price(limits: SaleLimits, price: int, original: int, title: str) -> Iterator[LimitNotice]:
    """The limit that asks for the most comes first, and only that one: its figure settles the others."""
    if limits.price_over_yuan is not None and original <= (over := fen_of(limits.price_over_yuan)):
        missing, now = plain_yuan(over + 1 - original), plain_yuan(original)
        yield LimitNotice(
            "price_over_yuan",
            f"{title}原价要高于 {plain(limits.price_over_yuan)} 元，现价 {now}，差 {missing} 元",
            f"{title}The normal price must be above ¥{plain(limits.price_over_yuan)}: {missing} missing",
            missing,
        )
        return
    most: list[tuple[int, str, str, str]] = []
    if limits.zhe_max is not None:
        zhe = plain(limits.zhe_max)
        fen = part_of(original, limits.zhe_max)
        most.append((fen, "zhe_max", f"最多 {zhe} 折", f"At most {zhe}/10 of the price"))
    if limits.off_min_yuan is not None:
        off = plain(limits.off_min_yuan)
        fen = original - fen_of(limits.off_min_yuan)
        most.append((fen, "off_min_yuan", f"至少便宜 {off} 元", f"At least ¥{off} off"))
    if most and price > (tightest := min(most))[0]:
        missing = plain_yuan(price - tightest[0])
        yield LimitNotice(
            tightest[1],
            f"{title}{tightest[2]}，还需再降 {missing} 元",
            f"{title}{tightest[3]}: ¥{missing} lower",
            missing,
        )
    if limits.zhe_min is not None and price < (least := -part_of(-original, limits.zhe_min)):
        missing, zhe = plain_yuan(least - price), plain(limits.zhe_min)
        yield LimitNotice(
            "zhe_min",
            f"{title}最低 {zhe} 折，还需再加 {missing} 元",
            f"{title}At least {zhe}/10 of the price: ¥{missing} higher",
            missing,
        )


def _coupon(limits: CouponLimits, spec: CouponSpec, shop: Stocked) -> Iterator[LimitNotice]:
    chars = len(spec.name.strip())
    if limits.name_chars_max is not None and chars > limits.name_chars_max:
        over = str(chars - limits.name_chars_max)
        yield LimitNotice(
            "name_chars_max",
            f"券名最多 {limits.name_chars_max} 字，多了 {over} 字",
            f"A name of {limits.name_chars_max} characters at most: {over} too many",
            over,
        )
    rule = spec.rule
    if rule.zhe is not None:
        yield from _coupon_zhe(limits, rule.zhe)
    if rule.tiers is not None and not limits.tiers:
        yield LimitNotice(
            "tiers",
            "平台没有阶梯满减，请分成几张券",
            "The platform has no tiers: make a coupon of each",
        )
    offs = [tier.off_fen for tier in rule.tiers] if rule.tiers is not None else [rule.off_fen or 0]
    if limits.off_max_yuan is not None and max(offs) > (most := fen_of(limits.off_max_yuan)):
        over = plain_yuan(max(offs) - most)
        yield LimitNotice(
            "off_max_yuan",
            f"一张最多减 {plain(limits.off_max_yuan)} 元，多了 {over} 元",
            f"¥{plain(limits.off_max_yuan)} off at most: {over} too much",
            over,
        )
    if limits.result_zhe_min is not None:
        yield from _coupon_result(limits.result_zhe_min, rule, spec, shop)
    ids = spec.scope.product_ids if spec.scope is not None else []
    if limits.products_max is not None and len(ids) > limits.products_max:
        over = str(len(ids) - limits.products_max)
        yield LimitNotice(
            "products_max",
            f"指定商品最多 {limits.products_max} 个，多了 {over} 个",
            f"{limits.products_max} products at most: {over} too many",
            over,
        )


def _coupon_zhe(limits: CouponLimits, said: str) -> Iterator[LimitNotice]:
    zhe = Decimal(said)
    if limits.zhe_min is not None and zhe < number(limits.zhe_min):
        missing = plain(number(limits.zhe_min) - zhe)
        least = plain(limits.zhe_min)
        yield LimitNotice(
            "zhe_min", f"最低 {least} 折，差 {missing} 折", f"At least {least}/10: {missing} missing", missing
        )
    if limits.zhe_max is not None and zhe > number(limits.zhe_max):
        most = plain(limits.zhe_max)
        yield LimitNotice("zhe_max", f"最多 {most} 折", f"At most {most}/10")
    if limits.zhe_step is not None and (rest := zhe % number(limits.zhe_step)):
        step, near = plain(limits.zhe_step), plain(zhe - rest)
        yield LimitNotice(
            "zhe_step",
            f"折扣按 {step} 折一档，可用 {near} 折",
            f"In steps of {step}: use {near}",
            plain(rest),
        )


def _coupon_result(
    zhe_min: Number, rule: CouponRule, spec: CouponSpec, shop: Stocked
) -> Iterator[LimitNotice]:
    """What is left of the threshold, or without one of the cheapest goods, must not be under a part of it."""
    pairs: list[tuple[int, int]] = [(t.threshold_fen, t.off_fen) for t in rule.tiers or ()]
    if rule.off_fen is not None:
        within = set(spec.scope.product_ids) if spec.scope is not None else None
        prices = [p for sku, p in shop.prices.items() if within is None or shop.owners.get(sku) in within]
        base = rule.threshold_fen if rule.threshold_fen is not None else min(prices, default=None)
        if base is not None:
            pairs.append((base, rule.off_fen))
    for base, off in pairs:
        least = -part_of(-base, zhe_min)
        if base - off < least:
            missing, zhe = plain_yuan(least - (base - off)), plain(zhe_min)
            yield LimitNotice(
                "result_zhe_min",
                f"减后不得低于 {zhe} 折（{plain_yuan(base)} 元减 {plain_yuan(off)} 元），要少减 {missing} 元",
                f"What is left must be {zhe}/10 at least: take ¥{missing} less off {plain_yuan(base)}",
                missing,
            )
            return


def _bundle(limits: BundleLimits, spec: BundleSpec) -> Iterator[LimitNotice]:
    if limits.items_max is not None and len(spec.items) > limits.items_max:
        over = str(len(spec.items) - limits.items_max)
        yield LimitNotice(
            "items_max",
            f"一套最多 {limits.items_max} 样，多了 {over} 样",
            f"{limits.items_max} goods in one at most: {over} too many",
            over,
        )


def _gift(limits: GiftLimits, spec: GiftSpec, ahead_seconds: float) -> Iterator[LimitNotice]:
    if spec.buy.threshold_fen is not None and not limits.threshold:
        yield LimitNotice(
            "threshold",
            "平台的买赠只能指定商品，没有满多少送",
            "The platform's gifts are for products, none is for a sum",
        )
    if limits.minutes_min is not None and spec.seconds < (least := round(number(limits.minutes_min) * 60)):
        short = lasts(least - spec.seconds)
        yield LimitNotice(
            "minutes_min",
            f"最短 {plain(limits.minutes_min)} 分钟，差 {short[0]}",
            f"At least {plain(limits.minutes_min)} minutes: {short[1]} missing",
            short[0],
        )
    if limits.days_max is not None and spec.seconds > (most := round(number(limits.days_max) * 86_400)):
        over = lasts(spec.seconds - most)
        yield LimitNotice(
            "days_max",
            f"最长 {plain(limits.days_max)} 天，超出 {over[0]}",
            f"At most {plain(limits.days_max)} days: {over[1]} too long",
            over[0],
        )
    if limits.days_ahead_max is not None and ahead_seconds > number(limits.days_ahead_max) * 86_400:
        days = plain(limits.days_ahead_max)
        yield LimitNotice("days_ahead_max", f"最多提前 {days} 天设", f"Set up {days} days ahead at most")


def _bag(limits: BagLimits, spec: LuckyBagSpec) -> Iterator[LimitNotice]:
    if limits.winners_max is not None and spec.winners > limits.winners_max:
        over = str(spec.winners - limits.winners_max)
        yield LimitNotice(
            "winners_max",
            f"最多 {limits.winners_max} 人中奖，多了 {over} 人",
            f"{limits.winners_max} winners at most: {over} too many",
            over,
        )
    if limits.minutes_min is not None and spec.seconds < (least := round(number(limits.minutes_min) * 60)):
        short = lasts(least - spec.seconds)
        said = plain(limits.minutes_min)
        yield LimitNotice(
            "minutes_min",
            f"最短 {said} 分钟，差 {short[0]}",
            f"{said} minutes at least: {short[1]} missing",
            short[0],
        )
    if limits.minutes_max is not None and spec.seconds > (most := round(number(limits.minutes_max) * 60)):
        over_time = lasts(spec.seconds - most)
        said = plain(limits.minutes_max)
        yield LimitNotice(
            "minutes_max",
            f"最长 {said} 分钟，超出 {over_time[0]}",
            f"{said} minutes at most: {over_time[1]} too long",
            over_time[0],
        )
    if limits.series_max is not None and (more := spec.bags - limits.series_max) > 0:
        zh, en = f"最多连发 {limits.series_max} 个福袋", f"{limits.series_max} bags in a series at most"
        yield LimitNotice("series_max", f"{zh}，多了 {more} 个", f"{en}: {more} too many", str(more))
    keyword = (spec.entry.keyword or "").strip()
    if limits.keyword_chars_max is not None and len(keyword) > limits.keyword_chars_max:
        over = str(len(keyword) - limits.keyword_chars_max)
        yield LimitNotice(
            "keyword_chars_max",
            f"口令最多 {limits.keyword_chars_max} 字，多了 {over} 字",
            f"A keyword of {limits.keyword_chars_max} characters at most: {over} too many",
            over,
        )
