"""Law and rules: what a room is held to, as its files say it, and what people note about it.

The rules stand on the log as they were when something was decided by them (`LawRead`): a file that a person
edits later changes nothing of what was.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import Id, Text

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


LAW_EVENTS: Final[dict[str, type[Struct]]] = {"law.read": LawRead}
