"""Places where a test kills, breaks or freezes the program: ``LIVECONSOLE_FAILPOINTS=F4:kill,O2:raise``.

A place is a line of the program, a point of the fault matrix is a place and what goes through it there.
Without the variable a place costs one look at an empty dict. Each armed point acts once, and says so on
stderr before it does.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from typing import Final

VARIABLE: Final = "LIVECONSOLE_FAILPOINTS"

POINTS: Final[dict[str, tuple[str, str]]] = {
    # firing
    "F0": ("read", ""),
    "F1": ("in transaction", "cue.firing"),
    "F2": ("committed", "cue.firing"),
    "F3": ("effect taken", ""),
    "F4": ("effect marked", ""),
    "F5": ("effect answered", ""),
    "F6": ("committed", "cue.on_air"),
    "F7": ("published", "cue.on_air"),
    # ordering
    "O0": ("read", ""),
    "O1": ("validated", ""),
    "O2": ("committed", "order.placed"),
    "O3": ("answering", ""),
    "O4": ("in transaction", "order.granted"),
    "O5": ("committed", "order.granted"),
    "O6": ("published", "order.granted"),
    # drawing: entrants frozen, root, value and winners are one commit here, so D2 to D4 are one point
    "D0": ("committed", "cue.on_air"),
    "D1": ("due", ""),
    "D2": ("decided", "bag.closed"),
    "D5": ("in transaction", "cue.drawn"),
    "D6": ("committed", "cue.drawn"),
    "D7": ("published", "cue.drawn"),
    "D8": ("log read", ""),
    "D9": ("committed", "bag.settled"),
    # another key for the store
    "K0": ("next key kept", ""),
    "K1": ("copied under next key", ""),
    "K2": ("database has next key", ""),
    "K3": ("next key taken", ""),
    # in the process that reads the books
    "B0": ("book asked", ""),
}
"""Point → place, and the event type that must go through it ("" for any)."""


class FailpointRaised(Exception):
    """What an armed point raises."""


_armed: dict[str, list[tuple[str, str, str]]] = {}
"""Place → (point, type, what it does)."""


def arm(text: str) -> None:
    """Arm the points of ``text``, in the variable's form; those armed before are forgotten.

    Raises:
        ValueError: no such point, or nothing that a point can do.
    """
    _armed.clear()
    for word in filter(None, text.split(",")):
        point, _, does = word.partition(":")
        if point not in POINTS or does not in ("kill", "raise", "hang", "freeze"):
            raise ValueError(f"{VARIABLE}: {word!r}")
        place, type_ = POINTS[point]
        _armed.setdefault(place, []).append((point, type_, does))


def failpoint(place: str, types: Callable[[], Iterable[str]] | None = None) -> None:
    """Here it can happen. ``types``: the event types that go through, asked for only when armed."""
    if _armed and place in _armed:
        _reached(place, types)


def _reached(place: str, types: Callable[[], Iterable[str]] | None) -> None:
    for armed in _armed[place]:
        point, type_, does = armed
        if not type_ or (types is not None and type_ in types()):
            _armed[place].remove(armed)
            os.write(2, f"failpoint {point}:{does}\n".encode())
            if does == "raise":
                raise FailpointRaised(point)
            if does == "kill":
                # SIGTERM is TerminateProcess on Windows: no cleanup on either system
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
            if does == "freeze":  # until somebody thaws it; where no signal does so it is an error
                os.kill(os.getpid(), signal.SIGSTOP)
                return
            while True:
                time.sleep(3600)


arm(os.environ.get(VARIABLE, ""))
