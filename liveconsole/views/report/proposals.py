"""What a broadcast proposes for the next one's rundown, each change with the figure that it comes from.

Method. Lengths: the median of the seconds that a segment took in the last `EVENINGS` broadcasts in which it
was shown for `SHOWN_LEAST` at least, this one among them, where it is off the plan by a minute and a fifth.
Questions: the segment in which most was asked, from `ASKED_LEAST` on and twice the median of the others.
Sold out: a promotion of a segment that sold all it had within `SOON`. Moments: one that was missed. What
nobody told proposes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Any, Final

from liveconsole.views.report.model import Promotion, Proposal, ReportSegment
from liveconsole.views.report.rundown import EVENINGS, SHOWN_LEAST, SegmentSoFar

OFF_SECONDS: Final = 60
OFF_SHARE: Final = 0.2
ASKED_LEAST: Final = 10
MORE_MINUTES: Final = 2.0
"""For whom most was asked about."""
SOON: Final = timedelta(seconds=60)
MORE_UNITS: Final = 2
"""Times what was sold out so soon."""
MOST: Final = 20


def proposals_of(
    segments: Mapping[str, SegmentSoFar], told: Sequence[ReportSegment], promotions: Sequence[Promotion]
) -> list[Proposal]:
    """Return them in the order of the rundown, at most one length a segment."""
    found: list[Proposal] = []
    shown = {each.segment_id: each for each in told}
    most = _most_asked(told)
    before: str | None = None
    for segment_id, segment in segments.items():
        title = shown[segment_id].title
        length = _length(segment, title)
        if length is not None:
            found.append(length)
        elif segment_id == most:
            found.append(_asked(segment, title))
        found += _sold_out(segment, title, promotions)
        late = shown[segment_id].late_seconds
        if late is not None and late > 0 and before is not None:
            found.append(_earlier(segment_id, title, late, before))
        before = segment_id
    return found[:MOST]


def _length(segment: SegmentSoFar, title: str) -> Proposal | None:
    if segment.spent < SHOWN_LEAST or segment.minutes <= 0:
        return None
    took = [*segment.earlier, segment.spent][-EVENINGS:]
    middle, planned = median(took), segment.minutes * 60
    if abs(middle - planned) < max(OFF_SECONDS, planned * OFF_SHARE):
        return None
    minutes = max(0.5, round(middle / 30) / 2)
    return Proposal(
        f"{segment.segment_id}/length",
        "longer" if middle > planned else "shorter",
        segment.segment_id,
        title,
        round(middle),
        len(took),
        "rundown.put",
        _put(segment, minutes=minutes),
    )


def _most_asked(told: Sequence[ReportSegment]) -> str | None:
    asked = sorted(((each.asked or 0, each.segment_id) for each in told), reverse=True)
    if not asked or asked[0][0] < ASKED_LEAST:
        return None
    others = [count for count, _ in asked[1:]]
    return asked[0][1] if asked[0][0] >= 2 * (median(others) if others else 0) else None


def _asked(segment: SegmentSoFar, title: str) -> Proposal:
    return Proposal(
        f"{segment.segment_id}/asked",
        "asked",
        segment.segment_id,
        title,
        segment.asked,
        1,
        "rundown.put",
        _put(segment, minutes=segment.minutes + MORE_MINUTES),
    )


def _sold_out(segment: SegmentSoFar, title: str, promotions: Sequence[Promotion]) -> Iterator[Proposal]:
    """All that the segment brought along and that was gone so soon, as one change."""
    cues = [*segment.cues]
    gone: list[tuple[timedelta, Promotion]] = []
    for place, template in enumerate(segment.cues):
        took = [
            (said.ended_at - said.on_air_at, said)
            for said in promotions
            if said.segment_id == segment.segment_id
            and said.spec == template["spec"]
            and said.outcome == "sold_out"
            and said.on_air_at is not None
            and said.ended_at is not None
        ]
        more = _more_of(template["spec"])
        if took and more is not None and (first := min(took, key=lambda one: one[0]))[0] <= SOON:
            gone.append(first)
            cues[place] = {**template, "spec": more}
    if gone:
        seconds, said = min(gone, key=lambda one: one[0])
        figure, units = round(seconds.total_seconds()), said.quantity or 0
        yield Proposal(
            f"{segment.segment_id}/sold_out",
            "sold_out",
            segment.segment_id,
            said.title or title,
            figure,
            units,
            "rundown.put",
            _put(segment, cues=cues),
        )


def _more_of(spec: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the spec with more units of everything; None where it has no number of them."""
    if isinstance(spec.get("skus"), list):
        rows = [{**row, "quantity": row["quantity"] * MORE_UNITS} for row in spec["skus"]]
        return {**spec, "skus": rows}
    units = spec.get("quantity")
    return {**spec, "quantity": units * MORE_UNITS} if isinstance(units, int) else None


def _earlier(segment_id: str, title: str, late: int, before: str) -> Proposal:
    move = {"segment_id": segment_id, "before": before}
    return Proposal(f"{segment_id}/moment", "missed", segment_id, title, late, 1, "rundown.move", move)


def _put(segment: SegmentSoFar, **changes: Any) -> dict[str, Any]:
    return {"segments": [{"segment_id": segment.segment_id, **changes}]}
