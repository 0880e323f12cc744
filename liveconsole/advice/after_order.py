"""What sellers go by after the order, as editable files (``resources/seller``; the user's own copies win).

`figures`, `cards` and `provinces` read a text and are pure; `load` finds the files. What they say is shown
and rung: nothing is refused by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.advice.seller_files import BadSellerFile, parse, text_of
from liveconsole.domain.aftersale import Figures
from liveconsole.messages.cases import BothWords, ShopAct

CLOCKS: Final = "aftersale.toml"
CARDS: Final = "cases.toml"
PROVINCES: Final = "provinces.toml"
FILES: Final = (CLOCKS, CARDS, PROVINCES)
_SLOT: Final = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)?)\}")
SLOTS: Final = frozenset(
    {
        "goods", "sku", "order", "amount", "paid", "reason", "carrier", "waybill", "place", "province",
        "days", "until", "window",
    }
)  # fmt: skip
"""What a template may have filled from facts; besides ``note.STEP``."""

_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Id = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_]{1,32}$")]
_Days = Annotated[int, msgspec.Meta(ge=0, le=60)]


class StepCard(Struct, frozen=True, forbid_unknown_fields=True):
    """One step, as the file has it."""

    id: _Id
    zh: _Short
    en: _Short
    help_zh: str = ""
    help_en: str = ""
    acts: Annotated[list[ShopAct], msgspec.Meta(max_length=8)] = []
    needs: Literal["", "text", "date", "amount"] = ""


class TextCard(Struct, frozen=True, forbid_unknown_fields=True):
    """One text for the buyer, with its slots."""

    id: _Id
    title_zh: _Short
    title_en: _Short
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class CaseKindCard(Struct, frozen=True, forbid_unknown_fields=True):
    """What is done in one kind of case."""

    kind: _Id
    zh: _Short
    en: _Short
    step: Annotated[list[StepCard], msgspec.Meta(min_length=1, max_length=20)]
    template: Annotated[list[TextCard], msgspec.Meta(max_length=20)] = []

    @property
    def title(self) -> BothWords:
        return BothWords(self.zh, self.en)


class _Clocks(Figures, frozen=True, forbid_unknown_fields=True):
    checked: date | None = None
    source: str = ""


class _Cards(Struct, frozen=True, forbid_unknown_fields=True):
    card: Annotated[list[CaseKindCard], msgspec.Meta(max_length=50)] = []
    checked: date | None = None
    source: str = ""


class Provinces(Struct, frozen=True, forbid_unknown_fields=True):
    """Days to each province, least and most, and the names of carriers by their codes."""

    days: Annotated[dict[str, tuple[_Days, _Days]], msgspec.Meta(max_length=100)] = {}
    carriers: Annotated[dict[str, _Short], msgspec.Meta(max_length=200)] = {}
    sent_from: str = msgspec.field(default="", name="from")
    checked: date | None = None
    source: str = ""

    def days_to(self, place: str) -> tuple[int, int] | None:
        """Return the days to a province, however it is called: 浙江, 浙江省, 新疆维吾尔自治区."""
        found = [name for name in self.days if place.startswith(name)]
        return self.days[max(found, key=len)] if found else None

    def carrier(self, code: str) -> str:
        """Return a carrier's name; what is not in the table is shown as it was sent."""
        return self.carriers.get(code.upper(), code)


class AfterOrder(Struct, frozen=True):
    """What all the files say."""

    figures: Figures
    cards: Mapping[str, CaseKindCard]
    provinces: Provinces
    checked: Mapping[str, date | None]
    """By file: when somebody last held it against the rules."""


def figures(text: str) -> tuple[Figures, date | None]:
    """
    Raises:
        BadSellerFile: it is no TOML, or a figure is none.
    """
    found = parse(CLOCKS, text, _Clocks)
    if found.dispute_days < found.dispute_days_least:
        raise BadSellerFile(f"{CLOCKS}: dispute_days < dispute_days_least")
    return found, found.checked


def cards(text: str) -> tuple[dict[str, CaseKindCard], date | None]:
    """
    Raises:
        BadSellerFile: it is no TOML, a card is none, or a text has a slot that nothing fills.
    """
    made = parse(CARDS, text, _Cards)
    found: dict[str, CaseKindCard] = {}
    for card in made.card:
        if card.kind in found:
            raise BadSellerFile(f"{CARDS}: {card.kind}: twice")
        steps = [step.id for step in card.step]
        if len(set(steps)) != len(steps):
            raise BadSellerFile(f"{CARDS}: {card.kind}: a step twice")
        for one in card.template:
            for name in _SLOT.findall(one.text):
                if name not in SLOTS and name.removeprefix("note.") not in steps:
                    raise BadSellerFile(f"{CARDS}: {card.kind}.{one.id}: {{{name}}}")
        found[card.kind] = card
    return found, made.checked


def provinces(text: str) -> Provinces:
    """
    Raises:
        BadSellerFile: it is no TOML, or days are none.
    """
    found = parse(PROVINCES, text, Provinces)
    for name, (least, most) in found.days.items():
        if least > most:
            raise BadSellerFile(f"{PROVINCES}: {name}: {least} > {most}")
    return found


def slots_in(text: str) -> list[tuple[str, int, int]]:
    """Return the slots of a text: name, and where it stands."""
    return [(found[1], found.start(), found.end()) for found in _SLOT.finditer(text)]


def load(data: Path | None = None) -> AfterOrder:
    """
    Raises:
        BadSellerFile: a file cannot be used.
        OSError: one cannot be read.
    """
    texts = [text_of(name, data) for name in FILES]
    clocks, clocks_checked = figures(texts[0])
    steps, steps_checked = cards(texts[1])
    table = provinces(texts[2])
    checked = {CLOCKS: clocks_checked, CARDS: steps_checked, PROVINCES: table.checked}
    return AfterOrder(clocks, steps, table, checked)


def carrier_code(data: Path | None, called: str) -> str:
    """Return the code of a carrier, by its code or its name; what is not in the table as it was typed."""
    try:
        carriers = load(data).provinces.carriers
    except (BadSellerFile, OSError):
        carriers = {}
    wanted = called.strip()
    return next((code for code, name in carriers.items() if wanted in (name, code)), wanted)
