"""Who did a thing in a past broadcast is asked of the room's rule, and of that evening's own settings."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.domain.platforms import can
from liveconsole.views.report import ReportFold, fold
from liveconsole.views.report.reach import Reach
from tests.unit.domain.desk import Desk
from tests.unit.views.log_lines import lines_of

SHOP = {"kind": "wechat_shop", "appid": "wx1"}


def told(desk: Desk, *cannot: str) -> None:
    desk.ok("connection.told", {"name": "shop", "cannot": list(cannot)}, "platform")


def reach_of(lines: list[dict[str, Any]]) -> Reach:
    reach = Reach()
    for line in lines:
        if line["type"] == "room.set":
            reach.set(line["data"]["settings"])
        elif line["type"] == "connection.told":
            reach.told(line["data"])
    return reach


def test_the_report_says_who_does_a_thing_as_the_room_does() -> None:
    desk = Desk("manual")
    desk.ok("broadcast.close", {})
    for step in (
        lambda: desk.ok("room.set", {"platform": "wechat_shop"}),
        lambda: desk.ok("room.set", {"shop": SHOP}),
        lambda: told(desk, "coupons", "orders"),
        lambda: desk.ok("room.set", {"title": "今晚", "browser": {"platform": "taobao"}}),
        lambda: desk.ok("room.set", {"platform": "browser"}),
        lambda: told(desk),
        lambda: desk.ok("room.set", {"shop": None}),
    ):
        step()
        assert reach_of(lines_of(desk)).can == can(desk.room)


def test_orders_of_an_evening_are_known_by_what_was_connected_then() -> None:
    desk = Desk("manual")
    desk.ok("broadcast.close", {})
    desk.ok("room.set", {"shop": SHOP})
    desk.ok("broadcast.open", {})
    lines = lines_of(desk)
    assert fold(lines, broadcast=1).totals.placed is None
    assert fold(lines, broadcast=2).totals.placed == 0
    told(desk, "orders")
    assert fold(lines_of(desk), broadcast=2).totals.placed is None


def test_what_comes_later_changes_no_evening_that_is_over() -> None:
    desk = Desk("manual")
    desk.ok("room.set", {"shop": SHOP})
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    told(desk, "orders")
    folding = ReportFold(1).add(lines_of(desk))
    assert folding.report().totals.placed == 0


def test_claims_at_a_shop_are_those_that_were_read_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tells them one by one: without a reading they are not known, and not 0."""
    desk = Desk("wechat_shop", shop=SHOP, recall_seconds=0)
    coupon = {
        "name": "减八", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60,
        "valid_seconds": 86_400,
    }  # fmt: skip
    desk.ok("cue.add", {"cue_id": "one", "kind": "coupon", "spec": coupon})
    desk.ok("cue.fire", {"cue_id": "one"})
    owed = desk.cue("one").owed
    assert owed is not None
    data = {"key": owed.key, "cue_id": "one", "step": "on_air", "outcome": "done"}
    desk.ok("effect.answered", data, "platform")
    (said,) = fold(lines_of(desk)).promotions
    assert (said.claimed, said.used) == (None, None)
    desk.fact("promotion.measured", {"cue_id": "one", "claimed": 4, "used": 1})
    (said,) = fold(lines_of(desk)).promotions
    assert (said.claimed, said.used, said.unused) == (4, 1, 3)
    with monkeypatch.context() as twin:
        twin.setattr(Reach, "tells_claims", lambda self, part: True)
        (said,) = fold(lines_of(desk)).promotions
        assert said.claimed == 0
