"""Lucky bags: who enters, the close, the draw, and what becomes of the prizes."""

from __future__ import annotations

import hashlib
import json
import sys
import timeit
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from liveconsole.domain.context import Decision
from liveconsole.domain.draw import entry_hash, entry_id
from liveconsole.domain.kinds import lucky_bag
from liveconsole.domain.kinds.lucky_bag import draws, prizes, promise
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_bags import Bag
from liveconsole.messages.commands import BagSettle, BagWinners, DrawBeacon
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.facts import ViewerFollowed
from liveconsole.messages.fields import Person
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LuckyBagSpec, parse_spec
from liveconsole.messages.text import normalise
from liveconsole.verify_draw import check_receipt
from tests.drand_chain import OwnChain
from tests.goals import within
from tests.unit.domain.promo_rooms import (
    T0,
    SeededChance,
    at,
    bag_in,
    bag_spec,
    comment,
    cue_in,
    fold,
    room_of,
)


def say(room: Room, *facts: Fact, seconds: float = 1) -> list[Event]:
    events = draws.enter(room, facts, at(seconds))
    fold(room, events)
    return events


def bag_of(cue: Cue) -> Bag:
    assert cue.bag is not None
    return cue.bag


def filled(viewers: int, **fields: Any) -> tuple[Room, Cue]:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec(**fields))
    say(room, *(comment("福到了", f"p{i}") for i in range(viewers)))
    return room, cue


def tick(room: Room, cue: Cue, seconds: float) -> list[Event]:
    events = draws.tick(room, cue, at(seconds, role="clock"))
    fold(room, events)
    return events


# Entering -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("match", "keyword", "yes", "no"),
    [
        (
            "exact",
            "福到了",
            ["福到了", " 福到了 ", "福\u200b到了", "\ufeff福到了"],
            ["福到了！", "福到", "福 到了", ""],
        ),
        ("exact", "666", ["６６６", "666"], ["6666", "⑥⑥"]),
        ("exact", "Abc", ["Abc", "Ａｂｃ"], ["abc"]),
        ("lenient", "福到了！", ["福到了", "福-到-了🎉", "【福 到 了】"], ["福到", "福到了吗"]),
        ("lenient", "Abc", ["aBC", "A b c 🎁"], ["abd"]),
        ("contains", "福到", ["福到了", "我来福到！"], ["福 到", "福"]),
    ],
)
def test_who_said_the_keyword(match: str, keyword: str, yes: list[str], no: list[str]) -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec(entry={"keyword": keyword, "match": match}))
    say(room, *(comment(text, f"y{i}") for i, text in enumerate(yes)))
    say(room, *(comment(text, f"n{i}") for i, text in enumerate(no)))
    assert list(bag_of(cue).entries) == [f"y{i}" for i in range(len(yes))]


def test_without_a_keyword_any_comment_enters() -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec(entry={}))
    say(room, comment("a", "p1"), comment("", "p2"))
    assert list(bag_of(cue).entries) == ["p1", "p2"]


def test_each_viewer_enters_once_and_the_excluded_never() -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec(exclude=["staff"]))
    first = say(room, comment("福到了", "p1"), comment("福到了", "p1"), comment("福到了", "staff"))
    assert [event.type for event in first] == ["bag.source", "bag.entered"]
    promised = bag_of(cue).promise
    assert promised is not None
    assert first[1].data.entries == [("p1", entry_id(promised.draw_id, promised.salt, "p1"))]  # type: ignore[attr-defined]
    assert say(room, comment("福到了", "p1"), comment("福到了", "staff")) == []


def test_where_none_has_spoken_the_first_that_brings_an_entry_counts() -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec())
    say(
        room,
        comment("hi", "p1", "/oba"),
        comment("福到了", "p2", "/wxlivespy"),
        comment("福到了", "p3", "/oba"),
    )
    say(room, comment("福到了", "p4", "/wxlivespy"))
    assert bag_of(cue).source == "/wxlivespy"
    assert list(bag_of(cue).entries) == ["p2", "p4"]


def test_nobody_enters_before_the_air_or_from_the_end_on() -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec())
    for status in ("queued", "firing", "unknown", "ended"):
        cue.status = status
        assert say(room, comment("福到了")) == []
    cue.status = "on_air"
    assert say(room, comment("福到了"), seconds=60) == []
    assert say(room, comment("福到了"), seconds=59.9) != []


