"""The rules of law as two editable files (``resources/law/*.toml``; the user's own copies win).

`parse` is pure; `load` finds the files. What they say holds once it stands on the log (`domain.law.rules`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.law import (
    ARTICLES_LIMIT,
    CATEGORIES_LIMIT,
    Article,
    CategoryRule,
    LawRules,
)
from liveconsole.paths import own_folders
from liveconsole.respath import resources

FOLDER: Final = "law"
FILES: Final = ("categories.toml", "articles.toml")
_FILE_BYTES: Final = 256 * 1024


class BadLawFile(ValueError):
    """A file that cannot be used; the text names it and says where."""


class _Categories(Struct, frozen=True, forbid_unknown_fields=True):
    category: Annotated[list[CategoryRule], msgspec.Meta(max_length=CATEGORIES_LIMIT)] = []
    checked: date | None = None


class _Articles(Struct, frozen=True, forbid_unknown_fields=True):
    article: Annotated[list[Article], msgspec.Meta(max_length=ARTICLES_LIMIT)] = []
    checked: date | None = None


class LawFiles(Struct, frozen=True):
    """What both say, and for each by name: how many rules, and when it was held against the texts."""

    rules: LawRules
    counts: Mapping[str, int]
    checked: Mapping[str, date | None]


def parse(categories: str, articles: str) -> LawFiles:
    """
    Raises:
        BadLawFile: one of them is no TOML, or a rule in it is none.
    """
    first: _Categories = _read(FILES[0], categories, _Categories)
    second: _Articles = _read(FILES[1], articles, _Articles)
    for name, ids in (
        (FILES[0], [one.id for one in first.category]),
        (FILES[1], [one.check for one in second.article]),
    ):
        if len(set(ids)) != len(ids):
            raise BadLawFile(f"{name}: {next(id_ for id_ in ids if ids.count(id_) > 1)}: twice")
    digest = sha256(b"\0".join(text.encode() for text in (categories, articles))).hexdigest()
    return LawFiles(
        LawRules(digest, first.category, second.article),
        {FILES[0]: len(first.category), FILES[1]: len(second.article)},
        {
            FILES[0]: _oldest(first.checked, [one.checked for one in first.category]),
            FILES[1]: _oldest(second.checked, [one.checked for one in second.article]),
        },
    )


def _read(name: str, text: str, shape: Any) -> Any:
    try:
        return msgspec.convert(tomllib.loads(text), shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadLawFile(f"{name}: {error}") from error


def _oldest(whole: date | None, each: list[date | None]) -> date | None:
    """A file is as old as the oldest rule in it."""
    return min((day for day in (whole, *each) if day is not None), default=None)


def path(name: str, data: Path | None) -> Path:
    """The file that holds: the user's own (``paths.own_folders``), else the program's."""
    for folder in own_folders(data) if data is not None else ():
        own = folder / FOLDER / name
        if own.is_file():
            return own
    return resources() / FOLDER / name


def load(data: Path | None = None) -> LawFiles:
    """
    Raises:
        BadLawFile: a file cannot be used.
        OSError: one cannot be read.
    """
    texts = []
    for name in FILES:
        file = path(name, data)
        if file.stat().st_size > _FILE_BYTES:
            raise BadLawFile(f"{name}: > {_FILE_BYTES} bytes")
        texts.append(file.read_text("utf-8-sig"))
    return parse(*texts)
