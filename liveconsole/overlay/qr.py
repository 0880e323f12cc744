"""A coupon's link, or what a draw was promised to be, as a QR code that the page draws by itself."""

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
    return _drawn(link)


@functools.lru_cache(maxsize=16)
def promise_of(rules_sha256: str) -> Code:
    """What a draw was promised to be, whole, for who records the picture: letters and digits alone, which
    makes the squares larger."""
    return _drawn(f"LIVECONSOLE-DRAW {rules_sha256.upper()}")


def _drawn(text: str) -> Code:
    import segno  # a code is rare, and every start would wait for it

    made = segno.make_qr(text, error="m")
    rows = list(made.matrix_iter(border=4))
    return Code(len(rows), "".join(_row(y, bytes(bool(dark) for dark in row)) for y, row in enumerate(rows)))


def _row(y: int, row: bytes) -> str:
    """Every run of dark squares as one rectangle."""
    return "".join(
        f"M{run.start()} {y}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
        for run in re.finditer(b"\x01+", row)
    )
