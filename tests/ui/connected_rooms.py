"""Rooms that are connected to worlds outside: to nothing yet, to what is in trouble, to what was proved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from liveconsole.messages.connections import ConnectionFigures, ConnectionState
from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.evening import Evening

SHOP: Final = {"kind": "wechat_shop", "appid": "wx1234567890abcdef"}
PAGE: Final = {"platform": "wechat_channels", "consent": True}
OBS: Final[dict[str, Any]] = {
    "scenes": {"kind:flash_sale": "秒杀", "pin": "讲解", "segment:围巾": "围巾特写"},
    "texts": {"价格": "{price} 元"},
    "chapters": True,
}
SCREEN: Final = {
    "gmv_fen": 1_234_500, "buyers": 88, "orders_paid": 97, "watched": 5120, "watch_seconds": 95,
    "recent": [{"name": "gmv_fen", "value": 98_000, "before": 120_000}],
}  # fmt: skip
"""What the platform's own screen says."""
SHOWN: Final = "ab" * 32
"""The hash of the picture of what the browser showed."""


def _with(room: Evening, settings: dict[str, Any]) -> Evening:
    room.ok("room.set", settings)
    return room


def unconnected() -> Evening:
    return Evening("manual")


def troubled() -> Evening:
    """The shop does not know this address, the page is logged out, OBS is not there, comments come."""
    at = _with(Evening("wechat_shop", ago=300), {"shop": SHOP, "browser": PAGE, "obs": OBS})
    at.ok("connection.told", {"name": "browser", "cannot": ["pins"], "code": "logged_out"}, "platform")
    at.says("多少钱", "观众1")
    at.until(0)
    since = NOW - timedelta(minutes=3)
    at.health = {
        "sources": {"/oba/comments": {"last_at": NOW, "events": 9, "comments": True}},
        "connections": {
            "shop": ConnectionState(
                "away", since, "address_not_let_in", {"ip": "203.0.113.7"},
                figures=ConnectionFigures(calls_minute=4, quota_left=None),
            ),
            "browser": ConnectionState(
                "login", since, "logged_out", last_at=since, cannot=["pins"], picture=SHOWN,
                figures=ConnectionFigures(orders_without_amount=1_203),
            ),
            "obs": ConnectionState(
                "waiting", since, "away", figures=ConnectionFigures(streaming=None, recording=None)
            ),
        },
    }  # fmt: skip
    return at


def proved() -> Evening:
    """Everything was connected and seen to work; OBS streams and records."""
    at = _with(Evening("wechat_shop", ago=300), {"shop": SHOP, "browser": PAGE, "obs": OBS})
    at.says("多少钱", "观众1")
    for world, by in (
        ("orders", "/wechat_shop/orders"), ("pins", "browser"), ("coupons", "shop"), ("sales", "shop"),
        ("picture", "obs"), ("figures", "/wechat_shop/figures"),
    ):  # fmt: skip
        at.ok("world.proved", {"world": world, "by": by}, "platform")
    at.until(40)
    at.fact("room.measured", SCREEN, "/wechat_shop/wx1")
    at.until(0)
    began = round(NOW.timestamp() * 1000) - 600_000
    output = ConnectionFigures(
        streaming=1, stream_began=began, recording=1, record_began=began, record_paused=0,
        dropped_frames=0, total_frames=18_000, congestion_percent=3, reconnecting=0,
    )  # fmt: skip
    at.health = {
        "sources": {"/oba/comments": {"last_at": NOW, "events": 9, "comments": True}},
        "connections": {
            "shop": ConnectionState(
                "connected", at.now, last_at=NOW, figures=ConnectionFigures(calls_minute=9, quota_left=98_211)
            ),
            "browser": ConnectionState("connected", at.now, "ready", last_at=NOW),
            "obs": ConnectionState("connected", at.now, last_at=NOW, figures=output),
        },
    }
    return at


def logged_out() -> Evening:
    """Everything was proved, the console page has been logged out since, and no coupon was ever made."""
    at = proved()
    del at.room.proved["coupons"]
    out = troubled().health["connections"]["browser"]
    at.health = {**at.health, "connections": {**at.health["connections"], "browser": out}}
    return at


CONNECTED: Final[dict[str, Callable[[], Evening]]] = {
    made.__name__: made for made in (unconnected, troubled, proved, logged_out)
}


def shown(made: Callable[[], Evening]) -> State:
    return made().shown()
