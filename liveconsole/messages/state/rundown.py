"""排品表, notes and spoken promises as the state says them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from liveconsole.messages.rundown import CueTemplate, Tag


class StepState(Struct, frozen=True):
    """One thing that 下一品 did, and what became of its cue since."""

    step: Literal["unpin", "pin", "prompter", "arm"]
    ok: bool
    cue_id: str = ""
    kind: str = ""
    code: str = ""
    params: dict[str, Any] = {}
    status: str | None = None
    reason: str = ""
    text: str = ""


class ProblemState(Struct, frozen=True):
    """A promotion of a segment that the rules would not take as things stand; ``cue``: its place in it."""

    cue: int
    code: str
    text: str
    params: dict[str, Any]


class SegmentState(Struct, frozen=True):
    """One segment of the rundown: the plan, and what became of it in this broadcast."""

    segment_id: str
    product_id: str | None
    title: str
    script: str
    minutes: float
    cues: list[CueTemplate]
    conditions: str
    tag: Tag
    tag_told: bool
    """Somebody said the tag; else it was told from the promotions."""
    number: int | None
    product_title: str
    on_shelf: bool | None
    by: str
    current: bool
    done: bool
    started_at: datetime | None
    ended_at: datetime | None
    spent_seconds: int
    """In the turns that are over; a turn that runs is counted by the reader."""
    planned_start: datetime | None
    steps: list[StepState]
    problems: list[ProblemState] = []


class RundownState(Struct, frozen=True):
    """排品表; `views.rundown` reads pace, mix and 福利节点 off it at any moment."""

    segments: list[SegmentState]
    current: str | None
    next: str | None
    benefits: list[datetime]
    """When each sale, coupon and bag of this broadcast went on air."""


class NoteState(Struct, frozen=True):
    note_id: str
    text: str
    by: str
    to: str
    at: datetime


class PledgeState(Struct, frozen=True):
    pledge_id: str
    text: str
    product_id: str | None
    by: str
    at: datetime
