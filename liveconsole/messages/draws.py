"""Events of draws: what is promised before anybody enters, who entered, who was drawn, who has the prize."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from liveconsole.messages.fields import Pid, Typed


class PrizeHeld(Struct, frozen=True):
    """Who won what when, for bags that let earlier winners stand back."""

    viewer_id: Pid
    cue_id: str
    at: datetime
    bag: int = 1
    """Which of a series."""


class DrawPromise(Struct, frozen=True):
    """What is fixed about a draw before anybody can enter."""

    draw_id: str
    salt: str
    rules: dict[str, Any]
    rules_sha256: str
    source: str
    commit: str = ""
    """SHA-256 hex of the value that ``local`` randomness will reveal."""
    round: int | None = None
    fallback: str = ""
    round_at: datetime | None = None
    """When ``round`` of the chain is there."""


class BagOpened(Struct, frozen=True):
    """``bag.opened``: the next bag of a series, from 2; the first opens with ``cue.on_air``. Without a draw
    where the platform draws."""

    cue_id: str
    bag: int
    ends_at: datetime
    draw: DrawPromise | None = None


class BagAsked(Struct, frozen=True):
    """``bag.asked``: it is time for the next bag of a series, which a person starts at the platform: it opens
    with the `cue.confirm` that says so."""

    cue_id: str
    bag: int
    key: str


class SeriesCut(Struct, frozen=True):
    """``bag.no_more``: no other bag of a series opens. The present one is drawn as it was promised."""

    cue_id: str
    reason: Typed = ""


class SeriesOver(Struct, frozen=True):
    """``bag.series``: the receipt of a whole series, when its last bag is over (`series.receipt_of`)."""

    cue_id: str
    receipt: dict[str, Any]


class BagSource(Struct, frozen=True):
    """``bag.source``: whose comments enter, from here on. The source that is chosen at the start stands in
    the rules of the promise."""

    cue_id: str
    source: str
    bag: int | UnsetType = UNSET
    """Which of a series, from 2, here and in what follows; the first is not named."""


class BagEntered(Struct, frozen=True):
    cue_id: str
    entries: list[tuple[Pid, str]]
    """(pid, entry id), in the order in which they spoke."""
    unverified: list[Pid] = []
    """Those of them who are known by name only (``name:`` ids)."""
    bag: int | UnsetType = UNSET
    kept_out: list[Pid] = []
    """Who said it and is known not to be among those for whom the bag is kept."""


class BagClosed(Struct, frozen=True):
    """``bag.closed``: the entrants, frozen. ``root`` is the entry hash of the published algorithm.

    Of more than `bounds.WHOLE_ENTRIES` only the ``count`` stands here: they are on the log as they entered.
    """

    cue_id: str
    entries: list[str]
    root: str
    count: int | UnsetType = UNSET
    bag: int | UnsetType = UNSET


class Winner(Struct, frozen=True):
    viewer_id: Pid
    """Outside its platform id."""
    entry_id: str = ""


class CueDrawn(Struct, frozen=True):
    cue_id: str
    receipt: dict[str, Any]
    winners: list[Winner]
    alternates: list[Winner]
    claim_until: datetime | None = None
    bag: int | UnsetType = UNSET


class BagSettled(Struct, frozen=True):
    """``bag.settled``: a winner was confirmed, or passed over; ``next`` is the alternate who moves up."""

    cue_id: str
    viewer_id: Pid
    ok: bool
    reason: Typed = ""
    next: Pid | None = None
    claim_until: datetime | None = None
    """By when ``next`` must be settled."""
    bag: int | UnsetType = UNSET


class BagPlatformWinners(Struct, frozen=True):
    """``bag.winners``: what the platform drew, as typed in; a second one corrects the first."""

    cue_id: str
    names: list[Typed]
    bag: int | UnsetType = UNSET


class BagNameSettled(Struct, frozen=True):
    """``bag.name_settled``: of the names that were typed in, the one at ``place`` (from 0) was confirmed, or
    did not claim."""

    cue_id: str
    place: int
    ok: bool
    reason: Typed = ""
    bag: int | UnsetType = UNSET
