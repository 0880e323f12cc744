"""What waits after the order: every case with the clock that ends first, however old, and the same after a
restart and a refill."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.advice.seller_files import FOLDER
from liveconsole.books import cases
from liveconsole.books.cases import told
from liveconsole.books.cases.page import watch_of
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.engine import refill
from liveconsole.messages.cases import CaseCard, CaseGroup, CasePage, CaseReview, CaseRow
from liveconsole.store import open_store
from tests.unit.engine.evenings import Evenings

HOUR = 3_600.0


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    found = Evenings(open_store(tmp_path / "data", room_id="room"))
    knit = {"title": "羊毛衫", "price_fen": 19900, "stock": 100_000}
    presale = {"title": "预售大衣", "price_fen": 99900, "stock": 9, "ships_on": "2026-06-20"}
    slow = {"title": "定做围巾", "price_fen": 29900, "stock": 9, "ship_hours": 240, "groups": ["定制"]}
    found.ok(
        "catalogue.put",
        products=[
            {"product_id": "knit", **knit},
            {"product_id": "coat", **presale},
            {"product_id": "scarf", **slow},
        ],
    )
    found.open("晚场")
    return found


def _answer(evenings: Evenings, **query: str) -> bytes:
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)
    try:
        return cases.answer(reader, query)
    finally:
        reader.close()


def page(evenings: Evenings, group: str = "urgent", **query: str) -> CasePage:
    return msgspec.json.decode(_answer(evenings, group=group, **query), type=CasePage)


def card(evenings: Evenings, case_id: str) -> CaseCard:
    return msgspec.json.decode(_answer(evenings, case=case_id), type=CaseCard)


def row(evenings: Evenings, case_id: str, group: str) -> CaseRow:
    (found,) = (one for one in page(evenings, group).rows if one.case_id == case_id)
    return found


def lasts(one: CaseRow, rule: str) -> timedelta:
    assert one.clock is not None
    assert one.clock.rule == rule
    return one.clock.due_at - one.clock.begins_at


def counts(evenings: Evenings) -> dict[CaseGroup, int]:
    return {one.group: one.count for one in page(evenings).groups if one.count}


def bought(evenings: Evenings, order_id: str, *skus: str, paid: bool = True) -> None:
    lines = [{"sku_id": sku, "quantity": 1, "unit_price_fen": 19900} for sku in skus or ("knit",)]
    fen = 19900 * len(lines)
    who = {"id": f"of {order_id}", "name": "林小姐"}
    evenings.fact("order.placed", order_id=order_id, buyer=who, lines=lines, total_fen=fen, province="浙江省")
    if paid:
        evenings.paid(order_id, fen)


def asked(evenings: Evenings, aftersale_id: str, order_id: str, status: str = "asked", **more: Any) -> None:
    data = {"aftersale_id": aftersale_id, "order_id": order_id, "kind": "return", "status": status, **more}
    evenings.fact("aftersale.updated", **data)


def test_a_buyer_s_word_starts_two_clocks_and_an_answer_ends_the_first(evenings: Evenings) -> None:
    bought(evenings, "o1")
    asked(evenings, "a1", "o1", reason="大小不合适", amount_fen=19900)
    one = row(evenings, "aftersale/a1", "first_answer")
    assert lasts(one, "first_answer") == timedelta(minutes=15)
    assert (one.title, one.buyer, one.paid_fen, one.amount_fen) == ("羊毛衫", "林**", 19900, 19900)
    assert (one.kind, one.step, one.reason) == ("return", "answer", "大小不合适")
    evenings.wait(300)
    evenings.ok("shop.answer", act="answer", aftersale_id="a1", text="马上看")
    one = row(evenings, "aftersale/a1", "solution")
    assert lasts(one, "solution") == timedelta(hours=48)
    assert one.step == "window", "what was answered is a step that is done"
    assert page(evenings).first_answer_seconds in (300, 301)
    assert page(evenings, "first_answer").rows == []


def clocks(evenings: Evenings, case_id: str) -> dict[str, timedelta]:
    return {one.rule: one.due_at - one.begins_at for one in card(evenings, case_id).clocks}


def test_money_for_what_was_not_sent_goes_back_fast(evenings: Evenings) -> None:
    """闪电退款: only where a source tells of parcels, and of this order none."""
    bought(evenings, "o1")
    asked(evenings, "a1", "o1", kind="refund")
    assert "fast_refund" not in clocks(evenings, "aftersale/a1"), "nobody knows what was sent"
    bought(evenings, "o2")
    evenings.fact("order.shipment", order_id="o2", status="shipped", waybill="W2")
    assert clocks(evenings, "aftersale/a1")["fast_refund"] == timedelta(hours=2)
    asked(evenings, "a2", "o2", kind="refund")
    assert "fast_refund" not in clocks(evenings, "aftersale/a2"), "it is on its way"
    asked(evenings, "a1", "o1", "refunded", kind="refund")
    assert clocks(evenings, "aftersale/a1") == {}


def test_what_is_missing_is_made_good_before_it_is_known_whose_fault_it_was(evenings: Evenings) -> None:
    """先行赔付, of an after-sale and of a parcel that nobody moves, until the shop was asked for it."""
    bought(evenings, "o1")
    asked(evenings, "a1", "o1", kind="resend")
    assert clocks(evenings, "aftersale/a1")["make_good"] == timedelta(hours=24)
    evenings.ok("shop.answer", act="compensate", aftersale_id="a1", reason="少发", amount_fen=500)
    assert "make_good" not in clocks(evenings, "aftersale/a1")
    bought(evenings, "o2")
    evenings.fact("order.shipment", order_id="o2", status="exception", waybill="W2")
    assert clocks(evenings, "order/o2") == {
        "call_back": timedelta(hours=4),
        "make_good": timedelta(hours=24),
    }
    evenings.ok("shop.answer", act="resend", order_id="o2", carrier="SF", waybill="W3")
    assert "make_good" not in clocks(evenings, "order/o2")


def test_a_dispute_counts_from_when_the_platform_was_called_and_no_later_word_moves_it(
    evenings: Evenings,
) -> None:
    bought(evenings, "o1")
    asked(evenings, "a1", "o1")
    asked(evenings, "a1", "o1", "rejected")
    assert counts(evenings).get("solution") is None, "it is over"
    evenings.wait(2 * HOUR)
    asked(evenings, "a1", "o1", "platform")
    first = row(evenings, "aftersale/a1", "dispute")
    evenings.wait(20 * HOUR)
    asked(evenings, "a1", "o1", "platform", reason="补了证据")
    again = row(evenings, "aftersale/a1", "dispute")
    assert first.clock == again.clock
    assert first.clock is not None
    assert (again.kind, again.step) == ("dispute", "evidence")
    assert first.clock.due_at.isoformat() == "2026-06-08T16:00:00Z".replace("Z", "+00:00")


def test_the_platform_s_own_moment_counts_where_it_is_the_first(evenings: Evenings) -> None:
    bought(evenings, "o1")
    asked(evenings, "a1", "o1", "buyer", due_at=(evenings.now + timedelta(hours=5)).isoformat())
    one = row(evenings, "aftersale/a1", "solution")
    assert one.clock is not None
    assert one.clock.rule == "platform"


def test_an_order_waits_for_its_money_and_then_for_its_parcel(evenings: Evenings) -> None:
    bought(evenings, "o1", paid=False)
    one = row(evenings, "order/o1", "unpaid")
    assert one.clock is not None
    assert one.clock.due_at == evenings.now + timedelta(minutes=15)
    evenings.paid("o1", 19900)
    assert counts(evenings) == {}, "no source ever told of a parcel: nobody knows what was sent"
    bought(evenings, "o2")
    evenings.fact("order.shipment", order_id="o2", status="shipped", carrier="SF", waybill="SF1")
    one = row(evenings, "order/o1", "to_ship")
    assert lasts(one, "ship") == timedelta(hours=72)
    assert [one.case_id for one in page(evenings, "moving").rows] == ["order/o2"]
    evenings.fact("order.shipment", order_id="o2", status="delivered")
    assert page(evenings, "moving").rows == []


def test_each_product_s_own_promise_and_a_presale_s_day(evenings: Evenings) -> None:
    for order_id, *skus in (("o1", "scarf"), ("o2", "coat"), ("o3", "coat", "scarf"), ("o4", "knit")):
        bought(evenings, order_id, *skus)
    evenings.fact("order.shipment", order_id="o4", status="shipped")
    ends = {one.case_id: one for one in page(evenings, "to_ship").rows}
    assert lasts(ends["order/o1"], "ship") == timedelta(hours=240)
    presale = ends["order/o2"].clock
    assert presale is not None
    assert presale.due_at.isoformat() == "2026-06-20T16:00:00+00:00", "the end of its day in China"
    assert lasts(ends["order/o3"], "ship") == timedelta(hours=240), "of several goods the earliest"
    assert "order/o4" not in ends


def test_a_parcel_that_nobody_scans_is_stuck_and_one_that_went_wrong_at_once(evenings: Evenings) -> None:
    for order_id in ("o1", "o2"):
        bought(evenings, order_id)
        evenings.fact(
            "order.shipment", order_id=order_id, status="in_transit", text="到杭州转运中心", carrier="SF"
        )
    evenings.fact("order.shipment", order_id="o2", status="exception", text="电话没人接")
    assert [one.case_id for one in page(evenings, "stuck").rows] == ["order/o2"]
    evenings.wait(48 * HOUR)
    one = row(evenings, "order/o1", "stuck")
    assert lasts(one, "call_back") == timedelta(hours=4)
    evenings.ok("case.step", case_id="order/o1", step="look")
    told_date = card(evenings, "order/o1")
    texts = {template.template: template for template in told_date.templates}
    assert texts["soothe"].ready
    assert texts["soothe"].text.startswith("亲，您的羊毛衫在「到杭州转运中心」停住了")
    assert [slot.name for slot in texts["soothe"].slots] == ["goods", "place", "until"]
    for slot in texts["soothe"].slots:
        assert texts["soothe"].text[slot.begin : slot.end] not in ("", "〔")
    assert (texts["date"].ready, texts["date"].waits_for) == (False, "ask"), "a fact is missing: not copied"
    evenings.ok("case.step", case_id="order/o1", step="ask", note="周五 18:00 前")
    found = card(evenings, "order/o1")
    (date,) = (template for template in found.templates if template.template == "date")
    assert (date.ready, date.text) == (True, "快递说周五 18:00 前能到，晚了我给您补发。")
    assert [(step.step, step.note) for step in found.steps if step.done_at is not None] == [
        ("look", ""),
        ("ask", "周五 18:00 前"),
    ]
    assert found.row.step == "tell"
    assert found.parcel is not None
    assert (found.parcel.carrier, found.parcel.promised) == ("顺丰", 2)
    evenings.ok("case.step", case_id="order/o1", step="ask", done=False)
    assert card(evenings, "order/o1").row.step == "ask", "a step may be taken back"


def test_a_text_with_a_word_of_the_lists_is_not_ready(evenings: Evenings, tmp_path: Path) -> None:
    bought(evenings, "o1")
    asked(evenings, "a1", "o1", "platform")
    evenings.ok("case.step", case_id="aftersale/a1", step="offer", note="全网最低价再送一件")
    (offer,) = card(evenings, "aftersale/a1").templates
    assert not offer.ready
    assert offer.words


def test_a_low_review_waits_for_an_answer(evenings: Evenings) -> None:
    bought(evenings, "o1")
    evenings.fact("review.posted", product_id="knit", stars=5, text="很软", order_id="o1")
    evenings.fact("review.posted", product_id="knit", stars=1, text="有点薄", order_id="o1")
    (one,) = page(evenings, "review").rows
    assert (one.stars, one.reason, one.title, one.order_id) == (1, "有点薄", "羊毛衫", "o1")
    evenings.ok("case.step", case_id=one.case_id, step="thank")
    assert page(evenings, "review").rows == []
    assert page(evenings).handled_today == 1
    assert card(evenings, one.case_id).row.stars == 1, "it can still be looked at"


def test_the_card_of_a_review_says_whether_it_can_be_shown(evenings: Evenings) -> None:
    bought(evenings, "o1")
    evenings.fact("review.posted", product_id="knit", stars=5, text="很软\n全网第一", order_id="o1")
    review_id = evenings.room.seq
    told = card(evenings, f"review/{review_id}").review
    assert told == CaseReview(review_id, "很软 全网第一", None, ["全网第一"])
    for agreed in (True, False):
        evenings.ok("review.consent", review_id=review_id, agreed=agreed)
        shown = card(evenings, f"review/{review_id}").review
        assert shown is not None
        assert shown.agreed is agreed
    assert card(evenings, "order/o1").review is None


def test_a_card_has_the_way_the_money_and_what_may_be_asked(evenings: Evenings) -> None:
    bought(evenings, "o1", "knit", "scarf")
    asked(evenings, "a1", "o1")
    evenings.fact("order.shipment", order_id="o1", status="delivered", carrier="ZTO", waybill="Z1")
    found = card(evenings, "aftersale/a1")
    done = {step.name: step.done for step in found.way}
    assert done == dict.fromkeys(done, True)
    assert [line.title for line in found.lines] == ["羊毛衫", "定做围巾"]
    assert (found.window_until, found.no_window) == (None, "定制"), "an exception has no window"
    assert found.refund_most_fen == 39_800
    assert set(found.acts) == {"accept", "reject", "answer", "compensate", "resend", "remark"}
    line = {"sku_id": "knit", "quantity": 1, "fen": 5_000}
    evenings.ok("shop.answer", act="compensate", aftersale_id="a1", reason="起球", lines=[line])
    evenings.ok("shop.answer", act="accept", aftersale_id="a1")
    found = card(evenings, "aftersale/a1")
    assert found.refund_most_fen == 34_800
    assert not {"accept", "reject"} & set(found.acts), "one answer is under way"
    assert [(ask.act, ask.status, ask.by_person) for ask in found.asks] == [
        ("accept", "owed", True),
        ("compensate", "owed", True),
    ]
    assert found.row.ask == "owed"
    evenings.ok("shop.confirm", ask_id=found.asks[0].ask_id, done=False, reason="小店不让")
    assert card(evenings, "aftersale/a1").asks[0].reason == "小店不让"


def test_the_window_ends_with_the_seventh_day(evenings: Evenings) -> None:
    bought(evenings, "o1")
    asked(evenings, "a1", "o1")
    assert card(evenings, "aftersale/a1").window_until is None, "nobody knows when it came"
    evenings.fact("order.shipment", order_id="o1", status="delivered")
    found = card(evenings, "aftersale/a1")
    assert found.window_until is not None
    assert found.window_until.isoformat() == "2026-06-08T16:00:00+00:00"
    (window,) = (one for one in found.templates if one.template == "window")
    assert (window.ready, window.text[-5:]) == (True, "6月8日。")


def test_an_after_sale_of_an_order_that_nobody_told_of_waits_all_the_same(evenings: Evenings) -> None:
    asked(evenings, "a1", "nobody's")
    one = row(evenings, "aftersale/a1", "first_answer")
    assert (one.order_id, one.title, one.paid_fen, one.buyer) == ("nobody's", "", None, "")
    assert card(evenings, "aftersale/a1").refund_most_fen is None
    assert card(evenings, "aftersale/a1").acts == ["accept", "reject"]


def test_a_kind_that_nobody_knows_has_the_steps_of_a_refund(evenings: Evenings) -> None:
    bought(evenings, "o1")
    evenings.fact("aftersale.updated", aftersale_id="a1", order_id="o1", kind="价保", status="查询中")
    one = row(evenings, "aftersale/a1", "first_answer")
    assert (one.kind, one.status, one.step) == ("价保", "查询中", "answer")


def everything(evenings: Evenings) -> None:
    for n in range(6):
        bought(evenings, f"o{n}", paid=n != 5)
        evenings.wait(60)
    for n, status in enumerate(("asked", "buyer", "platform", "refunded")):
        asked(evenings, f"a{n}", f"o{n}", status)
    evenings.fact("order.shipment", order_id="o0", status="exception", text="破损")
    evenings.fact("order.shipment", order_id="o1", status="shipped")
    evenings.fact("review.posted", product_id="knit", stars=2, text="掉色")
    evenings.ok("case.step", case_id="aftersale/a0", step="answer", note="回了")
    evenings.ok("shop.answer", act="remark", order_id="o1", text="易碎")


def test_old_cases_are_the_same_after_a_restart_an_opening_and_a_refill(evenings: Evenings) -> None:
    """Three weeks later, with what they are of long out of the room's memory."""
    everything(evenings)
    groups: tuple[str, ...] = ("urgent", "to_ship", "stuck", "first_answer", "solution", "dispute", "review")
    evenings.close()
    evenings.pass_by(3, days=7)
    before = [page(evenings, group) for group in groups]
    assert all(one.rows for one in before)
    assert "o1" not in evenings.room.orders, "it has left the room"
    evenings.restart()
    assert [page(evenings, group) for group in groups] == before
    refill.refill(evenings.store)
    assert [page(evenings, group) for group in groups] == before
    asked_of_old = evenings.ok("shop.answer", act="reject", aftersale_id="a0", reason="超过 7 天")
    assert asked_of_old["ask_id"] in evenings.room.asks


