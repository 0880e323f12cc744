"""A coupon in plain words for viewers: what it takes off, from where, and what is still missing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from liveconsole.messages.specs import CouponRule
from liveconsole.messages.state.cues import TopUpState
from liveconsole.messages.wording import rule_words
from liveconsole.views.money import yuan_short
from liveconsole.views.top_up import next_step

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
    """The 凑单提醒 for one unit at ``price_fen``: the next step, or the one it reaches (`views.top_up`)."""
    return top_up_words(next_step(rule, price_fen), number)


def top_up_words(found: TopUpState | None, number: int | None) -> str:
    """What viewers read of it."""
    if found is None:
        return ""
    this = "买这件" if number is None else f"买 {number} 号"
    if not found.missing_fen:
        return f"{this}就减 {yuan_short(found.off_fen)}"
    return f"{this}，再买 {yuan_short(found.missing_fen)} 减 {yuan_short(found.off_fen)}"
