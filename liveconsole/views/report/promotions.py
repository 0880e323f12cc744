"""What each promotion came to: units, GMV, discounts, rates, and how much faster the room bought."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from msgspec.structs import replace

from liveconsole.domain.given import off_price
from liveconsole.views.report.cues import Coupon, Cues, Running
from liveconsole.views.report.evening import Evening
from liveconsole.views.report.ledger import Order
from liveconsole.views.report.model import Promotion

BEFORE: Final = timedelta(minutes=10)
"""What a promotion's GMV a minute is compared with."""
SHORTEST: Final = timedelta(minutes=1)
"""Of less than this nobody makes a rate."""


def promotions_of(evening: Evening, orders: Sequence[Order], cues: Cues, end: datetime) -> list[Promotion]:
    mine = [cue for cue in cues.all.values() if cue.broadcast == evening.broadcast and cue.said.kind != "pin"]
    mine.sort(key=lambda cue: (cue.said.on_air_at or cue.said.fired_at or end, cue.said.queued_at or end))
    rate = _Rate(orders)
    in_sale: dict[str, list[Order]] = defaultdict(list)
    with_coupon: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        for cue_id in {line.cue_id for line in order.lines if line.cue_id is not None}:
            in_sale[cue_id].append(order)
        coupon = cues.coupons.get(order.coupon_id or "")
        if coupon is not None:
            with_coupon[coupon.cue_id].append(order)
    given: dict[str, list[Coupon]] = defaultdict(list)
    for coupon in cues.coupons.values():
        given[coupon.cue_id].append(coupon)
    found = []
    for number, cue in enumerate(mine, 1):
        said = replace(cue.said, number=number, measured=dict(cue.said.measured))
        said.oversold = sum(units for _, _, units, cue_id in evening.oversold if cue_id == said.cue_id)
        if said.kind == "flash_sale":
            _sale(said, in_sale[said.cue_id])
        elif said.kind == "coupon":
            _coupon(said, with_coupon[said.cue_id], given[said.cue_id], end)
        else:
            _bag(said, cue, evening)
        if said.on_air_at is not None:
            until = said.ended_at or end
            said.before_fen = rate(max(evening.start or until, said.on_air_at - BEFORE), said.on_air_at)
            said.during_fen = rate(said.on_air_at, until, whole=True)
            if said.before_fen and said.during_fen is not None:
                said.burst = said.during_fen / said.before_fen
        found.append(said)
    return found


class _Rate:
    """GMV a minute between two moments, by when the orders came."""

    def __init__(self, orders: Sequence[Order]) -> None:
        paid = sorted((order.at, order.paid_fen) for order in orders if order.paid)
        self._at = [at for at, _ in paid]
        self._sums = [0, *accumulate(fen for _, fen in paid)]

    def __call__(self, start: datetime, end: datetime, *, whole: bool = False) -> float | None:
        """``whole``: it is a promotion, however short, and the order that ended it belongs to it."""
        if end - start < (timedelta(seconds=1) if whole else SHORTEST):
            return None
        behind = bisect_right if whole else bisect_left
        fen = self._sums[behind(self._at, end)] - self._sums[bisect_left(self._at, start)]
        return fen / ((end - start) / timedelta(minutes=1))


def _sale(said: Promotion, orders: Sequence[Order]) -> None:
    skus = said.spec.get("skus") or [said.spec]
    said.quantity, said.sold = sum(sku["quantity"] for sku in skus), 0
    for order in orders:
        said.orders += order.paid and not order.closed
        shares, _ = order.parts(order.paid_fen)
        for line, fen in zip(order.lines, shares, strict=True):
            if line.cue_id != said.cue_id:
                continue
            said.gmv_fen += fen
            if order.takes != "sold":
                continue
            said.sold += line.quantity
            said.discount_fen += off_price(line.regular_fen, line.unit_price_fen, line.quantity)
            list_fen = line.list_fen if line.list_fen is not None else line.regular_fen
            said.list_discount_fen = (said.list_discount_fen or 0) + (
                list_fen - line.unit_price_fen
            ) * line.quantity


def _coupon(said: Promotion, orders: Sequence[Order], given: Sequence[Coupon], end: datetime) -> None:
    said.quantity = said.spec.get("quantity")
    said.claimed = len(given)
    said.used = sum(coupon.order_id is not None for coupon in given)
    valid = [c for c in given if c.order_id is None and (c.valid_until is None or c.valid_until > end)]
    said.unused = len(valid)
    said.valid_until = max((c.valid_until for c in valid if c.valid_until is not None), default=None)
    for order in orders:
        said.gmv_fen += order.paid_fen
        if order.takes == "sold":
            said.orders += 1
            said.discount_fen += order.coupon_off_fen


def _bag(said: Promotion, cue: Running, evening: Evening) -> None:
    said.quantity = said.spec.get("winners")
    said.winners = [replace(winner) for winner in cue.winners.values()]
    if said.on_air_at is None:
        return
    here = said.spec.get("draw", "console") == "console"
    said.entrants = cue.entered if here else said.measured.get("entrants")
    since, until = (*cue.follows, len(evening.follows))[:2] if cue.follows else (0, 0)
    said.new_followers = len(set(evening.follows[since:until]))
