"""What the room keeps of broadcasts that are to come; the rules on it are in `preparing`. Their words stand
on the log alone."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field


class Planned(Struct):
    """``at`` None: somebody ticks for the next broadcast, and nobody has planned it."""

    at: datetime | None = None
    done: dict[str, bool] = field(default_factory=dict)
    """Item → whether it is done, of those that were ever ticked."""
