"""Law and rules: what a room is held to, as its files say it, and what people note about it.

The rules stand on the log as they were when something was decided by them (`LawRead`): a file that a person
edits later changes nothing of what was.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import Id, Text, Typed

_Word = Annotated[str, msgspec.Meta(max_length=300)]

QUALIFICATIONS_LIMIT: Final = 20
"""Of one product."""
CATEGORIES_LIMIT: Final = 200
NEEDS_LIMIT: Final = 10
ARTICLES_LIMIT: Final = 50
KINDS_LIMIT: Final = 10


class Qualification(Struct, frozen=True):
    """One licence, filing or certificate of a product. ``image``: a picture by its SHA-256; ``until``: the
    last day in China on which it holds."""

    kind: Id
    number: Text = ""
    image: Text = ""
    until: date | None = None


Qualifications = Annotated[list[Qualification], msgspec.Meta(max_length=QUALIFICATIONS_LIMIT)]


class Need(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that goods of a category must have: any one of ``kinds``."""

    kinds: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=KINDS_LIMIT)]
    zh: _Word
    en: _Word
    number: bool = True
    image: bool = True


class CategoryRule(Struct, frozen=True, forbid_unknown_fields=True, rename={"needs": "need"}):
    """``rule``: how it is named to a person."""

    id: Id
    zh: _Word
    en: _Word
    rule: _Word
    rule_en: _Word
    needs: Annotated[list[Need], msgspec.Meta(max_length=NEEDS_LIMIT)] = []
    source: _Word = ""
    checked: date | None = None