def test_two_bags_on_air_take_the_same_comment() -> None:
    room = room_of(("cup", 5900, None))
    one = bag_in(room, bag_spec(), SeededChance("1"))
    two = bag_in(room, bag_spec(entry={"keyword": "福", "match": "contains"}), SeededChance("2"))
    say(room, comment("福到了"))
    assert set(bag_of(one).entries) == set(bag_of(two).entries) == {"p1"}
    assert bag_of(one).entries != bag_of(two).entries


def test_a_bag_of_the_platform_takes_nobody() -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec(draw="platform"))
    assert bag_of(cue).promise is None
    assert say(room, comment("福到了")) == []


def test_a_comment_that_does_not_match_costs_next_to_nothing() -> None:
    room = room_of(("cup", 5900, None))
    bag_in(room, bag_spec())
    facts = [comment(f"主播这个多少钱呀 第{i}个", f"p{i}") for i in range(20_000)]
    best = min(timeit.repeat(lambda: draws.enter(room, facts, at(1)), number=1, repeat=5))
    within(best / len(facts), 10e-6)  # 1 µs on the machine this was written on; room for a loaded one


def test_the_recorded_room_enters_exactly_who_said_it(shared: Path) -> None:
    folder = shared / "data/danmaku_bili_11365_20211230"
    lines = [json.loads(x) for x in (folder / "events_first2h.jsonl").read_text("utf-8").splitlines()]
    said = [
        (line.get("uid") or "name:" + line["name"], line["text"])
        for line in lines
        if line["type"] == "comment"
    ]
    keyword = "哈哈哈哈哈哈"
    expected = {who for who, text in said if text.strip() == keyword}
    assert len(expected) > 100
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec(entry={"keyword": keyword}, seconds=7200))
    entered: list[str] = []
    for begin in range(0, len(said), 500):
        run = [
            comment(text, who, "/tape/x", begin + i)
            for i, (who, text) in enumerate(said[begin : begin + 500])
        ]
        for event in say(room, *run):
            if event.type == "bag.entered":
                entered += [pid for pid, _ in event.data.entries]  # type: ignore[attr-defined]
    assert len(entered) == len(set(entered))
    assert set(entered) == expected == set(bag_of(cue).entries)


def test_normalising_fast_is_normalising() -> None:
    for code in range(sys.maxunicode + 1):
        c = chr(code)
        category = unicodedata.category(c)
        assert not (c.isprintable() and category in {"Cf", "Cc", "Cs", "Co", "Cn"})
        assert not (c.isalnum() and category[0] not in "LN")
    assert normalise("a\u200bb\u00a0") == "ab"


# The close and the draw -----------------------------------------------------------------------------


def test_the_close_freezes_and_draws_in_one_step() -> None:
    room, cue = filled(10, winners=3, alternates=2)
    assert tick(room, cue, 59) == []
    assert draws.due(cue) == T0 + timedelta(seconds=60)
    events = tick(room, cue, 60)
    assert [event.type for event in events] == ["bag.closed", "cue.drawn", "cue.ended"]
    bag = bag_of(cue)
    promised = bag.promise
    assert promised is not None
    assert events[0].data.entries == sorted(bag.entries.values())  # type: ignore[attr-defined]
    receipt = bag.receipt
    assert receipt is not None
    fields = "v algorithm draw_id rules rules_sha256 entries root source randomness seed winners alternates"
    assert set(receipt) == set(fields.split())
    assert receipt["root"] == entry_hash(promised.draw_id, ((e, 1) for e in bag.entries.values()))
    assert receipt["randomness"] == {
        "source": "local",
        "commit": promised.commit,
        "value": SeededChance().secret(promised.draw_id).hex(),
    }
    assert [w.entry_id for w in bag.winners] == receipt["winners"]
    assert [bag.entries[w.viewer_id] for w in bag.alternates] == receipt["alternates"]
    assert (len(bag.winners), len(bag.alternates)) == (3, 2)
    assert set(bag.claim_until.values()) == {T0 + timedelta(seconds=660)}
    assert all(holds for holds, _, _ in check_receipt(json.loads(json.dumps(receipt))))
    assert (cue.status, cue.ended_because) == ("ended", "drawn")
    assert draws.close(room, cue, at(61)) == []


