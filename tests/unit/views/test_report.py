"""The report as a fold: told stories, and whole rehearsals of which every figure is known."""

from __future__ import annotations

import functools
import json
import string
import tempfile
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.connectors.rehearsal.headless import run_headless
from liveconsole.engine.folding import fold as fold_room
from liveconsole.messages.events import EVENTS
from liveconsole.reports import tables
from liveconsole.reports.html import html
from liveconsole.store.opening import open_store
from liveconsole.views import questions
from liveconsole.views.report import NoBroadcast, Report, ReportFold, fold, handover_text
from liveconsole.views.report.words import ACTIONS, DIFFERENCES, RESOLVED, WORDS, ReportWords
from tests.unit.domain.desk import Desk, placed, request
from tests.unit.views.log_lines import lines_of

CHINA = timezone(timedelta(hours=8))
BAG = {
    "prize": {"name": "手套", "value_fen": 9900},
    "winners": 1,
    "alternates": 1,
    "entry": {"keyword": "来"},
    "seconds": 30,
}


@functools.cache
def rehearsal(scenario: str, seconds: float) -> tuple[list[dict[str, Any]], Any, Any]:
    """Lines of the log, the room that the rules made of it, the summary that the rehearsal printed."""
    with tempfile.TemporaryDirectory() as made:
        summary = run_headless(7, scenario, seconds, Path(made))
        store = open_store(Path(made), create=False)
        try:
            room, _ = fold_room(store)
            lines = [json.loads(line) for line in store.read(0, 100_000)]
        finally:
            store.close()
    return lines, room, summary


def comment(desk: Desk, viewer: str, text: str) -> None:
    desk.fact("comment.posted", {"viewer": {"id": viewer}, "text": text})


def difference_codes(report: Report) -> list[str]:
    return [difference.code for difference in report.differences]


# Whole rehearsals -----------------------------------------------------------------------------------


def test_a_rehearsal_gives_the_golden_report() -> None:
    lines, _, _ = rehearsal("default", 300)
    report = fold(lines)
    golden = json.loads((Path(__file__).parent / "report_golden.json").read_text("utf-8"))
    assert _known(_figures(report)) == _known(golden)


def _known(value: Any) -> Any:
    """Without figures of other kinds of promotion, which nobody tells here."""
    if isinstance(value, dict):
        return {name: _known(one) for name, one in value.items() if one is not None}
    return [_known(one) for one in value] if isinstance(value, list) else value


def _figures(report: Report) -> dict[str, Any]:
    """What a reader looks at, as plain JSON."""
    shown = msgspec.to_builtins(report)
    kept = {"totals", "minutes", "promotions", "products", "clips", "questions", "differences", "handover"}
    kept |= {"asking"}
    return {name: value for name, value in shown.items() if name in kept} | {"actions": len(report.actions)}


@pytest.mark.parametrize("scenario", ["default", "slow_platform"])
def test_a_rehearsals_sums_are_the_rooms_and_the_summarys(scenario: str) -> None:
    lines, room, summary = rehearsal(scenario, 300)
    report = fold(lines)
    totals = report.totals
    line = summary.line(7, simulated=True)
    assert (totals.comments, totals.placed, totals.gmv_fen) == (
        line["comments"],
        line["orders"],
        line["gmv_fen"],
    )
    for name in ("placed", "paid", "closed", "unpaid", "units", "gift_units", "gmv_fen", "refund_fen",
                 "refund_owed_fen"):  # fmt: skip
        assert getattr(totals, name) == getattr(room.totals, name), name
    assert (totals.entered, totals.followed, totals.gifts) == (
        room.audience.entered,
        room.audience.followed,
        room.audience.gifts,
    )
    for said in report.promotions:
        cue = room.cues[said.cue_id]
        assert (said.status, said.outcome) == (cue.status, cue.ended_because or "")
        if said.kind == "flash_sale":
            assert said.sold == sum(count.sold for count in cue.sale.values())
        elif said.kind == "coupon":
            assert (said.claimed, said.used) == (cue.claimed, cue.used)
        elif cue.bag is not None and said.on_air_at is not None:
            assert said.entrants == len(cue.bag.entries)
            settled = sum(winner.status == "settled" for winner in said.winners)
            assert settled == sum(cue.bag.settled.values())
    for product in report.products:
        skus = [room.skus[sku_id] for sku_id in room.products[product.product_id].sku_ids]
        assert product.stock_left == sum(sku.free for sku in skus)
        assert (product.units or 0) + (product.gift_units or 0) == sum(sku.sold for sku in skus)
    assert report.simulated


