"""One frame of oba-live-tool → facts. Pure.

What its source (v1.6.1) sends: one JSON object a frame, no authentication, no replay, no heartbeat.
``time`` is the tool's own clock in milliseconds when it passed the message on. For 视频号 only comments
and replies come, and a reply has no ``user_id``; 抖音 and 快手 comments never have one.

``live_order`` (抖音 罗盘) names a product and a state and no amount, buyer id or quantity, so there is no
order fact in it: money is not made up. The source's health says how many different ones were told of.
"""

from __future__ import annotations

from typing import Any, Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.wire import at, id_of, time_of, viewer

_COMMENTS: Final = frozenset({"wechat_channel_live_msg", "comment", "xiaohongshu_comment", "taobao_comment"})
_PRESENCE: Final = {"room_enter": "viewer.entered", "room_follow": "viewer.followed"}


def map_message(obj: object, source: str) -> list[CloudEvent]:
    """The fact in one frame; nothing for a kind that holds none, and for a frame that is not as its source
    says (the caller tells the two apart by `is_known`)."""
    if not isinstance(obj, dict):
        return []
    kind, id_ = obj.get("msg_type"), id_of(obj.get("msg_id"))
    if not isinstance(kind, str) or id_ is None:
        return []
    if not isinstance(obj.get("nick_name"), str):
        return []
    data: dict[str, Any] = {"viewer": viewer(obj["nick_name"], f"{source}/{id_}", obj.get("user_id"))}
    if kind in _COMMENTS:
        if not isinstance(obj.get("content"), str):
            return []
        return [
            cloudevent(
                source, id_, "comment.posted", {**data, "text": obj["content"]}, time_of(obj.get("time"))
            )
        ]
    if kind in _PRESENCE:
        return [cloudevent(source, id_, _PRESENCE[kind], data, time_of(obj.get("time")))]
    if kind == "room_like":
        return [cloudevent(source, id_, "viewer.liked", {**data, "count": 1}, time_of(obj.get("time")))]
    return []


def is_known(obj: object) -> bool:
    """Whether this is a message of a kind that its source is known to send and we pass over on purpose."""
    return isinstance(obj, dict) and obj.get("msg_type") in (
        "live_order",
        "subscribe_merchant_brand_vip",
        "ecom_fansclub_participate",
    )


def order_of(obj: object) -> str | None:
    """Return the id of the order that a message tells of; its ``msg_id`` is that id, # and the state."""
    if at(obj, "msg_type") != "live_order":
        return None
    return id_of(str(at(obj, "msg_id") or "").partition("#")[0])
