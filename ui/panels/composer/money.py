"""The lowest reachable price and the most that a promotion can cost, in words, the same in every place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liveconsole.views.money import yuan, yuan_short
from ui.i18n import t


def cost_words(said: Mapping[str, Any]) -> tuple[str, str]:
    """``按已知优惠最低到手 ¥31.00 · 底价 ¥42.00 · 最多让利 …`` of a judgement, and its tone.

    Below the floor it is red and names what together brings it there.
    """
    low, lowest = said.get("lowest_fen"), said.get("lowest") or {}
    floor = lowest.get("floor_fen")
    parts = []
    if low is not None:
        parts.append(t("按已知优惠最低到手 {money}", money=yuan(low)))
        parts.append(t("底价 {money}", money=yuan(floor)) if floor is not None else t("没有底价"))
    if said.get("exposure_fen"):
        parts.append(t("最多让利 {money}", money=yuan_short(said["exposure_fen"])))
    under = low is not None and floor is not None and low < floor
    if under and lowest.get("combination"):
        parts.append(t("是这些叠在一起：{parts}", parts=lowest["combination"]))
    return " · ".join(parts), "live" if under else "ok" if floor is not None else "fg1"
