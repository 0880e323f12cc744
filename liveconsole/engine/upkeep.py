"""What the writer does for the store between two commits, and never in the way of a deadline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from liveconsole.engine import folding
from liveconsole.engine.core import RoomCore
from liveconsole.store.store import Store

CHECKPOINT_PAGES: Final = 4_000
"""16 MiB of the -wal file are worth a checkpoint: after fewer, the same pages are copied over and over."""
_QUARTER: Final = 0.25
_SOON: Final = 2.0
"""With a deadline this close (seconds) others are likely behind it: a quarter is copied at a time, which
finds room between them."""
LATEST: Final = 4.0
"""So many times what is worth a checkpoint, it is done whatever is due: nothing grows without bound."""
_FORGETS: Final = 0.1
"""A slow turn is believed at once, and forgotten by a tenth with every quicker one."""


class Chore:
    """Work that waits for a quiet moment, but not for ever.

    ``gathered`` says how much of it there is: 1 is worth the work, ``latest`` is done whatever is due, and
    ``small`` is worth it where time is short, if a part of the work takes a part of the time. ``seconds`` is
    what all of it takes, until a turn was seen.
    """

    def __init__(
        self,
        gathered: Callable[[], float],
        work: Callable[[], None],
        *,
        seconds: float,
        latest: float,
        small: float = 1.0,
    ) -> None:
        self._gathered, self._work = gathered, work
        self._seconds, self._latest, self._small = seconds, latest, small
        self._waiting = 0.0
        self._share = 1.0

    def look(self) -> None:
        """See how much there is; on the store thread, as ``do``."""
        self._waiting = self._gathered()

    def do(self) -> None:
        """All that there is. If it fails, its turn comes again when as much more has gathered."""
        self._share = self._part()
        self._waiting = 0.0
        self._work()

    def lasts(self) -> float:
        """Seconds that it would take now, as far as we know."""
        return self._seconds * self._part()

    def took(self, seconds: float) -> None:
        """How long the last turn was."""
        self._seconds = slower(self._seconds, seconds / self._share)

    def is_time(self, left: float, *, idle: bool) -> bool:
        """Tell whether to do it now, ``left`` seconds before the next deadline; ``idle``: nobody waits for
        us."""
        worth = self._small if idle or left < _SOON else 1.0
        return self._waiting >= self._latest or (self._waiting >= worth and self.lasts() < left)

    def _part(self) -> float:
        return 1.0 if self._small == 1.0 else max(self._small, self._waiting)


def slower(known: float, seen: float) -> float:
    """Return what to reckon with after a turn was ``seen``."""
    return max(seen, known + (seen - known) * _FORGETS)


def chores(store: Store, core: RoomCore) -> list[Chore]:
    """Return a room's chores: copying the -wal file into the store, keeping a snapshot, and
    clearing the files of what somebody left who was forgotten."""
    store.checkpoint_by_hand(round(CHECKPOINT_PAGES * LATEST) + CHECKPOINT_PAGES)
    return [
        Chore(
            lambda: store.pages_written() / CHECKPOINT_PAGES,
            store.checkpoint,
            seconds=0.03,
            latest=LATEST,
            small=_QUARTER,
        ),
        Chore(
            lambda: core.unsaved / folding.SNAPSHOT_EVERY,
            core.try_save,
            seconds=0.02,
            latest=folding.SNAPSHOT_LATEST,
        ),
        Chore(lambda: float(store.to_clear), store.clear_what_is_left, seconds=1.0, latest=2.0),
    ]
