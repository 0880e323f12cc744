"""The figures of a fault that the column at the right says in words of its own."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from liveconsole.messages.verdicts import RepairSaid


class RepairParams(Struct, frozen=True):
    """Those that we know; others are not looked at."""

    available: int = 0
    quantity: int | None = None
    final_fen: int = 0
    floor_fen: int = 0


def figures_of(each: RepairSaid) -> RepairParams:
    """Read them from what the rules said."""
    return msgspec.convert(each.params, RepairParams)
