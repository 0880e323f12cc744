"""Comments that must not be overlooked: a list of words gives a sign and a sound."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.respath import resources
from liveconsole.views.feed.signs import CommentSigns, NoSigns
from liveconsole.views.questions import BadRulesFile, Questions, check, one_of, own_file, spellings

FILE: Final = "highlights.toml"
"""Its name in the data folder, where the user's own copy wins."""

Tone = Literal["accent", "ok", "warn", "live", "flash", "coupon", "bag"]


class HighlightRule(Struct, frozen=True):
    """What is looked out for, and how it is shown and heard."""

    id: str
    words: list[str]
    zh: str = ""
    en: str = ""
    icon: str = "info"
    tone: Tone = "accent"
    sound: str = ""

    def name(self, language: str) -> str:
        """Return the name in a language; one that has none is called by the other, or by its id."""
        return (self.en or self.zh if language == "en" else self.zh or self.en) or self.id


class _File(Struct):
    rule: list[HighlightRule] = []


class Highlights:
    """The rules in their order: the first that matches counts."""

    def __init__(self, rules: Sequence[HighlightRule]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.words = {
            each: rule.id for rule in reversed(rules) for word in rule.words for each in spellings(word)
        }
        self._rank = {id_: rank for rank, id_ in enumerate(self.rules)}
        self._search = one_of(self.words)

    def mark(self, text: str) -> str:
        """Return the id of the rule that a comment falls under, or ``""``."""
        first = self._search.search(text)
        if first is None:
            return ""
        found = {self.words[word] for word in self._search.findall(text, first.start())}
        return min(found, key=self._rank.__getitem__)


class CommentMarks:
    """Both lists over every comment that is not merged: one pass each, about half a microsecond."""

    def __init__(
        self, questions: Questions, highlights: Highlights, signs: CommentSigns | None = None
    ) -> None:
        self.questions, self.highlights = questions, highlights
        self.signs: CommentSigns = signs if signs is not None else NoSigns()
        """Asked of what is in sight only: it takes longer than the lists."""
        self._topic, self._mark = questions.topic, highlights.mark

    def of_goods(self, titles: Sequence[str]) -> CommentMarks:
        """Return the lists of a room that sells these; itself where they are the same."""
        asked = self.questions.of_goods(titles)
        return self if asked is self.questions else CommentMarks(asked, self.highlights, self.signs)

    def __call__(self, text: str) -> tuple[str, str]:
        """Group and rule of a comment, ``""`` each where there is none."""
        return self._topic(text), self._mark(text)


def read(text: str) -> Highlights:
    """Rules from the text of a TOML file; raises `BadRulesFile`."""
    try:
        rules = msgspec.convert(tomllib.loads(text), _File).rule
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadRulesFile(str(error)) from error
    icons = {path.stem for path in (resources() / "icons").glob("*.svg")}
    for rule in rules:
        if rule.icon not in icons:
            raise BadRulesFile(f"{rule.id}: no icon {rule.icon[:40]!r}")
    check([(rule.id, rule.words) for rule in rules])
    return Highlights(rules)


@cache
def built_in() -> Highlights:
    """Return the rules that come with the program."""
    return read((resources() / "highlights" / FILE).read_text("utf-8"))


def load(folder: Path) -> Highlights:
    """Return the user's own rules from the data folder where there are any, else the program's. Raises
    `BadRulesFile`."""
    own = own_file(folder, FILE)
    return built_in() if own is None else read(own)
