"""Links for a log that was written before it was a chain, and the check of one that is."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Final, Literal, NamedTuple

from liveconsole.store import chain
from liveconsole.store.cipher import CipherFile
from liveconsole.store.reader import Reader

log = logging.getLogger(__name__)

_PAGE: Final = 10_000
_NEWEST = "SELECT link IS NULL FROM event ORDER BY seq DESC LIMIT 1"
_FIRST = "SELECT seq FROM event WHERE link IS NULL ORDER BY seq LIMIT 1"
_BEFORE = "SELECT link FROM event WHERE seq < ? ORDER BY seq DESC LIMIT 1"
_PUT = "UPDATE event SET link = ? WHERE seq = ?"


def link_older(file: CipherFile) -> int:
    """Link what has no link yet, page by page, each in a transaction; how many events that were.

    Broken off, it goes on where it was at the next opening. Nothing is appended before it is done.
    """
    with file.reading() as c:
        if not c.exec_driver_sql(_NEWEST).scalar():
            return 0
        first = int(c.exec_driver_sql(_FIRST).scalar_one())
        before: bytes = c.exec_driver_sql(_BEFORE, (first,)).scalar() or chain.BEGIN
    log.info("the log is linked from %d on", first)
    reader, done = Reader(file), 0
    page: list[tuple[bytes, int]] = []
    for seq, one in reader.chained(first - 1):
        before = chain.link(before, one.data_hash, one.line)
        page.append((before, seq))
        if len(page) == _PAGE:
            done += _put(file, page)
            page = []
    return done + _put(file, page)


def _put(file: CipherFile, page: list[tuple[bytes, int]]) -> int:
    if page:
        with file.writing() as c:
            c.exec_driver_sql(_PUT, page)
    return len(page)


class LogCheck(NamedTuple):
    """What a walk through the whole log found."""

    whole: int
    """Events that are as they were written."""
    head: str
    """Of the chain up to there, hex."""
    differs: int | None = None
    """The first seq that is not as it was written; None: all are."""
    why: Literal["", "missing", "changed", "another"] = ""
    """``another``: the chain holds by itself, and somebody was told of another one."""


def check_log(reader: Reader, told: Mapping[int, Collection[str]] = {}) -> LogCheck:
    """Reckon the chain again from its beginning; ``told``: links, in hex, that receipts name for a seq."""
    before, seq = chain.BEGIN, 0
    for number, one in reader.chained():
        if number != seq + 1:
            return LogCheck(seq, before.hex(), seq + 1, "missing")
        found = chain.link(before, one.data_hash, one.line)
        if found != one.link:
            return LogCheck(seq, before.hex(), number, "changed")
        if any(head != found.hex() for head in told.get(number, ())):
            return LogCheck(seq, before.hex(), number, "another")
        before, seq = found, number
    if beyond := [number for number in told if number > seq]:
        return LogCheck(seq, before.hex(), min(beyond), "missing")
    return LogCheck(seq, before.hex())
