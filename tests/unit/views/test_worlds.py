"""What is to be done next about each world outside, as the state says it."""

from __future__ import annotations

from typing import Any

from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.worlds import WORLDS
from tests.unit.domain.desk import START, Desk

SHOP = {"kind": "wechat_shop", "appid": "wx1"}
PAGE = {"platform": "wechat_channels"}
WELL = ConnectionState("connected", START)


def steps(desk: Desk, *, sources: Any = None, capture: Any = None, **connections: Any) -> dict[str, str]:
    health = {"sources": sources or {}, "capture": capture or {}, "connections": connections}
    found = desk.shown("host", health=health).health.worlds
    assert tuple(found) == WORLDS
    return {name: one.step for name, one in found.items()}


def test_a_room_that_is_connected_to_nothing_says_connect() -> None:
    assert set(steps(Desk("manual")).values()) == {"connect"}


def test_what_lives_here_needs_no_connection() -> None:
    found = steps(Desk("own"))
    assert [name for name, step in found.items() if step == "none"] == ["orders", "pins", "coupons", "sales"]


def test_a_rehearsal_has_only_the_picture_to_connect() -> None:
    desk = Desk("rehearsal")
    assert {name for name, step in steps(desk).items() if step != "none"} == {"picture"}
    assert steps(desk, obs=WELL)["picture"] == "none"
    assert steps(desk, obs=ConnectionState("away", START, "refused"))["picture"] == "mend"


def test_connected_is_not_proved_and_proved_is_not_for_ever() -> None:
    desk = Desk("wechat_shop", shop=SHOP, browser=PAGE, obs={})
    found = steps(desk, shop=WELL, browser=WELL, obs=WELL)
    assert set(found.values()) == {"prove"}, "a green light proves nothing"
    desk.ok("world.proved", {"world": "picture", "by": "obs"}, "platform")
    desk.ok("world.proved", {"world": "sales", "by": "shop"}, "platform")
    found = steps(desk, shop=WELL, browser=WELL, obs=WELL)
    assert {name for name, step in found.items() if step == "done"} == {"picture", "sales"}
    found = steps(desk, shop=ConnectionState("away", START, "ip"), browser=WELL, obs=WELL)
    assert {name for name, step in found.items() if step == "mend"} == {
        "orders",
        "coupons",
        "sales",
        "figures",
    }


def test_what_a_connection_cannot_do_is_to_be_mended_there() -> None:
    desk = Desk("browser", browser=PAGE)
    assert steps(desk, browser=WELL)["pins"] == "prove"
    desk.ok("connection.told", {"name": "browser", "cannot": ["pins"], "code": "logged_out"}, "platform")
    out = ConnectionState("away", START, "logged_out", cannot=["pins"])
    assert steps(desk, browser=out)["pins"] == "mend"


def test_comments_come_by_any_source() -> None:
    desk = Desk("manual", sources={"oba": True})
    assert steps(desk, capture={"oba": {"state": "waiting"}})["comments"] == "mend"
    assert steps(desk, capture={"oba": {"state": "connected"}})["comments"] == "prove"
    spoke = {"/my/own": {"last_at": START, "events": 1, "comments": True}}
    assert steps(desk, sources=spoke)["comments"] == "prove"
    desk.fact("comment.posted", {"viewer": {"id": "v"}, "text": "好"}, "/my/own")
    assert steps(desk, sources=spoke)["comments"] == "done"


def test_orders_of_a_program_of_ones_own_are_proved_without_a_shop() -> None:
    desk = Desk("manual")
    line = {"sku_id": "hat", "quantity": 1, "unit_price_fen": 4900}
    order = {"order_id": "1", "buyer": {"id": "b"}, "lines": [line], "total_fen": 4900}
    desk.fact("order.placed", order, "/my/orders")
    assert steps(desk)["orders"] == "done"


def test_what_a_shop_cannot_do_besides_leaves_its_orders_as_they_are() -> None:
    desk = Desk("wechat_shop", shop=SHOP)
    desk.ok("connection.told", {"name": "shop", "cannot": ["coupons"], "code": "no_permission"}, "platform")
    found = steps(desk, shop=ConnectionState("connected", START, "no_permission", cannot=["coupons"]))
    assert (found["orders"], found["coupons"], found["sales"]) == ("prove", "mend", "prove")
