"""When nobody told of comments: where every source of comments that had spoken has a gap at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from liveconsole.views.report.model import Minute, ReportGap


def silences(
    gaps: Iterable[ReportGap], spoke: Mapping[str, datetime], start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the intervals without any source of comments, in order.

    Args:
        spoke: source of comments → its first one.
    """
    spans: dict[str, list[tuple[datetime, datetime]]] = {source: [] for source in spoke}
    for gap in gaps:
        if gap.source in spans:
            spans[gap.source].append((max(gap.start, start), min(gap.end or end, end)))
    ends = {at for several in spans.values() for span in several for at in span}
    marks = sorted(ends | set(spoke.values()))
    found: list[tuple[datetime, datetime]] = []
    for since, until in pairwise(marks):
        speaking = [source for source, first in spoke.items() if first <= since]
        if speaking and all(any(a <= since and until <= b for a, b in spans[one]) for one in speaking):
            joined = bool(found) and found[-1][1] == since
            found.append((found.pop()[0] if joined else since, until))
    return found


def without_the_silent(minutes: Sequence[Minute], found: Iterable[tuple[datetime, datetime]]) -> None:
    """A minute without a comment in which nobody listened is unknown; one with some tells the least."""
    minute = timedelta(minutes=1)
    for since, until in found:
        for one in minutes:
            if not one.comments and one.at < until and since < one.at + minute:
                one.comments = None
