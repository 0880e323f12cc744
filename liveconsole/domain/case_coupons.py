"""A dry run of a 补偿券 by itself: whom it is for the books say, what it may take off the room does."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from liveconsole.domain import time_limit
from liveconsole.domain.most_allowed import most_allowed
from liveconsole.domain.room import Room
from liveconsole.domain.shop_asks import forbids_coupon
from liveconsole.messages.after_order import CaseCoupon
from liveconsole.messages.refusals import Refused


def most_off(room: Room, coupon: CaseCoupon) -> int | None:
    """Return the most that it could take off, where less than it asks would do; None: no amount would."""

    def allows(off_fen: int) -> bool:
        return forbids_coupon(room, replace(coupon, off_fen=off_fen)) is None

    return most_allowed(allows, coupon.off_fen)


def repairs(room: Room, coupon: CaseCoupon, because: Refused) -> list[dict[str, Any]]:
    """Return what would mend a coupon that is refused, in the shape of the other repairs; none where there is
    no time to find it."""
    if because.code != "below_price_floor":
        return []
    try:
        most = most_off(room, coupon)
    except time_limit.Stopped:
        return []
    if most is None:
        return []
    sku_id = because.params.get("sku_id", "")
    return [{"code": because.code, "sku_id": sku_id, "params": because.params, "fix": {"off_fen": most}}]
