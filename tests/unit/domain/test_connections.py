"""What a connection cannot do is a person's, at once and on the log; what it can again is the program's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from liveconsole.domain import evolve
from liveconsole.domain.effects import owed
from liveconsole.domain.kinds import coupon, plain
from liveconsole.domain.platforms import can, doer, orders_known
from liveconsole.messages.events import EVENTS
from tests.unit.domain.desk import Desk

SHOP = {"kind": "wechat_shop", "appid": "wx1"}
BROWSER = {"platform": "wechat_channels"}
SALE = {"sku_id": "scarf", "price_fen": 4900, "quantity": 10, "per_buyer": 2, "seconds": 60}


@pytest.fixture
def desk() -> Desk:
    return Desk("manual", open_=False, recall_seconds=0)


def told(desk: Desk, name: str, *cannot: str) -> None:
    desk.ok("connection.told", {"name": name, "cannot": list(cannot), "code": "why"}, "platform")


def fire(desk: Desk) -> None:
    desk.ok("broadcast.open", {})
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE})
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.wait(4)


def doers(desk: Desk) -> tuple[str, ...]:
    return tuple(doer(desk.room, kind) for kind in ("pin", "flash_sale", "coupon", "lucky_bag"))


def test_what_is_connected_does_its_part_and_a_person_the_rest(desk: Desk) -> None:
    desk.ok("room.set", {"platform": "wechat_shop"})
    assert doers(desk) == ("person", "person", "person", "person")
    desk.ok("room.set", {"shop": SHOP})
    assert doers(desk) == ("person", "program", "program", "person")
    desk.ok("room.set", {"browser": BROWSER})
    assert doers(desk) == ("program", "program", "program", "person")
    desk.ok("room.set", {"platform": "browser"})
    assert doers(desk) == ("program", "person", "person", "person")
    desk.ok("room.set", {"browser": None})
    assert doers(desk) == ("person", "person", "person", "person")


def test_orders_are_known_where_a_shop_tells_of_them(desk: Desk) -> None:
    for platform in ("manual", "browser", "wechat_shop"):
        desk.ok("room.set", {"platform": platform, "shop": None})
        assert not orders_known(desk.room)
        desk.ok("room.set", {"shop": SHOP})
        assert orders_known(desk.room)
        told(desk, "shop", "orders")
        assert not orders_known(desk.room)
        told(desk, "shop")


def test_an_effect_that_is_owed_goes_to_a_person_when_the_connection_cannot(desk: Desk) -> None:
    desk.ok("room.set", {"platform": "wechat_shop", "shop": SHOP})
    fire(desk)
    assert [effect.cue_id for effect in owed(desk.room)] == ["sale"]
    told(desk, "shop", "sales")
    assert owed(desk.room) == []
    assert doers(desk) == ("person", "person", "program", "person")
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    assert desk.room.cues["sale"].status == "on_air"
    told(desk, "shop")
    assert doer(desk.room, "flash_sale") == "program"


def test_twin_a_room_that_does_not_fold_what_was_told_asks_a_program_that_cannot(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(evolve.FOLDS, "connection.told", lambda room, data, event: None)
    desk.ok("room.set", {"platform": "wechat_shop", "shop": SHOP})
    fire(desk)
    told(desk, "shop", "sales")
    assert [effect.cue_id for effect in owed(desk.room)] == ["sale"]


def test_the_log_has_what_moved_and_nothing_else(desk: Desk) -> None:
    told(desk, "shop", "sales")
    assert "shop" not in desk.room.cannot
    desk.ok("room.set", {"platform": "wechat_shop", "shop": SHOP})
    seq = desk.room.seq
    told(desk, "shop", "sales")
    told(desk, "shop", "sales")
    assert desk.room.seq == seq + 1
    assert "connection.told" in EVENTS


def test_one_that_was_set_anew_has_said_nothing_yet(desk: Desk) -> None:
    desk.ok("room.set", {"platform": "wechat_shop", "shop": SHOP})
    told(desk, "shop", "sales", "coupons")
    desk.ok("room.set", {"title": "今晚"})
    assert can(desk.room).does("coupon") == "person"
    desk.ok("room.set", {"shop": SHOP | {"appid": "wx2"}})
    assert can(desk.room).does("coupon") == "program"


@pytest.mark.parametrize("setting", [{"shop": SHOP}, {"browser": BROWSER}])
def test_a_rehearsal_connects_to_no_real_shop(desk: Desk, setting: dict[str, Any]) -> None:
    desk.room.simulated, desk.room.settings.platform = True, "rehearsal"
    assert desk.no("room.set", setting) == "not_in_a_rehearsal"
    desk.ok("room.set", {"obs": {}})


@pytest.mark.parametrize(
    "setting",
    [
        {"shop": {"kind": "other", "appid": "wx1"}},
        {"shop": {"kind": "wechat_shop", "appid": ""}},
        {"shop": SHOP | {"poll_seconds": 1}},
        {"browser": {"platform": "somewhere"}},
        {"obs": {"address": "x" * 300}},
    ],
)
def test_what_is_not_of_the_shape_is_refused(desk: Desk, setting: dict[str, Any]) -> None:
    assert desk.no("room.set", setting) == "bad_shape"


# What an interface cannot be told of -----------------------------------------------------------------

COUPON = {
    "name": "减八", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60,
    "valid_seconds": 86_400,
}  # fmt: skip
TIERS = [{"threshold_fen": 9000, "off_fen": 500}, {"threshold_fen": 20000, "off_fen": 1500}]
BY_HAND = [
    ("flash_sale", SALE | {"via": "price"}),
    ("coupon", COUPON | {"rule": {"tiers": TIERS}}),
    ("coupon", COUPON | {"valid_seconds": 3600}),
    (
        "bundle",
        {"items": [{"sku_id": "scarf", "quantity": 2}], "price_fen": 15_000, "quantity": 1, "per_buyer": 1,
         "seconds": 600},
    ),
    (
        "gift",
        {"buy": {"product_ids": ["scarf"]}, "gift": {"sku_id": "hat"}, "quantity": 1, "per_buyer": 1,
         "seconds": 600},
    ),
]  # fmt: skip


def _fired(desk: Desk, kind: str, spec: dict[str, Any]) -> list[str]:
    """Fire it and return what the program is asked for."""
    desk.ok("room.set", {"platform": "wechat_shop", "shop": SHOP})
    desk.ok("broadcast.open", {})
    desk.ok("cue.add", {"cue_id": "one", "kind": kind, "spec": spec})
    desk.ok("cue.fire", {"cue_id": "one"})
    return [effect.cue_id for effect in owed(desk.room)]


@pytest.mark.parametrize(("kind", "spec"), BY_HAND)
def test_what_the_interface_cannot_be_told_of_is_asked_of_a_person(
    desk: Desk, kind: str, spec: dict[str, Any]
) -> None:
    assert _fired(desk, kind, spec) == []
    assert desk.seen("one")["owed"]["by"] == "person"
    assert desk.cue("one").done_by == "person"
    desk.ok("cue.confirm", {"cue_id": "one", "step": "on_air", "done": True})
    desk.ok("cue.stop", {"cue_id": "one"})
    assert desk.seen("one")["owed"]["by"] == "person", "its end is his too"
    desk.ok("cue.confirm", {"cue_id": "one", "step": "ended", "done": True})
    assert desk.cue("one").owed is None
    assert desk.refold() == desk.room


@pytest.mark.parametrize(("kind", "spec"), [("flash_sale", SALE), ("coupon", COUPON)])
def test_the_rest_is_the_programs(desk: Desk, kind: str, spec: dict[str, Any]) -> None:
    assert _fired(desk, kind, spec) == ["one"]


def test_twin_a_kind_that_does_not_say_so_sends_tiers_to_an_interface_without_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coupon, "by_hand", plain.by_hand)
    assert _fired(desk, "coupon", COUPON | {"rule": {"tiers": TIERS}}) == ["one"]


def test_in_a_rehearsal_the_simulated_platform_does_all_of_it() -> None:
    room = Desk("rehearsal", open_=False, recall_seconds=0)
    room.ok("broadcast.open", {})
    for n, (kind, spec) in enumerate(BY_HAND[:2]):
        room.ok("cue.add", {"cue_id": str(n), "kind": kind, "spec": spec})
        room.ok("cue.fire", {"cue_id": str(n)})
    assert [effect.cue_id for effect in owed(room.room)] == ["0", "1"]


def test_an_effect_says_when_it_was_fired_and_whose_its_goods_are(desk: Desk) -> None:
    _fired(desk, "flash_sale", SALE)
    at = desk.now
    (begins,) = owed(desk.room)
    assert (begins.fired_at, begins.goods["scarf"].product_id) == (at, "scarf")
    desk.now += timedelta(seconds=30)
    desk.ok("effect.asked", {"key": begins.key, "cue_id": "one", "step": "on_air"}, "platform")
    desk.ok("cue.stop", {"cue_id": "one"})
    (ends,) = owed(desk.room)
    assert (ends.step, ends.fired_at, ends.since) == ("ended", at, desk.now)
