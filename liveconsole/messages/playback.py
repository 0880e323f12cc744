"""回看: a broadcast of the log, looked at again. What is asked of it, and what the state says of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

SPEEDS: Final = (1, 4, 16, 64)


class PlaybackState(Struct, frozen=True):
    """In ``health``: this is no room that runs. The state's time is that of the recording."""

    broadcast: int
    playing: bool
    speed: int
    """Seconds of the recording in one of ours."""
    start: datetime
    end: datetime


class Play(Struct, forbid_unknown_fields=True):
    """``playback.play``: go on; at its end, from the beginning."""


class Pause(Struct, forbid_unknown_fields=True):
    """``playback.pause``."""


class Seek(Struct, forbid_unknown_fields=True):
    """``playback.seek``: to a moment; beyond an end, to that end."""

    at: datetime


class Speed(Struct, forbid_unknown_fields=True):
    """``playback.speed``: one of `SPEEDS`."""

    times: int


PLAYBACK: Final[dict[str, type[Struct]]] = {
    "playback.play": Play,
    "playback.pause": Pause,
    "playback.seek": Seek,
    "playback.speed": Speed,
}
SOUGHT: Final = "playback.sought"
"""Stands in a stream where the recording was moved to another moment: what comes next follows on that."""
