"""Members: only who agreed; points and levels by what was paid and stays paid; discounts under the guard."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.books import figures
from liveconsole.domain import audiences, floors, membership, stacking
from liveconsole.domain.china import begin_of
from liveconsole.domain.context import Decision, Past
from liveconsole.domain.decide import decide
from liveconsole.domain.room_people import Member
from liveconsole.messages.envelope import Command
from liveconsole.messages.membership import MemberFigures
from liveconsole.messages.refusals import Refused
from tests.unit.domain.desk import Desk, product
from tests.unit.domain.test_audiences import COUPON

FIGURES = figures.load().members
W = {"viewer_id": "w"}


class Counter:
    """A desk whose rules know what somebody paid, and the seller's figures."""

    def __init__(self, paid_fen: int = 0) -> None:
        self.desk = Desk()
        self.paid_fen = paid_fen
        self.figures = FIGURES

    def ask(self, type_: str, **data: Any) -> Decision | Refused:
        pasts = {"w": Past(1, self.paid_fen)}
        desk = self.desk
        command = Command("id", type_, {**W, **data}, "host")
        answer = decide(desk.room, command, desk.now, desk.chance, pasts, figures=self.figures)
        if isinstance(answer, Decision):
            desk.fold(answer.events)
        return answer

    def done(self, type_: str, **data: Any) -> dict[str, Any]:
        answer = self.ask(type_, **data)
        assert isinstance(answer, Decision), answer
        return answer.result

    def refused(self, type_: str, **data: Any) -> str:
        answer = self.ask(type_, **data)
        assert isinstance(answer, Refused), answer
        assert answer.text != answer.code
        return answer.code

    @property
    def member(self) -> Member:
        return self.desk.room.members["w"]


@pytest.fixture
def counter() -> Counter:
    at = Counter()
    at.done("member.join", consent=True)
    return at


def test_nobody_is_kept_who_did_not_agree() -> None:
    at = Counter()
    assert at.refused("member.join", consent=False) == "no_consent"
    for type_, data in (("checkin", {}), ("spend", {"points": 1}), ("deposit", {"amount_fen": 1})):
        assert at.refused(f"member.{type_}", **data) == "no_member"
    at.done("member.leave")
    assert at.desk.room.members == {}


def test_a_birthday_is_a_month_and_a_day_and_only_where_it_was_told(counter: Counter) -> None:
    assert counter.member.birthday is None
    counter.done("member.join", consent=True, birthday="02-29")
    joined = counter.member.joined_at
    counter.done("member.join", consent=True)
    assert counter.member == Member(joined, "02-29")
    for wrong in ("2000-02-29", "13-01", "02-30x", "5-20"):
        assert counter.refused("member.join", consent=True, birthday=wrong) == "bad_shape"


def test_one_signs_in_once_a_day_of_china_and_never_for_a_day_that_is_over(counter: Counter) -> None:
    desk = counter.desk
    desk.now = begin_of(date(2026, 11, 12)) - timedelta(microseconds=1)
    assert counter.done("member.checkin") == {"points": 5}
    assert counter.done("member.checkin") == {"points": 0}
    desk.now += timedelta(microseconds=1)
    assert counter.done("member.checkin") == {"points": 5}
    desk.now -= timedelta(hours=3)  # a clock that was set back gives no day again
    assert counter.done("member.checkin") == {"points": 0}
    assert (counter.member.signed, counter.member.checked_in) == (10, date(2026, 11, 12))


def test_points_are_what_was_paid_and_signed_in_less_what_was_spent(counter: Counter) -> None:
    counter.paid_fen = 12_399
    counter.done("member.checkin")
    assert membership.points(counter.member, counter.paid_fen, FIGURES) == 128
    assert counter.refused("member.spend", points=129) == "too_few_points"
    assert counter.done("member.spend", points=100, what="贴纸") == {"points": 28}
    counter.paid_fen = 2_399
    assert membership.points(counter.member, counter.paid_fen, FIGURES) == -72
    assert counter.refused("member.spend", points=1) == "too_few_points"


@pytest.mark.parametrize(
    ("paid_fen", "name", "missing"),
    [
        (0, "普通会员", 500), (49_999, "普通会员", 1), (50_000, "银卡会员", 1_500), (199_999, "银卡会员", 1),
        (200_000, "金卡会员", 6_000), (799_999, "金卡会员", 1), (800_000, "黑卡会员", None),
        (-5, "普通会员", 500),
    ],
)  # fmt: skip
def test_levels_begin_where_the_file_says(paid_fen: int, name: str, missing: int | None) -> None:
    grown = membership.growth(paid_fen)
    level = membership.level(grown, FIGURES.levels)
    assert level is not None
    assert (level.zh, membership.to_next(grown, FIGURES.levels)) == (name, missing)


def test_a_deposit_gets_what_the_table_of_its_day_says_and_is_never_overdrawn(counter: Counter) -> None:
    assert counter.done("member.deposit", amount_fen=49_999) == {"balance_fen": 49_999, "bonus_fen": 0}
    assert counter.done("member.deposit", amount_fen=100_000)["bonus_fen"] == 6_000
    assert counter.refused("member.deposit", amount_fen=156_000, use=True) == "balance_short"
    assert counter.refused("member.leave") == "balance_left"
    assert counter.done("member.deposit", amount_fen=155_999, use=True)["balance_fen"] == 0
    counter.desk.now = datetime(2028, 1, 1, tzinfo=counter.desk.now.tzinfo)
    assert counter.done("member.deposit", amount_fen=100_000)["bonus_fen"] == 0
    assert counter.refused("member.deposit", amount_fen=membership.BALANCE_MOST_FEN) == "over_limit"


