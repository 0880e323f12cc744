"""Law and rules as the state says them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from msgspec import Struct


class LackState(Struct, frozen=True, omit_defaults=True):
    """One thing that regulated goods need and do not have. ``kinds``: any one of these qualifications would
    do; ``why``: ``missing``, ``number``, ``image`` or ``expired``."""

    kinds: list[str]
    why: str
    text: str
    text_en: str
    until: date | None = None


class NeedState(Struct, frozen=True):
    kinds: list[str]
    zh: str
    en: str
    number: bool
    image: bool


class CategoryState(Struct, frozen=True):
    """A category of regulated goods, and what they need."""

    category: str
    zh: str
    en: str
    rule: str
    rule_en: str
    needs: list[NeedState]
    source: str = ""
    checked: date | None = None


class LawCheckState(Struct, frozen=True):
    """What one article asks, and how the room stands to it; ``passes`` None: nobody can tell."""

    check: str
    article: str
    article_en: str
    passes: bool | None
    text: str
    text_en: str


class ReviewStepState(Struct, frozen=True, omit_defaults=True):
    """One of the three steps over a text as it stands. ``found``: words that the machine sent it back for."""

    passed: bool
    by: str
    at: datetime
    name: str = ""
    remark: str = ""
    found: list[str] = []


class ReviewState(Struct, frozen=True, omit_defaults=True):
    """A text that is to come. ``steps``: ``machine``, ``person``, ``legal``; one that is not there was not
    done."""

    subject: str
    title: str
    title_en: str
    sha256: str
    passed: bool
    steps: dict[str, ReviewStepState] = {}


class RightState(Struct, frozen=True, omit_defaults=True):
    """A licence on the list; ``over``: it has ended, ``days``: to its last day, within two weeks of it."""

    right_id: str
    title: str
    kind: str
    holder: str = ""
    licence: str = ""
    own: bool = False
    until: date | None = None
    over: bool = False
    days: int | None = None


class TakenState(Struct, frozen=True, omit_defaults=True):
    at: datetime
    by: str
    text: str = ""


class OnAirState(Struct, frozen=True):
    cue_id: str
    kind: str
    title: str
    title_en: str


class ViolationState(Struct, frozen=True, omit_defaults=True):
    """A warning of the platform. ``since``: from when on the log is marked; ``steps``: those taken."""

    violation_id: str
    at: datetime
    by: str
    since: datetime
    broadcast: int
    text: str = ""
    product_id: str | None = None
    segment_id: str | None = None
    on_air: list[OnAirState] = []
    appeal_by: datetime | None = None
    steps: dict[str, TakenState] = {}


class LawState(Struct, frozen=True):
    """``rules``: the first characters of the digest of those that hold, empty before any were asked for.
    ``reviews``: of what is to come, those that wait first, at most `REVIEWS_SHOWN` of ``reviews_all``."""

    rules: str = ""
    categories: list[CategoryState] = []
    checks: list[LawCheckState] = []
    reviews: list[ReviewState] = []
    reviews_all: int = 0
    reviews_waiting: int = 0
    rights: list[RightState] = []
    violations: list[ViolationState] = []


REVIEWS_SHOWN: Final = 300
