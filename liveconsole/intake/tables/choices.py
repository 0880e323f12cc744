"""What people have said of the columns of their tables, kept by the words of the header."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Final, Protocol, TypeVar

from liveconsole.intake.tables.columns import NOTHING_SAID, Choice, Columns, plain

MOST: Final = 200
"""Sets of headers that are remembered; the one that was used longest ago goes first."""


_REASONS: Final = ("原因", "reason")


class BadChoice(ValueError):
    """``price=售卖价``: no such column of a table, or none of that name can be had."""


class _Understood(Protocol):
    @property
    def columns(self) -> Columns: ...


Found = TypeVar("Found", bound=_Understood)


def key_of(columns: Columns) -> str:
    """The same for the same words in another order; ``""`` where there is no header to know it by."""
    if columns.header is None:
        return ""
    # Rows that were given back to be mended have a column more.
    words = sorted(word for word in map(plain, columns.labels) if word not in _REASONS)
    return sha256("|".join(words).encode()).hexdigest()[:32]


def said_of(columns: Columns, choices: Mapping[str, Choice], by_letter: Choice) -> Choice:
    """What was said of columns: remembered for their header, or for now where there is none."""
    return by_letter if columns.header is None else choices.get(key_of(columns), NOTHING_SAID)


def understood(read: Callable[[Choice], Found], choices: Mapping[str, Choice], by_letter: Choice) -> Found:
    """A table by what its words say, and anew where a person has said more of it."""
    found = read(NOTHING_SAID)
    said = said_of(found.columns, choices, by_letter)
    return read(said) if said else found


def kept(choices: Mapping[str, Choice], key: str, choice: Choice) -> dict[str, dict[str, str]]:
    """``choices`` with this one at their end."""
    found = {name: dict(each) for name, each in choices.items() if name != key}
    if key and choice:
        found[key] = dict(choice)
    return dict(list(found.items())[-MOST:])


def read_choice(said: str, names: Mapping[str, tuple[str, str]], columns: Columns) -> dict[str, str]:
    """「price=售卖价,stock=D,none=备注」 against the columns of a table, by their header or their letters.

    Raises:
        BadChoice: it says so.
    """
    ways = {"none": ""}
    for column, (zh, en) in names.items():
        ways |= {column: column, zh: column, en: column}
    choice: dict[str, str] = {}
    for piece in filter(None, (piece.strip() for piece in re.split("[,，]", said))):
        way, parted, where = (part.strip() for part in piece.partition("="))
        if not parted or way not in ways:
            raise BadChoice(f"{piece}: one of {', '.join(['none', *names])} = a column")
        choice[_label(where, columns)] = ways[way]
    return choice


def _label(where: str, columns: Columns) -> str:
    found = [label for label in columns.labels if label == where or plain(label) == plain(where)]
    if not found and re.fullmatch("[A-Za-z]{1,3}", where):
        place = 0
        for letter in where.upper():
            place = place * 26 + ord(letter) - 64
        found = list(columns.labels[place - 1 : place])
    if len(found) != 1:
        raise BadChoice(f"{where}: the columns are {', '.join(columns.labels)}")
    return found[0]


def in_words(labels: Iterable[str], most: int = 8) -> str:
    """「售卖价、备注…」."""
    some = list(labels)
    return "、".join(some[:most]) + ("…" if len(some) > most else "")