def test_who_leaves_or_is_forgotten_leaves_nothing(counter: Counter) -> None:
    counter.done("member.checkin")
    counter.done("member.leave")
    assert counter.desk.room.members == {}
    counter.done("member.join", consent=True, birthday="05-20")
    counter.desk.ok("viewer.forget", W)
    assert counter.desk.room.members == {}
    assert b"05-20" not in msgspec.msgpack.encode(counter.desk.room)


def test_forgetting_reaches_the_membership(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: without its own step the birthday would stay."""
    counter.done("member.join", consent=True, birthday="05-20")
    monkeypatch.setattr(membership, "forget", lambda room, pid: None)
    counter.desk.ok("viewer.forget", W)
    assert counter.member.birthday == "05-20"


def test_a_room_has_a_bound_of_members(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "MEMBERS_MOST", 1)
    assert counter.desk.no("member.join", {"viewer_id": "x", "consent": True}) == "over_limit"
    counter.done("member.join", consent=True, birthday="05-20")


def test_who_joined_counts_as_a_member_whatever_he_paid(counter: Counter) -> None:
    desk = counter.desk
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": {**COUPON, "audience": "members"}})
    cue = desk.room.cues["c"]
    assert audiences.standing(desk.room, cue, "w", {}) == "yes"
    assert audiences.standing(desk.room, cue, "x", {"x": Past(1, 100)}) == "no"
    assert audiences.standing(desk.room, cue, "x", {"x": Past(1, 50_000, reaches_level=True)}) == "yes"


def levels(*zhe: str) -> list[dict[str, Any]]:
    return [{"rule": {"zhe": one}, "name": f"{one} 折", "member_from": n * 500} for n, one in enumerate(zhe)]


def guarded() -> Desk:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("scarf", 10_000, 10, floor_fen=9_000)]})
    return desk


def test_a_discount_of_members_is_held_against_the_floor() -> None:
    desk = guarded()
    assert desk.no("room.set", {"shop_coupons": levels("8.9")}) == "below_price_floor"
    desk.ok("room.set", {"shop_coupons": levels("9.8", "9.5", "9")})
    assert stacking.OffersThatMeet(desk.room, None, None).lowest_fen("scarf") == 9_000
    sale = {"sku_id": "scarf", "price_fen": 9_900, "quantity": 1, "per_buyer": 1, "seconds": 60}
    assert desk.no("cue.add", {"cue_id": "s", "kind": "flash_sale", "spec": sale}) == "below_price_floor"


def test_a_buyer_has_one_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: taken together, three levels would come to a price that nobody can have."""
    desk = guarded()
    desk.ok("room.set", {"shop_coupons": levels("9.8", "9")})
    assert list(floors.standing(desk.room)) == []
    monkeypatch.setattr(stacking, "_passed_over", lambda coupon, coupons: False)
    assert [sku_id for sku_id, _, _ in floors.standing(desk.room)] == ["scarf"]


def test_a_level_meets_other_coupons_of_the_shop() -> None:
    desk = guarded()
    desk.ok("room.set", {"shop_coupons": levels("9.5")})
    both = [*levels("9.5"), {"rule": {"off_fen": 600}, "name": "店铺券"}]
    assert desk.no("room.set", {"shop_coupons": both}) == "below_price_floor"


def test_points_by_other_figures() -> None:
    at = Counter(paid_fen=1_000)
    at.figures = MemberFigures(points_per_yuan=3, checkin_points=7)
    at.done("member.join", consent=True)
    assert at.done("member.checkin") == {"points": 7}
    assert at.done("member.spend", points=37) == {"points": 0}


def test_a_price_under_a_floor_names_the_level_that_brought_it_there() -> None:
    """Nothing that was let in so far comes there: the floor rose in the shop's own list afterwards."""
    at = Counter(paid_fen=60_000)
    desk = at.desk
    desk.ok("catalogue.put", {"products": [product("scarf", 10_000, 10, floor_fen=9_000)]})
    desk.ok("room.set", {"shop_coupons": levels("9.8", "9.5")})
    at.done("member.join", consent=True)
    order = {"order_id": "o", "buyer": {"id": "w"}, "lines": [{"sku_id": "scarf", "quantity": 2}]}
    desk.room.skus["scarf"].floor_fen = 9_600
    command = Command("id", "order.request", order, "producer")
    answer = decide(desk.room, command, desk.now, desk.chance, {"w": Past(1, at.paid_fen)})
    assert isinstance(answer, Refused)
    assert (answer.code, answer.params["final_fen"]) == ("below_price_floor", 9_500)
    assert "9.5" in answer.params["combination"]
    desk.room.skus["scarf"].floor_fen = 9_500
    allowed = decide(desk.room, command, desk.now, desk.chance, {"w": Past(1, at.paid_fen)})
    assert isinstance(allowed, Decision)
    assert allowed.result["total_fen"] == 19_000