def test_the_promise_is_fixed_before_anybody_enters() -> None:
    room = room_of(("cup", 5900, None))
    prize = {"name": "杯", "value_fen": 1, "product_id": "cup"}
    cue = bag_in(room, bag_spec(winners=30, exclude=["staff"], prize=prize))
    promised = bag_of(cue).promise
    assert promised is not None
    rules = promised.rules
    assert promised.commit == hashlib.sha256(SeededChance().secret(promised.draw_id)).hexdigest()
    assert (rules["winners"], rules["alternates"]) == (30, promise.DEFAULT_ALTERNATES)
    assert rules["excluded"] == [entry_id(promised.draw_id, promised.salt, "staff")]
    assert rules["randomness"] == {"source": "local", "commit": promised.commit}
    assert rules["prize"] == {"name": "杯", "value_fen": 1, "product_id": "cup"}
    assert "staff" not in json.dumps(rules)


def test_nobody_entered_is_a_draw_without_winners() -> None:
    room, cue = filled(0)
    assert [event.type for event in tick(room, cue, 60)] == ["bag.closed", "cue.drawn", "cue.ended"]
    bag = bag_of(cue)
    assert bag.receipt is not None
    assert (bag.receipt["entries"], bag.receipt["winners"], bag.receipt["alternates"]) == ([], [], [])
    assert all(holds for holds, _, _ in check_receipt(bag.receipt))
    assert draws.due(cue) is None


def test_fewer_viewers_than_prizes_all_win() -> None:
    room, cue = filled(2, winners=5)
    tick(room, cue, 60)
    assert {w.viewer_id for w in bag_of(cue).winners} == {"p0", "p1"}


def test_a_lost_secret_is_no_draw_with_another() -> None:
    room, cue = filled(5)
    events = draws.tick(room, cue, at(60, chance=SeededChance("another machine")))
    assert [event.type for event in events] == ["bag.closed", "cue.ended"]
    assert (events[1].data.because, events[1].data.reason) == ("stopped", "secret_lost")  # type: ignore[attr-defined]


def test_a_stopped_bag_is_not_drawn() -> None:
    room, cue = filled(5)
    cue.status, cue.ended_because = "ended", "stopped"
    assert draws.due(cue) is None
    assert draws.close(room, cue, at(60)) == []


# drand ----------------------------------------------------------------------------------------------

CHAIN = OwnChain(genesis=1_692_803_367, period=3)


def drand_bag() -> tuple[Room, Cue]:
    room = room_of(("cup", 5900, None))
    room.settings.randomness = "drand"
    chance = SeededChance()
    chance.chain = CHAIN.chain
    cue = bag_in(room, bag_spec(), chance)
    say(room, *(comment("福到了", f"p{i}") for i in range(9)))
    return room, cue


def test_a_public_round_is_named_ten_seconds_after_the_close() -> None:
    _, cue = drand_bag()
    promised = bag_of(cue).promise
    assert promised is not None
    assert promised.round is not None
    assert (promised.source, promised.fallback, promised.rules["randomness"]["round"]) == (
        "drand",
        "local",
        promised.round,
    )
    shown = CHAIN.genesis + 3 * (promised.round - 1)
    assert promised.round_at is not None
    assert promised.round_at.timestamp() == shown
    assert 70 <= shown - T0.timestamp() < 73


def test_the_announced_round_decides() -> None:
    room, cue = drand_bag()
    assert [event.type for event in tick(room, cue, 60)] == ["bag.closed"]
    assert say(room, comment("福到了", "late"), seconds=59) == []
    number = bag_of(cue).promise.round  # type: ignore[union-attr]
    assert number is not None
    signature = CHAIN.sign(number).hex()
    wrong = draws.beacon(room, DrawBeacon(cue.cue_id, number + 1, signature), at(80, role="platform"))
    assert isinstance(wrong, Refused)
    early = draws.beacon(room, DrawBeacon(cue.cue_id, number, signature), at(69, role="platform"))
    assert isinstance(early, Refused)
    taken = draws.beacon(room, DrawBeacon(cue.cue_id, number, signature), at(80, role="platform"))
    assert isinstance(taken, Decision)
    fold(room, taken.events)
    receipt = bag_of(cue).receipt
    assert receipt is not None
    assert receipt["randomness"]["value"] == hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    assert all(holds for holds, _, _ in check_receipt(receipt, [CHAIN.info]))
    again = draws.beacon(room, DrawBeacon(cue.cue_id, number, signature), at(81, role="platform"))
    assert isinstance(again, Refused)