def test_a_rule_that_reads_the_room_would_lose_them(evenings: Evenings) -> None:
    """The twin: what the room holds of those cases by then."""
    everything(evenings)
    evenings.close()
    evenings.pass_by(3, days=7)
    assert [id_ for order in evenings.room.orders.values() for id_ in order.aftersales] == []


def test_pages_go_through_every_case_once(evenings: Evenings) -> None:
    for n in range(7):
        bought(evenings, f"o{n}", paid=False)
        evenings.wait(n % 3)
    seen: list[str] = []
    after = ""
    while True:
        found = page(evenings, "unpaid", limit="3", after=after)
        seen += [one.case_id for one in found.rows]
        after = found.after
        if not after:
            break
    assert sorted(seen) == [f"order/o{n}" for n in range(7)]
    assert len(page(evenings, "unpaid", text="O3").rows) == 1
    assert len(page(evenings, "unpaid", text="羊毛").rows) == 7
    assert len(page(evenings, "unpaid", text="林**").rows) == 7
    assert page(evenings, "unpaid", text="林小姐").rows == [], "nobody is found by a name that is not shown"


@pytest.mark.parametrize(
    "query",
    [
        {"group": "all"},
        {"group": "urgent", "after": "x"},
        {"group": "urgent", "limit": "-1"},
        {"text": "字" * 41},
        {"case": "aftersale/none"},
        {"case": "review/x"},
        {"case": "none"},
    ],
)
def test_a_query_that_nobody_can_answer(evenings: Evenings, query: dict[str, str]) -> None:
    with pytest.raises(BadQuery):
        _answer(evenings, **query)


