"""obs-websocket 5 as it stands on the wire: frames, the answer to its challenge, its codes. Pure."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

import msgspec
from msgspec import Struct

PROTOCOL: Final = "obswebsocket.json"
RPC: Final = 1
FRAME_LIMIT: Final = 4 << 20
HELLO, IDENTIFY, IDENTIFIED, EVENT, REQUEST, RESPONSE = 0, 1, 2, 5, 6, 7
EVENTS: Final = 1 | 2 | 4 | 8 | 64 | 128
"""General, config, scenes, inputs, outputs, scene items: none of those that come many times a second."""

SUCCESS: Final = 100
UNKNOWN_REQUEST: Final = 204
NOT_READY: Final = 207
NOT_RUNNING: Final = 501
NOT_FOUND: Final = 600
EXISTS: Final = 601

WRONG_PASSWORD: Final = 4009
KICKED: Final = 4011

_encode = msgspec.json.Encoder().encode


class ObsFrame(Struct, frozen=True):
    op: int
    d: dict[str, Any] = {}


class Challenge(Struct, frozen=True):
    """``salt`` is made when OBS starts its server, ``challenge`` for each session."""

    challenge: str
    salt: str


class ObsHello(Struct, frozen=True, rename="camel"):
    rpc_version: int
    authentication: Challenge | None = None


class ObsStatus(Struct, frozen=True):
    """``result`` alone says whether it worked: of codes there are more than any list knows."""

    result: bool
    code: int = 0
    comment: str = ""


class ObsAnswer(Struct, frozen=True, rename="camel"):
    request_id: str
    request_status: ObsStatus
    response_data: dict[str, Any] | None = None


class ObsEvent(Struct, frozen=True, rename="camel"):
    event_type: str
    event_data: dict[str, Any] | None = None


def read_frame(data: str | bytes) -> ObsFrame:
    """Raises `msgspec.DecodeError` for what is no frame."""
    try:
        return msgspec.json.decode(data, type=ObsFrame)
    except (UnicodeDecodeError, RecursionError) as why:
        raise msgspec.DecodeError(str(why)) from why


def identify(hello: ObsHello, password: str) -> str:
    said: dict[str, Any] = {"rpcVersion": RPC, "eventSubscriptions": EVENTS}
    if hello.authentication is not None:
        said["authentication"] = proof(password, hello.authentication)
    return _encode({"op": IDENTIFY, "d": said}).decode()


def request(type_: str, id_: str, data: dict[str, Any]) -> str:
    said = {"requestType": type_, "requestId": id_, "requestData": data}
    return _encode({"op": REQUEST, "d": said}).decode()


def proof(password: str, asked: Challenge) -> str:
    """Return what shows that one knows the password, which itself is never sent."""
    return _sha256(_sha256(password + asked.salt) + asked.challenge)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
