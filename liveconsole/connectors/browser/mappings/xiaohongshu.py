"""小红书千帆: frames of the page's socket. A frame holds several contents in base64, each of them JSON whose
``customData`` is JSON again; comments are those of type ``text``."""

from __future__ import annotations

from typing import Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.wire import (
    Mapped,
    at,
    base64_json,
    decoded,
    id_of,
    items,
    text_of,
    time_of,
    viewer,
)

_CONTENT: Final = 4
"""Of ``t``: a frame that holds anything."""
_TOLD: Final = 1
"""Of ``command``: a message of the room."""


def read(url: str, body: bytes, source: str) -> Mapped:
    frame = decoded(body)
    if at(frame, "t") != _CONTENT:
        return Mapped()
    events: list[CloudEvent] = []
    passed_over = broken = 0
    for one in items(at(frame, "b", "d", "b")):
        content = base64_json(at(one, "d"))
        if not isinstance(content, dict):
            broken += 1
            continue
        custom = at(content, "customData")
        message = decoded(custom) if isinstance(custom, str) else custom
        if at(content, "command") not in (_TOLD, None) or at(message, "type") != "text":
            passed_over += 1
            continue
        event = _comment(message, source)
        if event is None:
            broken += 1
        else:
            events.append(event)
    return Mapped(events, passed_over, broken)


def _comment(message: object, source: str) -> CloudEvent | None:
    id_, text = id_of(at(message, "commentId")), text_of(at(message, "desc"))
    if id_ is None or text is None:
        return None
    who = viewer(at(message, "profile", "nickname"), f"{source}/{id_}", at(message, "profile", "user_id"))
    data = {"viewer": who, "text": text}
    return cloudevent(source, id_, "comment.posted", data, time_of(at(message, "current_time")))
