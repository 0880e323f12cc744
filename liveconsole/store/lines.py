"""One event as one line at the door: ``{"seq", "type", "at", "actor", "data"}``, and for facts ``source,
id, time``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from liveconsole.store.rows import moment

_encode = msgspec.json.Encoder().encode


def within(lines: Iterable[bytes], most_bytes: int) -> list[bytes]:
    """Return the first of the lines that have so many bytes together, each with a byte between; at least
    one."""
    found: list[bytes] = []
    for line in lines:
        most_bytes -= len(line) + 1
        if most_bytes < 0 and found:
            break
        found.append(line)
    return found


def stamp(at: datetime) -> bytes:
    """RFC 3339 in UTC with offset and milliseconds."""
    return at.isoformat(timespec="milliseconds").encode()


class Stamps:
    """``stamp`` from microseconds that remembers the last one: a whole group of events shares its ``at``."""

    def __init__(self) -> None:
        self._us = -1
        self._text = b""

    def __call__(self, us: int) -> bytes:
        if us != self._us:
            self._us, self._text = us, stamp(moment(us))
        return self._text


def door_line(
    seq: int,
    type: str,
    at: bytes,
    actor: str,
    data: bytes,
    source: str = "",
    id: str = "",
    time: str | None = None,
) -> bytes:
    """Return the line, without a line end. ``at`` from ``stamp``; ``data`` is JSON; people are not shown yet
    (``people.shown``)."""
    head = b'{"seq":%d,"type":"%b","at":"%b","actor":"%b","data":%b' % (
        seq,
        type.encode(),
        at,
        actor.encode(),
        data,
    )
    if not source:
        return head + b"}"
    end = b',"time":%b}' % _encode(time) if time is not None else b"}"
    return b'%b,"source":%b,"id":%b%b' % (head, _encode(source), _encode(id), end)