def test_a_platform_that_stalls_is_told_of() -> None:
    report = fold(rehearsal("slow_platform", 300)[0])
    codes = difference_codes(report)
    assert {"unknown", "late_start"} <= set(codes)
    assert all(d.what in RESOLVED for d in report.differences if d.code == "unknown")
    assert report.totals.oversold == sum(units for _, _, units in report.oversold) > 0


def test_nobody_is_named_and_no_id_of_a_person_stands_in_it() -> None:
    lines, _, _ = rehearsal("default", 300)
    people = _people(lines)
    masked, whole = (msgspec.json.encode(fold(lines, names=names)).decode() for names in (False, True))
    assert not [id_ for id_ in people if id_ in masked or id_ in whole]
    winners = {name for name in people.values() if len(name) > 2 and name in whole}
    assert winners, "with names asked for, there are some"
    assert not [name for name in winners if name in masked]


def _people(lines: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if "name" in value:
                ids = [value[key] for key in ("id", "viewer_id") if isinstance(value.get(key), str)]
                found.update(dict.fromkeys(ids, value["name"]))
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look([line["data"] for line in lines])
    return found


def test_pieces_and_the_whole_log_give_the_same() -> None:
    lines = rehearsal("default", 300)[0]
    folding = ReportFold()
    for start in range(0, len(lines), 777):
        folding.add(lines[start : start + 777])
        folding.report()  # looking in between changes nothing
    assert folding.report() == fold(lines)


# Told stories ---------------------------------------------------------------------------------------


def test_a_sale_says_what_it_sold_gave_away_and_did_to_the_room() -> None:
    desk = Desk(recall_seconds=0)
    listed = {"product_id": "scarf", "stock": 10, "list_price_fen": 12_900}
    desk.ok("catalogue.put", {"products": [{**listed, "price_fen": 12_900}]})
    desk.ok("catalogue.put", {"products": [{**listed, "price_fen": 9_900}]})
    for n in range(4):  # 4 × 49 元 in 10 minutes before it
        desk.fact("order.placed", placed(f"b{n}", f"b{n}", price_fen=4900, sku_id="hat"))
        desk.fact("order.paid", {"order_id": f"b{n}", "paid_fen": 4900})
        desk.wait(150)
    desk.queue_sale(at=desk.now + timedelta(seconds=60))
    desk.ok("cue.edit", {"cue_id": "sale", "spec": {"sku_id": "scarf", "price_fen": 5900, "quantity": 3,
                                                    "per_buyer": 2, "seconds": 60}}, "operator")  # fmt: skip
    desk.ok("cue.approve", {"cue_id": "sale"})
    desk.wait(75)
    desk.ok("order.request", request("s1", "ann", 2), "producer")
    desk.fact("order.paid", {"order_id": "s1", "paid_fen": 11_800})
    desk.ok("order.request", request("s2", "bob", 1), "producer")
    desk.fact("order.paid", {"order_id": "s2", "paid_fen": 5900})
    report = fold(lines_of(desk))
    (sale,) = report.promotions
    assert (sale.sold, sale.quantity, sale.gmv_fen, sale.orders) == (3, 3, 17_700, 2)
    assert (sale.discount_fen, sale.list_discount_fen) == (3 * 4000, 3 * 7000)
    assert (sale.outcome, sale.edits) == ("sold_out", 1)
    assert (sale.proposed_by, sale.approved_by, sale.fired_by) == ("assistant", "host", "clock")
    assert sale.late is not None
    assert abs(sale.late) < timedelta(seconds=1)
    assert sale.before_fen == pytest.approx(3 * 4900 / 10)  # the first stands eleven minutes back
    assert sale.during_fen == pytest.approx(17_700 * 60 / 15)
    assert sale.burst == pytest.approx(70_800 / 1470)


def test_no_burst_is_made_up_where_there_was_nothing_before() -> None:
    desk = Desk()
    desk.run_sale()
    desk.fact("order.placed", placed("o1"))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 5900})
    desk.wait(61)
    (sale,) = fold(lines_of(desk)).promotions
    assert (sale.sold, sale.burst) == (1, None)