def test_without_the_round_the_announced_fallback_is_drawn() -> None:
    room, cue = drand_bag()
    tick(room, cue, 60)
    assert tick(room, cue, 99) == []
    events = tick(room, cue, 103)
    assert [event.type for event in events] == ["cue.drawn", "cue.ended"]
    receipt = bag_of(cue).receipt
    assert receipt is not None
    assert receipt["randomness"]["source"] == "local"
    assert receipt["randomness"]["instead_of"] == "drand"
    assert all(holds for holds, _, _ in check_receipt(receipt))


# Prizes ---------------------------------------------------------------------------------------------


def drawn_bag(viewers: int = 6, **fields: Any) -> tuple[Room, Cue]:
    room, cue = filled(viewers, **({"winners": 2, "alternates": 2} | fields))
    tick(room, cue, 60)
    return room, cue


def settle(room: Room, cue: Cue, pid: str, ok: bool, seconds: float = 70) -> str:
    answer = prizes.settle(room, BagSettle(cue.cue_id, ok, pid, "x"), at(seconds))
    if isinstance(answer, Refused):
        return answer.code
    fold(room, answer.events)
    return "ok"


def holders(cue: Cue) -> list[str]:
    return [winner.viewer_id for winner in bag_of(cue).winners]


def test_a_winner_is_settled_once() -> None:
    room, cue = drawn_bag()
    first = holders(cue)[0]
    assert settle(room, cue, first, True) == "ok"
    assert settle(room, cue, first, True) == "already_settled"
    assert settle(room, cue, first, False) == "already_settled"
    assert settle(room, cue, "nobody", True) == "not_a_winner"
    assert settle(room, cue, bag_of(cue).alternates[0].viewer_id, True) == "not_a_winner"


def test_who_is_passed_over_gives_way_to_the_next_in_the_drawn_order() -> None:
    room, cue = drawn_bag()
    (one, two), (third, fourth) = holders(cue), [w.viewer_id for w in bag_of(cue).alternates]
    receipt = json.dumps(bag_of(cue).receipt)
    assert settle(room, cue, two, False) == "ok"
    assert holders(cue) == [one, third]
    assert bag_of(cue).claim_until[third] == T0 + timedelta(seconds=670)
    assert settle(room, cue, third, False) == "ok"
    assert settle(room, cue, fourth, False) == "ok"
    assert holders(cue) == [one]
    assert settle(room, cue, two, True) == "already_settled"
    assert json.dumps(bag_of(cue).receipt) == receipt


def test_the_clock_passes_over_who_does_not_claim() -> None:
    room, cue = drawn_bag()
    (one, two), (third, fourth) = holders(cue), [w.viewer_id for w in bag_of(cue).alternates]
    settle(room, cue, one, True)
    assert settle(room, cue, two, True, seconds=660) == "claim_over"
    assert draws.due(cue) == T0 + timedelta(seconds=660)
    (event,) = tick(room, cue, 660)
    assert (event.data.viewer_id, event.data.next, event.data.reason) == (two, third, "claim_over")  # type: ignore[attr-defined]
    assert settle(room, cue, two, True, seconds=661) == "claim_over"
    assert tick(room, cue, 661) == []
    assert tick(room, cue, 1260)[0].data.next == fourth  # type: ignore[attr-defined]
    assert tick(room, cue, 1860)[0].data.next is None  # type: ignore[attr-defined]
    assert holders(cue) == [one]
    assert draws.due(cue) is None


def test_two_who_are_late_together_get_two_alternates() -> None:
    room, cue = drawn_bag()
    third, fourth = [w.viewer_id for w in bag_of(cue).alternates]
    assert [event.data.next for event in tick(room, cue, 700)] == [third, fourth]  # type: ignore[attr-defined]
    assert holders(cue) == [third, fourth]


