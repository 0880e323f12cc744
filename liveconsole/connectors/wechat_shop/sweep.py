"""What to ask of a list that names only ids, by the time of their last change, so that no change is missed
and few are read twice. Pure.

The mark is on the shop's clock, never on ours: no change before it is missed. Every listing goes back
`OVERLAP` behind it, because lists show a change late; what is known there is read again only where it has
changed for certain (it is listed after its last known change), and once more `LOOK_AGAIN` after it was read:
a change within `OVERLAP` of the one before it, shown late, may stand where the first one stood.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct, field

OVERLAP: Final = 120
AHEAD: Final = 600
"""Seconds past our own clock that are asked for: the shop's may be ahead."""
LOOK_AGAIN: Final = OVERLAP + 5
SLACK: Final = 6 * 3600
"""However slow the shop's clock is, by less than this: where nothing happens the mark follows ours so far
behind, so that what is listed does not grow for ever."""
KEPT: Final = 20_000
"""Ids that are remembered; one that is not is read once more, and what it says is told already."""


class Known(Struct):
    """One id that was read: its last change by the shop's clock, and when we read it by ours."""

    updated: int
    read_at: float
    told: list[str] = []
    """Steps of it that are on the log."""
    settled: bool = False
    """Read again since, or nothing changes it any more."""


class Marks(Struct):
    """How far a list is followed; kept on disk once what was read stands on the log."""

    until: int
    known: dict[str, Known] = field(default_factory=dict)


class Window(Struct, frozen=True):
    """Seconds of the shop's clock, both included."""

    start: int
    end: int


def windows(marks: Marks, now: float, widest: int, *, overlap: int = OVERLAP) -> list[Window]:
    """Return what is to be listed by now, the oldest first; after an outage more than one."""
    start, end = marks.until - overlap, max(int(now), marks.until) + AHEAD
    found = []
    while start <= end:
        found.append(Window(start, min(end, start + widest - 1)))
        start = found[-1].end + 1
    return found


def fresh_from(marks: Marks, window: Window, listed: Iterable[str]) -> int | None:
    """Return from when on the window is to be listed once more, because something that is known may have
    changed since; None where nothing in it is known to have changed before the mark."""
    may = any(
        (known := marks.known.get(id_)) is not None and window.start <= known.updated < marks.until
        for id_ in listed
    )
    return marks.until if may and window.start < marks.until <= window.end else None


def to_read(
    marks: Marks, window: Window, listed: Iterable[str], fresh: Iterable[str], now: float
) -> list[str]:
    """Return what is to be read one by one, each once. ``fresh``: what the second listing named."""
    anew = set(fresh)
    found = []
    for id_ in dict.fromkeys([*listed, *anew]):
        known = marks.known.get(id_)
        changed = known is None or known.updated < window.start
        if changed or (known is not None and id_ in anew and known.updated < marks.until):
            found.append(id_)
    chosen = set(found)
    return found + [id_ for id_ in look_again(marks, now) if id_ not in chosen]


def look_again(marks: Marks, now: float) -> list[str]:
    """Return what was read a while ago and is read once more."""
    return [
        id_ for id_, known in marks.known.items() if not known.settled and now - known.read_at >= LOOK_AGAIN
    ]


def learn(marks: Marks, id_: str, updated: int, told: Iterable[str], now: float, *, closed: bool) -> None:
    """Take what was read of an id. One that stands where it stood is settled; one that moved is not."""
    had = marks.known.get(id_)
    same = had is not None and had.updated == updated and now - had.read_at >= LOOK_AGAIN
    marks.known[id_] = Known(updated, now, sorted(told), settled=closed or same)


def passed(updated: int, read_at: float, listed_at: float) -> int:
    """Return a moment that the shop's clock had passed when it was listed: what was read some seconds after
    the listing began had changed no later than so many seconds after it."""
    return updated - max(0, int(read_at - listed_at) + 1)


def go_on(marks: Marks, window: Window, seen: int, listed_at: float, *, overlap: int = OVERLAP) -> None:
    """Move the mark on after a whole window, never past it, and forget what is settled behind. ``seen``: the
    latest moment that the shop's clock had `passed` when the listing began; ``listed_at``: the same by our
    clock."""
    marks.until = max(marks.until, min(window.end, max(seen, int(listed_at) - SLACK)))
    kept: dict[str, Known] = {}
    for id_, known in marks.known.items():
        behind = known.updated < marks.until - overlap
        known.settled = known.settled or (behind and known.read_at >= listed_at)
        if not (behind and known.settled):
            kept[id_] = known
    if len(kept) > KEPT:
        kept = dict(sorted(kept.items(), key=lambda one: one[1].updated)[-KEPT:])
    marks.known = kept
