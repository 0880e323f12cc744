"""How a coupon's rule is worded, in Chinese and English: the one home below the rules, the screens and files.

A rule may be the struct, or an object of the wire with nulls in it (``{"off_fen": 2000, "zhe": null}``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from liveconsole.messages.specs import CouponRule


def plain_yuan(fen: int) -> str:
    """``128000`` → ``1280.00``: as a person types it at a platform, and as refusals say it."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def short_yuan(fen: int) -> str:
    """``128000`` → ``1280``, ``9950`` → ``99.50``: as a person says it."""
    return plain_yuan(fen).removesuffix(".00")


def rule_words(rule: CouponRule | Mapping[str, Any]) -> tuple[str, str]:
    """Say what a coupon takes off: 满 199 减 20, 直减 8, 8.5 折, or one step after another."""
    sent: Mapping[str, Any] = msgspec.to_builtins(rule) if isinstance(rule, CouponRule) else rule
    if sent.get("zhe"):
        return _zhe(sent["zhe"])
    tiers = sent.get("tiers") or []
    if tiers:
        steps = [_step(tier["threshold_fen"], tier["off_fen"]) for tier in tiers]
        return "、".join(zh for zh, _ in steps), ", ".join(en for _, en in steps)
    if sent.get("threshold_fen"):
        return _step(sent["threshold_fen"], sent.get("off_fen") or 0)
    off = short_yuan(sent.get("off_fen") or 0)
    return f"直减 {off}", f"{off} off"


def sum_words(fen: int) -> tuple[str, str]:
    """Say what an order has to come to: 满 199 元."""
    return f"满 {short_yuan(fen)} 元", f"from ¥{short_yuan(fen)}"


def taken_words(rule: CouponRule, off_fen: int) -> tuple[str, str]:
    """Say what a rule took off a basket: 满减 20.00, 阶梯满减 50.00, 8.5 折."""
    if rule.zhe is not None:
        return _zhe(rule.zhe)
    name = "阶梯满减" if rule.tiers is not None else "满减" if rule.threshold_fen is not None else "直减"
    off = plain_yuan(off_fen)
    return f"{name} {off}", f"coupon {off} off"


def _zhe(zhe: str) -> tuple[str, str]:
    return f"{zhe} 折", f"pay {zhe}/10"


def _step(threshold_fen: int, off_fen: int) -> tuple[str, str]:
    threshold, off = short_yuan(threshold_fen), short_yuan(off_fen)
    return f"满 {threshold} 减 {off}", f"{off} off from {threshold}"
