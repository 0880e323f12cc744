"""What to ask of a list that names only ids, by the time of their last change, so that no change is missed
and few are read twice. Pure.

The mark is on the shop's clock, never on ours: no change before it is missed. Every listing goes back
`OVERLAP` behind it, because lists show a change late; what is known there is read again only where it has
changed for certain (it is listed after its last known change), and once more `LOOK_AGAIN` after it was read:
a change within `OVERLAP` of the one before it, shown late, may stand where the first one stood.

A reading takes time: several questions, each of which may be asked again. It says how things stood at some
moment between its first question and its last answer. What it rules out it rules out up to its beginning
only; what it saw happened by its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct, field

OVERLAP: Final = 120
AHEAD: Final = 600
"""Seconds past our own clock that are asked for: the shop's may be ahead."""
LOOK_AGAIN: Final = OVERLAP + 5
USELESS_MOST: Final = 12
"""Readings of no use after which an id is given up: over the last of them days go by."""
_NEAR: Final = LOOK_AGAIN - OVERLAP
"""Seconds by which what was read may be newer than the mark, and nothing can hide in between: what changed
there was read again before (`LOOK_AGAIN`)."""
SLACK: Final = 6 * 3600
"""However slow the shop's clock is, by less than this: where nothing happens the mark follows the platform's
so far behind, so that what is listed does not grow for ever."""
KEPT: Final = 20_000
"""Ids that are remembered; one that is not is read once more, and what it says is told already."""


class KnownId(Struct):
    """One id that was read: its last change by the shop's clock, and when its reading began and ended by
    ours."""

    updated: int
    asked_at: float = 0.0
    answered_at: float = 0.0
    told: list[str] = []
    """Steps of it that are on the log."""
    said: int = 0
    """What the shop called its last change, be it a time that cannot be."""
    settled: bool = False
    """Read again since, or nothing changes it any more."""
    useless: int = 0
    """How often running what was read was of no use, so that nobody knows when it changed: it is read again,
    seldomer each time."""


class Marks(Struct):
    """How far a list is followed; kept on disk once what was read stands on the log."""

    until: int
    known: dict[str, KnownId] = field(default_factory=dict)


class ListWindow(Struct, frozen=True):
    """Seconds of the shop's clock, both included."""

    start: int
    end: int


def windows(marks: Marks, now: float, widest: int) -> list[ListWindow]:
    """Return what is to be listed by now, the oldest first; after an outage more than one."""
    start, end = marks.until - OVERLAP, max(int(now), marks.until) + AHEAD
    found = []
    while start <= end:
        found.append(ListWindow(start, min(end, start + widest - 1)))
        start = found[-1].end + 1
    return found


def list_again(marks: Marks, window: ListWindow, listed: Iterable[str]) -> list[int]:
    """Return from when on the window is to be listed again, to see which of what is known there has changed:
    what was known before such a moment and is listed after it has."""
    there = [known.updated for id_ in listed if (known := marks.known.get(id_)) is not None]
    there = [updated for updated in there if window.start <= updated < window.end]
    if not there:
        return []
    newest = max(there)
    far = newest > marks.until + _NEAR and any(updated < marks.until for updated in there)
    return [marks.until, newest + 1] if far else [newest + 1]


def to_read(
    marks: Marks, window: ListWindow, listed: Iterable[str], again: Mapping[int, Iterable[str]], now: float
) -> list[str]:
    """Return what is to be read one by one, each once. ``again``: moment → what was listed from it on."""
    later: dict[str, int] = {}
    for moment, ids in again.items():
        later.update((id_, max(moment, later.get(id_, 0))) for id_ in ids)
    found: dict[str, None] = {}
    for id_ in [*listed, *later]:
        known = marks.known.get(id_)
        if known is None or (not known.useless and known.updated < max(window.start, later.get(id_, 0))):
            found[id_] = None
    found.update((id_, None) for id_ in look_again(marks, now))
    return list(found)


def look_again(marks: Marks, now: float) -> list[str]:
    """Return what was read a while ago and is read once more."""
    return [
        id_
        for id_, known in marks.known.items()
        if not known.settled and now - known.answered_at >= LOOK_AGAIN * 2 ** max(0, known.useless - 1)
    ]


def overtaken(marks: Marks, id_: str, asked_at: float) -> bool:
    """Tell whether a reading that began later was taken already: what an older one says may be over."""
    known = marks.known.get(id_)
    return known is not None and known.asked_at > asked_at


def learn(
    marks: Marks,
    id_: str,
    updated: int,
    told: Iterable[str],
    asked_at: float,
    answered_at: float,
    *,
    closed: bool,
) -> None:
    """Take what was read of an id. One that stands where it stood, behind the mark, is settled."""
    had = marks.known.get(id_)
    if had is not None and had.said == updated:
        at, again = had.updated, asked_at - had.answered_at >= LOOK_AGAIN
    else:
        at, again = min(updated, int(answered_at) + AHEAD), False
    settled = closed or (again and at < marks.until)
    marks.known[id_] = KnownId(at, asked_at, answered_at, sorted(told), updated, settled)


def learn_nothing(marks: Marks, id_: str, asked_at: float, answered_at: float) -> None:
    """Take that what was read of an id was of no use."""
    had = marks.known.get(id_)
    known = KnownId(marks.until, asked_at, answered_at, had.told if had is not None else [], useless=1)
    if had is not None and had.useless:
        known.updated, known.useless = had.updated, had.useless + 1
        known.settled = known.useless >= USELESS_MOST
    marks.known[id_] = known


def passed(updated: int, answered_at: float, listed_at: float) -> int:
    """Return a moment that the shop's clock had passed when it was listed: what was read by some seconds
    after the listing began had changed no later than so many seconds after it."""
    return updated - max(0, int(answered_at - listed_at) + 1)


def plausible(updated: int, now: float) -> bool:
    """Tell whether the shop's clock may say so by now: what it cannot say moves no mark."""
    return updated <= now + AHEAD


def go_on(marks: Marks, window: ListWindow, seen: int, listed_at: float, dated: float | None = None) -> None:
    """Move the mark on after a whole window, never past it, and forget what is settled behind.

    ``seen``: the latest moment that the shop's clock had `passed` when the listing began; ``listed_at``: when
    that was by our clock; ``dated``: by the platform's own, where it says. One of these two that runs ahead
    moves nothing past the other.
    """
    idle = int(min(listed_at, dated)) - SLACK if dated is not None else 0
    marks.until = max(marks.until, min(window.end, max(seen, idle)))
    kept: dict[str, KnownId] = {}
    for id_, known in marks.known.items():
        behind = known.updated < marks.until - OVERLAP
        known.settled = known.settled or (behind and not known.useless and known.asked_at >= listed_at)
        if not (behind and known.settled):
            kept[id_] = known
    if len(kept) > KEPT:
        kept = dict(sorted(kept.items(), key=lambda one: one[1].updated)[-KEPT:])
    marks.known = kept
