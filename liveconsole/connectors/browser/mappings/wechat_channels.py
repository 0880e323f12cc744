"""视频号助手: the page asks ``live/msg`` again and again, and the same messages come in several answers.

``clientMsgId`` is a message's identity. ``msgList`` holds comments (1, and 10017 where one is on the wall),
``appMsgList`` the rest with a payload of JSON in base64. Nothing says when a message was written.
"""

from __future__ import annotations

from typing import Any, Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.wire import (
    Mapped,
    at,
    base64_json,
    count_of,
    decoded,
    id_of,
    items,
    text_of,
    viewer,
)

_PATH: Final = "mmfinderassistant-bin/live/msg"
_COMMENTS: Final = (1, 10017)
_REPLY, _ENTERED, _GIFT, _FOLLOWED = 20002, 10005, 20009, 20078
_LIKES: Final = (20006, 20122)


def read(url: str, body: bytes, source: str) -> Mapped:
    if _PATH not in url.partition("?")[0]:
        return Mapped()
    answer = decoded(body)
    data = at(answer, "data")
    if isinstance(inner := at(data, "respJsonStr"), str):
        data = decoded(inner)
    if not isinstance(data, dict):
        return Mapped(broken=1)
    made = [_comment(one, source) for one in items(_either(data, "msgList", "msg_list"))]
    made += [_app(one, source) for one in items(_either(data, "appMsgList", "app_msg_list"))]
    events = [event for one in made for event in one or ()]
    return Mapped(events, passed_over=sum(one == [] for one in made), broken=sum(one is None for one in made))


def figures(url: str, body: bytes) -> dict[str, int]:
    """Return what the page is told of the room as a whole; nothing for what it is not told."""
    if _PATH not in url.partition("?")[0]:
        return {}
    data = at(decoded(body), "data")
    if isinstance(inner := at(data, "respJsonStr"), str):
        data = decoded(inner)
    info = _either(data, "liveInfo", "live_info")
    found = {
        "online": count_of(_either(info, "onlineCnt", "online_cnt")),
        "likes": count_of(_either(info, "likeCnt", "like_cnt")),
    }
    return {name: count for name, count in found.items() if count is not None}


def _comment(one: object, source: str) -> list[CloudEvent] | None:
    """None: of no usable shape; nothing: of a kind without a fact."""
    kind, id_ = at(one, "type"), id_of(_either(one, "clientMsgId", "client_msg_id"))
    if not isinstance(kind, int) or isinstance(kind, bool):
        return None
    contact = at(_either(one, "finderLiveContact", "finder_live_contact"), "contact")
    ids = at(one, "username"), at(contact, "username")
    name = text_of(at(one, "nickname")) or at(contact, "nickname")
    if kind == _ENTERED and id_ is not None:
        return [cloudevent(source, id_, "viewer.entered", {"viewer": viewer(name, f"{source}/{id_}", *ids)})]
    if kind not in _COMMENTS:
        return []
    text = text_of(at(one, "content"))
    if id_ is None or text is None:
        return None
    data = {"viewer": viewer(name, f"{source}/{id_}", *ids), "text": text}
    return [cloudevent(source, id_, "comment.posted", data)]


def _app(one: object, source: str) -> list[CloudEvent] | None:
    kind, id_ = _either(one, "msgType", "msg_type"), id_of(_either(one, "clientMsgId", "client_msg_id"))
    if not isinstance(kind, int) or isinstance(kind, bool):
        return None
    if kind not in (_REPLY, _ENTERED, _GIFT, _FOLLOWED, *_LIKES):
        return []  # a combo says again what its gifts said
    payload = base64_json(at(one, "payload"))
    contact = at(_either(one, "fromUserContact", "from_user_contact"), "contact")
    name = text_of(at(contact, "nickname")) or at(_either(one, "fromUserContact", "x"), "displayNickname")
    if id_ is None or not isinstance(payload, dict):
        return None
    who = viewer(name, f"{source}/{id_}", at(contact, "username"), at(contact, "usename"))
    data: dict[str, Any] = {"viewer": who}
    if kind == _REPLY:
        text = text_of(payload.get("content"))
        return None if text is None else [cloudevent(source, id_, "comment.posted", {**data, "text": text})]
    if kind in _LIKES:
        return [cloudevent(source, id_, "viewer.liked", {**data, "count": 1})]
    if kind == _GIFT:
        return _gift(payload, id_, source, data)
    return [cloudevent(source, id_, "viewer.followed" if kind == _FOLLOWED else "viewer.entered", data)]


def _gift(payload: dict[str, Any], id_: str, source: str, data: dict[str, Any]) -> list[CloudEvent] | None:
    """What a 微信币 is worth in 元 nobody says: it is kept beside (``wecoin``)."""
    count = count_of(payload.get("reward_product_count"))
    gift = id_of(payload.get("reward_product_id"))
    if not count:
        return None
    data |= {"gift": gift or "", "count": count, "value_fen": 0}
    if (coins := count_of(payload.get("reward_amount_in_wecoin"))) is not None:
        data["wecoin"] = coins
    if (text := text_of(payload.get("content"))) is not None:
        data["text"] = text
    return [cloudevent(source, id_, "gift.sent", data)]


def _either(value: object, *names: str) -> Any:
    """The same field by one of its spellings."""
    for name in names:
        if (found := at(value, name)) is not None:
            return found
    return None
