"""One message of Bilibili's live socket → facts. Pure.

Two families of one room: ``LIVE_OPEN_PLATFORM_*`` of the official open-live service, and what a page of the
web room gets, with ``uid`` 0 and masked names for a guest. Prices are in 1/1000 元 where they are paid (gold;
醒目留言 in 元): free gifts are worth nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.wire import (
    BROKEN,
    PASSED_OVER,
    Mapped,
    at,
    count_of,
    decoded,
    id_of,
    text_of,
    time_of,
    viewer,
)

_OPEN: Final = "LIVE_OPEN_PLATFORM_"
_SECONDS: Final = 1000
_INTERACTIONS: Final = {1: "viewer.entered", 2: "viewer.followed", 3: "viewer.shared", 5: "viewer.followed"}
_MILLI_YUAN_IN_FEN: Final = 10


def map_message(message: object, source: str, serial: str = "0") -> Mapped:
    """The facts in one message; ``serial`` names the message where nothing in it does."""
    cmd = at(message, "cmd")
    if not isinstance(cmd, str) or not isinstance(message, dict):
        return BROKEN
    kind = cmd.partition(":")[0]  # DANMU_MSG comes as DANMU_MSG:4:0:2:2:2:0 too
    if kind in _LIVE:
        return Mapped(passed_over=1, live=_LIVE[kind])
    if kind == "DANMU_MSG":
        return _one(_web_comment(message.get("info"), source))
    if kind not in _READ and kind not in _MEASURED:
        return PASSED_OVER
    data = message.get("data")
    if not isinstance(data, dict):
        return BROKEN
    if kind in _MEASURED:
        return _figure(data, source, *_MEASURED[kind], serial)
    made = _READ[kind](data, source)
    return PASSED_OVER if made is _NOTHING else _one(made)


def _one(event: CloudEvent | None) -> Mapped:
    return BROKEN if event is None else Mapped([event], live=True)


_NOTHING: Final[CloudEvent] = {}
"""Of a kind that holds a fact at other times."""


def _who(data: dict[str, Any], source: str, message: str) -> dict[str, str]:
    name = data.get("uname") or data.get("username") or at(data, "user_info", "uname")
    return viewer(name, f"{source}/{message}", data.get("open_id"), data.get("uid"))


def _web_comment(info: object, source: str) -> CloudEvent | None:
    """``info`` is an array: 0 how it looks (4: the moment, 5: a random number, 15: more), 1 text, 2 who."""
    if not isinstance(info, list) or len(info) < 3:
        return None
    look, text, who = info[:3]
    if not isinstance(look, list) or not isinstance(text, str) or not isinstance(who, list) or len(who) < 2:
        return None
    extra = look[15] if len(look) > 15 else None
    named = id_of(at(decoded(inner) if isinstance(inner := at(extra, "extra"), str) else None, "id_str"))
    moment, chance = (look[4] if len(look) > 4 else None), (look[5] if len(look) > 5 else None)
    id_ = named or _made_up(moment, chance, who[0])
    if id_ is None:
        return None
    data = {"viewer": viewer(who[1], f"{source}/{id_}", who[0]), "text": text}
    return cloudevent(source, id_, "comment.posted", data, time_of(moment))


def _open_comment(data: dict[str, Any], source: str) -> CloudEvent | None:
    id_, text = id_of(data.get("msg_id")), text_of(data.get("msg"))
    if id_ is None or text is None:
        return None
    said = {"viewer": _who(data, source, id_), "text": text}
    return cloudevent(source, id_, "comment.posted", said, time_of(data.get("timestamp"), unit=_SECONDS))


def _open_gift(data: dict[str, Any], source: str) -> CloudEvent | None:
    price, count = count_of(data.get("price")), count_of(data.get("gift_num"))
    paid = data.get("paid") is True
    if price is None or not count:
        return None
    value = price * count // _MILLI_YUAN_IN_FEN if paid else 0
    return _gift(data, source, data.get("msg_id"), data.get("gift_name"), count, value)


def _web_gift(data: dict[str, Any], source: str) -> CloudEvent | None:
    count, coins = count_of(data.get("num")), count_of(data.get("total_coin"))
    gold = data.get("coin_type") == "gold"
    if not count or (gold and coins is None):
        return None
    value = (coins or 0) // _MILLI_YUAN_IN_FEN if gold else 0
    return _gift(data, source, data.get("tid") or data.get("rnd"), data.get("giftName"), count, value)


def _combo(data: dict[str, Any], source: str) -> CloudEvent | None:
    """Sums up gifts that came one by one."""
    count, id_ = count_of(data.get("combo_num")), id_of(data.get("combo_id"))
    if not count or id_ is None:
        return None
    event = _gift(data, source, f"combo/{id_}/{count}", data.get("gift_name"), count, 0)
    if event is not None:
        event["data"]["combo"] = True
    return event


def _guard(data: dict[str, Any], source: str) -> CloudEvent | None:
    """Both families; ``price`` is that of one, in 1/1000 元 on the web and by the official service alike."""
    level = data.get("guard_level")
    info = data.get("user_info")
    who = info if isinstance(info, dict) else data
    count = count_of(data.get("guard_num")) or count_of(data.get("num")) or 1
    price = count_of(data.get("price"))
    if price is None or not isinstance(level, int):
        return None
    made = _made_up(data.get("start_time") or data.get("timestamp"), who.get("uid"), level)
    name = {1: "总督", 2: "提督", 3: "舰长"}.get(level, "大航海")
    id_ = data.get("msg_id") or made
    return _gift({**data, **who}, source, id_, name, count, price * count // _MILLI_YUAN_IN_FEN)


def _super_chat(data: dict[str, Any], source: str) -> CloudEvent | None:
    yuan = count_of(data.get("rmb")) if "rmb" in data else count_of(data.get("price"))
    text = text_of(data.get("message"))
    id_ = id_of(data.get("message_id")) or id_of(data.get("id"))
    if yuan is None or text is None or id_ is None:
        return None
    event = _gift(data, source, f"sc/{id_}", "醒目留言", 1, min(yuan * 100, 10**12))
    if event is not None:
        event["data"]["text"] = text
    return event


def _gift(
    data: dict[str, Any], source: str, sent_id: object, name: object, count: int, value_fen: int
) -> CloudEvent | None:
    id_ = id_of(sent_id)
    if id_ is None:
        return None
    told = {
        "viewer": _who(data, source, id_),
        "gift": name if isinstance(name, str) else "",
        "count": count,
        "value_fen": min(value_fen, 10**12),
    }
    when = time_of(data.get("timestamp") or data.get("start_time"), unit=_SECONDS)
    return cloudevent(source, id_, "gift.sent", told, when)


def _open_like(data: dict[str, Any], source: str) -> CloudEvent | None:
    count = count_of(data.get("like_count"))
    id_ = id_of(data.get("msg_id")) or _made_up("like", data.get("timestamp"), data.get("open_id"))
    if id_ is None:
        return None
    told = {"viewer": _who(data, source, id_), "count": 1 if count is None else count}
    return cloudevent(source, id_, "viewer.liked", told, time_of(data.get("timestamp"), unit=_SECONDS))


def _open_entered(data: dict[str, Any], source: str) -> CloudEvent | None:
    id_ = _made_up("enter", data.get("timestamp"), id_of(data.get("open_id")) or data.get("uname"))
    if id_ is None:
        return None
    when = time_of(data.get("timestamp"), unit=_SECONDS)
    return cloudevent(source, id_, "viewer.entered", {"viewer": _who(data, source, id_)}, when)


def _interaction(data: dict[str, Any], source: str) -> CloudEvent | None:
    kind = data.get("msg_type")
    if not isinstance(kind, int) or kind not in _INTERACTIONS:
        return _NOTHING
    moment = data.get("trigger_time") or data.get("timestamp")
    id_ = _made_up(f"interact/{kind}", moment, id_of(data.get("uid")) or data.get("uname"))
    if id_ is None:
        return None
    when = time_of(data.get("timestamp"), unit=_SECONDS)
    return cloudevent(source, id_, _INTERACTIONS[kind], {"viewer": _who(data, source, id_)}, when)


def _figure(data: dict[str, Any], source: str, field: str, name: str, serial: str) -> Mapped:
    count = count_of(data.get(field))
    if count is None:
        return BROKEN
    return Mapped([cloudevent(source, f"room/{name}/{serial}", "room.measured", {name: count})], live=True)


def _made_up(*parts: object) -> str | None:
    """An identity of what names a message together; None where a part is missing."""
    if any(not isinstance(part, (str, int)) or part == "" for part in parts):
        return None
    return "/".join(str(part) for part in parts)[:150]


_LIVE: Final = {
    "LIVE": True,
    "PREPARING": False,
    "CUT_OFF": False,
    f"{_OPEN}LIVE_START": True,
    f"{_OPEN}LIVE_END": False,
}
_READ: Final[dict[str, Callable[[dict[str, Any], str], CloudEvent | None]]] = {
    f"{_OPEN}DM": _open_comment,
    f"{_OPEN}SEND_GIFT": _open_gift,
    f"{_OPEN}GUARD": _guard,
    f"{_OPEN}SUPER_CHAT": _super_chat,
    f"{_OPEN}LIKE": _open_like,
    f"{_OPEN}LIVE_ROOM_ENTER": _open_entered,
    "SEND_GIFT": _web_gift,
    "COMBO_SEND": _combo,
    "GUARD_BUY": _guard,
    "SUPER_CHAT_MESSAGE": _super_chat,
    "INTERACT_WORD": _interaction,
}
_MEASURED: Final = {
    "LIKE_INFO_V3_UPDATE": ("click_count", "likes"),
    "ONLINE_RANK_COUNT": ("count", "online"),
    "ROOM_REAL_TIME_MESSAGE_UPDATE": ("fans", "followers"),
}
