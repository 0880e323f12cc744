"""What is asked of the shop after the order: owed until somebody says what became of it, never more than was
paid, never under a floor."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.domain import case_coupons, shop_asks, time_limit
from liveconsole.domain.context import Context, Decision
from liveconsole.domain.decide import decide
from liveconsole.domain.judge import judge
from liveconsole.domain.room_asks import FromBooks, KnownCase, KnownLine, KnownOrder
from liveconsole.messages.after_order import CaseCoupon, CaseStepped
from liveconsole.messages.envelope import Command
from liveconsole.messages.refusals import Refused
from tests.unit.domain.desk import Desk, placed, product

LINES = [KnownLine("scarf", 2, 9900, "scarf"), KnownLine("hat", 1, 4900, "hat")]
OLD = KnownOrder("old", 24_700, 24_700, 0, placed=True, paid=True, lines=LINES)
WAITS = KnownOrder("waits", 24_700, 0, 0, placed=True, lines=LINES)
BOOKS = FromBooks(
    True,
    {"old": OLD, "waits": WAITS},
    {
        "a1": KnownCase("a1", "old", "asked"),
        "over": KnownCase("over", "old", "refunded"),
        "odd": KnownCase("odd", "old", "as the shop calls it"),
    },
)
SHOP = {"kind": "wechat_shop", "appid": "wx0000000000000001"}


class Counter(Desk):
    """A desk whose books know some orders of earlier broadcasts."""

    def __init__(self, platform: str = "own", **settings: Any) -> None:
        self.books = BOOKS
        super().__init__(platform, **settings)

    def ask(self, type_: str, data: Any, role: str = "host") -> Decision | Refused:
        command = Command("id", type_, data, role)
        answer = decide(self.room, command, self.now, self.chance, {}, self.books)
        if isinstance(answer, Decision):
            self.fold(answer.events)
        return answer

    def answered(self, act: str, **data: Any) -> str:
        return str(self.ok("shop.answer", {"act": act, **data}, "assistant")["ask_id"])

    def refused(self, act: str, **data: Any) -> str:
        return self.no("shop.answer", {"act": act, **data}, "assistant")


def test_what_is_asked_stands_until_a_person_says_that_it_is_done() -> None:
    desk = Counter()
    ask_id = desk.answered("accept", aftersale_id="a1")
    one = desk.room.asks[ask_id]
    assert (one.asked.order_id, one.asked.by_person, one.by) == ("old", True, "assistant")
    assert shop_asks.owed(desk.room) == [], "a person does it: no program is asked"
    assert desk.refused("reject", aftersale_id="a1", reason="超过 7 天") == "already_asked"
    assert desk.ok("shop.confirm", {"ask_id": ask_id, "done": True}) == {"status": "done"}
    assert desk.room.asks == {}
    assert desk.ok("shop.confirm", {"ask_id": ask_id, "done": False}) == {}, "what is settled stays so"


def test_the_shop_s_program_is_asked_where_it_is_connected() -> None:
    desk = Counter("wechat_shop", shop=SHOP)
    ask_id = desk.answered("ship", order_id="old", carrier="SF", waybill="SF1")
    (effect,) = shop_asks.owed(desk.room)
    assert (effect.key, effect.asked) == (ask_id, False)
    assert effect.asked_for.products == {"scarf": "scarf", "hat": "hat"}
    assert effect.asked_for.units == {"scarf": 2, "hat": 1}
    desk.ok("ask.sending", {"ask_id": ask_id}, "platform")
    assert shop_asks.owed(desk.room)[0].asked, "after a crash it is looked up first"
    desk.ok("ask.told", {"ask_id": ask_id, "outcome": "unknown"}, "platform")
    assert [one.asked.ask_id for one in shop_asks.unknown(desk.room)] == [ask_id]
    assert desk.ok("ask.told", {"ask_id": ask_id, "outcome": "unknown"}, "platform") == {}, "said once"
    desk.ok("ask.told", {"ask_id": ask_id, "outcome": "done"}, "platform")
    assert desk.room.asks == {}
    assert desk.ok("ask.told", {"ask_id": ask_id, "outcome": "refused"}, "platform") == {}, "it came late"
    by_hand = desk.answered("remark", order_id="old", text="易碎", by_hand=True)
    assert desk.room.asks[by_hand].asked.by_person
    assert desk.answered("resend", order_id="old", carrier="SF", waybill="SF2"), "no interface does it"
    assert shop_asks.owed(desk.room) == []


def test_what_nobody_answers_for_a_person_may_say() -> None:
    desk = Counter("wechat_shop", shop=SHOP)
    ask_id = desk.answered("remark", order_id="old", text="易碎")
    desk.ok("ask.told", {"ask_id": ask_id, "outcome": "unknown"}, "platform")
    assert desk.ok("shop.confirm", {"ask_id": ask_id, "done": True}, "assistant") == {"status": "done"}


def test_an_answer_to_the_buyer_is_done_by_saying_it() -> None:
    desk = Counter()
    desk.answered("answer", aftersale_id="a1", text="马上看")
    assert desk.room.asks == {}
    assert [event.type for event in desk.log[-2:]] == ["shop.asked", "shop.settled"]


@pytest.mark.parametrize(
    ("act", "data", "code"),
    [
        ("accept", {"aftersale_id": "over"}, "case_over"),
        ("accept", {"aftersale_id": "nobody's"}, "unknown_case"),
        ("accept", {"aftersale_id": "a1", "order_id": "waits"}, "unknown_case"),
        ("accept", {"order_id": "old"}, "bad_shape"),
        ("reject", {"aftersale_id": "a1"}, "bad_shape"),
        ("reject", {"aftersale_id": "a1", "reason": "字" * 301}, "bad_shape"),
        ("remark", {"order_id": "old"}, "bad_shape"),
        ("ship", {"order_id": "old", "carrier": "SF"}, "bad_shape"),
        ("ship", {"order_id": "old", "carrier": "SF", "waybill": "1" * 65}, "bad_shape"),
        ("ship", {"order_id": "nobody's", "carrier": "SF", "waybill": "1"}, "unknown_order"),
        ("ship", {"order_id": "waits", "carrier": "SF", "waybill": "1"}, "not_paid"),
        ("answer", {}, "bad_shape"),
        ("compensate", {"order_id": "old", "amount_fen": 100}, "bad_shape"),
        ("compensate", {"order_id": "old", "reason": "破损"}, "bad_shape"),
        ("compensate", {"order_id": "waits", "reason": "破损", "amount_fen": 1}, "not_paid"),
        ("compensate", {"order_id": "old", "reason": "破损", "amount_fen": 24_701}, "beyond_paid"),
        ("price", {"order_id": "old", "lines": [{"sku_id": "hat", "quantity": 1, "fen": 1}]}, "order_over"),
        ("price", {"order_id": "waits", "lines": [{"sku_id": "hat", "quantity": 1}]}, "bad_shape"),
        (
            "price",
            {"order_id": "waits", "lines": [{"sku_id": "hat", "quantity": 1, "fen": 4900}]},
            "not_lower",
        ),
    ],
)
def test_what_may_not_be_asked_says_why(act: str, data: dict[str, Any], code: str) -> None:
    assert Counter().refused(act, **data) == code


def test_an_after_sale_whose_status_nobody_knows_may_be_decided() -> None:
    assert Counter().answered("accept", aftersale_id="odd")


def test_a_partial_refund_is_of_lines_that_were_bought_and_never_more_than_they_cost() -> None:
    desk = Counter()
    line = {"sku_id": "hat", "quantity": 1, "fen": 4900}
    assert desk.refused("compensate", order_id="old", reason="少发", lines=[{**line, "quantity": 2}]) == (
        "not_bought"
    )
    assert desk.refused("compensate", order_id="old", reason="少发", lines=[{**line, "fen": 4901}]) == (
        "beyond_paid"
    )
    ask_id = desk.answered("compensate", order_id="old", reason="少发", lines=[line])
    assert desk.room.asks[ask_id].asked.amount_fen == 4900
    assert desk.refused("compensate", order_id="old", reason="少发", lines=[line]) == "already_asked"


def test_what_goes_back_is_never_more_than_was_paid_however_it_was_told() -> None:
    """What is asked for, what a person gave back, and what the shop told of as a refund."""
    desk = Counter()
    desk.answered("compensate", order_id="old", reason="破损", amount_fen=20_000)
    refusal = desk.refusal(
        "shop.answer", {"act": "compensate", "order_id": "old", "reason": "再赔", "amount_fen": 4701}
    )
    assert (refusal.code, refusal.params["most_fen"]) == ("beyond_paid", 4700)
    assert desk.answered("compensate", order_id="old", reason="再赔", amount_fen=4700)
    given = KnownOrder("old", 24_700, 24_700, 5_000, placed=True, paid=True, lines=LINES, back_fen=20_000)
    other = Counter()
    other.books = FromBooks(True, {"old": given}, {})
    assert other.refused("compensate", order_id="old", reason="再赔", amount_fen=4701) == "beyond_paid"
    assert other.answered("compensate", order_id="old", reason="再赔", amount_fen=4700), "not taken off twice"


def test_a_bound_that_forgets_what_is_under_way_would_pay_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of the one before."""
    monkeypatch.setattr(shop_asks, "refund_most", lambda room, order: order.paid_fen - order.refund_fen)
    desk = Counter()
    desk.answered("compensate", order_id="old", reason="破损", amount_fen=20_000)
    assert desk.answered("compensate", order_id="old", reason="再赔", amount_fen=24_700)


