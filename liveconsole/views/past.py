"""Past broadcasts side by side: what a month came to, and by how much a figure rose or fell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from liveconsole.messages.broadcasts import PastBroadcast

FIGURES: Final = ("gmv_fen", "refund_fen", "paid", "units", "online_peak", "given_fen")


class KnownSum(Struct, frozen=True):
    """A sum; ``least``: a part of it is unknown or in doubt. None: no part is known."""

    value: int | None
    least: bool


def figure(row: PastBroadcast, name: str) -> int | None:
    """Return one of `FIGURES`; None: unknown, or not read yet."""
    value: int | None = getattr(row.card if name in ("online_peak", "given_fen") else row.summary, name, None)
    return value


def doubt(row: PastBroadcast, name: str) -> str:
    """Return the code of why a figure is in doubt, or ``""``."""
    doubts = row.card.doubts if row.card is not None else ()
    return next((each.code for each in doubts if each.figure == name), "")


def is_doubtful(row: PastBroadcast) -> bool:
    """Tell whether a figure that is shown is not the whole truth; one that nobody tells is none."""
    return any(doubt(row, name) and figure(row, name) is not None for name in FIGURES)


def summed(rows: Iterable[PastBroadcast], name: str) -> KnownSum:
    """Return what some broadcasts came to together."""
    rows = list(rows)
    known = [value for row in rows if (value := figure(row, name)) is not None]
    least = len(known) < len(rows) or any(doubt(row, name) for row in rows)
    return KnownSum(sum(known) if known else None, least)


def change(rows: Sequence[PastBroadcast], name: str) -> float | None:
    """Return by which share a figure of the last differs from the first; None where one is unknown, 0 or in
    doubt."""
    first, last = rows[0], rows[-1]
    before, after = figure(first, name), figure(last, name)
    if before is None or after is None or not before or doubt(first, name) or doubt(last, name):
        return None
    return (after - before) / before
