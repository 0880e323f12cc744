"""For whom a promotion is kept: who checks it on which platform, who is let in, and the countdown before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, get_args

import pytest

from liveconsole.domain import audiences
from liveconsole.domain.china import day_of
from liveconsole.domain.context import Decision, Past, Pasts
from liveconsole.domain.decide import decide
from liveconsole.domain.platforms import PLATFORMS, does
from liveconsole.domain.take import take
from liveconsole.messages.audiences import AUDIENCES, OWN_TYPES
from liveconsole.messages.envelope import Command
from liveconsole.messages.refusals import Refused, word
from liveconsole.messages.specs import AudienceName
from tests.unit.domain.desk import SALE, Desk

COUPON: dict[str, Any] = {
    "name": "新客",
    "rule": {"off_fen": 500},
    "quantity": 10,
    "per_buyer": 1,
    "seconds": 300,
}
BAG: dict[str, Any] = {
    "prize": {"name": "手套", "value_fen": 9900},
    "winners": 2,
    "entry": {"keyword": "想要"},
    "seconds": 180,
}
TERMS = {"flash_sale": SALE, "coupon": COUPON, "lucky_bag": BAG}
NAMES: tuple[AudienceName, ...] = get_args(AudienceName)
OLD, NEVER = Past(2, 60_000, reaches_level=True), Past()


def ask(desk: Desk, type_: str, data: dict[str, Any], pasts: Pasts) -> Decision | Refused:
    """As the engine asks: with what the books have of him."""
    answer = decide(desk.room, Command("id", type_, data, "producer"), desk.now, desk.chance, pasts)
    if isinstance(answer, Decision):
        desk.fold(answer.events)
    return answer


def on_air(desk: Desk, kind: str, name: str, **more: Any) -> None:
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("cue.add", {"cue_id": "c", "kind": kind, "spec": TERMS[kind] | {"audience": name} | more})
    desk.ok("cue.fire", {"cue_id": "c"})


def claimed(desk: Desk, pid: str, pasts: Pasts) -> str:
    answer = ask(desk, "coupon.claim", {"cue_id": "c", "viewer": {"id": pid}}, pasts)
    return answer.code if isinstance(answer, Refused) else answer.result["audience"]


# Who checks it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("told", [False, True])
def test_somebody_checks_it_or_it_is_refused_in_plain_words(platform: str, told: bool) -> None:
    desk = Desk(platform)
    if told:
        desk.fact("viewer.followed", {"viewer": {"id": "v"}}, "/wxlivespy")
        desk.fact("viewer.joined_club", {"viewer": {"id": "v"}, "level": 3}, "/douyin")
    for kind, name in product(TERMS, NAMES):
        spec = TERMS[kind] | {"audience": name}
        answer = desk.ask("cue.add", {"cue_id": f"{kind}-{name}", "kind": kind, "spec": spec})
        by = expected(platform, kind, name, told)
        if by is None:
            assert isinstance(answer, Refused), (kind, name)
            assert answer.code == "audience_unchecked"
            assert AUDIENCES[name][0] in answer.text
            english = word(answer.code, answer.params, english=True)
            assert AUDIENCES[name][1] in english
            assert "{" not in answer.text + english
        else:
            assert isinstance(answer, Decision), (kind, name, answer)
            cue = desk.cue(f"{kind}-{name}")
            assert audiences.checked_by(desk.room, kind, cue.spec) == by, (kind, name)


def expected(platform: str, kind: str, name: AudienceName, told: bool) -> str | None:
    """The same written down once more, as a table that a person can read."""
    if name == "birthday":
        if platform in ("own", "rehearsal"):
            return "list"
        return {"coupon": "person", "lucky_bag": "person"}.get(kind)
    ours = name in ("new", "bought", "members")
    seen = told and name in ("followers", "club")
    if platform == "rehearsal":
        return "books" if ours else "source" if seen else "platform"
    if platform == "own":
        return "books" if ours else "source" if seen else "person" if kind == "lucky_bag" else None
    there = {
        "flash_sale": "new members",
        "coupon": "new followers members club",
        "lucky_bag": "followers club",
    }
    by_hand = {"flash_sale": "group family", "coupon": "bought group family",
               "lucky_bag": "new bought members group family"}  # fmt: skip
    if name in there[kind].split():
        return "platform"
    return "person" if name in by_hand[kind].split() else None


def test_a_platform_that_is_set_later_is_asked_again_before_it_starts() -> None:
    desk = Desk("manual")
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON | {"audience": "family"}})
    desk.ok("room.set", {"platform": "own"})
    assert desk.no("cue.fire", {"cue_id": "c"}) == "audience_unchecked"
    assert desk.no("cue.approve", {"cue_id": "c"}) == "audience_unchecked"


def test_no_interface_is_told_for_whom_so_a_person_does_it() -> None:
    desk = Desk("wechat_shop", shop={"kind": "wechat_shop", "appid": "wx1"})
    desk.ok("cue.add", {"cue_id": "all", "kind": "coupon", "spec": COUPON | {"valid_seconds": 86_400}})
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon",
                        "spec": COUPON | {"valid_seconds": 86_400, "audience": "members"}})  # fmt: skip
    assert does(desk.room, desk.cue("all")) == "program"
    assert does(desk.room, desk.cue("c")) == "person"


def test_what_a_platform_has_a_type_for_is_named_by_it() -> None:
    assert OWN_TYPES["coupons"]["new"][0] == "新人券"
    assert OWN_TYPES["coupons"]["members"] == ("会员券", True)


# Who is let in --------------------------------------------------------------------------------------


def test_our_books_tell_newcomers_past_buyers_and_members() -> None:
    for name, yes, no in (
        ("new", NEVER, OLD),
        ("bought", OLD, NEVER),
        ("members", OLD, Past(3, 49_999)),
    ):
        desk = Desk()
        on_air(desk, "coupon", name)
        assert claimed(desk, "a", {"a": yes}) == "yes"
        assert claimed(desk, "b", {"b": no}) == "not_for_you"
        assert claimed(desk, "c", {}) == "unknown", "of whom nothing is known, he is not turned away"
        assert desk.cue("c").claimed == 2


def test_where_the_shop_sold_before_us_who_is_not_on_our_books_is_unknown() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON | {"audience": "bought"}})
    cue = desk.cue("c")
    assert audiences.standing(desk.room, cue, "a", {"a": NEVER}) == "unknown"
    assert audiences.standing(desk.room, cue, "a", {"a": OLD}) == "yes"


def test_a_sale_for_some_is_no_sale_for_the_others() -> None:
    desk = Desk()
    on_air(desk, "flash_sale", "new")
    lines = [{"sku_id": "scarf", "quantity": 1}]
    named = {"order_id": "o1", "buyer": {"id": "old"}, "lines": lines, "cue_id": "c"}
    refused = ask(desk, "order.request", named, {"old": OLD})
    assert isinstance(refused, Refused)
    assert (refused.code, refused.text) == ("not_for_you", "只给新人")
    bare = ask(desk, "order.request", named | {"cue_id": None}, {"old": OLD})
    assert isinstance(bare, Decision)
    assert bare.result["total_fen"] == 9900, "without naming it he has the shop's price"
    assert "audience" not in bare.result
    his = ask(desk, "order.request", named | {"order_id": "o2", "buyer": {"id": "new"}}, {"new": NEVER})
    assert isinstance(his, Decision)
    assert (his.result["total_fen"], his.result["audience"]) == (5900, "yes")


def test_a_platforms_order_at_either_price_is_as_promised_while_the_sale_is_for_some() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "c", "kind": "flash_sale", "spec": SALE | {"audience": "new"}})
    desk.ok("cue.fire", {"cue_id": "c"})
    desk.ok("cue.confirm", {"cue_id": "c", "step": "on_air", "done": True})
    desk.wait(20)
    for order_id, fen in (("o1", 9900), ("o2", 5900)):
        line = {"sku_id": "scarf", "quantity": 1, "unit_price_fen": fen}
        desk.fact("order.placed", {"order_id": order_id, "buyer": {"id": order_id}, "lines": [line],
                                   "total_fen": fen})  # fmt: skip
    assert [order.off for order in desk.room.orders.values()] == [None, None]


def test_a_bag_lets_in_whom_it_is_for_and_says_whom_it_kept_out() -> None:
    desk = Desk()
    on_air(desk, "lucky_bag", "bought")
    bag = desk.cue("c").bag
    assert bag is not None
    promise = bag.promise
    assert promise is not None
    assert promise.rules["entry"]["audience"] == "bought", "it stands in the rules that are promised"
    pasts = {"old": OLD, "new": NEVER}
    facts = [desk.made("comment.posted", {"viewer": {"id": who}, "text": "想要"}, "/a")
             for who in ("old", "new", "stranger", "new")]  # fmt: skip
    desk.fold(take(desk.room, facts, desk.now, desk.chance, pasts))
    bag = desk.cue("c").bag
    assert bag is not None
    assert list(bag.entries) == ["old", "stranger"]
    assert list(bag.kept_out) == ["new"]
    again = take(desk.room, facts[1:2], desk.now, desk.chance, pasts)
    assert [event.type for event in again] == ["comment.posted"], "he is kept out once"


def test_a_list_gives_no_place_to_whom_it_is_not_for() -> None:
    desk = Desk()
    desk.ok("room.set", {"recall_seconds": 0})
    spec = {"keyword": "1", "places": 2, "seconds": 60, "audience": "new"}
    desk.ok("cue.add", {"cue_id": "c", "kind": "first_come", "spec": spec})
    desk.ok("cue.fire", {"cue_id": "c"})
    facts = [
        desk.made("comment.posted", {"viewer": {"id": who}, "text": "1"}, "/a") for who in ("old", "a", "b")
    ]
    desk.fold(take(desk.room, facts, desk.now, desk.chance, {"old": OLD, "a": NEVER, "b": NEVER}))
    there = desk.cue("c").places
    assert there is not None
    assert list(there.came) == ["a", "b"]


def test_followers_and_the_club_are_those_whom_a_source_told_of() -> None:
    desk = Desk()
    desk.fact("viewer.followed", {"viewer": {"id": "f"}}, "/a")
    desk.fact("viewer.joined_club", {"viewer": {"id": "k"}, "level": 12}, "/a")
    on_air(desk, "coupon", "followers")
    assert [claimed(desk, who, {}) for who in "fk"] == ["yes", "unknown"]
    desk.ok("cue.add", {"cue_id": "k", "kind": "coupon", "spec": COUPON | {"audience": "club"}})
    assert audiences.standing(desk.room, desk.cue("k"), "k", {}) == "yes"
    assert desk.shown().audience.club == 1
    desk.ok("room.halt", {})
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    assert not desk.room.followed
    assert not desk.room.in_club


# The countdown --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TERMS)
def test_it_counts_down_before_it_starts_and_can_be_taken_back_all_the_while(kind: str) -> None:
    desk = Desk(recall_seconds=3)
    for cue_id in ("a", "b"):
        desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": TERMS[kind] | {"countdown_seconds": 60}})
    fired = desk.ok("cue.fire", {"cue_id": "a"})
    assert fired["status"] == "recallable"
    assert desk.cue("a").fires_at == desk.now + timedelta(seconds=60)
    assert desk.wait(59) == []
    desk.ok("cue.recall", {"cue_id": "a"})
    assert desk.wait(10) == []
    desk.ok("cue.fire", {"cue_id": "a"})
    assert "cue.on_air" in desk.wait(60)
    assert desk.cue("a").on_air_at == desk.now


def test_a_planned_one_counts_down_to_its_time() -> None:
    desk = Desk()
    at = desk.now + timedelta(minutes=10)
    desk.queue_sale(at=at, countdown_seconds=300)
    desk.ok("cue.approve", {"cue_id": "sale"})
    assert desk.wait(301) == ["cue.recallable"]
    assert desk.cue().fires_at == at
    assert "cue.on_air" in desk.wait(299)
    assert desk.cue().on_air_at == at


def test_what_changed_while_it_counted_down_is_judged_anew() -> None:
    """Over three seconds nothing but a floor is looked at again; in five minutes the goods may be gone."""
    desk = Desk()
    desk.queue_sale(countdown_seconds=300, quantity=10)
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.room.skus["scarf"].on_hand = 4
    assert desk.wait(300) == ["cue.missed"]
    assert (desk.cue().status, desk.cue().reason) == ("missed", "over_stock")


def test_everything_halts_what_counts_down_and_a_pause_of_the_engine_does_not_start_it_late() -> None:
    desk = Desk()
    desk.queue_sale(countdown_seconds=60)
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.ok("room.halt", {})["recalled"] == ["sale"]
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.sleep(60 + 31) == ["cue.missed"]
    assert desk.cue().reason == "late"


def test_a_person_is_asked_to_press_when_it_has_counted_down() -> None:
    desk = Desk("manual")
    desk.queue_sale(countdown_seconds=10)
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.cue().owed is None
    assert desk.wait(10) == ["cue.firing"]
    assert desk.cue().owed is not None


@pytest.mark.parametrize("seconds", [9, 301])
def test_a_countdown_is_ten_seconds_to_five_minutes(seconds: int) -> None:
    desk = Desk()
    spec = SALE | {"countdown_seconds": seconds}
    assert desk.no("cue.add", {"kind": "flash_sale", "spec": spec}) == "bad_spec"


def test_without_the_look_before_the_start_a_sale_begins_that_has_no_goods(monkeypatch: Any) -> None:
    """The twin: the window of three seconds looks at floors alone."""
    monkeypatch.setattr(audiences, "countdown", lambda spec: None)
    desk = Desk(recall_seconds=3)
    desk.queue_sale(quantity=10)
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.room.skus["scarf"].on_hand = 4
    assert "cue.on_air" in desk.wait(3)


def test_without_the_past_of_a_buyer_a_sale_for_newcomers_lets_everybody_in() -> None:
    """The twin of the books: nobody asked them, so an old buyer is unknown."""
    desk = Desk()
    on_air(desk, "coupon", "new")
    assert claimed(desk, "old", {}) == "unknown"


def test_a_birthday_is_that_of_the_day_on_which_it_went_on_air() -> None:
    """By China's days, and nobody else has it, however little is known of him."""
    desk = Desk("own")
    for pid, day in (("today", f"{day_of(desk.now):%m-%d}"), ("other", "01-02"), ("silent", None)):
        desk.ok("member.join", {"viewer_id": pid, "consent": True, "birthday": day})
    on_air(desk, "coupon", "birthday")
    assert claimed(desk, "today", {}) == "yes"
    for pid in ("other", "silent", "stranger"):
        assert claimed(desk, pid, {pid: OLD}) == "not_for_you", pid


def test_who_was_born_on_a_leap_day_has_his_on_the_28th_of_other_years() -> None:
    desk = Desk("own")
    desk.now = datetime(2027, 2, 28, 12, tzinfo=UTC)
    desk.ok("member.join", {"viewer_id": "leap", "consent": True, "birthday": "02-29"})
    on_air(desk, "coupon", "birthday")
    assert claimed(desk, "leap", {}) == "yes"
