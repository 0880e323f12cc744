"""What viewers ask, told from the words alone. Cheap enough to look at every comment of a busy room."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from liveconsole.paths import own_folders
from liveconsole.respath import resources

FILE: Final = "questions.toml"
"""Its name in the data folder, where the user's own copy wins."""
GOOD: Final = "words/good.txt"
"""Good words, from which a report reads how kind comments were (`views.good_words`)."""
TOPICS: Final = ("price", "size", "shipping", "complaint", "colour", "quality")
"""The groups of a room whose goods nobody can tell; others come with the goods (`Questions.of_goods`)."""
GROUPS_MAX: Final = 24
WORDS_MAX: Final = 1_200
_ONE_IN: Final = 5
"""A kind of goods is in the room when one title in so many names it."""
WORD_LONG: Final = 20

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
_ASKS: Final = re.compile(
    "[?？]|[吗呢么]$|[吗呢么][\\s，。!！~～]|怎么|怎样|多少|多大|多久|多长|多重|几[号点个天码块]|什么|啥|咋|哪|有没有|"
    "有无|能不能|会不会|是不是|要不要|可不可以|好不好|谁|求.{0,2}链接|可以.{1,12}吗"
)
_LETTERS: Final = re.compile("[\u4e00-\u9fffA-Za-z0-9]")


_Tree: TypeAlias = "dict[str, _Tree]"
"""Letter → what follows it; ``""`` where a word ends."""


class BadRulesFile(ValueError):
    """A rules file that cannot be used; the text says where."""


class QuestionGroup(Struct, frozen=True):
    """One thing that is asked about. ``words`` decide, but for one inside a phrase of ``unless``; ``zh`` and
    ``en`` are its name. ``goods``: in rooms of which goods alone; empty: everywhere."""

    id: str
    words: list[str]
    zh: str = ""
    en: str = ""
    unless: list[str] = []
    goods: list[str] = []

    def name(self, language: str) -> str:
        """Return the name in a language; one that has none is called by the other, or by its id."""
        return (self.en or self.zh if language == "en" else self.zh or self.en) or self.id


class GoodsKind(Struct, frozen=True):
    """A kind of goods, told from the titles of products: any of ``titles`` in one names it."""

    id: str
    titles: list[str]
    zh: str = ""
    en: str = ""


class WishWords(Struct, frozen=True):
    """What people want to have (`views.wishes`): ``words`` decide, but for one inside a phrase of
    ``unless``."""

    id: Literal["want", "back", "more"]
    words: list[str]
    unless: list[str] = []


class DeskLimits(Struct, frozen=True):
    """When a question has waited too long: so many ``seconds``, where at least so many ``people`` ask."""

    seconds: Annotated[int, msgspec.Meta(ge=10, le=3_600)] = 120
    people: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 2
    wishes: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 3
    """People whose wish is proposed to be met."""


class _File(Struct):
    group: list[QuestionGroup]
    goods: list[GoodsKind] = []
    wish: list[WishWords] = []
    waiting: DeskLimits | None = None


class Questions:
    """The groups, and which of them a comment belongs to."""

    def __init__(
        self,
        groups: Sequence[QuestionGroup],
        goods: Sequence[GoodsKind] = (),
        titles: Sequence[str] | None = None,
        *,
        wishes: Sequence[WishWords] = (),
        waiting: DeskLimits | None = None,
        good: str | None = None,
    ) -> None:
        self._all, self._goods = tuple(groups), tuple(goods)
        self.wishes, self.waiting = tuple(wishes), waiting or DeskLimits()
        self.good = good
        """The user's own list of good words (`views.good_words`); None: the program's."""
        self._kinds = _kinds_in(titles or (), goods)
        self.groups = tuple(g for g in groups if not g.goods or not self._kinds.isdisjoint(g.goods))
        """Those of this room; without goods to tell it by, those of the first kind."""
        words = {each: g.id for g in reversed(self.groups) for w in g.words for each in spellings(w)}
        self.words = words | {each: "" for g in self.groups for w in g.unless for each in spellings(w)}
        """Word → group, ``""`` for a phrase that is none's. Of groups that share a word the first has it."""
        self._search = one_of(self.words)

    def of_goods(self, titles: Sequence[str]) -> Questions:
        """Return the groups of a room that sells these; itself where they are the same."""
        if _kinds_in(titles, self._goods) == self._kinds:
            return self
        like = self._all, self._goods, titles
        return Questions(*like, wishes=self.wishes, waiting=self.waiting, good=self.good)

    def with_good(self, good: str) -> Questions:
        """Return the same with another list of good words."""
        return Questions(self._all, self._goods, wishes=self.wishes, waiting=self.waiting, good=good)

    def topic(self, text: str) -> str:
        """Return the group whose word stands first in a comment, or ``""``."""
        for found in self._search.finditer(text):
            if group := self.words[found.group()]:
                return group
        return ""


