"""Campaigns, the phases of a broadcast and what is to be done before it (``calendar.toml``)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.advice import seller_files
from liveconsole.advice.seller_files import BadSellerFile

FILE: Final = "calendar.toml"
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]


class Campaign(Struct, frozen=True, forbid_unknown_fields=True):
    """``days``: the first day of each time; ``lasts``: how many days; ``warm``: how many before it."""

    id: _Id
    zh: _Word
    en: _Word
    days: Annotated[list[date], msgspec.Meta(max_length=50)]
    lasts: Annotated[int, msgspec.Meta(ge=1, le=60)] = 1
    warm: Annotated[int, msgspec.Meta(ge=0, le=60)] = 0


class Phase(Struct, frozen=True, forbid_unknown_fields=True):
    """Of a broadcast, with what it is to reach."""

    id: _Id
    zh: _Word
    en: _Word
    minutes: Annotated[int, msgspec.Meta(ge=1, le=600)]
    goal: str = ""
    goal_en: str = ""


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """Something to be done ``days`` before: to warm up, or for the account to be ready."""

    id: _Id
    zh: _Word
    en: _Word
    group: Literal["warm", "ready"]
    days: Annotated[int, msgspec.Meta(ge=0, le=60)] = 0


_KEYS: Final = {"campaigns": "campaign", "phases": "phase", "items": "item"}


class SellerCalendar(Struct, frozen=True, forbid_unknown_fields=True, rename=_KEYS):
    checked: date | None = None
    source: str = ""
    campaigns: Annotated[list[Campaign], msgspec.Meta(max_length=100)] = []
    phases: Annotated[list[Phase], msgspec.Meta(max_length=20)] = []
    items: Annotated[list[Item], msgspec.Meta(max_length=100)] = []


class Coming(Struct, frozen=True):
    """One time of a campaign, from its first day to its last."""

    campaign: Campaign
    first: date
    last: date

    @property
    def warm_from(self) -> date:
        return self.first - timedelta(days=self.campaign.warm)


def coming(calendar: SellerCalendar, today: date, days: int = 366) -> list[Coming]:
    """Return what runs or begins within so many days, the first to begin first."""
    found = [
        Coming(campaign, first, first + timedelta(days=campaign.lasts - 1))
        for campaign in calendar.campaigns
        for first in campaign.days
    ]
    near = [one for one in found if one.last >= today and one.first <= today + timedelta(days=days)]
    return sorted(near, key=lambda one: (one.first, one.campaign.id))


def parse(text: str) -> SellerCalendar:
    """
    Raises:
        BadSellerFile: it is no TOML, or two have one id.
    """
    found = seller_files.parse(FILE, text, SellerCalendar)
    for ids in ([c.id for c in found.campaigns], [p.id for p in found.phases], [i.id for i in found.items]):
        if len(set(ids)) != len(ids):
            raise BadSellerFile(f"{FILE}: {next(id_ for id_ in ids if ids.count(id_) > 1)}: twice")
    return found


def load(data: Path | None = None) -> SellerCalendar:
    """
    Raises:
        BadSellerFile: the file cannot be used.
        OSError: it cannot be read.
    """
    return parse(seller_files.text_of(FILE, data))
