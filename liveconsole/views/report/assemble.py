"""Figures that need the whole evening: sums over its orders, burst factors, what is left to do."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from msgspec.structs import replace

from liveconsole.views.report.cues import Coupon, Cues, Running
from liveconsole.views.report.evening import Evening
from liveconsole.views.report.ledger import Ledger, Order
from liveconsole.views.report.model import (
    Clip,
    Contact,
    Difference,
    Handover,
    LiveCoupon,
    Minute,
    OrderRow,
    OwedPrice,
    OwedRefund,
    ProductRow,
    Promotion,
    Report,
    Totals,
)
from liveconsole.views.report.shop import Shop

BEFORE: Final = timedelta(minutes=10)
"""What a promotion's GMV a minute is compared with."""
SHORTEST: Final = timedelta(minutes=1)
"""Of less than this nobody makes a rate."""
_RUNS: Final = frozenset({"firing", "unknown", "on_air"})


def assemble(
    evening: Evening,
    *,
    of: int,
    room_title: str,
    simulated: bool,
    masked: bool,
    shop: Shop,
    free: Mapping[str, int] | None,
    ledger: Ledger,
    cues: Cues,
) -> Report:
    """The report of an evening that had at least one event."""
    assert evening.first is not None
    assert evening.last is not None
    start = evening.start or evening.first
    end = evening.closed_at or evening.last
    orders = ledger.of(evening.broadcast)
    clips = _clips(evening, orders, shop)
    promotions = _promotions(evening, orders, cues, end)
    products, other = _products(evening, orders, clips, shop, free)
    rows = [_order_row(order, shop, cues) for order in orders if order.known or order.paid]
    minutes, outside = _minutes(evening, orders, start, end)
    return Report(
        broadcast=evening.broadcast,
        of=of,
        title=evening.title or room_title,
        simulated=simulated,
        masked=masked,
        opened_at=evening.opened_at,
        closed_at=evening.closed_at,
        start=start,
        end=end,
        first_seq=evening.first_seq,
        last_seq=evening.last_seq,
        totals=_totals(evening, orders, minutes, promotions),
        outside=outside,
        minutes=minutes,
        actions=list(evening.actions),
        promotions=promotions,
        products=products,
        other_gmv_fen=other,
        clips=clips,
        orders=rows,
        questions={"asking": evening.asking, **evening.topics},
        differences=_differences(evening, cues, promotions),
        clock_steps=list(evening.clock_steps),
        oversold=[(at, shop.called(sku_id), units) for at, sku_id, units, _ in evening.oversold],
        skipped=evening.skipped,
        handover=_handover(evening, promotions, rows, orders, cues, shop, end),
    )


def _totals(
    evening: Evening, orders: Sequence[Order], minutes: Sequence[Minute], promotions: Sequence[Promotion]
) -> Totals:
    found = replace(evening.counts, comments=evening.comments)
    for order in orders:
        open_ = order.known and not order.closed and not order.paid
        found.placed += order.known
        found.closed += order.known and order.closed
        found.unpaid += open_
        found.unpaid_fen += order.total_fen if open_ else 0
        found.paid += order.known and order.paid and not order.closed
        found.units += order.units if order.takes == "sold" else 0
        found.gmv_fen += order.paid_fen
        found.refunded += order.refund_fen > 0
        found.refund_fen += order.refund_fen
        found.refund_owed_fen += order.refund_owed_fen
        found.unmatched += order.is_unmatched
    found.discount_fen = sum(promotion.discount_fen for promotion in promotions)
    found.oversold = sum(units for _, _, units, _ in evening.oversold)
    online = [minute.online for minute in minutes if minute.online is not None]
    found.online_mean = sum(online) / len(online) if online else None
    return found


