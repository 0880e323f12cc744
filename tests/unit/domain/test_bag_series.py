"""福袋雨: bags of one cue, one after the other, everybody wins once."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from liveconsole.domain import restored
from liveconsole.domain.context import Context
from liveconsole.domain.draw import entry_id, jcs, receipt_code
from liveconsole.domain.evolve import evolve
from liveconsole.domain.kinds.lucky_bag import series
from liveconsole.domain.room import Room
from liveconsole.domain.tick import next_due
from liveconsole.messages.events import EVENTS
from liveconsole.messages.reasons import reason_words
from tests.unit.domain.desk import Desk

BAG = {
    "prize": {"name": "帽子", "value_fen": 100},
    "winners": 1,
    "alternates": 2,
    "entry": {"keyword": "要"},
    "seconds": 60,
    "claim": {"seconds": 600},
    "series": {"count": 3, "gap_seconds": 40},
}
DRAWN = ["bag.closed", "cue.drawn"]
OVER = [*DRAWN, "cue.ended", "bag.series"]


def rain(platform: str = "own", settings: dict[str, Any] | None = None, **fields: Any) -> Desk:
    desk = Desk(platform, recall_seconds=0, **(settings or {}))
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": {**BAG, **fields}})
    desk.ok("cue.fire", {"cue_id": "bag"})
    if platform == "manual":
        desk.ok("cue.confirm", {"cue_id": "bag", "step": "on_air", "done": True})
    return desk


def say(desk: Desk, *people: str, source: str = "/shop") -> list[str]:
    return [type_ for who in people for type_ in desk.fact(
        "comment.posted", {"viewer": {"id": who}, "text": "要"}, source
    )]  # fmt: skip


def winners(desk: Desk) -> list[list[str]]:
    return [[winner.viewer_id for winner in bag.winners] for bag in desk.cue("bag").bags]


def entered(desk: Desk, bag: int) -> list[str]:
    return [
        pid
        for event in desk.log
        if event.type == "bag.entered" and (event.data.bag or 1) == bag  # type: ignore[attr-defined]
        for pid, _ in event.data.entries  # type: ignore[attr-defined]
    ]


def receipts(desk: Desk) -> list[dict[str, Any]]:
    return [event.data.receipt for event in desk.log if event.type == "cue.drawn"]  # type: ignore[attr-defined]


# One after the other --------------------------------------------------------------------------------


def test_one_approval_opens_every_bag_by_the_clock() -> None:
    desk = rain()
    say(desk, "a", "b", "c")
    began = desk.now
    assert desk.wait(60) == DRAWN
    cue = desk.cue("bag")
    assert (cue.status, cue.ended_because, len(cue.bags)) == ("on_air", None, 1)
    assert "bag.entered" not in say(desk, "a", "b", "c", "d"), "between two bags nobody enters"
    assert desk.wait(39) == []
    assert desk.wait(1) == ["bag.opened"]
    assert desk.cue("bag").ends_at == began + timedelta(seconds=160)
    assert say(desk, "a", "b", "c", "d").count("bag.entered") == 3
    assert desk.wait(60) == DRAWN
    assert desk.wait(40) == ["bag.opened"]
    say(desk, "a", "b", "c", "d")
    assert desk.wait(60) == OVER
    cue = desk.cue("bag")
    assert (cue.status, cue.ended_because) == ("ended", "drawn")
    everybody = [pid for bag in winners(desk) for pid in bag]
    assert len(everybody) == len(set(everybody)) == 3
    assert len({receipt["draw_id"] for receipt in receipts(desk)}) == 3
    assert next_due(desk.room) == began + timedelta(seconds=660), "the first prize waits to be claimed"


def test_entrants_of_one_bag_are_not_those_of_the_next() -> None:
    desk = rain()
    say(desk, "a", "b")
    desk.wait(100)
    say(desk, "c")
    desk.wait(100)
    desk.wait(60)
    assert [entered(desk, n) for n in (1, 2, 3)] == [["a", "b"], ["c"], []]
    assert [len(r["entries"]) for r in receipts(desk)] == [2, 1, 0]
    assert winners(desk)[1:] == [["c"], []]


def test_who_won_stands_back_and_the_rules_name_him() -> None:
    desk = rain()
    say(desk, "a")
    desk.wait(100)
    assert say(desk, "a") == ["comment.posted"], "he has won the first"
    promised = desk.cue("bag").bag.promise  # type: ignore[union-attr]
    assert promised is not None
    his = entry_id(promised.draw_id, promised.salt, "a")
    assert promised.rules["stood_back"] == promised.rules["excluded"] == [his]
    assert promised.rules["series"] == {
        "bag": 2, "count": 3, "gap_seconds": 40, "once": True,
        "after": series.receipt_hash(receipts(desk)[0]),
    }  # fmt: skip
    assert "stood_back" not in receipts(desk)[0]["rules"]


def test_without_once_he_may_win_again() -> None:
    desk = rain(series={"count": 2, "gap_seconds": 0, "once": False})
    say(desk, "a")
    desk.wait(60)
    say(desk, "a")
    desk.wait(60)
    assert winners(desk) == [["a"], ["a"]]
    assert [(won.viewer_id, won.bag) for won in desk.room.won] == [("a", 1), ("a", 2)]


def test_with_no_gap_the_next_opens_with_the_draw() -> None:
    desk = rain(series={"count": 2, "gap_seconds": 0})
    say(desk, "a", "b")
    assert desk.wait(60) == [*DRAWN, "bag.opened"]
    assert say(desk, "a", "b").count("bag.entered") == 1, "the winner of the first stands back at once"


def test_a_draw_that_waits_for_its_round_holds_the_next_bag() -> None:
    desk = rain(settings={"randomness": "drand"}, series={"count": 2, "gap_seconds": 0})
    say(desk, "a", "b")
    assert desk.wait(60) == ["bag.closed"]
    first = desk.cue("bag").bag
    found = desk.wait(60)
    assert found == ["cue.drawn", "bag.opened"], "the fallback, and then the next"
    second = desk.cue("bag").bag
    assert first is not None and second is not None and first.promise and second.promise  # noqa: PT018
    assert second.opened_at > first.closed_at  # type: ignore[operator]
    assert second.promise.round > first.promise.round  # type: ignore[operator]


# Prizes that pass on --------------------------------------------------------------------------------


def test_who_moves_up_while_he_is_in_the_next_bag_wins_once() -> None:
    desk = rain(claim={"seconds": 70}, series={"count": 2, "gap_seconds": 0})
    say(desk, "a", "b")
    desk.wait(60)
    first = winners(desk)[0][0]
    other = "b" if first == "a" else "a"
    say(desk, other)
    desk.wait(59)
    desk.ok("bag.settle", {"cue_id": "bag", "viewer_id": first, "ok": False, "reason": "不要"})
    assert winners(desk)[0] == [other]
    assert desk.wait(1) == [*DRAWN, "bag.settled", "cue.ended", "bag.series"]
    assert winners(desk) == [[other], []]
    assert [(won.viewer_id, won.bag) for won in desk.room.won] == [(other, 1)]


def test_an_alternate_who_won_the_next_bag_is_passed_over() -> None:
    desk = rain(claim={"seconds": 70}, series={"count": 2, "gap_seconds": 0})
    say(desk, "a", "b", "c")
    desk.wait(60)
    bag = desk.cue("bag").bags[0]
    first, second, third = bag.winners[0].viewer_id, *(one.viewer_id for one in bag.alternates)
    say(desk, second)
    desk.wait(60)
    assert winners(desk) == [[first], [second]]
    assert desk.wait(10) == ["bag.settled", "bag.settled"]
    told = [e.data for e in desk.log if e.type == "bag.settled"]
    assert [(d.viewer_id, d.ok, d.reason, d.next) for d in told] == [  # type: ignore[attr-defined]
        (first, False, "claim_over", second),
        (second, False, "won_already", third),
    ]
    assert winners(desk) == [[third], [second]]
    assert {(won.viewer_id, won.bag) for won in desk.room.won} == {(third, 1), (second, 2)}


def test_claims_of_several_bags_run_at_once() -> None:
    desk = rain(claim={"seconds": 90}, alternates=0)
    say(desk, "a")
    desk.wait(100)
    say(desk, "b")
    assert desk.wait(60) == ["bag.settled", *DRAWN], "90 s after the first draw, while the second bag ran"
    assert desk.no("bag.settle", {"cue_id": "bag", "viewer_id": "a", "ok": True}) == "claim_over"
    desk.ok("bag.settle", {"cue_id": "bag", "viewer_id": "b", "ok": True})
    assert [bag.settled for bag in desk.cue("bag").bags] == [{"a": False}, {"b": True}]
    assert desk.no("bag.settle", {"cue_id": "bag", "viewer_id": "b", "ok": True, "bag": 1}) == "not_a_winner"
    assert desk.no("bag.settle", {"cue_id": "bag", "viewer_id": "b", "ok": True, "bag": 9}) == "not_a_winner"


# It ends otherwise ----------------------------------------------------------------------------------


def test_a_stop_between_bags_leaves_the_rest_unopened() -> None:
    desk = rain()
    say(desk, "a")
    desk.wait(70)
    assert desk.no("cue.stop", {"cue_id": "bag"}) == "needs_reason"
    desk.ok("cue.stop", {"cue_id": "bag", "reason": "够了"})
    assert desk.tick() == ["bag.series"]
    told = desk.cue("bag").series
    assert told is not None
    assert told.receipt is not None
    assert (told.receipt["opened"], told.receipt["planned"], told.receipt["reason"]) == (1, 3, "够了")
    assert desk.wait(500) == []


def test_a_stop_of_the_running_bag_draws_no_more_of_it() -> None:
    desk = rain()
    say(desk, "a")
    desk.wait(110)
    say(desk, "b")
    desk.ok("cue.stop", {"cue_id": "bag", "reason": "有人刷屏"})
    assert desk.tick() == ["bag.series"]
    cue = desk.cue("bag")
    assert cue.series is not None
    assert cue.series.receipt is not None
    assert [d["bag"] for d in cue.series.receipt["draws"]] == [1]
    assert cue.series.receipt["opened"] == 2


def test_no_more_lets_the_running_bag_be_drawn() -> None:
    desk = rain()
    say(desk, "a")
    assert desk.ok("bag.no_more", {"cue_id": "bag", "reason": "货不多了"}) == {"cue_id": "bag", "bags": 1}
    assert desk.ok("bag.no_more", {"cue_id": "bag"}) == {"cue_id": "bag", "bags": 1}, "said once"
    assert desk.wait(60) == OVER
    assert winners(desk) == [["a"]]
    assert desk.no("bag.no_more", {"cue_id": "bag"}) == "not_running"


def test_no_more_between_bags_ends_it() -> None:
    desk = rain()
    desk.wait(70)
    desk.ok("bag.no_more", {"cue_id": "bag"})
    assert desk.tick() == ["cue.ended", "bag.series"]


@pytest.mark.parametrize(("after", "found"), [(10, OVER), (70, ["cue.ended", "bag.series"])])
def test_a_halt_draws_what_runs_and_opens_nothing(after: int, found: list[str]) -> None:
    desk = rain()
    say(desk, "a")
    desk.wait(after)
    assert desk.ok("room.halt", {})["going_on"] == ["bag"]
    assert desk.wait(600)[: len(found)] == found
    assert len(desk.cue("bag").bags) == 1
    assert reason_words(desk.cue("bag").reason) == "全停，后面的不发"


@pytest.mark.parametrize("after", [10, 70])
def test_the_broadcast_is_not_closed_over_it(after: int) -> None:
    desk = rain()
    desk.wait(after)
    assert desk.no("broadcast.close", {}) == "still_running"


@pytest.mark.parametrize("after", [10, 70, 110])
def test_a_room_from_a_backup_goes_on_with_none_of_it(after: int) -> None:
    desk = rain()
    say(desk, "a")
    desk.wait(after)
    desk.fold(restored.go_on(desk.room, 2, "head", Context(desk.now, "clock", desk.chance)))
    assert desk.cue("bag").reason == "restored"
    assert desk.wait(600)[:1] == (["bag.series"] if after > 60 else [])
    assert len(desk.cue("bag").bags) == (2 if after > 100 else 1)


@pytest.mark.parametrize("away", [65, 500, 90_000])
def test_an_engine_that_was_away_goes_on_where_it_was(away: float) -> None:
    """Every bag is open as long as was announced, and no gap is shorter than was announced."""
    desk = rain()
    say(desk, "a")
    found = desk.sleep(away)
    assert found[:2] == DRAWN
    assert "bag.opened" not in found, "the gap begins with the close, which was now"
    back = desk.now
    assert desk.wait(40) == ["bag.opened"]
    assert desk.cue("bag").ends_at == back + timedelta(seconds=100)


def test_a_gap_that_passed_while_no_engine_ran_was_long_enough() -> None:
    desk = rain()
    desk.wait(61)
    assert desk.sleep(5_000) == ["bag.opened"]
    assert desk.cue("bag").ends_at == desk.now + timedelta(seconds=60)


def test_a_source_that_fell_silent_is_not_waited_for() -> None:
    desk = rain()
    say(desk, "a", source="/old")
    desk.wait(500)
    desk = rain()
    say(desk, "a", source="/old")
    desk.wait(90)
    say(desk, *"bcdef", source="/new")
    desk.wait(10)
    say(desk, "x", source="/old")
    say(desk, "y", source="/new")
    assert entered(desk, 2) == ["y"], "the loudest at its own opening, not at the first one's"


@pytest.mark.parametrize("gone", ["shelf", "stock"])
def test_no_bag_opens_for_a_prize_that_is_not_there(gone: str) -> None:
    desk = rain(prize={"name": "帽子", "value_fen": 100, "product_id": "hat"}, winners=2)
    say(desk, "a", "b")
    desk.wait(70)
    if gone == "shelf":
        desk.ok("product.shelf", {"product_id": "hat", "on": False})
    else:
        desk.ok("stock.add", {"sku_id": "hat", "by": -17})
    assert desk.wait(30) == ["bag.no_more", "cue.ended", "bag.series"]
    assert desk.cue("bag").reason == {"shelf": "off_shelf", "stock": "no_prize_left"}[gone]


# The spec -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "series_",
    [{"count": 1, "gap_seconds": 0}, {"count": 21, "gap_seconds": 0}, {"count": 2, "gap_seconds": 3601},
     {"count": 2, "gap_seconds": -1}, {"count": 2}],
)  # fmt: skip
def test_its_bounds(series_: dict[str, int]) -> None:
    desk = Desk(recall_seconds=0)
    spec = {**BAG, "series": series_}
    assert desk.no("cue.add", {"kind": "lucky_bag", "spec": spec}) == "bad_spec"


def test_prizes_and_winners_are_counted_for_all_bags() -> None:
    desk = Desk(recall_seconds=0)
    prize = {"name": "帽子", "value_fen": 100, "product_id": "hat"}
    add = {"cue_id": "b", "kind": "lucky_bag", "spec": {**BAG, "prize": prize, "winners": 7}}
    refused = desk.refusal("cue.add", add)
    assert (refused.code, refused.params["available"]) == ("over_stock", 20)
    assert desk.no("cue.add", {"kind": "lucky_bag", "spec": {**BAG, "winners": 3_334}}) == "bad_spec"
    desk.ok("cue.add", {**add, "spec": {**BAG, "prize": prize, "winners": 6}})
    shown = next(cue for cue in desk.shown().cues if cue.cue_id == "b")
    assert shown.discount is not None
    assert shown.discount.most_fen == 1_800
    desk.ok("stock.add", {"sku_id": "hat", "by": -13})
    fix = next(cue for cue in desk.shown().cues if cue.cue_id == "b").can.fix
    assert fix is not None
    assert fix.data["spec"]["winners"] == 2


# Receipts -------------------------------------------------------------------------------------------


def test_the_receipt_of_the_series_names_every_draw_in_order() -> None:
    desk = rain()
    for who in "abc":
        say(desk, who, "x")
        desk.wait(100)
    drawn = receipts(desk)
    cue = desk.cue("bag")
    assert cue.series is not None
    told = cue.series.receipt
    assert told is not None
    assert [one["draw_id"] for one in told["draws"]] == [one["draw_id"] for one in drawn]
    hashes = [series.receipt_hash(one) for one in drawn]
    assert [one["receipt_sha256"] for one in told["draws"]] == hashes
    assert told["receipts_sha256"] == sha256(jcs(hashes)).hexdigest()
    assert [one["stood_back"] for one in told["draws"]] == [0, 1, 2]
    assert [one["rules"]["series"].get("after") for one in drawn] == [None, *hashes[:2]]
    assert cue.series.receipt_code == receipt_code(told)


def test_the_log_folds_to_the_same_room() -> None:
    desk = rain(claim={"seconds": 70})
    for who in "abc":
        say(desk, who, "x", "y")
        desk.wait(100)
    again = Room("room")
    for event in desk.log:
        data = msgspec.json.decode(
            msgspec.json.encode(event.data), type=EVENTS.get(event.type, type(event.data))
        )
        evolve(again, msgspec.structs.replace(event, data=data))
    assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(desk.room)


# What the state says --------------------------------------------------------------------------------


def test_the_state_says_how_far_it_is() -> None:
    desk = rain()
    say(desk, "a")

    def told() -> Any:
        return next(cue for cue in desk.shown().cues if cue.cue_id == "bag")

    shown = told()
    assert shown.series is not None
    assert (shown.series.bag, shown.series.count, shown.series.next_at, shown.series.more) == (
        1,
        3,
        None,
        True,
    )
    assert shown.entrants == 1
    desk.wait(70)
    between = told()
    assert between.series.next_at == desk.now + timedelta(seconds=30)
    assert [bag.status for bag in between.series.bags] == ["drawn"]
    desk.wait(30)
    say(desk, "b", "c")
    second = told()
    assert (second.series.bag, second.series.next_at, second.entrants) == (2, None, 2)
    assert second.ends_at == desk.now + timedelta(seconds=60)
    assert [(bag.status, bag.entrants, bag.stood_back) for bag in second.series.bags] == [
        ("drawn", 1, 0),
        ("open", 2, 1),
    ]
    desk.wait(60)
    desk.ok("cue.stop", {"cue_id": "bag", "reason": "够了"})
    desk.tick()
    over = told()
    assert (over.winners[0].bag, over.winners[0].viewer_id) == (1, "a")
    assert [one.bag for one in over.winners] == [1, 2]
    assert (over.series.more, over.series.next_at) == (False, None)
    assert over.series.receipt_code
    assert over.draw.draw_id == over.series.bags[-1].draw_id


def test_a_bag_alone_says_nothing_of_a_series() -> None:
    desk = rain(series=None)
    say(desk, "a")
    assert desk.wait(60) == [*DRAWN, "cue.ended"]
    shown = next(cue for cue in desk.shown().cues if cue.cue_id == "bag")
    assert (shown.series, [one.bag for one in shown.winners]) == (None, [0])
