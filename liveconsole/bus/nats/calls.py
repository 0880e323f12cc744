"""A call that came as a message, as the calls behind the doors take it, and their answer as messages.

Knows no room and no broker.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.http import HttpProcessingError, HttpRequestParser

from liveconsole.bus.http import ErrorAnswer, error_answer
from liveconsole.bus.nats.subjects import PARTS_MOST
from liveconsole.bus.stream_pages import HEAD
from liveconsole.bus.turns import HEADER
from liveconsole.bus.wire import NOW_HEADER
from liveconsole.messages.bounds import MIB

METHOD: Final = "LC-Method"
TARGET: Final = "LC-Target"
STATUS: Final = "LC-Status"
EPOCH: Final = "LC-Epoch"
PART: Final = "LC-Part"

FIRST: Final = "LC-First"
LAST: Final = "LC-Last"
PART_BYTES: Final = 512 * 1024
"""One message of an answer."""
ANSWER_MIB: Final = PART_BYTES * PARTS_MOST // MIB
_TARGET: Final = re.compile(r"/v1/[\x21-\x7e]{1,4000}")
_KIND: Final = re.compile(r"[\x20-\x7e]{0,200}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_LINE_MOST: Final = 8_192
_METHODS: Final = frozenset({"GET", "POST", "PUT"})
_ANSWERED: Final = (NOW_HEADER, HEAD, "Retry-After", "Content-Type")
"""Headers of an answer that travel."""


class _NoConnection:
    """What a request is told of its connection: it has none."""

    transport = None
    ssl_context = None
    peername = None
    sockname = None
    _reading_paused = False

    def resume_reading(self, *_more: object, **_words: object) -> None: ...

    def pause_reading(self, *_more: object, **_words: object) -> None: ...


_NOWHERE: Final = cast(Any, _NoConnection())


def request_of(method: str, target: str, kind: str, body: bytes, order: str = "") -> web.BaseRequest:
    """Return a request as the calls take it. ``kind``: its Content-Type; ``order``: its place among posts.

    Raises:
        ErrorAnswer: the method or the address is none of ours.
    """
    if method not in _METHODS:
        raise ErrorAnswer(405, "wrong_method")
    if not _TARGET.fullmatch(target):
        raise ErrorAnswer(404, "not_found")
    if not _KIND.fullmatch(kind) or not _KIND.fullmatch(order):
        raise ErrorAnswer(400, "unreadable")
    head = f"{method} {target} HTTP/1.1\r\nHost: broker\r\nContent-Length: {len(body)}\r\n"
    head += f"Content-Type: {kind}\r\n" + (f"{HEADER}: {order}\r\n" if order else "") + "\r\n"
    loop = asyncio.get_running_loop()
    parser = HttpRequestParser(_NOWHERE, loop, len(body) + _LINE_MOST, max_line_size=_LINE_MOST)
    try:
        messages, _, _ = parser.feed_data(head.encode("ascii") + body)
    except HttpProcessingError as error:
        raise ErrorAnswer(400, "unreadable") from error
    message, content = messages[0]
    task = cast(Any, asyncio.current_task())
    return web.BaseRequest(message, content, _NOWHERE, cast(Any, SimpleNamespace()), task, loop)


def parts_of(answer: web.StreamResponse) -> tuple[dict[str, str], list[bytes]]:
    """Return an answer's headers and its body, cut into messages; one that is too large for `PARTS_MOST` of
    them is a 413 that says so: whoever asked would wait for the rest in vain."""
    body = answer.body if isinstance(answer, web.Response) else b""
    whole = bytes(body) if isinstance(body, (bytes, bytearray)) else b""
    if len(whole) > PART_BYTES * PARTS_MOST:
        return parts_of(error_answer(ErrorAnswer(413, "answer_too_large", limit=ANSWER_MIB)))
    headers = {name: answer.headers[name] for name in _ANSWERED if name in answer.headers}
    return {STATUS: str(answer.status), **headers}, cut(whole)


def cut(body: bytes) -> list[bytes]:
    """Return a body in parts of at most `PART_BYTES`, one at least."""
    return [body[n : n + PART_BYTES] for n in range(0, len(body), PART_BYTES)] or [b""]


def number_in(headers: Mapping[str, str] | None, name: str, usual: int = -1) -> int:
    """Return a number of a header; ``usual`` where there is none."""
    text = (headers or {}).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else usual


class TooManyParts(Exception):
    """An answer has more parts than may be: the rest of it will not come."""


class Joined:
    """The parts of one answer, put together; of several engines that answer, the newest counts."""

    def __init__(self) -> None:
        self._parts: dict[int, dict[int, bytes]] = {}

    def add(self, epoch: int, part: str, body: bytes, most: int) -> bytes | None:
        """Take a part (``N/M``, from 1); return the whole body once it is there. ``most``: parts at most.

        Raises:
            TooManyParts: the answer has more.
        """
        number, _, count = part.partition("/")
        if not (_NUMBER.fullmatch(number) and _NUMBER.fullmatch(count) and int(number) <= int(count)):
            return None
        if int(count) > most:
            raise TooManyParts(part)
        have = self._parts.setdefault(epoch, {})
        have[int(number)] = body
        if len(have) < int(count):
            return None
        return b"".join(have[n] for n in range(1, int(count) + 1))