def test_a_coupons_rates_and_what_is_still_out() -> None:
    desk = Desk()
    spec = {"name": "加购券", "rule": {"threshold_fen": 5000, "off_fen": 1000}, "quantity": 4, "per_buyer": 1,
            "seconds": 60, "valid_seconds": 3600}  # fmt: skip
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": spec}, "assistant")
    desk.ok("cue.fire", {"cue_id": "c"})
    coupon = desk.ok("coupon.claim", {"cue_id": "c", "viewer": {"id": "ann"}}, "producer")["coupon_id"]
    desk.ok("coupon.claim", {"cue_id": "c", "viewer": {"id": "bob"}}, "producer")
    desk.ok("order.request", request("o1", "ann", 1, coupon_id=coupon), "producer")
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 8900})
    desk.wait(120)
    report = fold(lines_of(desk))
    (said,) = report.promotions
    assert (said.claim_rate, said.use_rate, said.discount_fen, said.gmv_fen) == (0.5, 0.5, 1000, 8900)
    (live,) = report.handover.coupons
    assert (live.unused, live.on_air) == (1, False)
    desk.wait(4000)
    comment(desk, "eve", "人呢")
    assert fold(lines_of(desk)).handover.coupons == []


def test_a_bags_entrants_winners_and_new_followers() -> None:
    desk = Desk(recall_seconds=0)
    desk.fact("viewer.followed", {"viewer": {"id": "early"}})
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    for viewer in ("ann", "bob", "ann"):
        comment(desk, viewer, "来")
        desk.fact("viewer.followed", {"viewer": {"id": viewer}})
    desk.wait(31)
    (first,) = desk.cue("bag").bag.winners  # type: ignore[union-attr]
    desk.ok("bag.settle", {"cue_id": "bag", "viewer_id": first.viewer_id, "ok": False, "reason": "不要"})
    names = {"ann": "安安", "bob": "波波"}
    report = fold(lines_of(desk, names), names=True)
    (bag,) = report.promotions
    assert (bag.entrants, bag.new_followers, bag.outcome) == (2, 2, "drawn")
    other = {"ann": "波波", "bob": "安安"}[first.viewer_id]
    assert [(w.name, w.status) for w in bag.winners] == [
        (names[first.viewer_id], "passed"),
        (other, "waiting"),
    ]
    (contact,) = report.handover.winners
    assert (contact.name, contact.prize, contact.settled) == (other, "手套", False)
    assert "待确认（20:10 前）" in handover_text(report, zone=CHINA)


def test_what_a_pin_covers_is_a_clip() -> None:
    desk = Desk()
    comment(desk, "ann", "早")
    desk.wait(10)
    desk.ok("cart.pin", {"product_id": "scarf"})
    for text in ("什么尺码", "包邮吗"):
        comment(desk, "ann", text)
    desk.fact("order.placed", placed("o1", price_fen=9900))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 9900})
    desk.wait(65)
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.wait(5)
    comment(desk, "ann", "晚")
    report = fold(lines_of(desk))
    first, second = report.clips
    assert [(c.product_id, c.comments, c.orders, c.gmv_fen) for c in (first, second)] == [
        ("scarf", 2, 1, 9900),
        ("hat", 1, 0, 0),
    ]
    assert (first.end - first.start, second.end) == (timedelta(seconds=65), report.end)
    by_id = {product.product_id: product for product in report.products}
    assert (by_id["scarf"].pinned_seconds, by_id["scarf"].comments) == (65, 2)
    assert report.asking == 2
    assert {group.id: group.comments for group in report.questions if group.comments} == {
        "size": 1,
        "shipping": 1,
    }


def test_comments_are_counted_in_the_users_own_groups() -> None:
    groups = questions.read("""
        [[group]]
        id = "asking"
        zh = "<b>产地</b>"
        words = ["哪里产"]
        [[group]]
        id = "gift"
        en = "Gifts"
        words = ["小样"]
    """)
    desk = Desk()
    for text in ("哪里产的？", "有小样吗", "小样呢？", "什么尺码"):
        comment(desk, "ann", text)
    report = fold(lines_of(desk), questions=groups)
    assert [(g.id, g.zh, g.en, g.comments) for g in report.questions] == [
        ("asking", "<b>产地</b>", "<b>产地</b>", 1), ("gift", "Gifts", "Gifts", 2),
    ]  # fmt: skip
    assert report.asking == 4
    assert tables.questions(report, ReportWords()).rows == [("全部提问", 4), ("Gifts", 2), ("<b>产地</b>", 1)]
    assert "<b>产地" not in html(report, ReportWords(), CHINA).decode()


