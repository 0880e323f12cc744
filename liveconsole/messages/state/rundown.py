"""排品表, notes and spoken promises as the state says them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from liveconsole.messages.rundown import CueTemplate, Tag, WayName


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
    anchor_at: datetime | None = None
    """When it must begin."""
    least_minutes: float | None = None
    skip: bool = False
    """下一品 passes over it tonight."""
    planned_minutes: float | None = None
    """What ``minutes`` were before they were cut for tonight."""


class CutState(Struct, frozen=True):
    segment_id: str
    minutes: float
    """What it would have left."""
    off_seconds: int


class WayState(Struct, frozen=True):
    """One way to keep an anchor: `rundown.keep` takes it. What it costs stands beside it."""

    way: WayName
    gains_seconds: int
    arrives_at: datetime
    segment_ids: list[str]
    """All that it changes: what ``expect`` is held against."""
    cuts: list[CutState] = []
    skips: list[str] = []
    swaps: list[str] = []
    """The anchored one, and the one that it changes places with."""
    not_shown: list[str] = []
    """Products that viewers would not see."""
    promotions: list[str] = []
    """Kinds of the promotions that would not come up, or would at another time."""


class AnchorState(Struct, frozen=True):
    """A segment that must begin at a moment. ``ways``: three at most; none where it does not slip, where
    nothing would keep it, or where it would have nothing to sell (``problem``)."""

    segment_id: str
    at: datetime
    standing: Literal["ahead", "slipping", "kept", "missed"]
    cue_id: str = ""
    """The planned promotion that anchors it."""
    arrives_at: datetime | None = None
    slips_seconds: int = 0
    by_seconds: int | None = None
    """So late it began; below 0 it was over before."""
    ways: list[WayState] = []
    problem: ProblemState | None = None


class RundownState(Struct, frozen=True):
    """排品表; `views.rundown` reads pace, mix and 福利节点 off it at any moment."""

    segments: list[SegmentState]
    current: str | None
    next: str | None
    benefits: list[datetime]
    """When each sale, coupon and bag of this broadcast went on air."""
    anchors: list[AnchorState] = []


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
