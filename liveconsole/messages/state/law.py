"""Law and rules as the state says them."""

from __future__ import annotations

from datetime import date

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


class LawState(Struct, frozen=True):
    """``rules``: the first characters of the digest of those that hold, empty before any were asked for."""

    rules: str = ""
    categories: list[CategoryState] = []
    checks: list[LawCheckState] = []
