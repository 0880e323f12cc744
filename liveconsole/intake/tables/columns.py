"""Which column is which: by the words of a header, in whatever order it stands, or as a person has said.

A column is taken by its place only where the table has no header at all. Where it has one, a column that no
word names is not read, and of two that a word names alike neither is guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.intake.tables.lines import TableRow, column_letters

_LOOKED_AT: Final = 10
"""Rows among which the header is looked for: sheets have a title, a date, a remark above it."""
_CELLS_ABOVE: Final = 2
"""What stands above a header holds no more cells than this; a row with more is one of the table."""
_LABEL: Final = 60
_UNITS_LEAST: Final = ("分", "fen", "cents", "单位分", "单位为分")

Choice = Mapping[str, str]
"""What a person has said of columns: label (`Columns.labels`) → column, ``""``: it is not to be read."""
NOTHING_SAID: Final[Choice] = MappingProxyType({})


class Known(Struct, frozen=True):
    """A program whose exports are known by their header, and what its columns are."""

    name: str
    english: str
    known_by: Sequence[frozenset[str]]
    """Plain words; a header in which all of one set stand is one of this program's."""
    synonyms: Mapping[str, str]
    ranks: Mapping[str, int] = {}


class Words(Struct, frozen=True):
    """By what a kind of table is understood."""

    synonyms: Mapping[str, str]
    """Plain word → column."""
    usual: Sequence[str]
    """The order of a table without a header."""
    is_header: Callable[[Sequence[str | None], TableRow], bool]
    """Whether a row that names these columns is a header."""
    is_row: Callable[[TableRow], bool]
    """Whether a row reads as one of a table in the usual order."""
    is_unnamed: Callable[[TableRow], bool] = lambda line: False
    """Whether a row is a header of which no word is known."""
    ranks: Mapping[str, int] = {}
    """Plain word → how firmly it names its column: 直播价 beside 价格 is the price. The least is the firmest;
    2 where nothing is said."""
    single: frozenset[str] = frozenset()
    """Columns of which the wrong one costs money: two that are named equally firmly are asked about."""
    spare: Mapping[str, str] = {}
    """Column → what one that is named less firmly is: the price beside a 直播价 is the list price."""
    known: Sequence[Known] = ()


class Columns(Struct, frozen=True):
    """``order``: what each column holds, None where nothing that is asked for."""

    order: Sequence[str | None]
    header: int | None = None
    """The last row of the header among the lines, from 0; None: there is none, and the usual order holds."""
    ignored: Sequence[str] = ()
    """Labels of columns that are not read."""
    in_fen: frozenset[str] = frozenset()
    """Columns of money whose header says 分 instead of 元."""
    labels: Sequence[str] = ()
    """What each column is called: the words of its header, else its letters. No two are alike."""
    samples: Sequence[str] = ()
    """The first cell of each column that holds anything."""
    unsure: Mapping[str, Sequence[str]] = {}
    """Column → labels between which the words do not decide; none of them is read."""
    known: Known | None = None
    """Whose export it is, where that is known."""
    words: Sequence[frozenset[str]] = ()
    """The plain words of each column's header."""
    rows: int = 1
    """Rows that the header is made of."""
    above: int = 0
    """Rows above the header that are more than a title."""

    def heading(self, lines: Sequence[TableRow], names: Mapping[str, str]) -> list[str]:
        """A header of one row, by which the table is understood again as it was. ``names``: column → a word
        for it."""
        if self.header is not None and self.rows == 1:
            return list(lines[self.header].cells)
        return [names[name] if name else label for name, label in zip(self.order, self.labels, strict=False)]


def plain(cell: str) -> str:
    """A word of a header without its blanks, marks, case and width."""
    return re.sub(r"[\s_\-*:：#/]", "", unicodedata.normalize("NFKC", cell).casefold())


def find_columns(lines: Sequence[TableRow], words: Words, choice: Choice = NOTHING_SAID) -> Columns:
    """``choice``: what a person has said stands over what the words say."""
    for place, line in enumerate(lines[:_LOOKED_AT]):
        known = _known(line, words.known)
        if known is None and not words.is_header(_named([line], words)[0], line):
            if _is_wide(line) and words.is_row(line):
                break
            continue
        if known is not None:
            words = msgspec.structs.replace(words, synonyms=known.synonyms, ranks=known.ranks, known=(known,))
        head = [line]
        below = lines[place + 1] if place + 1 < len(lines) else None
        if below is not None and list(below.cells) != list(line.cells) and _goes_on(below, words, known):
            head.append(below)
        return _columns(head, lines, place + len(head) - 1, words, known, choice)
    for place, line in enumerate(lines[:_LOOKED_AT]):
        if _is_wide(line):
            if words.is_unnamed(line):
                return _columns([line], lines, place, words, None, choice)
            break
    return _by_place(lines, words, choice)


def _is_wide(line: TableRow) -> bool:
    return sum(bool(cell) for cell in line.cells) > _CELLS_ABOVE


def _goes_on(line: TableRow, words: Words, known: Known | None) -> bool:
    """Whether a row below a header is its second one: groups above, columns below."""
    if known is not None and _known(line, (known,)) is not None:
        return True
    named = sum(name is not None for name in _named([line], words)[0])
    return named >= 2 and not any(re.fullmatch(r"[¥￥]?[\d.,]+\S?", cell) for cell in line.cells)


