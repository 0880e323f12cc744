"""Answers of ``POST /v1/judge`` for tests of what is shown of them."""

from __future__ import annotations

from typing import Any


def lowest(
    fen: int, floor_fen: int | None = None, *, sku_id: str = "", combination: str = ""
) -> dict[str, Any]:
    """The two fields that say the lowest reachable price."""
    low = {"sku_id": sku_id, "fen": fen, "floor_fen": floor_fen, "label": "按已知优惠最低到手"}
    low |= {"combination": combination, "combination_en": combination}
    return {"lowest_fen": fen, "lowest": low}
