"""What the discount of a member's level takes off an order that the console decides about.

The same model as the guard (`stacking`): it is reckoned on the sum of what he takes in its scope, after
flash prices, and beside a coupon on the same sum. A buyer has the discount of one level: the highest that his
成长值 reaches, whatever a lower one would take off. Nobody has one who did not agree to be a member.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from liveconsole.domain.context import Past, Pasts
from liveconsole.domain.discount import discount_of, share
from liveconsole.domain.fitting import products_of
from liveconsole.domain.membership import growth
from liveconsole.domain.room import Room
from liveconsole.messages.specs import ShopCoupon


class MemberOff(Struct, frozen=True):
    """``place``: where it stands in the settings; ``sum_fen``: of the lines that it is about; ``shares``:
    what it takes off each line, 分."""

    coupon: ShopCoupon
    place: int
    sum_fen: int
    shares: list[int]

    @property
    def fen(self) -> int:
        return sum(self.shares)


def are_on(room: Room) -> bool:
    """Tell whether the shop has a discount of members at all."""
    return any(coupon.member_from is not None for coupon in room.settings.shop_coupons)


def of_order(room: Room, buyer: str, lines: Sequence[tuple[str, int]], pasts: Pasts) -> MemberOff | None:
    """Return what his level takes off an order; None where it takes nothing off.

    Args:
        buyer: a pid.
        lines: (sku id, amount in 分 after flash prices) of every line.
        pasts: what he paid; who is not in it has paid nothing.
    """
    if buyer not in room.members:
        return None
    grown = growth(pasts.get(buyer, Past()).paid_fen)
    reached = [
        (place, coupon)
        for place, coupon in enumerate(room.settings.shop_coupons)
        if coupon.member_from is not None and coupon.member_from <= grown
    ]
    level = max((coupon.member_from or 0 for _, coupon in reached), default=0)
    his = [_off(room, place, coupon, lines) for place, coupon in reached if coupon.member_from == level]
    best = max(his, key=lambda off: off.fen, default=None)  # where a level has several he has one of them
    return best if best is not None and best.fen else None


def _off(room: Room, place: int, coupon: ShopCoupon, lines: Sequence[tuple[str, int]]) -> MemberOff:
    within = products_of(coupon.scope)
    amounts = [
        fen if within is None or room.skus[sku_id].product_id in within else 0 for sku_id, fen in lines
    ]
    sum_ = sum(amounts)
    return MemberOff(coupon, place, sum_, share(discount_of(coupon.rule, sum_), amounts))