def test_a_coupon_that_makes_good_meets_the_floors() -> None:
    desk = Counter()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=9000)]})
    coupon = {"off_fen": 901, "product_ids": ["scarf"]}
    assert desk.refused("compensate", order_id="old", reason="破损", coupon=coupon) == "below_price_floor"
    assert desk.refused("compensate", order_id="old", reason="破损", coupon={"off_fen": 901}) == (
        "below_price_floor"
    ), "a coupon for everything meets it, too"
    assert desk.refused(
        "compensate", order_id="old", reason="破", coupon={**coupon, "product_ids": ["no"]}
    ) == ("unknown_product")
    ask_id = desk.answered("compensate", order_id="old", reason="破损", coupon={**coupon, "off_fen": 900})
    assert desk.room.asks[ask_id].asked.amount_fen == 900
    assert desk.answered("compensate", order_id="old", reason="再赔", amount_fen=24_700), "no money went back"


def _judged(desk: Desk, **coupon: Any) -> dict[str, Any]:
    data = {"act": "compensate", "aftersale_id": "a1", "reason": "破损", "coupon": coupon}
    return judge(desk.room, "shop.answer", data, desk.now, "assistant")


def test_a_dry_run_of_a_coupon_says_the_most_that_it_may_take_off() -> None:
    desk = Counter()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=9000)]})
    said = _judged(desk, off_fen=100_000)
    assert (said["ok"], said["code"]) == (False, "below_price_floor")
    (repair,) = said["repairs"]
    assert repair["fix"] == {"off_fen": 900}
    assert desk.refused("compensate", aftersale_id="a1", reason="破损", coupon={"off_fen": 901})
    mended = _judged(desk, **repair["fix"])
    assert mended["code"] == "judge_later", "whether its order may have it the books know"
    assert mended["lowest_fen"] == 4900 - 900, "the hat has no floor"
    assert "repairs" not in mended
    assert desk.answered("compensate", aftersale_id="a1", reason="破损", coupon=repair["fix"])


