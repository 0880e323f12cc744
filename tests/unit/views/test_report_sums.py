"""Whatever happens in a room, the sums of its report are the sums of its state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from liveconsole.views.report import Report, fold
from tests.unit.domain.desk import Desk, placed, request
from tests.unit.views.log_lines import lines_of

BUYERS = ["ann", "bob", "eve"]
COUPON = {"name": "券", "rule": {"threshold_fen": 4000, "off_fen": 500}, "quantity": 3, "per_buyer": 2,
          "seconds": 300}  # fmt: skip


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    order, buyer = st.sampled_from(["o1", "o2", "o3", "o4", "o5"]), st.sampled_from(BUYERS)
    goods = st.sampled_from(["scarf", "hat", "ghost"])
    step = st.one_of(
        st.tuples(st.just("placed"), order, buyer, st.integers(1, 4), goods),
        st.tuples(st.just("request"), order, buyer, st.integers(1, 3), st.booleans()),
        st.tuples(st.just("order.paid"), order, st.integers(0, 30_000)),
        st.tuples(st.just("order.closed"), order),
        st.tuples(st.just("order.refunded"), order, st.integers(1, 9_000)),
        st.tuples(st.just("claim"), buyer),
        st.tuples(st.just("wait"), st.integers(1, 900)),
        st.tuples(st.just("stock"), st.integers(-3, 5)),
        st.tuples(st.just("put"), st.integers(8, 40)),
        st.tuples(st.just("measure"), st.sampled_from(["sold", "left"]), st.integers(0, 5)),
        st.tuples(st.just("price"), st.integers(4000, 12_000)),
        st.tuples(st.just("comment"), buyer, st.sampled_from(["1", "什么尺码", "好看"])),
    )
    return draw(st.lists(step, min_size=3, max_size=40))


def _play(desk: Desk, told: list[tuple[Any, ...]]) -> None:
    for step in told:
        match step:
            case ("placed", order_id, buyer, quantity, sku_id):
                desk.fact("order.placed", placed(order_id, buyer, quantity, sku_id=sku_id))
            case ("request", order_id, buyer, quantity, with_coupon):
                coupons = [c for c in desk.room.coupons.values() if c.viewer == buyer and c.order_id is None]
                more = {"coupon_id": coupons[0].coupon_id} if with_coupon and coupons else {}
                desk.ask("order.request", request(order_id, buyer, quantity) | more, "producer")
            case ("order.paid", order_id, fen):
                desk.fact("order.paid", {"order_id": order_id, "paid_fen": fen})
            case ("order.closed", order_id):
                desk.fact("order.closed", {"order_id": order_id, "reason": "取消"})
            case ("order.refunded", order_id, fen):
                desk.fact("order.refunded", {"order_id": order_id, "refund_fen": fen})
            case ("claim", buyer):
                desk.ask("coupon.claim", {"cue_id": "c", "viewer": {"id": buyer}}, "producer")
            case ("wait", seconds):
                desk.wait(seconds)
            case ("stock", by):
                desk.ask("stock.add", {"sku_id": "scarf", "by": by})
            case ("put", stock):
                desk.ask("catalogue.put", {"products": [{"product_id": "scarf", "stock": stock}]})
            case ("measure", name, units):
                desk.ask("cue.measure", {"cue_id": "sale", name: units})
            case ("price", fen):
                desk.ask("catalogue.put", {"products": [{"product_id": "scarf", "price_fen": fen}]})
            case ("comment", viewer, text):
                desk.fact("comment.posted", {"viewer": {"id": viewer}, "text": text})


@settings(max_examples=120)
@given(steps(), steps())
def test_the_sums_of_a_report_are_those_of_the_state(before: list[Any], during: list[Any]) -> None:
    desk = Desk()
    _play(desk, before)
    # Enough for the sale, and dear enough for its price.
    desk.ok("catalogue.put", {"products": [{"product_id": "scarf", "stock": 10_000, "price_fen": 9900}]})
    desk.run_sale(quantity=3, per_buyer=3, seconds=600)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    desk.ok("cue.fire", {"cue_id": "c"})
    _play(desk, during)
    report = fold(lines_of(desk))
    room, totals = desk.room, report.totals
    for name in ("placed", "paid", "closed", "refunded", "unpaid", "units", "gift_units", "gmv_fen",
                 "refund_fen", "refund_owed_fen", "unmatched"):  # fmt: skip
        assert getattr(totals, name) == getattr(room.totals, name), name
    assert (totals.comments or 0) == room.audience.comments
    sale, coupon = (next(p for p in report.promotions if p.kind == kind) for kind in ("flash_sale", "coupon"))
    assert sale.sold == sum(count.sold for count in room.cues["sale"].sale.values())
    assert (coupon.claimed, coupon.used) == (room.cues["c"].claimed, room.cues["c"].used)
    assert (sale.discount_fen, coupon.discount_fen) == (room.cues["sale"].given_fen, room.cues["c"].given_fen)
    assert totals.discount_fen == desk.state()["discount"]["given_fen"]
    left = {p.product_id: p.stock_left for p in report.products}
    assert left == {sku.sku_id: sku.free for sku in room.skus.values()}
    _adds_up(report)


def _adds_up(report: Report) -> None:
    """Every part of the report shares out the same whole."""
    totals = report.totals
    assert _sum(p.gmv_fen for p in report.products) + _sum([report.other_gmv_fen]) == totals.gmv_fen
    assert _sum(p.units for p in report.products) <= _sum([totals.units])
    minutes = [*report.minutes, report.outside]
    assert _sum(m.gmv_fen for m in minutes) == totals.gmv_fen
    assert _sum(m.orders for m in minutes) == totals.placed
    assert sum(m.comments or 0 for m in minutes) == (totals.comments or 0)
    assert sum(row.paid_fen for row in report.orders) == totals.gmv_fen
    assert sum(refund.fen for refund in report.handover.refunds) == totals.refund_owed_fen
    assert all(_sum([p.gmv_fen]) <= _sum([totals.gmv_fen]) for p in report.promotions)


def _sum(known: Iterable[int | None]) -> int:
    """Every figure of it: where orders are told none is unknown."""
    found = list(known)
    assert None not in found
    return sum(n for n in found if n is not None)
