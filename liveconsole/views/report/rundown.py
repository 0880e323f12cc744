"""排品表 of the log: how long each segment was planned and took, in this broadcast and those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from liveconsole.domain.anchors import TOLERANCE
from liveconsole.views.report.catalogue import CatalogueOverTime, one_line
from liveconsole.views.report.model import ReportSegment

EVENINGS: Final = 9
"""Of which a segment's length is remembered: the newest."""
SHOWN_LEAST: Final = 30.0
"""Seconds: who goes past a segment has not shown it."""


class SegmentSoFar(Struct):
    """``earlier``: seconds that it took in the broadcasts before this one in which it was shown."""

    segment_id: str
    product_id: str | None = None
    title: str = ""
    minutes: float = 0.0
    """Planned; not as it was cut for one evening."""
    anchor_at: datetime | None = None
    next_anchor_at: datetime | None = None
    """Written after the close."""
    cues: list[dict[str, Any]] = field(default_factory=list)
    began: datetime | None = None
    ended: datetime | None = None
    spent: float = 0.0
    asked: int = 0
    earlier: list[float] = field(default_factory=list)


class RundownOverTime:
    """Takes ``rundown.*`` and where broadcasts begin and end."""

    def __init__(self) -> None:
        self.segments: dict[str, SegmentSoFar] = {}
        self._current: str | None = None
        self._since: datetime | None = None
        self._over = False
        """What is written now is of the next broadcast."""

    def opened(self) -> None:
        """Begin another broadcast with the same plan; what the one before has of it stays its own."""
        self._current = self._since = None
        self.segments = {id_: _anew(segment) for id_, segment in self.segments.items()}
        self._over = False

    def closed(self, at: datetime) -> None:
        self._leave(at)
        self._current, self._over = None, True

    def take(self, kind: str, data: Mapping[str, Any], at: datetime) -> None:
        """One event of the rundown."""
        if kind == "rundown.put":
            for written in data["segments"]:
                self._write(written)
            self._order(data["order"])
        elif kind == "rundown.removed":
            self._order([id_ for id_ in self.segments if id_ not in data["segment_ids"]])
        elif kind == "rundown.moved":
            rest = [id_ for id_ in self.segments if id_ != data["segment_id"]]
            place = rest.index(data["before"]) if data["before"] in rest else len(rest)
            self._order([*rest[:place], data["segment_id"], *rest[place:]])
        elif kind == "rundown.went":
            self._leave(at)
            self._current, self._since = data["segment_id"], at
            segment = self.segments.get(data["segment_id"])
            if segment is not None:
                segment.began, segment.ended = segment.began or at, None

    def asked(self) -> None:
        """Somebody asked something while this segment was shown."""
        segment = self.segments.get(self._current or "")
        if segment is not None:
            segment.asked += 1

    def _write(self, written: Mapping[str, Any]) -> None:
        segment = self.segments.setdefault(written["segment_id"], SegmentSoFar(written["segment_id"]))
        planned = written.get("planned_minutes")
        at = written.get("anchor_at")
        segment.product_id, segment.title = written.get("product_id"), written.get("title", "")
        segment.minutes = written.get("minutes", 0.0) if planned is None else planned
        moment = datetime.fromisoformat(at) if at is not None else None
        if not self._over:
            segment.anchor_at = moment
        elif moment != segment.anchor_at:
            segment.next_anchor_at = moment
        segment.cues = written.get("cues", [])

    def _order(self, order: list[str]) -> None:
        self.segments = {id_: self.segments[id_] for id_ in order if id_ in self.segments}

    def _leave(self, at: datetime) -> None:
        segment = self.segments.get(self._current or "")
        if segment is not None and self._since is not None:
            segment.spent += max(0.0, (at - self._since).total_seconds())
            segment.ended = at
        self._since = None


def _anew(segment: SegmentSoFar) -> SegmentSoFar:
    shown = [segment.spent] if segment.spent >= SHOWN_LEAST else []
    return SegmentSoFar(
        segment.segment_id,
        segment.product_id,
        segment.title,
        segment.minutes,
        segment.next_anchor_at,
        cues=segment.cues,
        earlier=[*segment.earlier, *shown][-EVENINGS + 1 :],
    )


def segments_of(
    segments: Mapping[str, SegmentSoFar], shop: CatalogueOverTime, *, heard: bool, until: datetime
) -> Iterator[ReportSegment]:
    """Yield the rundown of a broadcast; without a source of comments nobody knows what was asked."""
    for segment in segments.values():
        called = shop.called(segment.product_id) if segment.product_id else ""
        yield ReportSegment(
            segment.segment_id,
            segment.product_id,
            one_line(segment.title) or called,
            segment.minutes,
            round(segment.spent),
            segment.began,
            segment.anchor_at,
            _late(segment, until),
            segment.asked if heard else None,
        )


def _late(segment: SegmentSoFar, until: datetime) -> int | None:
    """Seconds by which it missed its moment, below 0 where it was over before; 0 where it was kept, None
    where it has none, or was never shown before the end."""
    at, began, ended = segment.anchor_at, segment.began, segment.ended
    if at is None or began is None:
        return None
    if began > at:
        late = began - at
        return round(late.total_seconds()) if late > TOLERANCE else 0
    return round((ended - at).total_seconds()) if ended is not None and ended < min(at, until) else 0
