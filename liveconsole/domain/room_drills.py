"""The drill of a rehearsal as the room keeps it: what was seen while it ran, and its mark."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from liveconsole.messages.drills import DrillFact


class Seen(Struct):
    """One thing that the log showed while a drill ran: what its mark is made of (`drills.seen`)."""

    at: datetime
    what: str
    cue_id: str = ""
    actor: str = ""
    n: int = 0
    """Units."""
    done_as: str = ""
    """Which of the platform's capabilities its kind is of."""
    skus: list[str] = field(default_factory=list)
    fen: int | None = None
    """The lowest price of a sale."""
    again_of: str = ""
    because: str = ""


class Drilled(Struct):
    """The drill that runs, or the last one of this broadcast with its mark."""

    drill_id: str
    drill: str
    started_at: datetime
    ends_at: datetime
    seen: list[Seen] = field(default_factory=list)
    beyond: int = 0
    """What was seen and is not kept."""
    ended_at: datetime | None = None
    mark: int | None = None
    facts: list[DrillFact] = field(default_factory=list)
    better: list[str] = field(default_factory=list)
    why: str = ""
    """Why there is no mark."""
