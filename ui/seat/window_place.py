"""A window's place among those that are open on one folder now: what it remembers is its own."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from liveconsole import paths
from ui.seat.session import file_of

_PLACES: Final = 9
"""Windows at once that remember something; further ones share the last place."""


class Place:
    """``number`` counts from 1. It is held until `leave`, or for as long as the process lives."""

    def __init__(self, base: Path) -> None:
        self._lock: FileLock | None = None
        try:
            paths.own_folder(base)
            for self.number in range(1, _PLACES + 1):
                lock = FileLock(file_of(base, self.number).with_suffix(".lock"), thread_local=False)
                with contextlib.suppress(Timeout):
                    lock.acquire(timeout=0)
                    self._lock = lock
                    return
        except OSError:
            self.number = 1  # a folder that cannot be written: nothing is remembered in it anyway

    def leave(self) -> None:
        """Another window may have it."""
        if self._lock is not None:
            self._lock.release()
