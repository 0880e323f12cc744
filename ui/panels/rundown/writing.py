"""Segments as ``rundown.put`` takes them: out of a state, and out of lines that somebody typed or pasted."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.intake.minutes import SAID
from liveconsole.intake.one_line import LineDraft, read
from liveconsole.intake.segment_rows import BadSegment, SegmentTable, paste_segments
from liveconsole.intake.tables import NOTHING_SAID, Choice
from liveconsole.messages.state import SegmentState
from liveconsole.views.goods import Goods
from ui.seat.room import RoomView

FIELDS: Final = (
    "segment_id",
    "product_id",
    "title",
    "script",
    "minutes",
    "cues",
    "conditions",
    "tag",
    "anchor_at",
    "least_minutes",
    "skip",
)
"""What of a segment is the plan."""
_PIECE: Final = r"\d{1,5}\s*号?(?:\s*[-~至到—–]\s*\d{1,5}\s*号?)?"
_TYPED: Final = re.compile(
    rf"\s*({_PIECE}(?:\s*[,，、]\s*{_PIECE})*)"
    rf"(?:\s+({SAID})(?=\s|$))?(?:\s+(\S.*))?",
    re.ASCII | re.IGNORECASE,
)
_RANGE: Final = re.compile(r"[-~至到—–]")


def segment_of(room: RoomView, segment_id: str) -> SegmentState | None:
    """A segment of the room's rundown."""
    return next((s for s in room.rundown.segments if s.segment_id == segment_id), None)


def written(segment: SegmentState) -> dict[str, Any]:
    """The plan of a segment, without what became of it."""
    plan = {name: msgspec.to_builtins(getattr(segment, name)) for name in FIELDS}
    return plan if segment.tag_told else plan | {"tag": None}


def read_rows(
    text: str, goods: Goods, choice: Choice = NOTHING_SAID, *, now: datetime | None = None
) -> SegmentTable:
    """The rows of a table, or lines as people type them: 「1-20,33」, 「3 8 秒99 x50 限2」."""
    if "\t" in text:
        return paste_segments(text, goods, choice, now=now)
    lines = text.splitlines()
    found = paste_segments("\n".join(_as_row(line, goods) for line in lines), goods, choice, now=now)
    # A bad row is shown as it was typed.
    rows = [
        msgspec.structs.replace(row, text=lines[row.line - 1]) if isinstance(row, BadSegment) else row
        for row in found.rows
    ]
    return msgspec.structs.replace(found, rows=rows)


def _as_row(line: str, goods: Goods) -> str:
    """A typed line as a row of the table; one that has the table's commas already is left as it is."""
    found = _TYPED.fullmatch(line)
    if found is None:
        return line
    which, minutes, rest = found[1], found[2] or "", found[3] or ""
    if "," in which and _RANGE.search(which) is None and not (minutes or rest):
        return line  # 「3,8」 is number 3 for 8 minutes, as a table would say it
    numbers = re.sub(r"\s*号", "", which)
    anything = next(iter(goods.products), None)
    is_promotion = bool(rest) and isinstance(read(rest, goods, product_id=anything), LineDraft)
    script, cue = ("", rest) if is_promotion else (rest, "")
    return ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in (numbers, minutes, script, cue))
