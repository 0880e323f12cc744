"""接龙: the first who say the word, in the order of the log; a place is one unit at its price."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from liveconsole.domain import draw, first_comers
from liveconsole.domain.evolve import evolve
from liveconsole.domain.room import Room
from liveconsole.domain.take import take
from liveconsole.messages.envelope import Event
from tests.unit.domain.desk import Desk, placed, request

LIST: dict[str, Any] = {"keyword": "1", "places": 3, "seconds": 60}
PRICED: dict[str, Any] = {**LIST, "sku_id": "scarf", "price_fen": 4900}


def _on_air(platform: str = "own", **spec: Any) -> Desk:
    desk = Desk(platform, recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "list", "kind": "first_come", "spec": {**LIST, **spec}}, "assistant")
    desk.ok("cue.fire", {"cue_id": "list"})
    assert desk.cue("list").status == "on_air", "it is ours on every platform"
    return desk


def _says(desk: Desk, viewer: str, text: str = "1", source: str = "/live", name: str = "") -> list[str]:
    data = {"viewer": {"id": viewer, "name": name or viewer}, "text": text}
    return desk.fact("comment.posted", data, source)


def _listed(desk: Desk) -> list[str]:
    return [place["viewer_id"] for place in desk.seen("list")["places"]]


# Who has a place ------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["own", "manual", "wechat_shop", "browser", "rehearsal"])
def test_the_first_have_the_places_and_the_rest_wait(platform: str) -> None:
    desk = _on_air(platform)
    for who in "abcab":
        _says(desk, who)
    _says(desk, "x", "11")
    for who in "de":
        _says(desk, who)
    assert (_listed(desk), desk.seen("list")["waiting"]) == (["a", "b", "c"], 2)
    assert [place["number"] for place in desk.seen("list")["places"]] == [1, 2, 3]
    assert desk.wait(60) == ["cue.ended", "places.closed"], "at its time, full or not"
    assert (desk.cue("list").ended_because, desk.cue("list").owed) == ("time_up", None)
    _says(desk, "late")
    assert (_listed(desk), desk.seen("list")["waiting"]) == (["a", "b", "c"], 2)
    assert desk.refold() == desk.room


@pytest.mark.parametrize(
    ("match", "text", "comes"),
    [
        ("exact", "1。", False),
        ("lenient", "１。", True),
        ("contains", "我要1个", True),
        ("exact", " １ ", True),
    ],
)
def test_a_word_is_compared_as_that_of_a_bag(match: str, text: str, comes: bool) -> None:
    desk = _on_air(match=match)
    _says(desk, "a", text)
    assert bool(_listed(desk)) == comes


def test_a_person_comes_once_whatever_he_is_called() -> None:
    desk = _on_air()
    _says(desk, "a", name="小红")
    _says(desk, "a", name="小明")
    _says(desk, "b", name="小红")
    assert _listed(desk) == ["a", "b"]


def test_who_is_known_by_name_only_is_marked_and_a_masked_one_has_no_place() -> None:
    desk = _on_air()
    place = desk.made("comment.posted", {"viewer": {"id": "n"}, "text": "1"})
    assert place.type == "comment.posted"
    _says(desk, "a")
    assert "unverified" not in desk.seen("list")["places"][0]


def test_one_source_brings_them_until_another_is_chosen() -> None:
    desk = _on_air()
    assert _says(desk, "a", source="/one") == ["comment.posted", "bag.source", "places.taken"]
    assert _says(desk, "b", source="/two") == ["comment.posted"]
    desk.ok("bag.source", {"cue_id": "list", "source": "/two"}, "operator")
    assert _says(desk, "b", source="/two") == ["comment.posted", "places.taken"]
    assert (_listed(desk), desk.seen("list")["source"]) == (["a", "b"], "/two")


def test_the_source_with_most_comments_before_is_fixed_at_the_start() -> None:
    desk = Desk(recall_seconds=0)
    for _ in range(3):
        _says(desk, "x", "好", "/loud")
    desk.ok("cue.add", {"cue_id": "list", "kind": "first_come", "spec": LIST})
    desk.ok("cue.fire", {"cue_id": "list"})
    _says(desk, "a", source="/other")
    _says(desk, "b", source="/loud")
    assert _listed(desk) == ["b"]


def test_who_is_taken_off_makes_room_and_does_not_come_again() -> None:
    desk = _on_air()
    for who in "abcde":
        _says(desk, who)
    data = {"cue_id": "list", "viewer_id": "b", "reason": "说不要了"}
    assert desk.no("place.free", data, "producer") == "forbidden"
    desk.ok("place.free", data, "assistant")
    assert desk.log[-1].data.next == "d"  # type: ignore[attr-defined]
    assert (_listed(desk), desk.seen("list")["waiting"]) == (["a", "c", "d"], 1)
    assert desk.ok("place.free", data) == {"cue_id": "list"}, "it was so already"
    _says(desk, "b")
    desk.wait(60)
    desk.ok("place.free", {"cue_id": "list", "viewer_id": "a"})
    assert (_listed(desk), desk.seen("list")["waiting"]) == (["c", "d", "e"], 0)
    assert desk.no("place.free", {"cue_id": "list", "viewer_id": "z"}) == "not_in_list"
    assert desk.no("place.free", {"cue_id": "none", "viewer_id": "z"}) == "unknown_cue"
    assert desk.refold() == desk.room


# A unit at its price --------------------------------------------------------------------------------


def test_a_place_orders_once_at_the_price_and_nobody_else() -> None:
    desk = _on_air(**PRICED)
    for who in "abcd":
        _says(desk, who)
    assert desk.no("order.request", request("o1", "d", cue_id="list"), "producer") == "not_in_list"
    assert desk.ok("order.request", request("o1", "a", cue_id="list"), "producer")["total_fen"] == 4900
    again = request("o2", "a", cue_id="list")
    assert desk.no("order.request", again, "producer") == "buyer_limit"
    assert desk.ok("order.request", request("o3", "d"), "producer")["total_fen"] == 9900, "the shop's price"
    assert desk.no("place.free", {"cue_id": "list", "viewer_id": "a"}) == "place_bought"
    desk.ok("place.free", {"cue_id": "list", "viewer_id": "b"})
    assert desk.ok("order.request", request("o4", "d", cue_id="list"), "producer")["total_fen"] == 4900
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 4900})
    seen = desk.seen("list")
    assert (seen["sold"], seen["held"], seen["left"]) == (1, 1, 1)
    assert seen["discount"] == {"given_fen": 5000, "held_fen": 5000, "most_fen": 15_000}


def test_a_platforms_order_of_the_list_is_counted_in_it() -> None:
    desk = _on_air(**PRICED)
    _says(desk, "a")
    desk.fact("order.placed", placed("p1", "a", price_fen=4900, cue_id="list"))
    assert desk.cue("list").sale["scarf"].held == 1


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({"keyword": "\u200b"}, "bad_spec"),
        ({"sku_id": "none", "price_fen": 1}, "unknown_sku"),
        ({"sku_id": "scarf", "price_fen": 10_000}, "bad_spec"),
        ({"sku_id": "scarf"}, "bad_spec"),
        ({"sku_id": "scarf", "price_fen": 4900, "places": 11}, "over_stock"),
        ({"sku_id": "scarf", "price_fen": 100}, "below_price_floor"),
        ({"places": 0}, "bad_spec"),
    ],
)
def test_what_cannot_be_is_refused(spec: dict[str, Any], code: str) -> None:
    desk = Desk()
    product = {"product_id": "scarf", "title": "scarf", "price_fen": 9900, "stock": 10, "floor_fen": 4000}
    desk.ok("catalogue.put", {"products": [product]})
    assert desk.no("cue.add", {"kind": "first_come", "spec": {**LIST, **spec}}) == code


def test_places_hold_their_units_against_other_promotions() -> None:
    desk = _on_air(**PRICED | {"places": 8})
    desk.queue_sale(quantity=3)
    assert desk.no("cue.fire", {"cue_id": "sale"}) == "over_stock"
    desk.ok(
        "cue.edit",
        {
            "cue_id": "sale",
            "spec": {"sku_id": "scarf", "price_fen": 5900, "quantity": 2, "per_buyer": 1, "seconds": 60},
        },
    )
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.cue("sale").status == "on_air"


def test_once_more_asks_for_no_more_than_there_is() -> None:
    desk = _on_air(**PRICED | {"places": 8})
    for place, who in enumerate("abcdefgh"):
        _says(desk, who)
        desk.ok("order.request", request(f"o{place}", who, cue_id="list"), "producer")
    desk.wait(60)
    made = desk.ok("cue.again", {"cue_id": "list"})["cue_id"]
    assert desk.cue(made).spec_sent["places"] == 2


# The order is the log's -----------------------------------------------------------------------------

COMMENTS, PLACES = 2_000, 50


def _storm(seed: int, *, by_batch: bool) -> tuple[Desk, list[tuple[str, str]]]:
    """2,000 comments of 700 people under 90 names in batches of any size, their own clocks all wrong."""
    dice = random.Random(seed)
    desk = _on_air(places=PLACES)
    said = [
        (f"v{dice.randrange(700)}", dice.choice(["1", "1", "1", "在吗", "11", "１"])) for _ in range(COMMENTS)
    ]
    facts = []
    for who, text in said:
        fact = desk.made(
            "comment.posted", {"viewer": {"id": who, "name": f"n{dice.randrange(90)}"}, "text": text}, "/live"
        )
        facts.append(fact)
    place = 0
    while place < len(facts):
        size = dice.randint(1, 120) if by_batch else 1
        desk.now += timedelta(milliseconds=dice.randint(0, 15))
        desk.fold(take(desk.room, facts[place : place + size], desk.now, desk.chance))
        if by_batch and dice.random() < 0.1:  # the program dies here, and folds its log anew
            desk.room = desk.refold()
        place += size
    return desk, said


def first_of(said: list[tuple[str, str]], count: int) -> list[str]:
    """Told by nothing but the order in which they stand."""
    return list(dict.fromkeys(who for who, text in said if text.strip() in ("1", "１")))[:count]


@pytest.mark.parametrize("seed", range(4))
def test_the_first_fifty_of_two_thousand_are_those_of_the_log(seed: int) -> None:
    desk, said = _storm(seed, by_batch=True)
    logged = [(e.data.viewer.id, e.data.text) for e in desk.log if e.type == "comment.posted"]  # type: ignore[attr-defined]
    assert logged == said
    assert _listed(desk) == first_of(said, PLACES)
    everybody = first_of(said, COMMENTS)
    assert desk.seen("list")["waiting"] == len(everybody) - PLACES
    assert desk.refold() == desk.room


def test_batches_make_no_difference() -> None:
    one, _ = _storm(7, by_batch=False)
    many, _ = _storm(7, by_batch=True)
    assert _listed(one) == _listed(many)


def test_twin_by_name_there_would_be_others(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, said = _storm(1, by_batch=True)
    names: dict[str, str] = {}
    for event in desk.log:
        if event.type == "comment.posted" and first_of([(event.data.viewer.id, event.data.text)], 1):  # type: ignore[attr-defined]
            names.setdefault(event.data.viewer.name, event.data.viewer.id)  # type: ignore[attr-defined]
    assert list(names.values())[:PLACES] != first_of(said, PLACES)


# The receipt ----------------------------------------------------------------------------------------


def test_the_receipt_names_the_rules_and_everybody_as_a_draw_does() -> None:
    desk = _on_air(**PRICED)
    for who in "abcd":
        _says(desk, who)
    promised = desk.cue("list").places.promise  # type: ignore[union-attr]
    desk.wait(60)
    receipt = desk.log[-1].data.receipt  # type: ignore[attr-defined]
    ids = [draw.entry_id(promised.draw_id, promised.salt, who) for who in "abc"]  # type: ignore[union-attr]
    assert [place["id"] for place in receipt["places"]] == ids
    assert [place["number"] for place in receipt["places"]] == [1, 2, 3]
    assert receipt["rules"]["entry"]["keyword"] == "1"
    assert draw.rules_hash(receipt["rules"]) == receipt["rules_sha256"]
    assert receipt["waiting"] == 1
    assert desk.seen("list")["draw"]["receipt_code"] == draw.receipt_code(receipt)
    assert "viewer" not in str(receipt)
    assert receipt == first_comers.receipt(_replayed(desk.log).cues["list"]), "the log says the same"


@pytest.mark.parametrize(("command", "data"), [("cue.stop", {"cue_id": "list"}), ("room.halt", {})])
def test_whatever_ends_it_seals_it_once(command: str, data: dict[str, Any]) -> None:
    desk = _on_air()
    _says(desk, "a")
    desk.ok(command, data)
    assert desk.tick() == ["places.closed"]
    assert desk.wait(100) == []
    assert desk.room.live == []
    assert desk.refold() == desk.room


def test_twin_another_order_is_another_receipt() -> None:
    codes = set()
    for order in ("abc", "acb"):
        desk = _on_air()
        for who in order:
            _says(desk, who)
        codes.add(draw.receipt_code(first_comers.receipt(desk.cue("list")) or {}))
    assert len(codes) == 2


def _replayed(log: list[Event]) -> Room:
    room = Room("room")
    for event in log:
        evolve(room, event)
    return room
