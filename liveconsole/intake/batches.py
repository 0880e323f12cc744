"""Long lists of a command, parted so that each part is a body that the door takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import msgspec

MOST: Final = 500
"""Things in one command: more would keep others waiting while it is written."""
BODY: Final = 768 * 1024
"""Bytes of JSON in one command; the door takes a little more (`too_large`)."""

T = TypeVar("T")


def batches(things: Sequence[T], most: int = MOST, room: int = BODY) -> Iterator[list[T]]:
    """``things`` in order. One that is larger than ``room`` by itself is a batch of its own."""
    batch: list[T] = []
    used = 0
    for thing in things:
        size = len(msgspec.json.encode(thing)) + 1
        if batch and (len(batch) == most or used + size > room):
            yield batch
            batch, used = [], 0
        batch.append(thing)
        used += size
    if batch:
        yield batch
