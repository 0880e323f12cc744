"""Where a coupon's threshold should be: at 60 to 70 % of the average order of this room. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from liveconsole.views.money import plain_yuan

LEAST_ORDERS: Final = 5
"""Fewer paid orders make no average."""
PART_LOW, PART_HIGH = 60, 70
"""Per cent of the average order value."""
_STEP_FEN: Final = 100


class ThresholdAdvice(Struct, frozen=True):
    """Bounds in whole 元; ``fits``: the coupon's threshold lies between them."""

    average_fen: int
    low_fen: int
    high_fen: int
    fits: bool
    zh: str
    en: str


def threshold(paid_orders: int, gmv_fen: int, threshold_fen: int | None) -> ThresholdAdvice | None:
    """Advice on a 满减, from what was paid in this room; None for too few orders, or a coupon without one.

    A threshold under the average makes buyers add one more piece; above it most give up.
    """
    if paid_orders < LEAST_ORDERS or threshold_fen is None:
        return None
    average = gmv_fen // paid_orders
    low = -(-average * PART_LOW // 100 // _STEP_FEN) * _STEP_FEN
    high = max(low, average * PART_HIGH // 100 // _STEP_FEN * _STEP_FEN)
    fits = low <= threshold_fen <= high
    span = f"{plain_yuan(low)}–{plain_yuan(high)}".replace(".00", "")
    at = plain_yuan(threshold_fen).removesuffix(".00")
    mean = plain_yuan(average)
    if fits:
        zh = f"门槛 {at} 元合适：客单价 {mean} 元的 60–70 % 是 {span} 元"
        en = f"A threshold of ¥{at} fits: 60–70 % of the average order ({mean}) is {span}"
    else:
        way = ("低", "low") if threshold_fen < low else ("高", "high")
        zh = f"门槛 {at} 元偏{way[0]}：客单价 {mean} 元的 60–70 % 是 {span} 元"
        en = f"A threshold of ¥{at} is {way[1]}: 60–70 % of the average order ({mean}) is {span}"
    return ThresholdAdvice(average, low, high, fits, zh, en)
