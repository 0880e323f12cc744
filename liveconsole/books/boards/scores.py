"""Each segment by three numbers against those of the last broadcasts: what it told, how kind people were, how
many spoke. Never one mixed number; 50 is the median, 100 twice it or more.

Comments are read once, a little with each look at a board, and only what they come to is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from statistics import median
from time import monotonic
from typing import Any, Final
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct, field

from liveconsole.books.boards.program import GoodsNames, SegmentTurn, program_of
from liveconsole.books.boards.scope import BoardScope, earlier
from liveconsole.books.boards.told import mean_online
from liveconsole.books.reading import BookReader
from liveconsole.messages.boards import BoardWhy, SegmentScore
from liveconsole.messages.envelope import DOUBLE
from liveconsole.store.rows import moment
from liveconsole.store.tables import NOISY
from liveconsole.views.good_words import LEAST, built_in

SECONDS: Final = 0.08
"""Of one look that go into reading comments."""
SHOWN_LEAST: Final = 0.5
"""Minutes: who goes past a segment has not shown it."""
SEGMENTS_LEAST: Final = 5
"""Of earlier ones that a median is made of."""
SCORES_MOST: Final = 100
_TALKERS_MOST: Final = 100_000
_PAGE: Final = 1_000
_COMMENTS: Final = (
    f"SELECT e.seq, e.at, e.data FROM event e WHERE e.seq >= :since AND e.seq < :behind"
    f" AND e.type_id = {NOISY['comment.posted']} AND e.actor <> '{DOUBLE}' ORDER BY e.seq LIMIT {_PAGE}"
)
_NAMES: Final = ("information", "emotion", "interaction")


class _Said(Struct):
    """What was said in one turn of a segment."""

    comments: int = 0
    counted: int = 0
    good: int = 0
    talkers: int = 0


class _Broadcast(Struct):
    """How far the comments of one broadcast are read. ``now``: who spoke in the turn that is read."""

    since: int
    said: dict[int, _Said] = field(default_factory=dict)
    place: int = -1
    now: set[str] = field(default_factory=set)
    done: list[tuple[SegmentTurn, dict[str, float | None]]] | None = None
    """Of one that is over and read to its end."""


class _Viewer(Struct):
    id: str = ""


class _Comment(Struct):
    viewer: _Viewer
    text: str = ""


_heard: WeakKeyDictionary[BookReader, dict[int, _Broadcast]] = WeakKeyDictionary()
_decode: Final = msgspec.json.Decoder(_Comment).decode


def scores_of(
    reader: BookReader, scope: BoardScope, goods: GoodsNames, turns: Sequence[SegmentTurn], broadcasts: int
) -> list[SegmentScore]:
    """Return the segments of a broadcast that were shown, in their order."""
    if scope.number is None or not turns:
        return []
    kept = _heard.setdefault(reader, {})
    until = monotonic() + SECONDS
    read = _read(reader, kept, scope, turns, until)
    before = earlier(reader, scope, broadcasts)
    for number in [n for n in kept if n not in {scope.number, *(each.number for each in before)}]:
        del kept[number]
    others: list[dict[str, float | None]] = []
    for each in before:
        found = _parts_of_past(reader, kept, each, goods, until)
        if found is None:
            read = False
        else:
            others += [parts for _, parts in found]
    medians = {name: _median([parts[name] for parts in others]) for name in _NAMES}
    state = kept[scope.number]
    mine = [(turn, _parts(reader, scope, turn, state.said.get(n, _Said())), state.said.get(n, _Said()))
            for n, turn in enumerate(turns) if turn.minutes >= SHOWN_LEAST]  # fmt: skip
    why = None if read else BoardWhy("reading")
    return [_score(reader, scope, turn, parts, said, medians, why) for turn, parts, said in mine][
        -SCORES_MOST:
    ]


def _parts_of_past(
    reader: BookReader, kept: dict[int, _Broadcast], scope: BoardScope, goods: GoodsNames, until: float
) -> list[tuple[SegmentTurn, dict[str, float | None]]] | None:
    """Of a broadcast that is over; None: its comments are not read to the end."""
    assert scope.number is not None
    state = kept.get(scope.number)
    if state is not None and state.done is not None:
        return state.done
    if monotonic() > until:
        return None
    turns = program_of(reader, scope, goods).turns
    if not _read(reader, kept, scope, turns, until):
        return None
    state = kept[scope.number]
    state.done = [
        (turn, _parts(reader, scope, turn, state.said.get(n, _Said())))
        for n, turn in enumerate(turns)
        if turn.minutes >= SHOWN_LEAST
    ]
    state.said, state.now = {}, set()
    return state.done


def _read(
    reader: BookReader,
    kept: dict[int, _Broadcast],
    scope: BoardScope,
    turns: Sequence[SegmentTurn],
    until: float,
) -> bool:
    """Go on reading the comments of a broadcast; whether there are no more."""
    assert scope.number is not None
    state = kept.setdefault(scope.number, _Broadcast(scope.first_seq))
    starts = [turn.at for turn in turns]
    while starts:
        rows = reader.rows(_COMMENTS, {"since": state.since, "behind": scope.behind_seq})
        for seq, at, data in rows:
            state.since = seq + 1
            _said(state, turns, bisect_right(starts, at) - 1, at, data)
        if len(rows) < _PAGE:
            break
        if monotonic() > until:
            return False
    return True


def _said(state: _Broadcast, turns: Sequence[SegmentTurn], place: int, at: int, data: Any) -> None:
    if place < 0 or at > turns[place].until:
        return
    if place != state.place:
        state.place, state.now = place, set()
    said = state.said.setdefault(place, _Said())
    comment = _decode(data)
    words = built_in()
    said.comments += 1
    if words.counts(comment.text):
        said.counted += 1
        said.good += words.good(comment.text)
    if len(state.now) < _TALKERS_MOST:
        state.now.add(comment.viewer.id)
        said.talkers = len(state.now)


def _parts(reader: BookReader, scope: BoardScope, turn: SegmentTurn, said: _Said) -> dict[str, float | None]:
    """Answered questions a minute; the share of good comments; speakers per online viewer and minute."""
    online = mean_online(reader, scope, turn.at, turn.until)
    return {
        "information": turn.answered / turn.minutes,
        "emotion": said.good / said.counted if said.counted >= LEAST else None,
        "interaction": said.talkers / online / turn.minutes if online else None,
    }


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if len(known) >= SEGMENTS_LEAST else None


def _score(
    reader: BookReader,
    scope: BoardScope,
    turn: SegmentTurn,
    parts: dict[str, float | None],
    said: _Said,
    medians: dict[str, float | None],
    why: BoardWhy | None,
) -> SegmentScore:
    found = {name: None if why else _against(parts[name], medians[name]) for name in _NAMES}
    if why is None and all(value is None for value in found.values()):
        why = BoardWhy("too_few", {"n": said.counted, "of": LEAST})
    online = mean_online(reader, scope, turn.at, turn.until)
    return SegmentScore(
        turn.product_id or "",
        turn.title,
        moment(turn.at),
        round(turn.minutes, 1),
        found["information"],
        found["emotion"],
        found["interaction"],
        turn.answered,
        said.counted,
        said.good,
        said.talkers,
        None if online is None else round(online),
        why,
    )


def _against(value: float | None, usual: float | None) -> int | None:
    """50 at the median, 100 at twice it or more."""
    if value is None or not usual:
        return None
    return min(100, round(50 * value / usual))