def test_a_follow_settles_a_winner_who_must_follow() -> None:
    room, cue = drawn_bag(claim={"followed": True, "seconds": 60})
    winner, other = holders(cue)
    follows = [
        Fact("/oba", f"{i}", "viewer.followed", None, ViewerFollowed(Person(p)), {})
        for i, p in enumerate([winner, "x"])
    ]
    events = prizes.followed(room, follows, at(70))
    assert [(event.data.viewer_id, event.data.ok) for event in events] == [(winner, True)]  # type: ignore[attr-defined]
    fold(room, events)
    assert prizes.followed(room, follows, at(71)) == []
    late = [Fact("/oba", "9", "viewer.followed", None, ViewerFollowed(Person(other)), {})]
    assert prizes.followed(room, late, at(121)) == []
    room, cue = drawn_bag()  # nobody must follow here
    assert (
        prizes.followed(
            room,
            [Fact("/o", "1", "viewer.followed", None, ViewerFollowed(Person(holders(cue)[0])), {})],
            at(70),
        )
        == []
    )


@pytest.mark.parametrize("after_its_time", [False, True])
def test_what_the_platform_drew_is_typed_in_and_corrected_once(after_its_time: bool) -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec(draw="platform"))
    if after_its_time:
        assert [event.data.because for event in tick(room, cue, 60)] == ["time_up"]  # type: ignore[attr-defined]
    answer = prizes.platform_winners(room, BagWinners(cue.cue_id, ["小红", "小明"]), at(65))
    assert isinstance(answer, Decision)
    fold(room, answer.events)
    assert (cue.status, cue.ended_because) == ("ended", "platform")
    assert bag_of(cue).platform_names == ["小红", "小明"]
    corrected = prizes.platform_winners(room, BagWinners(cue.cue_id, ["小红", "小敏"]), at(66))
    assert isinstance(corrected, Decision)
    fold(room, corrected.events)
    assert bag_of(cue).platform_names == ["小红", "小敏"]
    again = prizes.platform_winners(room, BagWinners(cue.cue_id, ["别人"]), at(67))
    assert isinstance(again, Refused)
    assert again.code == "already_settled"
    assert "更正过一次" in again.text


def test_names_belong_to_bags_that_the_platform_draws() -> None:
    room = room_of(("cup", 5900, None))
    cue_in(room, "pin", {"product_id": "cup"}, cue_id="pin")
    bag_in(room, bag_spec(), cue_id="ours")
    cue_in(room, "lucky_bag", bag_spec(draw="platform"), "queued", "waiting")
    codes = [
        prizes.platform_winners(room, BagWinners(c, ["a"]), at(1)) for c in ("pin", "ours", "waiting", "none")
    ]
    assert [c.code for c in codes if isinstance(c, Refused)] == [
        "wrong_kind",
        "wrong_kind",
        "not_running",
        "unknown_cue",
    ]


# The spec -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        ({"prize": {"name": " ", "value_fen": 1}}, ["bad_spec"]),
        ({"entry": {"keyword": "\u200b "}}, ["bad_spec"]),
        ({"entry": {"keyword": "🎉！", "match": "lenient"}}, ["bad_spec"]),
        ({"entry": {"keyword": "🎉！"}}, []),
        ({"prize": {"name": "x", "value_fen": 5_000_000}}, []),
        ({"prize": {"name": "x", "value_fen": 5_000_001}}, ["over_limit"]),
        ({"prize": {"name": "x", "value_fen": 1, "product_id": "gone"}}, ["unknown_sku"]),
        ({"prize": {"name": "x", "value_fen": 1, "product_id": "cup"}, "winners": 101}, ["over_stock"]),
        ({"prize": {"name": "x", "value_fen": 5_000_001, "product_id": "cup"}, "winners": 101,
          "entry": {"keyword": ""}}, ["bad_spec", "over_stock", "over_limit"]),
    ],
)  # fmt: skip
def test_every_reason_in_the_contracts_order(fields: dict[str, Any], codes: list[str]) -> None:
    spec = parse_spec("lucky_bag", bag_spec(**fields))
    assert isinstance(spec, LuckyBagSpec)
    found = lucky_bag.check(room_of(("cup", 5900, None)), spec)
    assert [r.code for r in found] == codes
    if codes == ["over_limit"]:
        assert "反不正当竞争法" in found[0].text
