"""Bounds of what goes through the door and stays in memory (contract, Bounds): one table, in bytes or pieces.

Each stands here once and is imported where it is kept; what guards the shape of a single field stands with
the message types, limits of waiting with `bus.http`, those of the inbox with `engine.inbox`.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

MIB: Final = 1024 * 1024

FRAME_BYTES: Final = MIB
"""One frame of the stream, or one event where that alone is larger."""
PAGE_BYTES: Final = 8 * MIB
"""One page of the log, or one event; it may end before ``limit``, an empty one is the end."""
UNKNOWN_BYTES: Final = 8 * 1024
"""Unknown fields of one event together, as JSON; those beyond are dropped and named in ``cut_fields``."""
REFUSALS: Final = 1_000
"""Refusals in one answer; ``refused_more`` counts the rest."""

WHOLE_ENTRIES: Final = 20_000
"""Entrants of a draw up to which its events carry them whole; beyond, count and root stand for them."""
ENTRIES_A_PAGE: Final = 10_000
"""Entrants in one page of ``/v1/draws/ID/entries`` (some 600 KiB)."""

BOOK_BYTES: Final = MIB
"""One answer of a book."""
BOOK_SECONDS: Final = 4.0
"""Everything that a book does for one answer; one that takes longer is answered ``took_too_long``."""
BOOKS_WAITING: Final = 64
"""Questions to the books that wait behind the one that is answered; beyond, ``books_busy``."""

DRY_RUN_SECONDS: Final = 0.2
"""One dry run; one that takes longer is answered ``judge_later``. A command is judged to its end."""

RING_BYTES: Final = 32 * MIB
"""The newest part of the log, kept in memory for followers."""
LAG_BYTES: Final = 16 * MIB
"""What may wait for one follower before its comments are left out."""
OTHERS_BYTES: Final = 32 * MIB
"""What else may wait for one follower before it is cut off, to come back from its seq."""

SEATS: Final = 64
"""Of those who follow the room, how many the state names."""
GAPS: Final = 50
"""Of the gaps of sources in this broadcast, how many the state names."""
SEAT_NAME: Final = 20
"""Characters of the name that a seat gives itself; more is cut."""

PICTURE_BYTES: Final = 4 * MIB
"""One picture as it comes; what is kept of it is made anew, and smaller."""
PICTURE_PIXELS: Final = 40_000_000
"""A picture's width times its height, by its head: more is not unpacked."""
PICTURE_SIDE: Final = 16_384
PICTURES: Final = 3_000
"""Pictures that one room keeps; beyond, the oldest that no product shows give way."""
FETCHES: Final = 20
"""Addresses of pictures in one ``catalogue.put``."""


class Lag(Struct, frozen=True):
    """What may wait for one follower before its comments are left out: events, bytes, or the seconds that the
    oldest of it has waited. ``frame_bytes``: of one frame. After ``catching_up`` seconds of reading what it
    missed, comments of the past are left out as well."""

    events: int
    bytes: int
    seconds: float
    frame_bytes: int
    catching_up: float


PAGED_BYTES: Final = 512 * 1024
"""One page of the stream that is asked for, and one live batch over a broker, or one event."""


SHARED_LAG: Final = Lag(events=2_000, bytes=256 * 1024, seconds=0.12, frame_bytes=6 * 1024, catching_up=0.5)
"""Of a seat that is reached over a network."""
