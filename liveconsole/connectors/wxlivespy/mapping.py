"""One body of wxlivespy's ``POST /forward`` → facts. Pure.

The body is ``{host_info, live_info, events[]}``, not what its schema.json describes. It is sent without
a retry, and the same events come again: ``seq`` counts within one live, so (``live_id``, ``seq``) names
an event for ever. ``msg_time`` is the capture PC's clock in milliseconds. ``decoded_openid`` is the same
person over a host's broadcasts and may be null; ``sec_openid`` changes with each.

A comment's ``msg_id`` is the platform's own, by which another source's word of it is known: ``message_id``.

The listener has no authentication, so only comments, viewers and gifts are ever read here, never orders.
A gift's value is in 微信币, whose price in 元 nobody guarantees: it is kept beside (``wecoin``) and counts 0.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent, rfc3339_ms
from liveconsole.connectors.wire import id_of, viewer

_LIVE: Final = frozenset({1, 4})
"""``live_status`` of a running broadcast: 1 by its own schema, 4 as another reader of that page sees it."""


class Forwarded(Struct, frozen=True):
    """``passed_over``: events of kinds without a fact (levelup, unknown); ``broken``: of no usable shape."""

    events: list[CloudEvent]
    passed_over: int = 0
    broken: int = 0
    live: bool | None = None
    """What ``live_status`` says; None where it says nothing."""


def map_forward(body: object) -> Forwarded:
    """Every fact in one body, in order, the room's own figures last."""
    if not isinstance(body, dict) or not isinstance(body.get("live_info"), dict):
        return Forwarded([], broken=1)
    info = body["live_info"]
    live_id = _id(info.get("live_id"))
    sent = body.get("events")
    if live_id is None or not isinstance(sent, list):
        return Forwarded([], broken=1)
    source = f"/wxlivespy/{live_id}"[:200]
    facts: list[CloudEvent] = []
    passed_over = broken = 0
    last_seq = ""
    last_time: str | None = None
    for each in sent:
        seq = _id(each.get("seq")) if isinstance(each, dict) else None
        if seq is None:
            broken += 1
            continue
        last_seq, last_time = seq, _time(each.get("msg_time"))
        made = _fact(each, f"{source}/{seq}")
        if made is None:
            broken += 1
        elif isinstance(made, str):
            passed_over += 1
        else:
            type_, data = made
            facts.append(cloudevent(source, f"{live_id}/{seq}", type_, data, last_time))
    measured = _measured(info)
    if measured and last_seq:
        # The figures change between two bodies that hold the same events, so the time names them.
        name = f"{live_id}/room/{last_time or last_seq}"
        facts.append(cloudevent(source, name, "room.measured", measured, last_time))
    status = info.get("live_status")
    live = status in _LIVE if isinstance(status, int) and not isinstance(status, bool) else None
    return Forwarded(facts, passed_over, broken, live)


def _fact(event: dict[str, Any], message: str) -> tuple[str, dict[str, Any]] | str | None:
    """Type and data; "" for a kind without a fact; None for a shape that its source does not send."""
    kind = event.get("decoded_type")
    if kind in ("levelup", "unknown") or not isinstance(kind, str):
        return "" if isinstance(kind, str) else None
    ids = event.get("decoded_openid"), event.get("sec_openid")
    name = event.get("nickname")
    if not isinstance(name, str) or (not name and not any(ids)):
        return None
    data: dict[str, Any] = {"viewer": viewer(name, message, *ids)}
    if kind == "comment":
        text = event.get("content")
        if (message_id := id_of(event.get("msg_id"))) is not None:
            data["message_id"] = message_id
        return ("comment.posted", {**data, "text": text}) if isinstance(text, str) else None
    if kind == "enter":
        return "viewer.entered", data
    if kind == "like":
        return "viewer.liked", {**data, "count": 1}
    if kind in ("gift", "combogift", "combo_gift"):
        combo = kind != "gift"
        count = _count(event.get("combo_product_count" if combo else "gift_num"))
        data |= {
            "gift": str(event.get("sec_gift_id") or ""),
            "count": 1 if count is None else count,
            "value_fen": 0,
        }
        if combo:
            data["combo"] = True
        coins = _count(event.get("gift_value"))
        if coins is not None:
            data["wecoin"] = coins
        if isinstance(event.get("content"), str):
            data["text"] = event["content"]
        return "gift.sent", data
    return ""


def _measured(info: dict[str, Any]) -> dict[str, int]:
    found = {"online": _count(info.get("online_count")), "likes": _count(info.get("like_count"))}
    return {name: count for name, count in found.items() if count is not None}


def _id(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value)
    return text if 0 < len(text) <= 90 else None


def _count(value: object) -> int | None:
    """A count that may come as a number or as its digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 13:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**12:
        return value
    return None


def _time(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    try:
        return rfc3339_ms(value)
    except (ValueError, OverflowError, OSError):
        return None
