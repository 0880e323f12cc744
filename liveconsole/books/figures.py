"""What a shop goes by with its customers: an editable file (``seller/customers.toml``; the data folder's own
copy wins)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.advice import seller_files
from liveconsole.advice.seller_files import BadSellerFile
from liveconsole.messages.membership import MemberFigures

FILE: Final = "customers.toml"
SEGMENTS_MOST: Final = 50

_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Score = Annotated[int, msgspec.Meta(ge=1, le=5)]
_Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
_Figure = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class RfmSegment(Struct, frozen=True, forbid_unknown_fields=True):
    """One segment of RFM: the scores that it holds, both ends included, and what to do with it."""

    name: _Word
    r: tuple[_Score, _Score]
    f: tuple[_Score, _Score]
    m: tuple[_Score, _Score]
    zh: _Word
    do_zh: _Word
    do_en: _Word


class CustomerTier(Struct, frozen=True, forbid_unknown_fields=True):
    """One tier of the seed: its expected share, and what to do with it."""

    name: _Word
    zh: _Word
    en: _Word
    share_percent: _Percent
    do_zh: _Word
    do_en: _Word


class TierBounds(Struct, frozen=True, forbid_unknown_fields=True):
    """Money in 元 a month, the mean of the last ``months``; interactions in the last seven days."""

    months: Annotated[int, msgspec.Meta(ge=1, le=24)] = 3
    high_yuan: _Figure = 5000
    high_groups: _Figure = 3
    mid_yuan: _Figure = 1000
    mid_interactions: _Figure = 3
    first_order_days: _Figure = 30


class CustomerFigures(
    Struct, frozen=True, forbid_unknown_fields=True, rename={"segments": "segment", "steps": "tier"}
):
    name: str
    checked: date
    source: str
    source_en: str
    segments: Annotated[list[RfmSegment], msgspec.Meta(max_length=SEGMENTS_MOST)]
    tiers: TierBounds
    steps: Annotated[list[CustomerTier], msgspec.Meta(min_length=3, max_length=3)]
    """high, potential and new, in this order."""
    members: MemberFigures


def parse(text: str) -> CustomerFigures:
    """
    Raises:
        BadSellerFile: it is no TOML, or a figure is none.
    """
    found = seller_files.parse(FILE, text, CustomerFigures)
    if [one.name for one in found.steps] != ["high", "potential", "new"]:
        raise BadSellerFile(f"{FILE}: tier: high, potential, new")
    starts = [level.since for level in found.members.levels]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)):
        raise BadSellerFile(f"{FILE}: members.level: from 0, rising")
    return found


def load(data: Path | None = None) -> CustomerFigures:
    """
    Raises:
        BadSellerFile: the file cannot be used.
        OSError: it cannot be read.
    """
    return parse(seller_files.text_of(FILE, data))


def usable(data: Path | None) -> CustomerFigures:
    """Return what holds; a file in the data folder that cannot be used is as good as none."""
    try:
        return load(data)
    except (BadSellerFile, OSError):
        return load()


def member_figures(data: Path | None) -> MemberFigures:
    """Return the members' part of what holds."""
    return usable(data).members