def test_a_pin_by_one_key_is_one_line_and_everybodys_part_is_told() -> None:
    desk = Desk(recall_seconds=3)
    desk.ok("cart.pin", {"product_id": "scarf"}, "operator")
    desk.queue_sale()
    desk.ok("cue.approve", {"cue_id": "sale"})
    desk.ok("cue.fire", {"cue_id": "sale"}, "operator")
    desk.ok("cue.recall", {"cue_id": "sale"}, "assistant")
    told = [(a.actor, a.type) for a in fold(lines_of(desk)).actions if a.cue_id]
    assert told == [
        ("operator", "cue.firing"),
        ("assistant", "cue.queued"),
        ("host", "cue.approved"),
        ("operator", "cue.recallable"),
        ("assistant", "cue.recalled"),
    ]


def test_under_manual_what_the_platform_showed_stands_beside_what_was_wanted() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.queue_sale(via="price")
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.wait(181)  # nobody answers
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    desk.ok("cue.measure", {"cue_id": "sale", "sold": 4, "left": 1})
    desk.wait(61)
    report = fold(lines_of(desk))
    assert difference_codes(report) == ["unknown", "end_open"], "nothing was counted that could differ"
    unknown, _ = report.differences
    assert unknown.what == "on_air"
    assert unknown.seconds == pytest.approx(181)
    (sale,) = report.promotions
    assert (sale.sold, sale.told, sale.gmv_fen) == (4, "hand", None)
    (price,) = report.handover.prices
    assert price.regular_fen == 9900
    assert "#1 scarf 改回 ¥99.00" in handover_text(report)
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "ended", "done": True})
    after = fold(lines_of(desk))
    assert (after.handover.prices, difference_codes(after)) == ([], ["unknown"])


def test_unpaid_and_owed_orders_are_handed_over_in_both_languages() -> None:
    desk = Desk()
    desk.fact("order.placed", placed("P-1", "ann", 2, 9900))
    desk.fact("order.placed", placed("P-2", "bob", 1, 9900))
    desk.fact("order.paid", {"order_id": "P-2", "paid_fen": 9900})
    desk.fact("order.closed", {"order_id": "P-2", "reason": "退"})
    report = fold(lines_of(desk), simulated=True)
    text = handover_text(report, zone=CHINA)
    assert "P-1 · #1 scarf × 2 · ¥198.00" in text
    assert "P-2 · ¥99.00" in text
    assert text.splitlines()[:3] == ["交接单 · 晚场", "排练 · 模拟数据", "2026-11-11 20:00–20:00"]
    english = handover_text(report, english=True, zone=CHINA)
    assert "[Refunds owed]" in english
    assert "P-2 · ¥99.00" in english


# More than one broadcast ----------------------------------------------------------------------------


def _two_evenings() -> Desk:
    desk = Desk()
    comment(desk, "ann", "一")
    desk.fact("order.placed", placed("o1", price_fen=9900))
    desk.wait(60)
    desk.ok("broadcast.close", {})
    desk.wait(3600)
    desk.queue_sale()
    desk.ok("broadcast.open", {"title": "第二场"})
    comment(desk, "ann", "二")
    comment(desk, "ann", "三")
    desk.fact("order.placed", placed("o2", price_fen=9900, quantity=3))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 9900})
    desk.wait(60)
    return desk


def test_each_broadcast_has_its_own_report_and_its_own_late_payments() -> None:
    lines = lines_of(_two_evenings())
    first, second = fold(lines, broadcast=1), fold(lines)
    assert (first.broadcast, second.broadcast, first.of) == (1, 2, 2)
    assert (first.totals.comments, second.totals.comments) == (1, 2)
    assert (first.totals.gmv_fen, second.totals.gmv_fen) == (9900, 0)
    assert (first.promotions, [p.cue_id for p in second.promotions]) == ([], ["sale"])
    stock = {p.product_id: p.stock_left for p in first.products}
    assert stock["scarf"] == 9, "as it stood when the next one began"
    assert second.actions[0].type == "cue.queued", "what was prepared in between is told with it"