def test_more_than_is_read_is_said(evenings: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "CASES_MOST", 3)
    for n in range(5):
        bought(evenings, f"o{n}", paid=False)
    (group,) = (one for one in page(evenings, "unpaid").groups if one.group == "unpaid")
    assert (group.count, group.more) == (3, True)


def test_the_watch_rings_once_for_each_clock_over_restarts(evenings: Evenings) -> None:
    bought(evenings, "o1")
    asked(evenings, "a1", "o1")

    def watched() -> Any:
        reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)
        try:
            return watch_of(reader)
        finally:
            reader.close()

    first = watched()
    evenings.wait(16 * 60)
    evenings.restart()
    again = watched()
    assert again == first, "the same clocks: what has rung does not ring anew"
    found = again.overdue(evenings.now)
    assert (found.count, found.case_id) == (1, "aftersale/a1")


def test_an_own_file_of_figures_holds_at_once_and_a_broken_one_does_not(
    evenings: Evenings, tmp_path: Path
) -> None:
    bought(evenings, "o1", paid=False)
    own = evenings.store.folder / FOLDER
    own.mkdir()
    (own / "aftersale.toml").write_text("pay_minutes = 30\n", "utf-8")
    one = row(evenings, "order/o1", "unpaid")
    assert one.clock is not None
    assert one.clock.due_at == evenings.now + timedelta(minutes=30)
    (own / "aftersale.toml").write_text("pay_minutes = nought\n", "utf-8")
    one = row(evenings, "order/o1", "unpaid")
    assert one.clock is not None
    assert one.clock.due_at == evenings.now + timedelta(minutes=15)


