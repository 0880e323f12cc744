"""What the room keeps of law and rules; the rules on it are in `law`."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from liveconsole.messages.fields import Typed
from liveconsole.messages.law import LawRules, OnAirThen, RightKind


class StepDone(Struct, frozen=True):
    """One of the three steps over one text."""

    passed: bool
    by: str
    at: datetime
    name: Typed = ""
    remark: Typed = ""
    found: list[str] = []


class Reviewed(Struct):
    """The steps over one text, and where it stood when it was read last."""

    subject: str
    steps: dict[str, StepDone] = field(default_factory=dict)


class Right(Struct, frozen=True):
    right_id: str
    title: str
    kind: RightKind
    holder: str = ""
    licence: str = ""
    own: bool = False
    until: date | None = None


class StepTaken(Struct, frozen=True):
    at: datetime
    by: str
    text: Typed = ""


class Violation(Struct):
    """A warning of the platform, what was on air then, and what was done about it."""

    violation_id: str
    at: datetime
    by: str
    since: datetime
    broadcast: int
    text: Typed = ""
    product_id: str | None = None
    segment_id: str | None = None
    on_air: list[OnAirThen] = field(default_factory=list)
    appeal_by: datetime | None = None
    steps: dict[str, StepTaken] = field(default_factory=dict)


class Law(Struct):
    rules: LawRules | None = None
    """Those that hold; None while nothing here ever asked for one."""
    reviews: dict[str, Reviewed] = field(default_factory=dict)
    """SHA-256 of a text → its steps, those of the texts that were read last (`reviews.KEPT`)."""
    rights: dict[str, Right] = field(default_factory=dict)
    violations: dict[str, Violation] = field(default_factory=dict)
    """Of this broadcast, and those of earlier ones that are not closed."""