def test_a_broadcast_that_is_not_there_is_refused() -> None:
    lines = lines_of(_two_evenings())
    with pytest.raises(NoBroadcast):
        fold(lines, broadcast=3)
    with pytest.raises(NoBroadcast):
        fold([])


def test_what_comes_after_the_close_stands_on_no_minute() -> None:
    desk = Desk()
    desk.wait(90)
    desk.ok("broadcast.close", {})
    desk.wait(600)
    comment(desk, "ann", "下播了？")
    desk.fact("order.placed", placed("late"))
    report = fold(lines_of(desk))
    assert len(report.minutes) == 2
    assert (report.outside.comments, report.outside.orders) == (1, 1)
    assert sum(minute.comments or 0 for minute in report.minutes) == 0


# Older, newer and broken logs -----------------------------------------------------------------------


def test_skipped_comments_clock_steps_and_words_of_a_later_program_are_kept() -> None:
    desk = Desk()
    lines = lines_of(desk)
    at = lines[-1]["at"]
    lines += [
        {"type": "stream.skipped", "from": 5, "to": 9, "counts": {"comment.posted": 4}},
        {"seq": 10, "type": "clock.stepped", "at": at, "actor": "clock", "data": {"seconds": -7.5}},
        {"seq": 11, "type": "segment.began", "at": at, "actor": "host", "data": {"segment_id": "s"}},
        {"seq": 12, "type": "engine.dreamt", "at": at, "actor": "clock", "data": {}},
        {"seq": 13, "type": "cue.on_air", "at": at, "actor": "host", "data": {"cue_id": "never heard of"}},
    ]
    report = fold(lines)
    assert report.skipped == 4
    assert [seconds for _, seconds in report.clock_steps] == [-7.5]
    assert [a.type for a in report.actions[-2:]] == ["clock.stepped", "segment.began"]
    assert report.last_seq == 13


def test_a_log_without_an_opening_is_one_report() -> None:
    desk = Desk(open_=False)
    comment(desk, "ann", "1")
    desk.wait(130)
    comment(desk, "ann", "1")
    report = fold(lines_of(desk))
    assert (report.opened_at, len(report.minutes), report.totals.comments) == (None, 3, 2)
    assert sum(minute.comments or 0 for minute in report.minutes) == 2


def test_every_word_stands_in_both_languages() -> None:
    for table in (WORDS, ACTIONS, DIFFERENCES, RESOLVED):
        for key, (zh, en) in table.items():
            assert zh, key
            assert not [c for c in en if "\u4e00" <= c <= "\u9fff"], (key, en)
            names = [set(_fields(text)) for text in (zh, en)]
            assert names[0] == names[1], key
    assert set(ACTIONS) <= set(EVENTS)


def _fields(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def test_a_plan_has_a_line_for_each_time_and_their_sum() -> None:
    desk = Desk(recall_seconds=0)
    spec = {"sku_id": "scarf", "price_fen": 5900, "quantity": 2, "per_buyer": 2, "seconds": 60}
    beat = {"minutes": 10, "times": 3}
    at = (desk.now + timedelta(minutes=10)).isoformat()
    first = {"cue_id": "first", "kind": "flash_sale", "spec": spec, "at": at, "repeat": beat}
    desk.ok("cue.add", first)
    desk.ok("cue.approve", {"cue_id": "first"})
    desk.wait(605)
    desk.ok("order.request", request("s1", "ann", 2), "producer")
    desk.fact("order.paid", {"order_id": "s1", "paid_fen": 11_800})
    desk.ok("stock.add", {"sku_id": "scarf", "by": -8})
    desk.wait(600)
    desk.ok("stock.add", {"sku_id": "scarf", "by": 8})
    desk.wait(600)
    report = fold(lines_of(desk))
    rounds = [(p.nth, p.times, p.status, p.reason, p.approved_by, p.sold) for p in report.promotions]
    assert rounds == [
        (1, 3, "ended", "", "host", 2),
        (2, 3, "missed", "over_stock", "host", 0),
        (3, 3, "on_air", "", "host", 0),
    ]
    (plan,) = report.plans
    assert (plan.times, plan.fired, plan.skipped, plan.sold, plan.gmv_fen) == (3, 2, 1, 2, 11_800)
