"""Lucky bags as the room has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from liveconsole.messages.draws import DrawPromise, Winner
from liveconsole.messages.fields import Pid, Typed


class Bag(Struct):
    promise: DrawPromise | None = None
    source: str = ""
    entries: dict[str, str] = field(default_factory=dict)
    """pid → entry id; excluded viewers never get in."""
    unverified: list[Pid] = field(default_factory=list)
    """pids of the entrants who are known by name only."""
    kept_out: dict[str, None] = field(default_factory=dict)
    """Who wanted to enter and is not among those for whom it is kept."""
    root: str = ""
    receipt: dict[str, Any] | None = None
    receipt_code: str = ""
    winners: list[Winner] = field(default_factory=list)
    """Who holds a prize now: drawn, moved up, or typed in; passed-over viewers have left it."""
    alternates: list[Winner] = field(default_factory=list)
    """Who may still move up, in the drawn order."""
    settled: dict[str, bool] = field(default_factory=dict)
    """pid → confirmed (True) or passed over (False)."""
    claim_until: dict[str, datetime] = field(default_factory=dict)
    platform_names: list[Typed] = field(default_factory=list)
    platform_settled: dict[str, bool] = field(default_factory=dict)
    """Place in ``platform_names``, as text → confirmed (True) or not claimed (False)."""
    corrected: bool = False
    """The names were typed a second time, which is the last."""
    entrants: int = 0
    """How many there were, in a bag that was carried over or has made way for the next of its series: its
    ``entries`` stand on the log alone."""
    number: int = 1
    """Which of a series."""
    opened_at: datetime | None = None
    ends_at: datetime | None = None
    closed_at: datetime | None = None
    drawn_at: datetime | None = None
    receipt_sha256: str = ""
    typed: bool = False
    """Its winners were typed in, be they nobody."""

    @property
    def unsettled(self) -> list[Winner]:
        """Who holds a prize that is neither confirmed nor passed over yet."""
        return [winner for winner in self.winners if winner.viewer_id not in self.settled]

    @property
    def ever_won(self) -> set[str]:
        """Who was drawn or moved up, whatever became of the prize."""
        return {winner.viewer_id for winner in self.winners} | set(self.settled)


class BagSeries(Struct):
    """福袋雨: what there is of a series beside its present bag (`series`)."""

    count: int
    before: list[Bag] = field(default_factory=list)
    """Those that are drawn, oldest first, without their entrants."""
    next_at: datetime | None = None
    """When the next one opens, once that is known; None while a draw is waited for, and when none comes."""
    cut: bool = False
    """No other one opens."""
    cut_because: Typed = ""
    receipt: dict[str, Any] | None = None
    receipt_code: str = ""