def test_a_dry_run_has_no_repair_where_no_amount_would_do_or_there_is_no_time() -> None:
    desk = Counter()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=9900)]})
    assert _judged(desk, off_fen=500)["repairs"] == []
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=9000)]})
    coupon, refused = CaseCoupon(50_000), shop_asks.forbids_coupon(desk.room, CaseCoupon(50_000))
    assert refused is not None
    assert case_coupons.repairs(desk.room, coupon, refused)
    with time_limit.until(lambda: True):
        assert case_coupons.repairs(desk.room, coupon, refused) == []


def test_a_changed_price_meets_the_floor_of_every_unit() -> None:
    desk = Counter()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=9000)]})
    line = {"sku_id": "scarf", "quantity": 2, "fen": 17_999}
    refusal = desk.refusal("shop.answer", {"act": "price", "order_id": "waits", "lines": [line]})
    assert (refusal.code, refusal.params["floor_fen"]) == ("below_price_floor", 9000)
    assert desk.answered("price", order_id="waits", lines=[{**line, "fen": 18_000}])


def test_an_order_of_this_broadcast_is_asked_of_the_room() -> None:
    desk = Counter()
    desk.fact("order.placed", placed("o1", price=9900, quantity=2))
    assert desk.refused("ship", order_id="o1", carrier="SF", waybill="1") == "not_paid"
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 19_800})
    before = desk.room.skus["scarf"].on_hand
    assert desk.answered("ship", order_id="o1", carrier="SF", waybill="1")
    assert desk.answered("compensate", order_id="o1", reason="破损", amount_fen=19_800)
    assert desk.room.skus["scarf"].on_hand == before, "stock comes back only when a person says so"


def test_a_dry_run_of_what_the_books_have_is_judged_later() -> None:
    desk = Counter()
    desk.books = FromBooks()
    assert desk.refused("ship", order_id="old", carrier="SF", waybill="1") == "judge_later"
    assert desk.refused("accept", aftersale_id="a1") == "judge_later"


def test_what_is_open_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop_asks, "OPEN_MOST", 3)
    desk = Counter()
    for n in range(3):
        desk.answered("remark", order_id="old", text=str(n))
    assert desk.refused("remark", order_id="old", text="3") == "over_limit"
    assert desk.answered("answer", order_id="old"), "what is done by saying it is not in the way"


def test_steps_of_a_case_and_whose_review_is_shown_stand_on_the_log() -> None:
    desk = Counter()
    desk.ok("case.step", {"case_id": "aftersale/a1", "step": "ask", "note": " 周五能到 "}, "assistant")
    stepped = desk.log[-1].data
    assert isinstance(stepped, CaseStepped)
    assert stepped.note == "周五能到"
    assert desk.no("case.step", {"case_id": "a1", "step": "ask"}) == "bad_shape"
    assert desk.no("case.step", {"case_id": "order/1", "step": "ask", "note": "字" * 301}) == "bad_shape"
    desk.ok("review.consent", {"review_id": 7, "agreed": True}, "assistant")
    assert desk.no("review.consent", {"review_id": 0, "agreed": True}) == "bad_shape"


def test_nobody_but_a_seat_asks_and_nobody_but_the_program_tells() -> None:
    desk = Counter()
    for role in ("producer", "viewer", "overlay", "clock"):
        assert desk.no("shop.answer", {"act": "answer", "order_id": "old"}, role) == "forbidden"
    assert desk.no("ask.told", {"ask_id": "k", "outcome": "done"}) == "forbidden"
    assert isinstance(desk.ask("ask.sending", {"ask_id": "k"}, "platform"), Refused)


def test_the_context_of_a_rule_knows_no_books_unless_somebody_looked() -> None:
    desk = Desk()
    assert not Context(desk.now, "host", desk.chance).books.looked
