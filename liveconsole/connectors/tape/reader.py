"""A recording on disk, read line by line: JSON lines, the unquoted comment CSV, or an order export."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from liveconsole.connectors.tape.lines import (
    LINE_LIMIT,
    BrokenLine,
    TapeFact,
    TapeName,
    parse_line,
    parse_row,
)
from liveconsole.connectors.tape.orders import Header, OrderStep, header, parse_order
from liveconsole.connectors.tape.own_log import PassedOver

_CHUNK: Final = 1 << 20
_CSV_HEADER: Final = b"_DeltaTime,"


def name_of(path: Path, take: str = "") -> TapeName:
    """Which tape the file is; reads all of it once.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return TapeName(digest.hexdigest(), take)


def read(path: Path, tape: TapeName) -> Iterator[tuple[int, TapeFact | BrokenLine | PassedOver]]:
    """Line number (from 1) and what stands there, in order; blank lines are passed over.

    What kind of file it is, its first line says. JSON lines and comments are never held in memory;
    an order export is, as four small fields a fact, since its rows do not stand in order of time.
    """
    with path.open("rb") as file:
        lines = _lines(file)
        first = next(lines, None)
        if first is None:
            return
        number, raw = first
        columns = header(raw) if isinstance(raw, bytes) else None
        if columns is not None:
            yield from _orders(lines, columns, tape)
        elif isinstance(raw, bytes) and raw.removeprefix(b"\xef\xbb\xbf").startswith(_CSV_HEADER):
            for number, raw in lines:
                yield number, parse_row(raw, number - 1, tape) if isinstance(raw, bytes) else raw
        else:
            yield number, parse_line(raw, tape) if isinstance(raw, bytes) else raw
            for number, raw in lines:
                yield number, parse_line(raw, tape) if isinstance(raw, bytes) else raw


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | BrokenLine]]:
    """Lines end at LF only (a name may hold a bare CR). One that is too long is skipped, not held."""
    number = 0
    while raw := file.readline(LINE_LIMIT):
        number += 1
        if len(raw) == LINE_LIMIT and not raw.endswith(b"\n"):
            while (rest := file.readline(LINE_LIMIT)) and not rest.endswith(b"\n"):
                pass
            yield number, BrokenLine("too_long")
        elif not raw.isspace():
            yield number, raw


def _orders(
    lines: Iterator[tuple[int, bytes | BrokenLine]], columns: Header, tape: TapeName
) -> Iterator[tuple[int, TapeFact | BrokenLine]]:
    steps: list[tuple[OrderStep, int]] = []
    for number, raw in lines:
        made = parse_order(raw, columns) if isinstance(raw, bytes) else raw
        if isinstance(made, BrokenLine):
            yield number, made
        else:
            steps.extend((step, number) for step in made)
    steps.sort()
    for step, number in steps:
        yield number, TapeFact((step.time - steps[0][0].time).total_seconds(), step.event(tape))
