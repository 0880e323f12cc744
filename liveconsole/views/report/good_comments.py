"""好评占比: which share of what was said during each segment was kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liveconsole.views.good_words import LEAST, GoodWords
from liveconsole.views.report.catalogue import one_line
from liveconsole.views.report.model import SegmentMood


class Moods:
    """Takes ``rundown.put`` and ``rundown.went`` and every comment of one broadcast."""

    def __init__(self, before: Moods | None = None) -> None:
        self._written: dict[str, tuple[str, str | None]] = dict(before._written) if before is not None else {}
        self._rows: dict[str, SegmentMood] = {}
        self._current: SegmentMood | None = None

    def put(self, data: Mapping[str, Any]) -> None:
        """Segments are written, or written over."""
        for segment in data["segments"]:
            named = one_line(segment.get("title", "")), segment.get("product_id")
            self._written[segment["segment_id"]] = named

    def went(self, data: Mapping[str, Any]) -> None:
        """The broadcast goes on to this segment; one that comes twice goes on counting."""
        segment_id = data["segment_id"]
        title, product_id = self._written.get(segment_id, ("", None))
        self._current = self._rows.setdefault(segment_id, SegmentMood(segment_id, title, product_id))

    def closed(self) -> None:
        """What is said after the close is of no segment."""
        self._current = None

    def comment(self, text: str, words: GoodWords) -> None:
        """One comment, of the segment that runs."""
        row = self._current
        if row is None or not words.counts(text):
            return
        row.counted = (row.counted or 0) + 1
        row.good = (row.good or 0) + words.good(text)

    def rows(self, *, heard: bool) -> list[SegmentMood]:
        """Return the segments that were come to, in that order; ``heard``: some source told of comments."""
        for row in self._rows.values():
            if not heard:
                row.counted = row.good = row.share = None
            elif row.counted is not None and row.good is not None and row.counted >= LEAST:
                row.share = row.good / row.counted
        return list(self._rows.values())