def _minutes(
    evening: Evening, orders: Sequence[Order], start: datetime, end: datetime
) -> tuple[list[Minute], Minute]:
    count = max(1, -((start - end) // timedelta(minutes=1)))
    minutes = [Minute(start + timedelta(minutes=n)) for n in range(count)]
    for n, seen in evening.minutes.items():
        # An event at the very end of the last whole minute stands in it.
        at = minutes[min(n, count - 1)]
        at.comments += seen.comments
        at.online = seen.online if seen.online is not None else at.online
    outside = Minute(start, comments=evening.early + evening.late)
    for order in orders:
        on_axis = start <= order.at <= end
        at = minutes[min((order.at - start) // timedelta(minutes=1), count - 1)] if on_axis else outside
        at.orders += order.known
        at.gmv_fen += order.paid_fen
    return minutes, outside


# Promotions -----------------------------------------------------------------------------------------


def _promotions(evening: Evening, orders: Sequence[Order], cues: Cues, end: datetime) -> list[Promotion]:
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
            said.during_fen = rate(said.on_air_at, until, at_least=timedelta(seconds=1))
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

    def __call__(self, start: datetime, end: datetime, at_least: timedelta = SHORTEST) -> float | None:
        if end - start < at_least:
            return None
        fen = self._sums[bisect_left(self._at, end)] - self._sums[bisect_left(self._at, start)]
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
            said.discount_fen += (line.regular_fen - line.unit_price_fen) * line.quantity
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


# Goods ----------------------------------------------------------------------------------------------


def _clips(evening: Evening, orders: Sequence[Order], shop: Shop) -> list[Clip]:
    found = []
    coming = sorted(orders, key=lambda order: order.at)
    moments = [order.at for order in coming]
    for clip in evening.clips:
        cut = replace(clip)
        if clip is evening.on_screen:
            cut.end = evening.closed_at or evening.last or clip.start
            cut.comments += evening.comments
        for order in coming[bisect_left(moments, cut.start) : bisect_left(moments, cut.end)]:
            shares, _ = order.parts(order.paid_fen)
            of_it = [shop.product_of(line.sku_id) == cut.product_id for line in order.lines]
            cut.orders += any(of_it)
            cut.gmv_fen += sum(fen for fen, is_it in zip(shares, of_it, strict=True) if is_it)
        found.append(cut)
    return found


def _products(
    evening: Evening,
    orders: Sequence[Order],
    clips: Sequence[Clip],
    shop: Shop,
    free: Mapping[str, int] | None,
) -> tuple[list[ProductRow], int]:
    left = free if free is not None else {sku_id: sku.free for sku_id, sku in shop.skus.items()}
    rows = {
        product.product_id: ProductRow(
            product.product_id,
            shop.title(product.product_id),
            shop.numbers.get(product.product_id),
            stock_left=sum(left.get(sku_id, 0) for sku_id in product.sku_ids),
        )
        for product in shop.products.values()
    }
    for clip in clips:
        row = rows.get(clip.product_id)
        if row is not None:
            row.pins += 1
            row.pinned_seconds += (clip.end - clip.start).total_seconds()
            row.comments += clip.comments
    other = 0
    for order in orders:
        gmv, gmv_other = order.parts(order.paid_fen)
        refunds, _ = order.parts(order.refund_fen)
        other += gmv_other
        touched = set()
        for line, fen, back in zip(order.lines, gmv, refunds, strict=True):
            row = rows.get(shop.product_of(line.sku_id))
            if row is None:
                other += fen
                continue
            row.gmv_fen += fen
            row.refund_fen += back
            row.units += line.quantity if order.takes == "sold" else 0
            touched.add(row.product_id)
        if order.takes == "sold":
            for product_id in touched:
                rows[product_id].orders += 1
    used = [row for row in rows.values() if row.number is not None or row.pins or row.units or row.gmv_fen]
    used.sort(key=lambda row: (-row.gmv_fen, row.number or 10**9, row.product_id))
    return used, other


def _order_row(order: Order, shop: Shop, cues: Cues) -> OrderRow:
    sales = dict.fromkeys(line.cue_id for line in order.lines if line.cue_id is not None)
    said = [cues.all[cue_id].said.title for cue_id in sales if cue_id in cues.all]
    coupon = cues.coupons.get(order.coupon_id or "")
    if coupon is not None and coupon.cue_id in cues.all:
        said.append(cues.all[coupon.cue_id].said.title)
    return OrderRow(
        order_id=order.order_id,
        at=order.at,
        status=order.status,
        buyer=order.buyer,
        goods="、".join(f"{shop.called(line.sku_id)} × {line.quantity}" for line in order.lines),
        units=order.units,
        total_fen=order.total_fen,
        paid_fen=order.paid_fen,
        refund_fen=order.refund_fen,
        promotion="、".join(said),
        unmatched=order.is_unmatched,
    )


# What was not as wanted, and what is left to do -----------------------------------------------------


def _differences(evening: Evening, cues: Cues, promotions: Sequence[Promotion]) -> list[Difference]:
    found = [replace(difference) for difference in evening.differences]
    for cue in cues.all.values():
        if cue.broadcast != evening.broadcast:
            continue
        said = cue.said
        if said.end_owed and said.end_confirmed_at is None and said.ended_at is not None:
            found.append(Difference(said.ended_at, "end_open", said.title, said.kind))
    for said in promotions:
        at = cues.all[said.cue_id].measured_at
        for name in ("sold", "claimed", "used", "entrants"):
            counted, shown = getattr(said, name), said.measured.get(name)
            if at is not None and counted is not None and shown is not None and counted != shown:
                found.append(
                    Difference(at, "measured", said.title, said.kind, wanted=counted, shown=shown, what=name)
                )
    return sorted(found, key=lambda difference: difference.at)


def _handover(
    evening: Evening,
    promotions: Sequence[Promotion],
    rows: Sequence[OrderRow],
    orders: Sequence[Order],
    cues: Cues,
    shop: Shop,
    end: datetime,
) -> Handover:
    found = Handover()
    for said in promotions:
        runs = said.status in _RUNS
        owed = runs or (said.end_owed and said.end_confirmed_at is None)
        if said.kind == "coupon":
            if owed or said.unused:
                found.coupons.append(LiveCoupon(said.title, owed, said.unused or 0, said.valid_until))
        elif owed and said.kind == "flash_sale" and said.spec.get("via") == "price":
            for sku in said.spec.get("skus") or [said.spec]:
                known = shop.skus.get(sku["sku_id"])
                price = known.price_fen if known is not None else None
                found.prices.append(OwedPrice(shop.called(sku["sku_id"]), price))
        elif owed:
            found.ends.append(said.title)
        prize = (said.spec.get("prize") or {}).get("name", "") if said.kind == "lucky_bag" else ""
        found.winners += [
            Contact(winner.name, prize, winner.status == "settled", winner.until)
            for winner in said.winners
            if winner.status != "passed"
        ]
    found.unpaid = [row for row in rows if row.status == "unpaid"]
    found.refunds = [OwedRefund(o.order_id, o.refund_owed_fen) for o in orders if o.refund_owed_fen]
    units: dict[str, int] = {}
    for _, sku_id, more, _ in evening.oversold:
        units[sku_id] = units.get(sku_id, 0) + more
    found.oversold = [(shop.called(sku_id), more) for sku_id, more in units.items()]
    return found