def test_what_a_case_teaches_goes_into_the_answer_library_as_it_is(evenings: Evenings) -> None:
    bought(evenings, "o1")
    asked(evenings, "a1", "o1", reason="大小不合适")
    assert card(evenings, "aftersale/a1").lesson is None, "nobody has said anything yet"
    evenings.ok("shop.answer", act="answer", aftersale_id="a1", text="7 天内可以换大一码，运费我们出")
    found = card(evenings, "aftersale/a1").lesson
    assert found is not None
    assert (found.question, found.product_id) == ("大小不合适", "knit")
    evenings.ok("answer.put", **msgspec.to_builtins(found))
    (answer,) = evenings.room.comment_desk.answers.values()
    assert (answer.question, answer.zh) == ("大小不合适", "7 天内可以换大一码，运费我们出")


def test_a_note_that_names_somebody_goes_with_him(evenings: Evenings) -> None:
    bought(evenings, "o1")
    evenings.fact("order.shipment", order_id="o1", status="exception", text="拒收")
    evenings.ok("case.step", case_id="order/o1", step="ask", note="林小姐说周五在家")
    assert "林小姐" in _answer(evenings, case="order/o1").decode()
    evenings.ok("viewer.forget", viewer_id="of o1")
    told_card = _answer(evenings, case="order/o1").decode()
    assert "林小姐" not in told_card
    assert card(evenings, "order/o1").row.buyer in ("", "观众"), "and so does his name"
    refill.refill(evenings.store)
    assert _answer(evenings, case="order/o1").decode().count("林") == 0