def _kinds_in(titles: Sequence[str], goods: Sequence[GoodsKind]) -> set[str]:
    """The kinds that these titles are of, each of the one that most of its letters name (洗衣液 is no 衣);
    the first of all where they tell none."""
    named: Counter[str] = Counter()
    for title in titles:
        told = {kind.id: sum(map(len, _named_by(tuple(kind.titles)).findall(title))) for kind in goods}
        most = max(told.values(), default=0)
        named.update(id_ for id_, letters in told.items() if letters == most > 0)
    found = {kind for kind, count in named.items() if count * _ONE_IN >= len(titles)}
    return found or {kind.id for kind in goods[:1]}


@cache
def _named_by(words: tuple[str, ...]) -> re.Pattern[str]:
    return one_of(each for word in words for each in spellings(word))


def one_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the words, the longest where several begin alike.

    Literal words by their common beginnings: the expression engine then skips by first letters and tries each
    beginning once, several times as fast as with classes or a plain list.
    """
    tree: _Tree = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return re.compile("|".join(_branches(tree)) or r"(?!)")


def _branches(node: _Tree) -> list[str]:
    return [re.escape(letter) + _rest(node[letter]) for letter in sorted(node) if letter]


def _rest(node: _Tree) -> str:
    branches = _branches(node)
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)})" + ("?" if "" in node else "")


def spellings(word: str) -> set[str]:
    """Return a word as people type it: Latin letters in every usual case."""
    return {word, word.lower(), word.upper(), word.capitalize()}


def check(entries: Sequence[tuple[str, list[str]]]) -> None:
    """Raise `BadRulesFile` unless ids and words (of groups or highlight rules) are usable."""
    ids = [id_ for id_, _ in entries]
    if len(ids) > GROUPS_MAX:
        raise BadRulesFile(f"more than {GROUPS_MAX} entries")
    for id_, words in entries:
        if not _ID.fullmatch(id_) or ids.count(id_) > 1:
            raise BadRulesFile(f"id {id_[:40]!r} is not usable, or there twice")
        if not words or any(not word.strip() or len(word) > WORD_LONG for word in words):
            raise BadRulesFile(f"{id_}: a word is empty or longer than {WORD_LONG}, or there is none")
    if sum(len(words) for _, words in entries) > WORDS_MAX:
        raise BadRulesFile(f"more than {WORDS_MAX} words")


def read(text: str, like: Questions | None = None) -> Questions:
    """Questions from the text of a TOML file; raises `BadRulesFile`. ``like``: whose wishes and waiting stand
    where the file, of an older program, has none."""
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadRulesFile(str(error)) from error
    check([(group.id, [*group.words, *group.unless]) for group in file.group])
    check([(kind.id, kind.titles) for kind in file.goods])
    check([(wish.id, [*wish.words, *wish.unless]) for wish in file.wish])
    wishes = file.wish or (like.wishes if like is not None else ())
    waiting = file.waiting or (like.waiting if like is not None else None)
    return Questions(file.group, file.goods, wishes=wishes, waiting=waiting)


def own_file(folder: Path, name: str) -> str | None:
    """Return the text of the user's own copy in the data folder; None where there is none. Raises
    `BadRulesFile`."""
    try:
        return (folder / name).read_text("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadRulesFile(str(error)) from error


@cache
def built_in() -> Questions:
    """Return the groups that come with the program."""
    return read((resources() / "questions" / FILE).read_text("utf-8"))


def of_room(folder: Path) -> Questions:
    """Return the user's own groups for the room in a data folder; the program's where there are none.

    Raises:
        Wrong: there are, and they cannot be used.
    """
    own, good = (
        next((text for place in own_folders(folder) if (text := own_file(place, name)) is not None), None)
        for name in (FILE, GOOD)
    )
    groups = built_in() if own is None else read(own, built_in())
    return groups if good is None else groups.with_good(good)


def load(folder: Path) -> Questions:
    """Return the user's own groups from the data folder where there are any, else the program's. Raises
    `BadRulesFile`."""
    own = own_file(folder, FILE)
    return built_in() if own is None else read(own, built_in())


def asks(text: str) -> bool:
    """Tell whether a comment reads as a question: asking words or a question mark, and something to ask
    about."""
    return _ASKS.search(text) is not None and len(_LETTERS.findall(text)) >= 2


def topic(text: str) -> str:
    """Return the program's own group whose word stands first in a comment, or ``""``."""
    return built_in().topic(text)
