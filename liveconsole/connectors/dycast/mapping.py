"""One message of dycast → facts. Pure, but for the gift streaks that it goes on counting.

A frame holds one message or an array of them: ``{"id", "method", "user"?, "content"?, "gift"?, "room"?}``.
The page does not say which room it watches. A gift in a streak comes again with the count so far, without a
name of the streak; ``repeatEnd`` marks its last word.
"""

from __future__ import annotations

from typing import Any, Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.streaks import Streaks
from liveconsole.connectors.wire import (
    BROKEN,
    PASSED_OVER,
    Mapped,
    at,
    count_of,
    id_of,
    masked,
    text_of,
    viewer,
)

SOURCE: Final = "/dycast/room"
_PRESENCE: Final = {"WebcastMemberMessage": "viewer.entered"}
_COMMENTS: Final = frozenset({"WebcastChatMessage", "WebcastEmojiChatMessage"})
_FIGURES: Final = frozenset({"WebcastRoomUserSeqMessage", "WebcastRoomStatsMessage"})
_FOLLOW: Final = "关注"
_SHARE: Final = "分享"
_SHARED_ID: Final = "111111"
_ENDED: Final = 4
"""Of ``room.status``: the broadcast is over."""


def map_message(message: object, streaks: Streaks) -> Mapped:
    """The facts in one message."""
    method = at(message, "method")
    if not isinstance(message, dict) or not isinstance(method, str):
        return BROKEN
    if not method.startswith("Webcast"):
        return PASSED_OVER
    live = _live(method, message)
    id_ = id_of(message.get("id"))
    figures = _figures(message)
    name = None if id_ is None else f"{method}/{id_}"
    if method in _FIGURES or method == "WebcastControlMessage":
        if name is None or not figures:
            return Mapped(passed_over=1, live=live)
        return Mapped([cloudevent(SOURCE, name, "room.measured", figures)], live=live)
    if method not in _COMMENTS and method not in _PRESENCE and method not in _OTHERS:
        return Mapped(passed_over=1, live=live)
    if name is None:
        return BROKEN
    fact = _fact(method, message, name, streaks)
    if fact is None:
        return BROKEN
    if method == "WebcastLikeMessage" and figures:
        fact = [*fact, cloudevent(SOURCE, f"{name}/room", "room.measured", figures)]
    return Mapped(fact, passed_over=0 if fact else 1, live=live)


def _fact(method: str, message: dict[str, Any], name: str, streaks: Streaks) -> list[CloudEvent] | None:
    user = message.get("user")
    if not isinstance(user, dict):
        return None
    who = f"{SOURCE}/{name}"
    if id_of(user.get("id")) == _SHARED_ID:
        body: dict[str, Any] = {"viewer": masked(user.get("name"), who)}
    else:
        body = {"viewer": viewer(user.get("name"), who, user.get("id"))}
    said = text_of(message.get("content"))
    if method in _COMMENTS:
        text = said or _in_parts(message.get("rtfContent"))
        if text is None:
            return None
        told = {**body, "text": text, "message_id": id_of(message.get("id"))}
        return [cloudevent(SOURCE, name, "comment.posted", told)]
    if method in _PRESENCE:
        return [cloudevent(SOURCE, name, _PRESENCE[method], body)]
    if method == "WebcastLikeMessage":
        count = count_of(message.get("count"))
        return [cloudevent(SOURCE, name, "viewer.liked", {**body, "count": 1 if count is None else count})]
    if method == "WebcastSocialMessage":
        return _social(name, said or "", body)
    return _gift(message, name, body, streaks)


def _social(name: str, said: str, body: dict[str, Any]) -> list[CloudEvent]:
    """One method for both; the words tell which."""
    if _FOLLOW in said:
        return [cloudevent(SOURCE, name, "viewer.followed", body)]
    return [cloudevent(SOURCE, name, "viewer.shared", body)] if _SHARE in said else []


def _gift(
    message: dict[str, Any], name: str, body: dict[str, Any], streaks: Streaks
) -> list[CloudEvent] | None:
    gift = message.get("gift")
    count = count_of(at(gift, "count"))
    title = text_of(at(gift, "name")) or id_of(at(gift, "id"))
    if title is None or count is None:
        return None
    streak = (str(at(message, "user", "id")), str(at(message, "user", "name")), str(at(gift, "id")), title)
    ended = at(gift, "repeatEnd") in (True, 1, "1")
    more = streaks.added(name, streak, count, ended=ended, anew=True)
    if not more:
        return []
    body |= {"gift": title, "count": more, "value_fen": 0}
    price = count_of(at(gift, "price"))
    if price is not None:
        body["diamonds"] = price
    return [cloudevent(SOURCE, name, "gift.sent", body)]


def _figures(message: dict[str, Any]) -> dict[str, int]:
    room = message.get("room")
    told = {"online": count_of(at(room, "audienceCount")), "likes": count_of(at(room, "likeCount"))}
    return {name: count for name, count in told.items() if count}


def _in_parts(parts: object) -> str | None:
    if not isinstance(parts, list):
        return None
    texts = [text for part in parts if (text := text_of(at(part, "text"))) is not None]
    return "".join(texts) if texts else None


def _live(method: str, message: dict[str, Any]) -> bool | None:
    if method != "WebcastControlMessage":
        return True
    status = count_of(at(message, "room", "status"))
    return None if status is None else status != _ENDED


_OTHERS: Final = frozenset({"WebcastLikeMessage", "WebcastSocialMessage", "WebcastGiftMessage"})
