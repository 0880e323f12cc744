"""The log as a chain: an event's link is SHA-256 of the link before it, the hash of its data and its line.

The line is a compact JSON array of what the log holds besides the data, the same on every store, whatever its
tables look like: ``[seq, type, at, actor, source, id, time]``, ``at`` in microseconds since 1970, source and
id ``""`` and time ``null`` where there are none. The data, bytes as logged, are there by their SHA-256 alone:
where something of them has to go for somebody's sake, its hash stays, and so does the chain.

Pure; docs/decisions/0009 says what a link proves and what it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

import msgspec

BEGIN: Final = sha256(b"liveconsole/log/1").digest()
"""What stands in place of a link before the first event."""

ChainedEvent = tuple[int, str, int, str, str, str, str | None]
"""seq, type, at, actor, source, id, time: what the line is made of."""

_encode_lines = msgspec.json.Encoder().encode_lines


def canonical(events: Sequence[ChainedEvent]) -> list[bytes]:
    """Return the line of each, without a line end: none can stand in compact JSON."""
    return _encode_lines(events).split(b"\n")[:-1]


def data_hash(data: bytes) -> bytes:
    """Return what stands for an event's data."""
    return sha256(data).digest()


def link(before: bytes, hashed: bytes, line: bytes) -> bytes:
    """Return the link of one event; ``before``: that of the event before it, or `BEGIN`; ``hashed``: from
    `data_hash`."""
    return sha256(before + hashed + line).digest()


def links(before: bytes, events: Sequence[ChainedEvent], data: Iterable[bytes]) -> list[bytes]:
    """Return the link of each of these events, which follow one another, with the data of each."""
    found = []
    for line, one in zip(canonical(events), data, strict=True):
        before = sha256(before + sha256(one).digest() + line).digest()
        found.append(before)
    return found
