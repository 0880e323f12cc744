"""What each promotion came to: units, GMV, discounts, rates, and how much faster the room bought."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from msgspec.structs import replace

from liveconsole.views.kinds import WORDS
from liveconsole.views.kinds.kind import PromotionRecord
from liveconsole.views.report.broadcast import BroadcastFold
from liveconsole.views.report.cues import Cues, PromotionSoFar
from liveconsole.views.report.ledger import LedgerOrder
from liveconsole.views.report.model import GivenCoupon, Promotion

BEFORE: Final = timedelta(minutes=10)
"""What a promotion's GMV a minute is compared with."""
SHORTEST: Final = timedelta(minutes=1)
"""Of less than this nobody makes a rate."""


def promotions_of(
    evening: BroadcastFold, orders: Sequence[LedgerOrder], cues: Cues, end: datetime
) -> list[Promotion]:
    mine = [cue for cue in cues.all.values() if cue.broadcast == evening.broadcast and listed(cue.said.kind)]
    mine.sort(key=lambda cue: (cue.said.on_air_at or cue.said.fired_at or end, cue.said.queued_at or end))
    rate = _Rate(orders)
    in_sale: dict[str, list[LedgerOrder]] = defaultdict(list)
    with_coupon: dict[str, list[LedgerOrder]] = defaultdict(list)
    for order in orders:
        for cue_id in {line.cue_id for line in order.lines if line.cue_id is not None}:
            in_sale[cue_id].append(order)
        coupon = cues.coupons.get(order.coupon_id or "")
        if coupon is not None:
            with_coupon[coupon.cue_id].append(order)
    given: dict[str, list[GivenCoupon]] = defaultdict(list)
    for coupon in cues.coupons.values():
        given[coupon.cue_id].append(coupon)
    found = []
    for number, cue in enumerate(mine, 1):
        said = replace(cue.said, number=number, measured=dict(cue.said.measured))
        said.oversold = sum(units for _, _, units, cue_id in evening.oversold if cue_id == said.cue_id)
        if (words := WORDS.get(said.kind)) is not None:
            told = PromotionRecord(
                sold_in=in_sale[said.cue_id],
                paid_with=with_coupon[said.cue_id],
                coupons=given[said.cue_id],
                orders_known=evening.orders_known,
                claims_known=not (cue.by_person or cue.claims_read) or bool(given[said.cue_id]),
                follows_known=evening.counts.followed is not None,
                winners=[replace(winner) for winner in cue.winners.values()],
                entered=cue.entered,
                followers=_while_on_air(cue, evening),
                end=end,
                filled=cue.filled,
                helped=cue.helped,
                shares=cues.brought.of(said.cue_id, orders),
            )
            words.tell(said, told)
            _told_by(said, cue)
        if said.on_air_at is not None:
            until = said.ended_at or end
            said.before_fen = rate(max(evening.start or until, said.on_air_at - BEFORE), said.on_air_at)
            said.during_fen = rate(said.on_air_at, until, whole=True)
            if said.before_fen and said.during_fen is not None:
                said.burst = said.during_fen / said.before_fen
        found.append(said)
    return found


def _told_by(said: Promotion, cue: PromotionSoFar) -> None:
    """Who tells its figures, where its kind did not say so."""
    if not said.told and said.measured and said.on_air_at is not None:
        said.told, said.told_at = "hand" if cue.by_hand else "source", cue.measured_at


def listed(kind: str) -> bool:
    """Tell whether promotions of a kind are rows; those of a newer program are."""
    known = WORDS.get(kind)
    return known is None or known.LISTED


class _Rate:
    """GMV a minute between two moments, by when the orders came."""

    def __init__(self, orders: Sequence[LedgerOrder]) -> None:
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


def _while_on_air(cue: PromotionSoFar, evening: BroadcastFold) -> Sequence[str]:
    """Who followed while it ran."""
    since, until = (*cue.follows, len(evening.follows))[:2] if cue.follows else (0, 0)
    return evening.follows[since:until]
