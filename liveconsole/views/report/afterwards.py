"""What was not as wanted, and what is left to do when the broadcast is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from liveconsole.views.kinds import WORDS
from liveconsole.views.kinds.kind import LeftOver
from liveconsole.views.report.broadcast import BroadcastFold
from liveconsole.views.report.catalogue import CatalogueOverTime, one_line
from liveconsole.views.report.cues import Cues
from liveconsole.views.report.ledger import LedgerOrder
from liveconsole.views.report.model import (
    Contact,
    Difference,
    Handover,
    LiveCoupon,
    OwedPrice,
    OwedRefund,
    Promotion,
    ReportOrder,
    ReportPledge,
)

_RUNS: Final = frozenset({"firing", "unknown", "on_air"})


def differences_of(evening: BroadcastFold, cues: Cues, promotions: Sequence[Promotion]) -> list[Difference]:
    found = [replace(difference) for difference in evening.differences]
    for cue in cues.all.values():
        if cue.broadcast != evening.broadcast:
            continue
        said = cue.said
        if said.end_owed and said.end_confirmed_at is None and said.ended_at is not None:
            found.append(Difference(said.ended_at, "end_open", said.title, said.kind))
    for said in promotions:
        if (drew := _other_number_of_winners(said)) is not None:
            found.append(drew)
        at = cues.all[said.cue_id].measured_at
        for name in ("sold", "claimed", "used", "entrants"):
            counted, shown = getattr(said, name), said.measured.get(name)
            if at is not None and counted is not None and shown is not None and counted != shown:
                found.append(
                    Difference(at, "measured", said.title, said.kind, wanted=counted, shown=shown, what=name)
                )
    return sorted(found, key=lambda difference: difference.at)


def _other_number_of_winners(said: Promotion) -> Difference | None:
    """A platform's draw of more or fewer than were planned."""
    words, at = WORDS.get(said.kind), said.ended_at
    drawn = words is not None and words.DRAWS and said.outcome == "platform"
    if not drawn or at is None or said.quantity in (None, len(said.winners)):
        return None
    return Difference(at, "winners", said.title, said.kind, wanted=said.quantity, shown=len(said.winners))


def handover_of(
    evening: BroadcastFold,
    promotions: Sequence[Promotion],
    rows: Sequence[ReportOrder],
    orders: Sequence[LedgerOrder],
    cues: Cues,
    shop: CatalogueOverTime,
    pledges: Sequence[ReportPledge],
) -> Handover:
    found = Handover(pledges=list(pledges))
    for said in promotions:
        runs = said.status in _RUNS
        owed = runs or (said.end_owed and said.end_confirmed_at is None)
        words = WORDS.get(said.kind)
        left = words.left_over(said, owed=owed) if words is not None else LeftOver(end=owed)
        if left.coupons:
            found.coupons.append(LiveCoupon(said.title, owed, said.unused, said.valid_until))
        for sku_id in left.prices:
            known = shop.skus.get(sku_id)
            price = known.price_fen if known is not None else None
            found.prices.append(OwedPrice(shop.called(sku_id), price))
        if left.end:
            found.ends.append(said.title)
        prize = said.title  # of a bag; nothing else has winners
        found.winners += [
            Contact(winner.name, prize, winner.status == "settled", winner.until)
            for winner in said.winners
            if winner.status != "passed"
        ]
    found.unpaid = [row for row in rows if row.status == "unpaid"]
    found.refunds = [OwedRefund(one_line(o.order_id), o.refund_owed_fen) for o in orders if o.refund_owed_fen]
    units: dict[str, int] = {}
    for _, sku_id, more, _ in evening.oversold:
        units[sku_id] = units.get(sku_id, 0) + more
    found.oversold = [(shop.called(sku_id), more) for sku_id, more in units.items()]
    return found
