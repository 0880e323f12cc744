"""A coupon's link as a QR code that the page draws without asking anybody."""

from __future__ import annotations

import functools
import re
from typing import Final

from msgspec import Struct

LINK_LIMIT: Final = 200
"""Longer links make squares that no phone reads off a stream."""

_LINK: Final = re.compile(r"(https?|weixin)://[!-~]+")


class Code(Struct, frozen=True):
    """``path`` is SVG path data for the dark squares on a field of ``size`` squares, quiet zone included."""

    size: int
    path: str


@functools.lru_cache(maxsize=64)
def code_of(link: str) -> Code | None:
    """None for what is no web or weixin link of printable ASCII: viewers scan nothing else."""
    if len(link) > LINK_LIMIT or _LINK.fullmatch(link) is None:
        return None
    import segno  # a coupon's link is rare, and every start would wait for it

    made = segno.make_qr(link, error="m")
    rows = list(made.matrix_iter(border=4))
    return Code(len(rows), "".join(_row(y, bytes(bool(dark) for dark in row)) for y, row in enumerate(rows)))


def _row(y: int, row: bytes) -> str:
    """Every run of dark squares as one rectangle."""
    return "".join(
        f"M{run.start()} {y}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
        for run in re.finditer(b"\x01+", row)
    )
