"""One discount: what it takes off a sum, and how an order shares it over its lines. Integer 分 throughout."""

from __future__ import annotations

from collections.abc import Sequence

from liveconsole.messages.specs import CouponRule


def discount_of(rule: CouponRule, sum_fen: int) -> int:
    """Return what the coupon takes off ``sum_fen``, never more than all of it; 0 below its threshold.

    折扣 takes off whole 分: what is left of one stays with the shop.
    """
    if rule.zhe is not None:
        return sum_fen * (1000 - thousandths(rule.zhe)) // 1000
    if rule.tiers is not None:
        off = max((tier.off_fen for tier in rule.tiers if sum_fen >= tier.threshold_fen), default=0)
    elif rule.threshold_fen is not None and sum_fen < rule.threshold_fen:
        off = 0
    else:
        off = rule.off_fen or 0
    return min(off, sum_fen)


def reached(rule: CouponRule, sum_fen: int) -> bool:
    """Tell whether the coupon may be used on this sum at all."""
    if rule.tiers is not None:
        return sum_fen >= min(tier.threshold_fen for tier in rule.tiers)
    return rule.threshold_fen is None or sum_fen >= rule.threshold_fen


def share(discount_fen: int, amounts: Sequence[int]) -> list[int]:
    """Each line's discount, by amount; the largest remainders get the 分 that are left, earlier lines first.

    The shares add up to the discount exactly and none is above its amount.

    Raises:
        ValueError: the discount is below 0 or above the sum, or an amount is below 0.
    """
    whole = sum(amounts)
    if not 0 <= discount_fen <= whole or any(amount < 0 for amount in amounts):
        raise ValueError(f"{discount_fen} cannot be shared over {whole}")
    if whole == 0:
        return [0] * len(amounts)
    shares = [discount_fen * amount // whole for amount in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda i: (-(discount_fen * amounts[i] % whole), i))
    for i in by_remainder[: discount_fen - sum(shares)]:
        shares[i] += 1
    return shares


def thousandths(zhe: str) -> int:
    """Return what a buyer pays of each 1,000: "8.5" → 850."""
    whole, _, part = zhe.partition(".")
    return int(whole + part.ljust(2, "0"))
