"""排品表, notes and spoken promises: what a seat sends, and what stands on the log of it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from liveconsole.messages.fields import Id, Override, SpecSent, Text, Typed
from liveconsole.messages.specs import Kind, Spec, terms_of

SCRIPT_LIMIT: Final = 5_000
"""Characters of one script: more than any other text at the door, as it is read aloud for minutes."""
SEGMENTS_LIMIT: Final = 500
CUES_LIMIT: Final = 20

Tag = Literal["explain", "proof", "benefit"]
"""What a segment's minutes are for: 讲解, 证言 or 福利 (a live script wants 3:5:2 of them)."""
WayName = Literal["shorten", "skip", "swap", "combine"]
"""How an anchor may be kept (`domain.anchors`); the last where none of the others is enough."""
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Minutes = Annotated[float, msgspec.Meta(ge=0, le=720)]
Seat = Literal["host", "operator", "assistant"]


class CueTemplate(Struct, frozen=True, dict=True):
    """A promotion that a segment brings along: 下一品 makes a cue of it."""

    kind: Kind
    spec: SpecSent

    @cached_property
    def terms(self) -> Spec | None:
        """The spec in its parsed form; None while the rules could not read it."""
        return terms_of(self.kind, self.spec)


Templates = Annotated[list[CueTemplate], msgspec.Meta(max_length=CUES_LIMIT)]


class SegmentPut(Struct, frozen=True):
    """A segment as a seat sends it; of one that is there already, fields that are not sent stay."""

    segment_id: Id | UnsetType = UNSET
    product_id: Id | UnsetType | None = UNSET
    """None: talk about no product, such as a greeting."""
    title: Text | UnsetType = UNSET
    script: str | UnsetType = UNSET
    minutes: Minutes | UnsetType = UNSET
    cues: Templates | UnsetType = UNSET
    conditions: Text | UnsetType = UNSET
    tag: Tag | UnsetType | None = UNSET
    """None: told from its promotions (`domain.anchors.tag_of`)."""
    anchor_at: Moment | UnsetType | None = UNSET
    """When it must begin, in this broadcast; written between two, in the next."""
    least_minutes: Minutes | UnsetType | None = UNSET
    """What it needs; None: nobody said that it may be shorter."""
    skip: bool | UnsetType = UNSET
    """下一品 passes over it tonight."""


class SegmentWritten(Struct, frozen=True):
    """A segment in full, as the log keeps it."""

    segment_id: str
    product_id: str | None = None
    title: str = ""
    script: str = ""
    minutes: float = 0.0
    cues: list[CueTemplate] = []
    conditions: str = ""
    tag: Tag | None = None
    """Logs of an older program name one in every segment."""
    anchor_at: datetime | None = None
    least_minutes: float | None = None
    skip: bool = False
    planned_minutes: float | None = None
    """What ``minutes`` were before they were cut for tonight."""


class RundownPut(Struct, frozen=True):
    """``replace``: the list is to be exactly these, in this order; else known ones are changed in place and
    new ones come before ``before``, or last."""

    segments: Annotated[list[SegmentPut], msgspec.Meta(max_length=SEGMENTS_LIMIT)]
    replace: bool = False
    before: Id | None = None
    override: Override = False


class SegmentMove(Struct, frozen=True):
    segment_id: Id
    before: Id | None = None


class RundownRemove(Struct, frozen=True):
    segment_ids: Annotated[list[Id], msgspec.Meta(max_length=SEGMENTS_LIMIT)]


class SegmentOnly(Struct, frozen=True):
    segment_id: Id


class AnchorKeep(Struct, frozen=True):
    """Take one of the ways that the state offers; ``expect``: the segments that the seat saw it change."""

    segment_id: Id
    way: WayName
    expect: Annotated[list[Id], msgspec.Meta(max_length=SEGMENTS_LIMIT)] | None = None


class NotePut(Struct, frozen=True):
    """A line from one seat to another, in front of it until it is cleared."""

    text: Text
    to: Seat = "host"


class NoteClear(Struct, frozen=True):
    """Without an id every note is taken away."""

    note_id: Id | None = None


class QuestionAnswer(Struct, frozen=True):
    """已回答: a question of the room as it is put (``text``), or a group of them (``group``), never both."""

    text: Text | None = None
    group: Id | None = None
    reply: Text | None = None
    """What was said to it: a draft for the answer library."""


class PledgePut(Struct, frozen=True):
    """口头承诺: what was promised aloud on air; product not sent: the one that is explained now."""

    text: Text
    product_id: Id | UnsetType | None = UNSET


class PledgeClear(Struct, frozen=True):
    """It was written down wrongly, or taken back aloud: nobody has to keep it."""

    pledge_id: Id


class RundownChanged(Struct, frozen=True):
    """``rundown.put``: the segments that were written, and the whole order after it."""

    segments: list[SegmentWritten]
    order: list[str]
    authors: dict[str, list[str]] = {}
    """Segment → who wrote its promotions, where that is not the actor: of a copy, those of its original."""


class SegmentMoved(Struct, frozen=True):
    segment_id: str
    before: str | None = None


class SegmentsRemoved(Struct, frozen=True):
    segment_ids: list[str]


class Step(Struct, frozen=True, omit_defaults=True):
    """One thing that 下一品 did: ``ok`` is what the rules said, what became of it is the cue's own status."""

    step: Literal["unpin", "pin", "prompter", "arm"]
    ok: bool
    cue_id: str = ""
    kind: str = ""
    code: str = ""
    params: dict[str, Any] = {}


class RundownWent(Struct, frozen=True):
    """``rundown.went``: 下一品 came to this segment; the events of its steps stand before it on the log."""

    segment_id: str
    steps: list[Step]


class AnchorHeld(Struct, frozen=True):
    """``rundown.kept``: a way was taken, which changed these segments; what they are now stands before it."""

    segment_id: str
    way: WayName
    slips_seconds: int
    segment_ids: list[str]


class NoteWritten(Struct, frozen=True):
    note_id: str
    text: Typed
    to: Seat


class NoteCleared(Struct, frozen=True):
    note_id: str | None = None


class QuestionAnswered(Struct, frozen=True):
    text: Typed | None = None
    group: str | None = None
    reply: Typed | None = None
    product_id: str | None = None
    """What was explained when it was answered."""


class PledgeWritten(Struct, frozen=True):
    pledge_id: str
    text: Typed
    product_id: str | None = None


class PledgeCleared(Struct, frozen=True):
    pledge_id: str
