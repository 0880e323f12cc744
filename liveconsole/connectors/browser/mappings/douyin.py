"""抖店 and 百应: the control page asks ``comment/info``, the big screen of 罗盘 asks ``message`` and
``live_order_stream``.

Comments of the control page hold no user id. An order names a product, a state and a number, and no amount:
it is told of, and money is not made up.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.wire import Mapped, at, decoded, id_of, items, text_of, time_of, viewer

_PRESENCE: Final = {"room_enter": "viewer.entered", "room_follow": "viewer.followed"}
_ORDER_STATES: Final = (0, 1, 3)
"""0 and 1: placed, 3: paid."""


def read(url: str, body: bytes, source: str) -> Mapped:
    path = urlsplit(url).path.rstrip("/")
    if path.endswith("comment/info"):
        data = at(decoded(body), "data")
        return _joined(
            [_comment(one, source, "comment_id") for one in items(at(data, "comment_infos"))], data
        )
    if path.endswith("live_order_stream"):
        return _orders(decoded(body))
    if path.rpartition("/")[2] == "message":
        return _messages(decoded(body), source)
    return Mapped()


def _messages(answer: object, source: str) -> Mapped:
    messages = at(answer, "data", "messages")
    if messages is None and isinstance(at(answer, "data"), dict):
        return Mapped()
    made: list[CloudEvent | None] = []
    passed_over = 0
    for kind, sent in messages.items() if isinstance(messages, dict) else ():
        if kind == "comment":
            made += [_comment(one, source, "msg_id") for one in items(sent)]
        elif kind in _PRESENCE:
            made += [_presence(one, source, _PRESENCE[kind], {}) for one in items(sent)]
        elif kind == "room_like":
            made += [_presence(one, source, "viewer.liked", {"count": 1}) for one in items(sent)]
        else:
            passed_over += len(items(sent))
    found = _joined(made, messages)
    return Mapped(found.events, passed_over, found.broken)


def _orders(answer: object) -> Mapped:
    sent = at(answer, "data")
    keys: list[str] = []
    broken = 0
    for one in items(sent):
        order_id, status = id_of(at(one, "order_id")), at(one, "order_status")
        if order_id is None or status not in _ORDER_STATES:
            broken += 1
        else:
            keys.append(order_id)
    return Mapped(passed_over=len(keys), broken=broken, orders=tuple(keys))


def _comment(one: object, source: str, id_name: str) -> CloudEvent | None:
    id_ = id_of(at(one, id_name)) or id_of(at(one, "comment_id"))
    text = text_of(at(one, "content"))
    if id_ is None or text is None:
        return None
    who = viewer(at(one, "nick_name"), f"{source}/{id_}", at(one, "user_id"))
    return cloudevent(source, id_, "comment.posted", {"viewer": who, "text": text}, _time(one))


def _presence(one: object, source: str, type_: str, more: dict[str, Any]) -> CloudEvent | None:
    id_ = id_of(at(one, "msg_id"))
    if id_ is None:
        return None
    who = viewer(at(one, "nick_name"), f"{source}/{id_}", at(one, "user_id"))
    return cloudevent(source, id_, type_, {"viewer": who, **more}, _time(one))


def _time(one: object) -> str | None:
    """Seconds or milliseconds since 1970: nobody says which, and the size tells."""
    stamp = at(one, "time") or at(one, "create_time")
    if isinstance(stamp, int) and not isinstance(stamp, bool) and stamp > 0:
        return time_of(stamp, unit=1000 if stamp < 10**11 else 1)
    return None


def _joined(made: list[CloudEvent | None], whole: object) -> Mapped:
    if not isinstance(whole, dict):
        return Mapped(broken=1)
    return Mapped([one for one in made if one is not None], broken=made.count(None))