def test_a_card_says_what_was_written_beside_its_order(evenings: Evenings) -> None:
    bought(evenings, "o1")
    asked(evenings, "a1", "o1")
    bare = card(evenings, "aftersale/a1")
    assert (bare.note, bare.tags) == ("", [])
    evenings.ok("order.note", "assistant", order_id="o1", text="林小姐周五在家", tags=["老客", "急"])
    for case_id in ("aftersale/a1", "order/o1"):
        found = card(evenings, case_id)
        assert (found.note, found.tags) == ("林小姐周五在家", ["老客", "急"])
    evenings.ok("order.note", "assistant", order_id="o1", tags=["急"])
    assert card(evenings, "aftersale/a1").tags == ["急"]
    evenings.ok("viewer.forget", viewer_id="of o1")
    assert "林小姐" not in _answer(evenings, case="aftersale/a1").decode()


def test_a_promise_counts_from_the_payment_also_where_no_engine_heard_of_it(evenings: Evenings) -> None:
    """The engine was off for the night: the shop tells in the morning when each was paid."""
    bought(evenings, "o0")
    evenings.fact("order.shipment", order_id="o0", status="shipped")
    bought(evenings, "o1", paid=False)
    paid_at = evenings.now
    evenings.wait(10 * HOUR)
    event = evenings.event("order.paid", {"order_id": "o1", "paid_fen": 19900})
    evenings.post({**event, "time": paid_at.isoformat()})
    one = row(evenings, "order/o1", "to_ship")
    assert one.clock is not None
    assert one.clock.due_at == paid_at + timedelta(hours=72)
    event = evenings.event("order.paid", {"order_id": "o1", "paid_fen": 19900})
    evenings.post({**event, "time": (evenings.now + timedelta(days=3)).isoformat()})
    assert row(evenings, "order/o1", "to_ship").clock == one.clock, "the first word of it stands"
