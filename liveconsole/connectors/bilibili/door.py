"""How the live socket of a Bilibili room is found: what is asked over HTTP, and what is answered. Pure.

The official open-live service (``/v2/app/start``) wants the four things that its developers are given. A page
of the web room asks for a token without any; that is asked as it stands, unsigned, and a room that refuses it
stays refused: signatures of the site's own pages are not made here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.connectors.wire import at, id_of, items, text_of

OPEN: Final = "https://live-open.biliapi.com"
WEB: Final = "https://api.live.bilibili.com"
OPEN_NEEDS: Final = ("access_key", "access_secret", "app_id", "code")
_SOCKETS: Final = ("wss", "ws")
_BROTLI: Final = 3


class SaysNo(Exception):
    """The service said no; ``str`` is its own code."""


class LiveSocket(Struct, frozen=True):
    """``urls`` are tried in turn; ``auth`` is the first packet's body; ``game_id`` has to be kept alive."""

    urls: list[str]
    auth: bytes
    source: str
    game_id: str = ""


def signed(body: bytes, secrets: Mapping[str, str], *, nonce: str, timestamp: int) -> dict[str, str]:
    """Headers of a call of the open-live service."""
    named = {
        "x-bili-accesskeyid": secrets["access_key"],
        "x-bili-content-md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "x-bili-signature-method": "HMAC-SHA256",
        "x-bili-signature-nonce": nonce,
        "x-bili-signature-version": "1.0",
        "x-bili-timestamp": str(timestamp),
    }
    text = "\n".join(f"{name}:{named[name]}" for name in sorted(named))
    signature = hmac.new(secrets["access_secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
    return {
        **named,
        "Authorization": signature,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


def start_body(secrets: Mapping[str, str]) -> bytes:
    return msgspec.json.encode({"code": secrets["code"], "app_id": _number(secrets["app_id"])})


def end_body(secrets: Mapping[str, str], game_id: str) -> bytes:
    return msgspec.json.encode({"app_id": _number(secrets["app_id"]), "game_id": game_id})


def beat_body(game_id: str) -> bytes:
    return msgspec.json.encode({"game_id": game_id})


def open_socket(answer: object) -> LiveSocket:
    """What ``/v2/app/start`` answered.

    Raises:
        SaysNo: it refuses, or nothing that can be used.
    """
    data = _data(answer)
    info = at(data, "websocket_info")
    auth, urls = text_of(at(info, "auth_body")), _sockets(items(at(info, "wss_link")))
    if auth is None or not urls:
        raise SaysNo("unreadable")
    room = id_of(at(data, "anchor_info", "room_id")) or "room"
    game_id = id_of(at(data, "game_info", "game_id")) or ""
    return LiveSocket(urls, auth.encode(), f"/bilibili/{room}", game_id)


def web_socket(answer: object, room: str) -> LiveSocket:
    """What ``getDanmuInfo`` answered, for somebody who is not logged in.

    Raises:
        SaysNo: as above.
    """
    data = _data(answer)
    token = text_of(at(data, "token"))
    urls = _sockets(
        [f"wss://{at(one, 'host')}:{at(one, 'wss_port')}/sub" for one in items(at(data, "host_list"))]
    )
    if token is None or not urls:
        raise SaysNo("unreadable")
    auth = {
        "uid": 0,
        "roomid": _number(room),
        "protover": _BROTLI,
        "platform": "web",
        "type": 2,
        "key": token,
    }
    return LiveSocket(urls, msgspec.json.encode(auth), f"/bilibili/{room}")


def _data(answer: object) -> Any:
    code = at(answer, "code")
    if code != 0:
        raise SaysNo(str(code)[:40])
    return at(answer, "data")


def _sockets(urls: list[Any]) -> list[str]:
    return [url for url in urls if isinstance(url, str) and url.partition("://")[0] in _SOCKETS][:8]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text
