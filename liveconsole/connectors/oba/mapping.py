"""One frame of oba-live-tool → facts. Pure.

What its source (v1.6.1) sends: one JSON object a frame, no authentication, no replay, no heartbeat.
``time`` is the tool's own clock in milliseconds when it passed the message on. For 视频号 only comments
and replies come, and a reply has no ``user_id``; 抖音 and 快手 comments never have one.

``live_order`` (抖音 罗盘) names a product and a state and no amount, buyer id or quantity, so there is no
order fact in it: money is not made up. It shows in the source's health as seen and passed over.
"""

from __future__ import annotations

import math
from typing import Any, Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent, person, rfc3339_ms

_COMMENTS: Final = frozenset({"wechat_channel_live_msg", "comment", "xiaohongshu_comment", "taobao_comment"})
_PRESENCE: Final = {"room_enter": "viewer.entered", "room_follow": "viewer.followed"}


def map_message(obj: object, source: str) -> list[CloudEvent]:
    """The fact in one frame; nothing for a kind that holds none, and for a frame that is not as its source
    says (the caller tells the two apart by `is_known`)."""
    if not isinstance(obj, dict):
        return []
    kind, id_ = obj.get("msg_type"), obj.get("msg_id")
    if not isinstance(kind, str) or not isinstance(id_, (str, int)) or isinstance(id_, bool) or id_ == "":
        return []
    if not isinstance(obj.get("nick_name"), str):
        return []
    viewer = person(obj.get("user_id"), obj["nick_name"])
    data: dict[str, Any] = {"viewer": viewer}
    if kind in _COMMENTS:
        if not isinstance(obj.get("content"), str):
            return []
        return [cloudevent(source, str(id_), "comment.posted", {**data, "text": obj["content"]}, _time(obj))]
    if kind in _PRESENCE:
        return [cloudevent(source, str(id_), _PRESENCE[kind], data, _time(obj))]
    if kind == "room_like":
        return [cloudevent(source, str(id_), "viewer.liked", {**data, "count": 1}, _time(obj))]
    return []


def is_known(obj: object) -> bool:
    """Whether this is a message of a kind that its source is known to send and we pass over on purpose."""
    return isinstance(obj, dict) and obj.get("msg_type") in (
        "live_order",
        "subscribe_merchant_brand_vip",
        "ecom_fansclub_participate",
    )


def _time(obj: dict[str, Any]) -> str | None:
    time = obj.get("time")
    if not isinstance(time, (int, float)) or isinstance(time, bool) or not math.isfinite(time):
        return None
    try:
        return rfc3339_ms(time)
    except (ValueError, OverflowError, OSError):
        return None
