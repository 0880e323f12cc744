"""What a connection cannot do is a person's, at once and on the log; what it can again is the program's."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.domain import evolve
from liveconsole.domain.effects import owed
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
