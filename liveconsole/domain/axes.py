"""Colours × sizes: along which axes the SKUs of a product lie, read off what they are called. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from msgspec import Struct


class Axes(Struct, frozen=True):
    """``names`` and ``values`` have one entry an axis, ``places`` one a SKU: its value on each axis.

    No axis at all where the names lie in no order: of one SKU, or where two are called the same.
    """

    names: tuple[str, ...] = ()
    """As the shop calls them; empty where it does not say."""
    values: tuple[tuple[str, ...], ...] = ()
    """In the order of the SKUs; sizes from small to large."""
    places: tuple[tuple[str, ...], ...] = ()


_NONE: Final = Axes()
_Row = tuple[tuple[str, str], ...]
"""One SKU: (what the axis is called, its value there)."""

_LETTERS: Final = ("XXXS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "XXXXL", "XXXXXL")
_RANKS: Final = {
    **{word: rank for rank, word in enumerate(_LETTERS)},
    **{f"{n}XL": _LETTERS.index("XL") + n - 1 for n in range(1, 10)},
    **{word: rank for rank, word in enumerate(("小", "中", "大", "加大", "特大"))},
}
_UNIT: Final = r"码|cm|mm|ml|kg|g|l|厘米|毫升|升|克|斤|千克|寸|岁|米"
_SIZE: Final = (
    rf"(?:[X]{{0,5}}[SL]|M|\dXL)(?:[码号])?|(?:特大|加大|小|中|大)[码号]|均码|单一尺码"
    rf"|\d{{2,3}}[/-]\d{{2,3}}[A-Z]?|\d{{2,3}}(?:\.5)?|\d{{1,4}}(?:\.\d)?\s*(?:{_UNIT})|\d{{2}}[A-G]"
)
_IS_SIZE: Final = re.compile(_SIZE, re.IGNORECASE)
_BETWEEN: Final = r"[\s/,、;|·_+*×\-(\[【]"
_LAST_IS_SIZE: Final = re.compile(
    rf"(?P<rest>.*?[^\sA-Za-z0-9/.\-])\s*(?P<size>{_SIZE})[)\]】]?|(?P<rest2>.+?){_BETWEEN}+(?P<size2>{_SIZE})[)\]】]?",
    re.IGNORECASE,
)
_FIRST_IS_SIZE: Final = re.compile(rf"(?P<size>{_SIZE}){_BETWEEN}+(?P<rest>.+)", re.IGNORECASE)
_LABELLED: Final = re.compile(r"\s*([^:=;,|]{1,12})\s*[:=]\s*([^;,|]+?)\s*(?:[;,|]|$)")
_SEPARATORS: Final = (r"\s*[;|]\s*", r"\s*[,、]\s*", r"\s+", r"\s*/\s*", r"\s*[·_+*×]\s*", r"\s*-\s*")
_EDGES: Final = " /,、;|·_+*×-([【)]】"
_SIZE_NAMES: Final = re.compile(r"尺|码|大小|size", re.IGNORECASE)


def axes_of(title: str, names: Iterable[str]) -> Axes:
    """Return the axes of the SKUs that are called so, at most two: what is in rows first, sizes last.

    Args:
        title: the product's own, which some shops repeat before every SKU.
    """
    return _axes_of(title, tuple(names))


@lru_cache(maxsize=8192)
def _axes_of(title: str, names: tuple[str, ...]) -> Axes:
    if len(names) < 2:
        return _NONE
    before = _plain(title)
    plain = [_plain(name) for name in names]
    if before and all(name.startswith(before) and name != before for name in plain):
        plain = [name.removeprefix(before).strip(_EDGES) for name in plain]
    for read in _READINGS:
        rows = [read(name) for name in plain]
        found = _grid([row for row in rows if row is not None]) if None not in rows else None
        if found is not None:
            return found
    return _grid([(("", name),) for name in plain]) or _NONE


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _only_size(name: str) -> _Row | None:
    """「M」「165/88A」."""
    return (("", name),) if _IS_SIZE.fullmatch(name) else None


def _labelled(name: str) -> _Row | None:
    """「颜色:驼色;尺码:M」."""
    found = list(_LABELLED.finditer(name))
    whole = found and found[0].start() == 0 and found[-1].end() == len(name)
    if not whole or any(one.end() != other.start() for one, other in pairwise(found)):
        return None
    return tuple((one[1], one[2]) for one in found)


def _last_is_size(name: str) -> _Row | None:
    """「驼色 M」「驼色M」「深 蓝（170/92A）」."""
    found = _LAST_IS_SIZE.fullmatch(name)
    if found is None:
        return None
    rest = (found["rest"] or found["rest2"]).strip(_EDGES)
    return (("", rest), ("", found["size"] or found["size2"])) if rest else None


def _first_is_size(name: str) -> _Row | None:
    """「M/驼色」."""
    found = _FIRST_IS_SIZE.fullmatch(name)
    return (("", found["size"]), ("", found["rest"].strip(_EDGES))) if found is not None else None


def _split_at(separator: str) -> Callable[[str], _Row | None]:
    at = re.compile(separator)

    def split(name: str) -> _Row | None:
        parts = [part for part in at.split(name) if part]
        return tuple(("", part) for part in parts) if len(parts) > 1 else None

    return split


_READINGS: Final = (_only_size, _labelled, _last_is_size, _first_is_size, *map(_split_at, _SEPARATORS))
"""The surest first; what reads every name of a product and makes a table of them is taken."""


def _grid(rows: Sequence[_Row]) -> Axes | None:
    """A table of the rows, or None where they do not fill one."""
    heads = {tuple(name for name, _value in row) for row in rows}
    if len(heads) != 1:
        return None
    (head,) = heads
    places = [[value for _name, value in row] for row in rows]
    varying = [at for at in range(len(head)) if len({row[at] for row in places}) > 1]
    if not varying:
        return None
    columns = [(head[at], [row[at] for row in places]) for at in varying]
    columns.sort(key=lambda column: _are_sizes(*column))
    if len(columns) > 2:
        # A table has two sides: all but the last share the rows.
        *joined, last = columns
        name = " ".join(filter(None, (name for name, _values in joined)))
        together = zip(*(values for _name, values in joined), strict=True)
        columns = [(name, [" ".join(parts) for parts in together]), last]
    found = tuple(zip(*(values for _name, values in columns), strict=True))
    if len(set(found)) < len(found):
        return None
    values = tuple(_in_order(values) for _name, values in columns)
    if len(values) == 2 and not _fills(len(values[0]), len(values[1]), len(found)):
        return None  # hardly a value comes twice: names of two words, no table
    return Axes(tuple(name for name, _values in columns), values, found)


def _fills(rows: int, columns: int, skus: int) -> bool:
    return rows * columns <= 2 * skus and min(rows, columns) < skus


def _are_sizes(name: str, values: Sequence[str]) -> bool:
    return bool(_SIZE_NAMES.search(name)) or all(_IS_SIZE.fullmatch(value) for value in values)


def _in_order(values: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(values))
    letters = [_RANKS.get(value.upper().rstrip("码号")) for value in found]
    if None not in letters:
        return tuple(sorted(found, key=lambda value: _RANKS[value.upper().rstrip("码号")]))
    if all(_IS_SIZE.fullmatch(value) and value[0].isdigit() for value in found):
        return tuple(sorted(found, key=_figure))
    return found


def _figure(value: str) -> tuple[float, str]:
    figure = re.match(r"\d+(?:\.\d+)?", value)
    return (float(figure[0]) if figure is not None else 0.0, value)
