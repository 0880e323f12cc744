"""Looking at a room that could not be read anew after a write that failed: what it holds then never happened,
and nobody may see it. It is waited for, on the store thread, which has nothing else to do meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from liveconsole.engine.core import RoomCore
from liveconsole.engine.outcome import Unwritten, WriteLost
from liveconsole.messages.inputs import NotTaken
from liveconsole.store.errors import CLOSED, CannotWrite

T = TypeVar("T")
WAIT_SECONDS: Final = 4.0
"""Longer than a leader's lease is good for: a database that stays away for as long has no leader here."""
_AGAIN_SECONDS: Final = 0.1


def seen(core: RoomCore, look: Callable[[RoomCore], T]) -> T:
    """Return what ``look`` finds in the room as its log says.

    Raises:
        NotTaken: ``cannot_write``, the store could not be read for so long.
    """
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            core.fold_again()
        except WriteLost as error:
            raise NotTaken("cannot_write", str(error)) from error
        except Unwritten as error:
            cause = error.__cause__
            is_closed = isinstance(cause, CannotWrite) and cause.reason == CLOSED
            if is_closed or time.monotonic() >= until:
                raise NotTaken("cannot_write", str(error)) from error
            time.sleep(_AGAIN_SECONDS)
        else:
            return look(core)
