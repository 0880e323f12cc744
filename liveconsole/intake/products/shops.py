"""Exports that are known by name, and words of one's own: an editable file says what their columns are.

``resources/tables/shops.toml``; the user's own copy wins. `parse` reads its text, `load` finds the file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.intake.products.words import COLUMN_NAMES, GOODS
from liveconsole.intake.tables import Known, Words, plain
from liveconsole.paths import own_folders
from liveconsole.respath import resources

FOLDER: Final = "tables"
FILE: Final = "shops.toml"


class BadShops(ValueError):
    """A file of shops that cannot be used; the text says where."""


class _Shop(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    known_by: list[list[str]]
    columns: dict[str, list[str]]
    english: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    shop: list[_Shop] = []
    words: dict[str, list[str]] = {}


def parse(text: str) -> Words:
    """The words of goods, with those of the file.

    Raises:
        BadShops: it is no TOML, or names a column that there is not.
    """
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadShops(str(error)) from error
    own = {plain(word): _column(column) for column, words in file.words.items() for word in words}
    synonyms = {**GOODS.synonyms, **own}
    ranks = {**GOODS.ranks, **dict.fromkeys(own, 0)}
    known = []
    for shop in file.shop:
        theirs = {plain(word): _column(column) for column, words in shop.columns.items() for word in words}
        firm = {plain(word): at for words in shop.columns.values() for at, word in enumerate(words)}
        others = {word: column for word, column in synonyms.items() if column not in shop.columns}
        by = [frozenset(map(plain, words)) for words in shop.known_by]
        if not by or not all(by):
            raise BadShops(f"{shop.name}: known_by")
        known.append(Known(shop.name, shop.english or shop.name, by, {**others, **theirs}, {**ranks, **firm}))
    return msgspec.structs.replace(GOODS, synonyms=synonyms, ranks=ranks, known=known)


def _column(name: str) -> str:
    if name not in COLUMN_NAMES:
        raise BadShops(f"{name}: {', '.join(COLUMN_NAMES)}")
    return name


def path(data: Path | None) -> Path:
    """The file that holds: the user's own (``paths.own_folders``), else the program's."""
    for folder in own_folders(data) if data is not None else ():
        own = folder / FOLDER / FILE
        if own.is_file():
            return own
    return resources() / FOLDER / FILE


def load(data: Path | None = None) -> Words:
    """
    Raises:
        BadShops: the file cannot be used.
        OSError: it cannot be read.
    """
    return parse(path(data).read_text("utf-8-sig"))
