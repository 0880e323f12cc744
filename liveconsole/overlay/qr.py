"""A coupon's link as a QR code that the page draws without asking anybody."""

from __future__ import annotations

import functools
import re

from msgspec import Struct

from liveconsole.messages.specs import is_link


class Code(Struct, frozen=True):
    """``path`` is SVG path data for the dark squares on a field of ``size`` squares, quiet zone included."""

    size: int
    path: str


@functools.lru_cache(maxsize=64)
def code_of(link: str) -> Code | None:
    """None for what is no `is_link`: viewers scan nothing else, whatever an old log holds."""
    if not is_link(link):
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
