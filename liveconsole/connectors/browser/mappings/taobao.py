"""淘宝: the page asks ``comment.query.anchorlatest`` and is answered in JSONP, a call around the JSON."""

from __future__ import annotations

import re
from typing import Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.wire import Mapped, at, decoded, id_of, items, text_of, time_of, viewer

_PATH: Final = "comment.query.anchorlatest"
_CALL: Final = re.compile(rb"\s*[\w$.]{1,200}\s*\(")


def read(url: str, body: bytes, source: str) -> Mapped:
    if _PATH not in url.partition("?")[0]:
        return Mapped()
    data = at(decoded(_inside(body)), "data")
    if not isinstance(data, dict):
        return Mapped(broken=1)
    made = [_comment(one, source) for one in items(data.get("comments"))]
    return Mapped([one for one in made if one is not None], broken=made.count(None))


def _inside(body: bytes) -> bytes:
    call = _CALL.match(body)
    if call is None:
        return body
    return body[call.end() : body.rfind(b")")]


def _comment(one: object, source: str) -> CloudEvent | None:
    id_, text = id_of(at(one, "commentId")), text_of(at(one, "content"))
    if id_ is None or text is None:
        return None
    name = text_of(at(one, "publisherNick")) or at(one, "tbNick")
    who = viewer(name, f"{source}/{id_}", at(one, "publisherId"), at(one, "renders", "tbUserIdEncode"))
    data = {"viewer": who, "text": text}
    return cloudevent(source, id_, "comment.posted", data, time_of(at(one, "timestamp")))
