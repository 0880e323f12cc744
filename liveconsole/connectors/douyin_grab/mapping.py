"""One frame of DouyinBarrageGrab → facts. Pure, but for the gift streaks that it goes on counting.

A frame is ``{"Type", "ProcessName", "Data"}``, and ``Data`` is a JSON string. Types: 1 comment, 2 like,
3 entered, 4 followed, 5 gift, 6 figures of the room, 7 fan club, 8 shared, 9 the broadcast ended. The tool
listens to every room that is open on its computer, so the room's id stands in the source. ``MsgId`` is a
whole number beyond 2^53. A gift in a streak comes again with the count so far (``GroupId``, ``RepeatCount``).

A viewer who hides himself (神秘人), or whom the page was not told of, has the id 0 or 111111 and so have all
others like him: it is nobody's. 抖币 are kept beside (``diamonds``); what they are worth in 元 nobody says.
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
    decoded,
    id_of,
    masked,
    text_of,
    viewer,
)

_SHARED_ID: Final = "111111"
_COMMENT, _LIKE, _ENTERED, _FOLLOWED, _GIFT, _FIGURES, _FAN_CLUB, _SHARED, _ENDED = range(1, 10)
_PRESENCE: Final = {_ENTERED: "viewer.entered", _FOLLOWED: "viewer.followed", _SHARED: "viewer.shared"}


def map_frame(frame: object, streaks: Streaks) -> Mapped:
    """The facts in one frame."""
    kind, sent = at(frame, "Type"), at(frame, "Data")
    if not isinstance(kind, int) or isinstance(kind, bool):
        return BROKEN
    data = decoded(sent) if isinstance(sent, str) else sent
    if not isinstance(data, dict):
        return BROKEN
    if not _COMMENT <= kind <= _ENDED:
        return PASSED_OVER
    if kind == _ENDED:
        return Mapped(passed_over=1, live=False)
    message, room = id_of(data.get("MsgId")), id_of(data.get("RoomId")) or id_of(data.get("WebRoomId"))
    if message is None:
        return BROKEN
    source = f"/douyin_grab/{room or 'room'}"
    name = f"{room}/{kind}/{message}" if room else f"{kind}/{message}"
    if kind == _FIGURES:
        return _figures(data, source, name)
    fact = _fact(kind, data, source, name, streaks)
    return BROKEN if fact is None else Mapped(fact, live=True)


def _fact(
    kind: int, data: dict[str, Any], source: str, name: str, streaks: Streaks
) -> list[CloudEvent] | None:
    who = _viewer(data, f"{source}/{name}")
    if who is None:
        return None
    body: dict[str, Any] = {"viewer": who}
    if kind == _COMMENT:
        text = text_of(data.get("Content"))
        if text is None:
            return None
        said = {**body, "text": text, "message_id": id_of(data.get("MsgId"))}
        return [cloudevent(source, name, "comment.posted", said)]
    if kind == _FAN_CLUB:  # he joined it now, or rose in it: either way he is of it
        if (level := count_of(data.get("Level"))) is not None:
            body["level"] = level
        return [cloudevent(source, name, "viewer.joined_club", body)]
    if kind in _PRESENCE:
        return [cloudevent(source, name, _PRESENCE[kind], body)]
    if kind == _LIKE:
        count, total = count_of(data.get("Count")), count_of(data.get("Total"))
        likes = [cloudevent(source, name, "viewer.liked", {**body, "count": 1 if count is None else count})]
        if total:
            likes.append(cloudevent(source, f"{name}/room", "room.measured", {"likes": total}))
        return likes
    return _gift(data, source, name, body, streaks)


def _gift(
    data: dict[str, Any], source: str, name: str, body: dict[str, Any], streaks: Streaks
) -> list[CloudEvent] | None:
    """``RepeatCount`` is the streak so far; outside a streak the message's own count stands alone."""
    repeat, count, group = (count_of(data.get(k)) for k in ("RepeatCount", "GiftCount", "GroupId"))
    gift = id_of(data.get("GiftId"))
    title = text_of(data.get("GiftName")) or gift
    if title is None or (repeat is None and count is None):
        return None
    if group and repeat is not None:
        # The group is the giver's own clock: two people can have the same.
        user = at(data, "User") or {}
        streak = (source, str(user.get("Id")), str(user.get("Nickname")), gift or title, group)
        more = streaks.added(f"{source}/{name}", streak, repeat)
    else:
        more = max(count or 0, repeat or 0)
    if not more:
        return []
    body |= {"gift": title, "count": more, "value_fen": 0}
    diamonds = count_of(data.get("DiamondCount"))
    if diamonds is not None:
        body["diamonds"] = diamonds
    if (text := text_of(data.get("Content"))) is not None:
        body["text"] = text
    return [cloudevent(source, name, "gift.sent", body)]


def _figures(data: dict[str, Any], source: str, name: str) -> Mapped:
    online = count_of(data.get("OnlineUserCount"))
    if online is None:
        return PASSED_OVER
    return Mapped([cloudevent(source, name, "room.measured", {"online": online})], live=True)


def _viewer(data: dict[str, Any], message: str) -> dict[str, str] | None:
    user = data.get("User")
    if not isinstance(user, dict):
        return None
    if id_of(user.get("Id")) == _SHARED_ID:
        return masked(user.get("Nickname"), message)
    return viewer(user.get("Nickname"), message, user.get("Id"), user.get("SecUid"))
