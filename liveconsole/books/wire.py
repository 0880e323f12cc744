"""What an engine and the process that reads its books say to each other: frames of msgpack over two pipes.

A frame is its length in four bytes and so many bytes. Neither side takes a longer one than it has to, or one
of another shape: an engine ends a reader that sends such, a reader ends by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import IO, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.bounds import BOOK_BYTES
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.store.read_access import ReadAccess

ANSWER_MOST: Final = BOOK_BYTES + 4_096
"""Bytes of a frame to the engine."""
QUESTION_MOST: Final = 256 * 1_024
"""Bytes of a frame to the reader: the door takes 24 fields of 400 letters."""
_LENGTH: Final = 4


class BooksOpened(Struct, frozen=True, tag="open"):
    """The first word to a reader; answered like a question of the number 0. ``version``: the engine's."""

    access: ReadAccess
    simulated: bool
    cache_mib: int
    version: str = ""


class BookQuestion(Struct, frozen=True, tag="ask"):
    """``now``: the engine's clock. ``seconds``: what all of it may take."""

    number: int
    name: str
    query: dict[str, str]
    now: datetime
    seconds: float


class BookStopped(Struct, frozen=True, tag="stop"):
    """Nobody waits for that answer any more; it is answered ``took_too_long`` where it had not ended."""

    number: int


ToReader = BooksOpened | BookQuestion | BookStopped


class BookAnswer(Struct, frozen=True):
    """``refused``: the code of a `NotTaken`, ``detail`` its detail. ``failed``: what the disk did, and
    ``broken`` that it is damaged. ``bug``: a fault of the program, which the reader has logged."""

    number: int
    body: bytes = b""
    refused: str = ""
    detail: str = ""
    failed: str = ""
    broken: bool = False
    bug: bool = False


class BadFrame(Exception):
    """The other side does not speak as it should."""


_encode: Final = msgspec.msgpack.Encoder().encode
_to_reader: Final = msgspec.msgpack.Decoder(ToReader).decode
_answer: Final = msgspec.msgpack.Decoder(BookAnswer).decode


def framed(said: ToReader | BookAnswer) -> bytes:
    """Return the frame of a word."""
    body = _encode(said)
    return len(body).to_bytes(_LENGTH, "big") + body


def read_frame(pipe: IO[bytes], most: int) -> bytes | None:
    """Wait for the next frame; None where the other side has ended.

    Raises:
        BadFrame: it would be longer than ``most`` bytes, or ends in the middle.
    """
    head = _exactly(pipe, _LENGTH)
    if head is None:
        return None
    length = int.from_bytes(head, "big")
    if length > most:
        raise BadFrame(f"a frame of {length} bytes")
    body = _exactly(pipe, length)
    if body is None and length:
        raise BadFrame("a frame without its body")
    return body or b""


def to_reader(frame: bytes) -> ToReader:
    """Return what an engine says.

    Raises:
        BadFrame: nothing that a reader knows.
    """
    try:
        said: ToReader = _to_reader(frame)
    except UNREADABLE as error:
        raise BadFrame(str(error)) from error
    return said


def to_engine(frame: bytes) -> BookAnswer:
    """Return what a reader says; raises as `to_reader`."""
    try:
        return _answer(frame)
    except UNREADABLE as error:
        raise BadFrame(str(error)) from error


def _exactly(pipe: IO[bytes], length: int) -> bytes | None:
    """So many bytes; None at the end."""
    parts: list[bytes] = []
    left = length
    while left:
        part = pipe.read(left)
        if not part:
            if left < length:
                raise BadFrame("a frame that ends in the middle")
            return None
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
