"""Coupons: claims, their limits, use by an order, return."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.domain.context import Decision
from liveconsole.domain.judge import judge
from liveconsole.domain.kinds import coupon
from liveconsole.domain.room import Room
from liveconsole.messages.commands import CouponClaim
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import CouponReturned, CouponUsed, CueQueued
from liveconsole.messages.fields import Person
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LINK_LIMIT, CouponSpec, parse_spec
from tests.unit.domain.desk import Desk, product
from tests.unit.domain.promo_rooms import T0, at, cue_in, fold, room_of


def ticket(rule: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    rule = rule or {"off_fen": 500}
    return {"name": "券", "rule": rule, "quantity": 3, "per_buyer": 1, "seconds": 60} | fields


def claim(room: Room, pid: str, cue_id: str = "c", seconds: float = 1) -> Decision | Refused:
    answer = coupon.claim(room, CouponClaim(cue_id, Person(pid)), at(seconds, role="producer"))
    if isinstance(answer, Decision):
        fold(room, answer.events)
    return answer


def code(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.code


def test_claims_stop_at_the_quantity_and_at_each_viewers_limit() -> None:
    room = room_of(("cup", 5900, None))
    cue = cue_in(room, "coupon", ticket(), cue_id="c")
    first = claim(room, "a")
    assert isinstance(first, Decision)
    assert first.result == {"coupon_id": "c-1"}
    assert code(claim(room, "a")) == "already_claimed"
    claim(room, "b")
    claim(room, "c")
    assert code(claim(room, "d")) == "exhausted"
    assert cue.claimed == 3
    assert sorted(room.coupons) == ["c-1", "c-2", "c-3"]
    assert cue.buyers == {"a": 1, "b": 1, "c": 1}


def test_a_viewer_may_have_as_many_as_the_spec_says() -> None:
    room = room_of(("cup", 5900, None))
    cue_in(room, "coupon", ticket(per_buyer=2), cue_id="c")
    claim(room, "a")
    claim(room, "a")
    assert code(claim(room, "a")) == "already_claimed"
    assert len(room.coupons) == 2


@pytest.mark.parametrize("status", ["queued", "approved", "firing", "unknown", "ended", "recalled"])
def test_nothing_is_claimed_off_the_air(status: Any) -> None:
    room = room_of(("cup", 5900, None))
    cue_in(room, "coupon", ticket(), status, "c")
    assert code(claim(room, "a")) == "not_on_air"


def test_the_end_holds_to_the_moment_even_before_it_is_on_the_log() -> None:
    room = room_of(("cup", 5900, None))
    cue_in(room, "coupon", ticket(), cue_id="c")
    assert isinstance(claim(room, "a", seconds=59.999), Decision)
    assert code(claim(room, "b", seconds=60)) == "not_on_air"


def test_a_claim_names_a_coupon_cue() -> None:
    room = room_of(("cup", 5900, None))
    cue_in(room, "pin", {"product_id": "cup"}, cue_id="p")
    assert code(claim(room, "a")) == "unknown_cue"
    assert code(claim(room, "a", "p")) == "wrong_kind"


def test_a_coupon_id_is_short_enough_to_be_used_again() -> None:
    room = room_of(("cup", 5900, None))
    for cue_id in ("x" * 200, "x" * 199 + "y"):
        cue_in(room, "coupon", ticket(), cue_id=cue_id)
        claim(room, "a", cue_id)
    assert len(room.coupons) == 2
    assert all(len(coupon_id) <= 200 for coupon_id in room.coupons)


def use(room: Room, lines: list[tuple[str, int]], pid: str = "a", seconds: float = 2) -> Refused | int:
    return coupon.use_for_order(room, "c-1", pid, lines, at(seconds).now)


def test_an_order_uses_it_once_and_returns_it() -> None:
    room = room_of(("cup", 5900, None))
    cue = cue_in(room, "coupon", ticket(), cue_id="c")
    claim(room, "a")
    assert use(room, [("cup", 5900)]) == 500
    fold(room, [Event("coupon.used", T0, "producer", CouponUsed("c-1", "o1"))])
    assert code(use(room, [("cup", 5900)])) == "coupon_used"
    assert cue.used == 1
    fold(room, [Event("coupon.returned", T0, "clock", CouponReturned("c-1", "o1"))])
    assert use(room, [("cup", 5900)]) == 500
    assert cue.used == 0


def test_why_a_coupon_is_not_taken() -> None:
    room = room_of(("cup", 5900, None), ("pen", 300, None))
    spec = ticket({"threshold_fen": 5000, "off_fen": 500}, scope={"product_ids": ["cup"]}, valid_seconds=600)
    cue_in(room, "coupon", spec, cue_id="c")
    assert code(use(room, [("cup", 5900)])) == "unknown_coupon"
    claim(room, "a", seconds=1)
    assert code(use(room, [("cup", 5900)], "b")) == "coupon_not_yours"
    assert code(use(room, [("cup", 4000), ("pen", 3000)])) == "coupon_threshold"
    assert code(use(room, [("pen", 9000)])) == "coupon_threshold"
    assert use(room, [("cup", 5000)], seconds=600.9) == 500
    assert code(use(room, [("cup", 5000)], seconds=601)) == "coupon_expired"


def test_the_discount_is_shared_over_the_goods_of_its_scope() -> None:
    room = room_of(("cup", 1000, None), ("mug", 2000, None), ("pen", 300, None))
    cue_in(room, "coupon", ticket({"off_fen": 100}, scope={"product_ids": ["cup", "mug"]}), cue_id="c")
    claim(room, "a")
    lines = [("pen", 300), ("cup", 1000), ("mug", 2000)]
    assert coupon.spread(room, "c-1", lines) == [0, 33, 67]
    assert sum(coupon.spread(room, "c-1", lines)) == use(room, lines)


def tiers(*steps: tuple[int, int]) -> dict[str, Any]:
    return ticket({"tiers": [{"threshold_fen": threshold, "off_fen": off} for threshold, off in steps]})


@pytest.mark.parametrize(
    ("spec", "codes"),
    [
        (ticket(), []),
        (ticket(name="  "), ["bad_spec"]),
        (tiers((100, 10), (100, 20)), ["bad_spec"]),
        (tiers((100, 20), (200, 20)), ["bad_spec"]),
        (tiers((100, 10), (200, 20)), []),
        (ticket(scope={"product_ids": ["cup", "gone"]}), ["unknown_sku"]),
        (ticket({"off_fen": 1000}), ["below_price_floor"]),
        (
            ticket({"off_fen": 1000}, scope={"product_ids": ["gone", "cup"]}, name=""),
            ["bad_spec", "unknown_sku", "below_price_floor"],
        ),
    ],
)
def test_every_reason_in_the_contracts_order(spec: dict[str, Any], codes: list[str]) -> None:
    parsed = parse_spec("coupon", spec)
    assert isinstance(parsed, CouponSpec)
    assert [r.code for r in coupon.check(room_of(("cup", 5900, 5000)), parsed)] == codes


@pytest.mark.parametrize(
    "link", ["https://shop.example/c/8f3a", "http://127.0.0.1:80/", "weixin://dl/x", "", None]
)
def test_a_link_may_lead_to_the_web_or_into_weixin(link: str | None) -> None:
    Desk().ok("cue.add", {"kind": "coupon", "spec": ticket(link=link)})


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "shop.example",
        "https://",
        "https://店.cn/",
        "https://a b",
        "https://weixin.qq.com@elsewhere.example",
        "HTTPS://x",
        "https://" + "a" * LINK_LIMIT,
    ],
)
def test_another_link_is_refused_with_what_it_must_be(link: str) -> None:
    refused = Desk().refusal("cue.add", {"kind": "coupon", "spec": ticket(link=link)})
    assert (refused.code, refused.params["detail"]) == ("bad_spec", "link")
    assert "https://" in refused.text


def test_a_link_of_an_old_log_that_is_no_text_still_folds() -> None:
    """Before the field had a rule, anything could stand there: such a room must open."""
    desk, sent = Desk(), ticket(link={"url": "https://x"})
    desk.fold([Event("cue.queued", desk.now, "host", CueQueued("old", "coupon", sent))])
    cue = desk.cue("old")
    assert isinstance(cue.spec, CouponSpec)
    assert (cue.spec.link, cue.spec_sent) == (None, sent)


def test_a_coupon_that_takes_off_too_much_is_told_the_most_that_it_may() -> None:
    """The repair holds, and one 分 more would not."""
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("sock", 2_500, 10, floor_fen=1_800)]})
    spec = {"name": "生日券", "rule": {"off_fen": 2_000}, "quantity": 3, "per_buyer": 1, "seconds": 600}
    said = judge(desk.room, "cue.add", {"kind": "coupon", "spec": spec}, desk.now)
    assert (said["ok"], said["code"]) == (False, "below_price_floor")
    (repair,) = said["repairs"]
    assert repair["fix"] == {"off_fen": 700}
    assert desk.no("cue.add", {"kind": "coupon", "spec": spec | {"rule": {"off_fen": 701}}}) == said["code"]
    desk.ok("cue.add", {"kind": "coupon", "spec": said["mended"]["spec"]})
    desk.ok("catalogue.put", {"products": [product("bare", 2_500, 10, floor_fen=2_500)]})
    assert "repairs" not in judge(desk.room, "cue.add", {"kind": "coupon", "spec": spec}, desk.now)