class Article(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """What one check goes by. ``check`` is the program's own word for it (`domain.law.checks`)."""

    check: Id
    law: _Word
    law_en: _Word
    article: _Word
    article_en: _Word
    zh: _Word
    en: _Word
    source: _Word = ""
    from_: date | None = None
    checked: date | None = None

    @property
    def named(self) -> tuple[str, str]:
        """How a text names it, zh and en."""
        return f"{self.law}{self.article}", f"{self.law_en}, {self.article_en}"


class LawRules(Struct, frozen=True):
    """The rules of a room as two files say them. ``sha256``: of both files' bytes."""

    sha256: str
    categories: Annotated[list[CategoryRule], msgspec.Meta(max_length=CATEGORIES_LIMIT)] = []
    articles: Annotated[list[Article], msgspec.Meta(max_length=ARTICLES_LIMIT)] = []

    def category(self, category: str) -> CategoryRule | None:
        """Return the rule of a category, by its id or either of its names."""
        return next((one for one in self.categories if category in (one.id, one.zh, one.en)), None)

    def article(self, check: str) -> Article | None:
        return next((one for one in self.articles if one.check == check), None)


class LawRead(Struct, frozen=True):
    """``law.read``, a command of the engine's own and its event: the rules that hold from here on."""

    rules: LawRules


# Reviews ------------------------------------------------------------------------------------------------

ReviewStep = Literal["machine", "person", "legal"]
REVIEW_STEPS: Final[tuple[ReviewStep, ...]] = get_args(ReviewStep)
Verdict = Literal["passed", "returned"]
Strictness = Literal["off", "warn", "required"]
"""Of 三级审核 in a room: not looked at, said, or asked before anything is pinned or fired."""
REMARK_LIMIT: Final = 200
_Remark = Annotated[str, msgspec.Meta(max_length=REMARK_LIMIT)]
_Sha = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class ReviewNote(Struct, frozen=True):
    """A person, or a lawyer, has read a text. ``subject``: ``product:ID``, ``segment:ID``, ``cue:ID``, or
    ``template:SEGMENT/N`` for a promotion that a segment brings along; ``sha256``: of the text that was read,
    where the seat says so; ``name``: who it was, asked of a lawyer."""

    subject: Id
    step: Literal["person", "legal"]
    verdict: Verdict
    name: _Remark = ""
    remark: _Remark = ""
    sha256: _Sha | None = None


class MachineRead(Struct, frozen=True):
    """What the lists found in one text; nothing: it passed."""

    subject: Id
    sha256: _Sha
    found: Annotated[list[_Remark], msgspec.Meta(max_length=50)] = []


class MachineReview(Struct, frozen=True):
    """``review.machine``, a command of the engine's own: texts that the word lists were held against."""

    read: Annotated[list[MachineRead], msgspec.Meta(max_length=200)]


class ReviewNoted(Struct, frozen=True):
    """``review.noted``: one step over one text, which its hash names. Who did it: the actor, and ``name``."""

    subject: str
    step: ReviewStep
    verdict: Verdict
    sha256: str
    name: Typed = ""
    remark: Typed = ""
    found: list[str] = []


# Rights -------------------------------------------------------------------------------------------------

RightKind = Literal["music", "picture", "video", "font", "other"]
RIGHTS_LIMIT: Final = 500


class RightPut(Struct, frozen=True):
    """A licence of something that the broadcast uses. ``own``: made by the shop itself; ``until``: its last
    day in China, None: without end."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=REMARK_LIMIT)]
    kind: RightKind
    right_id: Id | None = None
    holder: _Remark = ""
    licence: _Remark = ""
    own: bool = False
    until: date | None = None


class RightWritten(Struct, frozen=True):
    right_id: str
    title: str
    kind: RightKind
    holder: str = ""
    licence: str = ""
    own: bool = False
    until: date | None = None


class RightRemove(Struct, frozen=True):
    right_id: Id


class RightRemoved(Struct, frozen=True):
    right_id: str


# Violations ---------------------------------------------------------------------------------------------

ViolationStep = Literal["stopped", "kept", "appealed", "closed"]
"""The words were stopped, the evidence is kept, the appeal is made, the platform has decided."""
VIOLATION_STEPS: Final[tuple[ViolationStep, ...]] = get_args(ViolationStep)
VIOLATIONS_LIMIT: Final = 50
"""Of one broadcast."""


class ViolationNote(Struct, frozen=True):
    """平台警告了: what the platform said. ``appeal_hours``: for how long it may be appealed, as it said."""

    text: _Remark = ""
    appeal_hours: Annotated[int, msgspec.Meta(ge=1, le=720)] | None = None


class OnAirThen(Struct, frozen=True, omit_defaults=True):
    """Something that was on air when the platform warned."""

    cue_id: str
    kind: str
    title: str
    title_en: str


class ViolationNoted(Struct, frozen=True, omit_defaults=True):
    """``violation.noted``: with what was on air, and from when on the log is marked."""

    violation_id: str
    since: datetime
    text: Typed = ""
    product_id: str | None = None
    segment_id: str | None = None
    on_air: list[OnAirThen] = []
    appeal_by: datetime | None = None


class ViolationDone(Struct, frozen=True):
    """A step was taken; ``text``: what came of it."""

    violation_id: Id
    step: ViolationStep
    text: _Remark = ""


class ViolationStepped(Struct, frozen=True):
    """``violation.stepped``."""

    violation_id: str
    step: ViolationStep
    text: Typed = ""


LAW_COMMANDS: Final[dict[str, type[Struct]]] = {
    "review.note": ReviewNote,
    "right.put": RightPut,
    "right.remove": RightRemove,
    "violation.note": ViolationNote,
    "violation.step": ViolationDone,
}
LAW_INTERNAL: Final[dict[str, type[Struct]]] = {"law.read": LawRead, "review.machine": MachineReview}
LAW_EVENTS: Final[dict[str, type[Struct]]] = {
    "law.read": LawRead,
    "review.noted": ReviewNoted,
    "right.put": RightWritten,
    "right.removed": RightRemoved,
    "violation.noted": ViolationNoted,
    "violation.stepped": ViolationStepped,
}
