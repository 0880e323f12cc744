"""A report from an evening and the orders of it: sums over the whole of both."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from liveconsole.domain.order_units import is_gift
from liveconsole.messages.shop import ShopFace
from liveconsole.views.report.afterwards import differences_of, handover_of
from liveconsole.views.report.bags import bags_of
from liveconsole.views.report.broadcast import BroadcastFold
from liveconsole.views.report.catalogue import CatalogueOverTime, one_line
from liveconsole.views.report.cues import Cues
from liveconsole.views.report.ledger import LedgerOrder, OrderLedger
from liveconsole.views.report.model import (
    Clip,
    Minute,
    Promotion,
    Report,
    ReportOrder,
    ReportPledge,
    ReportProduct,
    ReportQuestion,
    Totals,
)
from liveconsole.views.report.plans import plans_of
from liveconsole.views.report.promotions import promotions_of
from liveconsole.views.report.proposals import proposals_of
from liveconsole.views.report.rundown import segments_of
from liveconsole.views.report.silences import silences, without_the_silent
from liveconsole.views.report.unknown import without_comments, without_orders


def assemble(
    evening: BroadcastFold,
    *,
    of: int,
    room_title: str,
    face: ShopFace,
    simulated: bool,
    masked: bool,
    shop: CatalogueOverTime,
    free: Mapping[str, int] | None,
    ledger: OrderLedger,
    cues: Cues,
) -> Report:
    """Return the report of an evening that had at least one event."""
    start, end = _span(evening)
    orders = ledger.of(evening.broadcast)
    clips = _clips(evening, orders, shop)
    promotions = promotions_of(evening, orders, cues, end)
    products, other = _products(evening, orders, clips, shop, free)
    rows = [_order_row(order, shop, cues) for order in orders if order.known or order.paid]
    pledges = _pledges(evening, products)
    minutes, outside = _minutes(evening, orders, start, end)
    known = evening.orders_known or bool(orders)  # told of late, maybe: then it is known
    report = Report(
        broadcast=evening.broadcast,
        of=of,
        title=one_line(evening.title or room_title),
        simulated=simulated,
        masked=masked,
        opened_at=evening.opened_at,
        closed_at=evening.closed_at,
        start=start,
        end=end,
        first_seq=evening.first_seq,
        last_seq=evening.last_seq,
        orders_known=known,
        totals=_totals(evening, orders, minutes, promotions),
        outside=outside,
        minutes=minutes,
        actions=list(evening.actions),
        promotions=promotions,
        products=products,
        other_gmv_fen=other,
        clips=clips,
        orders=rows,
        asking=evening.asking,
        questions=_questions(evening),
        pledges=pledges,
        violations=list(evening.violations.values()),
        differences=differences_of(evening, cues, promotions),
        clock_steps=list(evening.clock_steps),
        oversold=[(at, shop.called(sku_id), units) for at, sku_id, units, _ in evening.oversold],
        skipped=evening.skipped,
        gaps=sorted(evening.gaps.values(), key=lambda gap: gap.start),
        silences=silences(evening.gaps.values(), evening.spoke, start, end),
        handover=handover_of(evening, promotions, rows, orders, cues, shop, pledges),
        shop=face,
    )
    without_the_silent(report.minutes, report.silences)
    if not known:
        without_orders(report)
    if not evening.heard:
        without_comments(report)
    report.plans = plans_of(report.promotions)
    mine = {said.cue_id for said in report.promotions}
    report.bags = bags_of(cue.bags for cue in cues.all.values() if cue.said.cue_id in mine)
    report.segments = list(segments_of(evening.segments, shop, heard=evening.heard, until=end))
    report.proposals = proposals_of(evening.segments, report.segments, report.promotions)
    report.moods = evening.moods.rows(heard=evening.heard)
    return report


def _span(evening: BroadcastFold) -> tuple[datetime, datetime]:
    """From the opening to the close; an end that the log does not tell is its first or last event."""
    assert evening.first is not None
    assert evening.last is not None
    return evening.start or evening.first, evening.closed_at or evening.last


def _questions(evening: BroadcastFold) -> list[ReportQuestion]:
    return [
        ReportQuestion(
            group.id, one_line(group.name("zh")), one_line(group.name("en")), evening.topics[group.id]
        )
        for group in evening.groups.groups
    ]


def _totals(
    evening: BroadcastFold,
    orders: Sequence[LedgerOrder],
    minutes: Sequence[Minute],
    promotions: Sequence[Promotion],
) -> Totals:
    found = replace(evening.counts, comments=evening.comments)
    waiting = [o for o in orders if o.known and not o.closed and not o.paid]
    found.placed = sum(order.known for order in orders)
    found.closed = sum(order.known and order.closed for order in orders)
    found.unpaid, found.unpaid_fen = len(waiting), sum(order.total_fen for order in waiting)
    found.paid = sum(order.known and order.paid and not order.closed for order in orders)
    sold = [order.units for order in orders if order.takes == "sold"]
    found.units, found.gift_units = sum(each.sold for each in sold), sum(each.gifts for each in sold)
    found.gmv_fen = sum(order.paid_fen for order in orders)
    found.refunded = sum(order.refund_fen > 0 for order in orders)
    found.refund_fen = sum(order.refund_fen for order in orders)
    found.refund_owed_fen = sum(order.refund_owed_fen for order in orders)
    found.unmatched = sum(order.is_unmatched for order in orders)
    found.discount_fen = sum(promotion.discount_fen or 0 for promotion in promotions)
    found.member_off_fen = sum(order.member_off_fen for order in orders if order.takes == "sold")
    found.budget_fen = (evening.reach_at_close or evening.reach).budget_fen(
        found.gmv_fen if evening.orders_known else None
    )
    found.oversold = sum(units for _, _, units, _ in evening.oversold)
    online = [minute.online for minute in minutes if minute.online is not None]
    found.online_mean = sum(online) / len(online) if online else None
    return found


def _minutes(
    evening: BroadcastFold, orders: Sequence[LedgerOrder], start: datetime, end: datetime
) -> tuple[list[Minute], Minute]:
    count = max(1, -((start - end) // timedelta(minutes=1)))
    minutes = [Minute(start + timedelta(minutes=n)) for n in range(count)]
    for n, seen in evening.minutes.items():
        # An event at the very end of the last whole minute stands in it.
        at = minutes[min(n, count - 1)]
        at.comments = (at.comments or 0) + (seen.comments or 0)
        at.online = seen.online if seen.online is not None else at.online
    outside = Minute(start, comments=evening.early + evening.late)
    for order in orders:
        on_axis = start <= order.at <= end
        at = minutes[min((order.at - start) // timedelta(minutes=1), count - 1)] if on_axis else outside
        at.orders = (at.orders or 0) + order.known
        at.gmv_fen = (at.gmv_fen or 0) + order.paid_fen
    return minutes, outside


# Goods ----------------------------------------------------------------------------------------------


def _clips(evening: BroadcastFold, orders: Sequence[LedgerOrder], shop: CatalogueOverTime) -> list[Clip]:
    found = []
    coming = sorted(orders, key=lambda order: order.at)
    moments = [order.at for order in coming]
    for clip in evening.clips:
        cut = replace(clip)
        if clip is evening.on_screen:
            cut.end = evening.closed_at or evening.last or clip.start
            cut.comments = (cut.comments or 0) + evening.comments
        for order in coming[bisect_left(moments, cut.start) : bisect_left(moments, cut.end)]:
            shares, _ = order.parts(order.paid_fen)
            of_it = [shop.product_of(line.sku_id) == cut.product_id for line in order.lines]
            cut.orders = (cut.orders or 0) + any(of_it)
            of_cut = sum(fen for fen, is_it in zip(shares, of_it, strict=True) if is_it)
            cut.gmv_fen = (cut.gmv_fen or 0) + of_cut
        found.append(cut)
    return found


def _products(
    evening: BroadcastFold,
    orders: Sequence[LedgerOrder],
    clips: Sequence[Clip],
    shop: CatalogueOverTime,
    free: Mapping[str, int] | None,
) -> tuple[list[ReportProduct], int]:
    left = free if free is not None else {sku_id: sku.free for sku_id, sku in shop.skus.items()}
    rows = {
        product.product_id: ReportProduct(
            product.product_id,
            shop.title(product.product_id),
            shop.numbers.get(product.product_id),
            stock_left=sum(left.get(sku_id, 0) for sku_id in product.sku_ids),
            image=product.image,
        )
        for product in shop.products.values()
    }
    for clip in clips:
        row = rows.get(clip.product_id)
        if row is not None:
            row.pins += 1
            row.pinned_seconds += (clip.end - clip.start).total_seconds()
            row.comments = (row.comments or 0) + (clip.comments or 0)
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
            row.gmv_fen = (row.gmv_fen or 0) + fen
            row.refund_fen = (row.refund_fen or 0) + back
            if order.takes == "sold" and is_gift(line.unit_price_fen):
                row.gift_units = (row.gift_units or 0) + line.quantity
            elif order.takes == "sold":
                row.units = (row.units or 0) + line.quantity
            touched.add(row.product_id)
        if order.takes == "sold":
            for product_id in touched:
                row = rows[product_id]
                row.orders = (row.orders or 0) + 1
    used = [
        row
        for row in rows.values()
        if row.number is not None or row.pins or row.units or row.gmv_fen or row.gift_units
    ]
    used.sort(key=lambda row: (-(row.gmv_fen or 0), row.number or 10**9, row.product_id))
    return used, other


def _pledges(evening: BroadcastFold, products: Sequence[ReportProduct]) -> list[ReportPledge]:
    """With how many paid orders each of them is about, as far as a product tells."""
    paid = {row.product_id: row.orders for row in products}
    return [
        replace(pledge, orders=paid.get(pledge.product_id, 0) if pledge.product_id else None)
        for pledge in evening.pledges.values()
    ]


def _order_row(order: LedgerOrder, shop: CatalogueOverTime, cues: Cues) -> ReportOrder:
    sales = dict.fromkeys(line.cue_id for line in order.lines if line.cue_id is not None)
    said = [cues.all[cue_id].said.title for cue_id in sales if cue_id in cues.all]
    coupon = cues.coupons.get(order.coupon_id or "")
    if coupon is not None and coupon.cue_id in cues.all:
        said.append(cues.all[coupon.cue_id].said.title)
    return ReportOrder(
        order_id=one_line(order.order_id),
        at=order.at,
        status=order.status,
        buyer=order.buyer,
        goods="、".join(f"{shop.called(line.sku_id)} × {line.quantity}" for line in order.lines),
        units=sum(order.units),
        total_fen=order.total_fen,
        paid_fen=order.paid_fen,
        refund_fen=order.refund_fen,
        promotion="、".join(said),
        unmatched=order.is_unmatched,
    )
