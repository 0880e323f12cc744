"""A coupon in plain words for viewers: what it takes off, from where, and what is still missing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from liveconsole.messages.specs import CouponRule
from liveconsole.messages.wording import rule_words
from liveconsole.views.money import yuan_short

_NUMBERS_NAMED: Final = 4


def off_words(rule: CouponRule) -> str:
    """The large figure: ``¥20``, ``8.5折``; of tiers the first, since that is what most buyers get."""
    if rule.zhe is not None:
        return f"{rule.zhe}折"
    if rule.tiers is not None:
        return yuan_short(min(tier.off_fen for tier in rule.tiers))
    return yuan_short(rule.off_fen or 0)


def rule_line(rule: CouponRule, scope: Sequence[str] | None, numbers: Mapping[str, int]) -> str:
    """``满 199 减 20 · 限 5、7 号``: products are named by the number that viewers see."""
    words = rule_words(rule)[0]
    if scope is None:
        return words
    named = sorted({numbers[product_id] for product_id in scope if product_id in numbers})
    if not named or len(named) > _NUMBERS_NAMED:
        return f"{words} · 限指定商品"
    return f"{words} · 限 {'、'.join(map(str, named))} 号"


def top_up(rule: CouponRule, price_fen: int, number: int | None) -> str:
    """The 凑单提醒 for one unit of the pinned product at ``price_fen``: the next step, or the one it reaches.

    Thresholds are tested on the sum after flash prices (contract), so ``price_fen`` is the price of the
    moment. A rule without a threshold needs no advice.
    """
    this = "买这件" if number is None else f"买 {number} 号"
    steps = [(tier.threshold_fen, tier.off_fen) for tier in rule.tiers or []]
    if rule.threshold_fen is not None and rule.off_fen is not None:
        steps = [(rule.threshold_fen, rule.off_fen)]
    if not steps:
        return ""
    beyond = [step for step in steps if step[0] > price_fen]
    if beyond:
        threshold, off = min(beyond)
        return f"{this}，再买 {yuan_short(threshold - price_fen)} 减 {yuan_short(off)}"
    return f"{this}就减 {yuan_short(max(off for _, off in steps))}"