def _known(line: TableRow, known: Sequence[Known]) -> Known | None:
    said = {plain(cell) for cell in line.cells if cell} if known else set()
    return next((each for each in known if any(some <= said for some in each.known_by)), None)


# Names ------------------------------------------------------------------------------------------------


def _named(head: Sequence[TableRow], words: Words) -> tuple[list[str | None], list[list[str]]]:
    """The column that each cell of a header names, and the words by which it may."""
    wide = max(len(line.cells) for line in head)
    group = ""
    order: list[str | None] = []
    tried: list[list[str]] = []
    for place in range(wide):
        cells = [line.cells[place] if place < len(line.cells) else "" for line in head]
        group = cells[0] or group
        said = [cell for cell in (cells[-1],) if cell] or [cell for cell in cells if cell]
        both = [plain(group) + word for word in _words_of(cells[-1])] if len(head) > 1 and cells[-1] else []
        here = [*both, *(word for cell in said for word in _words_of(cell))]
        tried.append(here)
        order.append(next((words.synonyms[word] for word in here if word in words.synonyms), None))
    return order, tried


def _words_of(cell: str) -> list[str]:
    """A header's word whole, and without what stands in brackets or below it."""
    whole = plain(cell)
    bare = plain(re.split(r"[(\[（【\r\n]", cell.strip(), maxsplit=1)[0])
    return [word for word in dict.fromkeys((whole, bare)) if word]


def _labels(head: Sequence[TableRow], wide: int) -> list[str]:
    labels: list[str] = []
    for place in range(wide):
        cells = [line.cells[place] for line in head if place < len(line.cells) and line.cells[place]]
        label = " ".join(cells[-1].split())[:_LABEL] if cells else ""
        if not label or label in labels:
            label = f"{label} ({column_letters(place)})".strip()
        labels.append(label)
    return labels


def _columns(
    head: Sequence[TableRow],
    lines: Sequence[TableRow],
    header: int,
    words: Words,
    known: Known | None,
    choice: Choice,
) -> Columns:
    found, tried = _named(head, words)
    labels = _labels(head, len(found))
    order: list[str | None] = [None] * len(found)
    unsure: dict[str, list[str]] = {}
    for column in dict.fromkeys(name for name in found if name is not None):
        ranked = sorted(
            (_rank(tried[place], column, words), place) for place, name in enumerate(found) if name == column
        )
        best = [place for rank, place in ranked if rank == ranked[0][0]]
        if len(best) > 1 and column in words.single:
            unsure[column] = [labels[place] for place in best]
            continue
        order[best[0]] = column
        spare = words.spare.get(column)
        if spare is not None and len(ranked) == 2 and spare not in found:
            order[ranked[1][1]] = spare
    order = _as_said(order, labels, choice)
    unsure = {
        column: some
        for column, some in unsure.items()
        if column not in order and not set(some) <= choice.keys()
    }
    ignored = [label for label, name in zip(labels, order, strict=True) if name is None and _has_word(label)]
    in_fen = {name for place, name in enumerate(order) if name is not None and _in_fen(_cell_of(head, place))}
    samples = _samples(lines[header + 1 :], len(order))
    plain_words = [frozenset(each) for each in tried]
    above = sum(map(_is_wide, lines[: header + 1 - len(head)]))
    return Columns(
        order,
        header,
        ignored,
        frozenset(in_fen),
        labels,
        samples,
        unsure,
        known,
        plain_words,
        len(head),
        above,
    )


def _rank(tried: Sequence[str], column: str, words: Words) -> int:
    word = next(word for word in tried if words.synonyms.get(word) == column)
    return words.ranks.get(word, 2)


def _has_word(label: str) -> bool:
    return re.fullmatch(r"\([A-Z]+\)", label) is None


def _cell_of(head: Sequence[TableRow], place: int) -> str:
    return next(
        (line.cells[place] for line in reversed(head) if place < len(line.cells) and line.cells[place]), ""
    )


def _in_fen(cell: str) -> bool:
    whole = plain(cell)
    first, _, rest = re.sub(r"[(\[（【\r\n]", "\n", cell, count=1).partition("\n")
    return plain(rest).strip("()[]（）【】") in _UNITS_LEAST or (whole.endswith("fen") and bool(first))


def _as_said(order: Sequence[str | None], labels: Sequence[str], choice: Choice) -> list[str | None]:
    said = {label: choice[label] for label in labels if label in choice}
    taken = {column for column in said.values() if column}
    found = [None if name in taken else name for name in order]
    for place, label in enumerate(labels):
        if label in said:
            column = said[label] or None
            found[place] = None if column in found and column is not None else column
    return found


def _by_place(lines: Sequence[TableRow], words: Words, choice: Choice) -> Columns:
    wide = max([len(words.usual), *(len(line.cells) for line in lines[: 2 * _LOOKED_AT])])
    labels = [column_letters(place) for place in range(wide)]
    order = _as_said([*words.usual, *[None] * (wide - len(words.usual))], labels, choice)
    if not set(labels) & choice.keys():
        order = order[: len(words.usual)]
    return Columns(order, labels=labels, samples=_samples(lines, wide))


def _samples(lines: Sequence[TableRow], wide: int) -> list[str]:
    some = lines[:_LOOKED_AT]
    return [_sample(some, place) for place in range(wide)]


def _sample(lines: Sequence[TableRow], place: int) -> str:
    cells: Iterator[str] = (line.cells[place] for line in lines if place < len(line.cells))
    return next((" ".join(cell.split())[:_LABEL] for cell in cells if cell), "")
