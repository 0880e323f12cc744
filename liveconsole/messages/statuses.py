"""Where a promotion can stand, and the sets of those places that rules and screens ask for. The one home."""

from __future__ import annotations

from typing import Final, Literal

Status = Literal[
    "queued",
    "approved",
    "standby",
    "recallable",
    "firing",
    "unknown",
    "on_air",
    "ended",
    "rejected",
    "refused",
    "missed",
    "recalled",
    "removed",
]

PLANNED: Final[frozenset[str]] = frozenset({"queued", "approved", "standby"})
"""Nobody has fired it yet."""
WAITING: Final[frozenset[str]] = PLANNED | {"recallable"}
"""Nothing has reached the platform yet."""
RUNNING: Final[frozenset[str]] = frozenset({"firing", "unknown", "on_air"})
"""The platform was asked, or said yes."""
TURNED_BACK: Final[frozenset[str]] = frozenset({"rejected", "refused", "missed", "recalled"})
"""It did not start; it may be edited, approved or fired again."""
OVER: Final[frozenset[str]] = TURNED_BACK | {"ended", "removed"}
"""It does not run and does not wait."""
