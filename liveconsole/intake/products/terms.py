"""What a table says of a product beside its price and stock: its category, its licences, when it is sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.law import QUALIFICATIONS_LIMIT, Qualification
from liveconsole.messages.text import TEXT_LIMIT

MOST_HOURS: Final = 60 * 24
COLUMNS: Final = ("category", "licences", "ship_hours", "ships_on")
_KIND_LIMIT: Final = 200
_HOURS: Final = re.compile(
    r"(\d{1,4})(?:\.0+)?\s*(天|日|d|days?|小时|个小时|h|hours?)?\s*(?:内|之内)?\s*(?:发货)?", re.IGNORECASE
)
_IN_DAYS: Final = ("天", "日", "d")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_APART: Final = re.compile(r"[;；\n]")


class BadTerm(Exception):
    """``code``: one of ``REASONS``; ``column``: whose cell it is."""

    def __init__(self, code: str, column: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


class Terms(Struct, frozen=True):
    """Empty and None are not said by the table: of a known product they stay."""

    category: str = ""
    licences: tuple[Qualification, ...] = ()
    ship_hours: int | None = None
    ships_on: date | None = None

    def put(self) -> dict[str, Any]:
        """As `catalogue.put` takes them."""
        said: dict[str, Any] = {}
        if self.category:
            said["category"] = self.category
        if self.licences:
            said["qualifications"] = [_licence(one) for one in self.licences]
        if self.ship_hours is not None:
            said["ship_hours"] = self.ship_hours
        if self.ships_on is not None:
            said["ships_on"] = self.ships_on.isoformat()
        return said

    def over(self, other: Terms) -> Terms:
        """With what only the other says: rows of one product say it once."""
        return Terms(
            self.category or other.category,
            self.licences or other.licences,
            self.ship_hours if self.ship_hours is not None else other.ship_hours,
            self.ships_on or other.ships_on,
        )

    def with_pictures(self, there: list[Qualification] | None) -> Terms:
        """A table has no pictures: a licence of the same kind and number keeps the one that it has."""
        kept = {(one.kind, one.number): one.image for one in there or ()}
        licences = (
            msgspec.structs.replace(one, image=kept.get((one.kind, one.number), "")) for one in self.licences
        )
        return msgspec.structs.replace(self, licences=tuple(licences))


NOTHING_OF_TERMS: Final = Terms()


def read_terms(said: Mapping[str, str]) -> Terms:
    """``said``: column → cell.

    Raises:
        BadTerm: a cell that cannot be taken as it stands.
    """
    category = said.get("category", "").strip()
    if len(category) > TEXT_LIMIT:
        raise BadTerm("category_long", "category")
    return Terms(
        category,
        tuple(_licences(said.get("licences", ""))),
        _hours(said.get("ship_hours", "")),
        _day(said.get("ships_on", ""), "day_format", "ships_on"),
    )


def licences_said(licences: list[dict[str, Any]] | list[Qualification] | None) -> str:
    """As the column of a table has them."""
    found = msgspec.convert(msgspec.to_builtins(licences or []), list[Qualification])
    parts = ((one.kind, one.number, one.until.isoformat() if one.until else "") for one in found)
    return "；".join(" ".join(filter(None, part)) for part in parts)


def _licence(one: Qualification) -> dict[str, Any]:
    said = {"kind": one.kind, "number": one.number}
    if one.image:
        said["image"] = one.image
    if one.until is not None:
        said["until"] = one.until.isoformat()
    return said


def _licences(cell: str) -> list[Qualification]:
    found: list[Qualification] = []
    for part in filter(None, map(str.strip, _APART.split(cell))):
        words = part.split()
        until = None
        if len(words) > 2 and _DAY.fullmatch(words[-1]) is not None:
            until = _day(words.pop(), "licence_format", "licences")
        if len(words) < 2 or len(words[0]) > _KIND_LIMIT or len(part) > TEXT_LIMIT:
            raise BadTerm("licence_format", "licences", value=part[:TEXT_LIMIT])
        found.append(Qualification(words[0], " ".join(words[1:]), until=until))
    if len(found) > QUALIFICATIONS_LIMIT:
        raise BadTerm("licences_many", "licences", most=QUALIFICATIONS_LIMIT)
    return found


def _hours(cell: str) -> int | None:
    text = unicodedata.normalize("NFKC", cell).strip()
    if not text:
        return None
    found = _HOURS.fullmatch(text)
    number = int(found[1]) if found is not None else 0
    if found is not None and (found[2] or "").lower().startswith(_IN_DAYS):
        number *= 24
    if not 1 <= number <= MOST_HOURS:
        raise BadTerm("hours_format", "ship_hours", value=cell)
    return number


def _day(cell: str, code: str, column: str) -> date | None:
    text = unicodedata.normalize("NFKC", cell).strip()
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass  # the 31st of a month that has none
    raise BadTerm(code, column, value=cell)
