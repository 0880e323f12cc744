"""What is to come and to be done, as ``GET /v1/prepare`` tells it. In 分; None is not known."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class CampaignTold(Struct, frozen=True):
    """``days``: until its first day; 0 or below: it runs."""

    id: str
    zh: str
    en: str
    first: date
    last: date
    warm_from: date
    days: int


class PhaseTold(Struct, frozen=True):
    """Of a broadcast. ``goal`` as people wrote it for this broadcast, else as the file says."""

    id: str
    zh: str
    en: str
    minutes: int
    goal: str
    goal_en: str
    own: bool = False


class ItemTold(Struct, frozen=True):
    """Something to be done by the end of ``due`` (a day in China; None: no time is planned yet)."""

    id: str
    zh: str
    en: str
    group: str
    days: int
    due: date | None
    done: bool
    by: str = ""
    """The role that ticked it last."""
    ticked_at: datetime | None = None
    late: bool = False


class PlanTold(Struct, frozen=True):
    """A broadcast that is to come; without ``at`` nobody has planned it."""

    plan_id: str
    title: str
    at: datetime | None
    campaign: CampaignTold | None
    reserved: int | None
    phases: list[PhaseTold]
    items: list[ItemTold]

    @property
    def left(self) -> int:
        """How many items are not done."""
        return sum(not item.done for item in self.items)


class RivalGoods(Struct, frozen=True):
    """One of a rival's best sellers, and what of ours may be the same."""

    title: str
    price_fen: int
    sold: int | None
    rank: int | None
    ours: str = ""
    ours_fen: int | None = None


class RivalShop(Struct, frozen=True):
    """``bands``: how many of its goods lie in each; ``overlap`` and ``first_share`` are parts of 1."""

    shop: str
    goods: list[RivalGoods]
    bands: list[int]
    overlap: float | None
    first_share: float | None


class RivalWeek(Struct, frozen=True):
    """``edges``: of the bands, in 分; the last has no upper end."""

    week: date
    edges: list[tuple[int, int | None]]
    ours: list[int]
    shops: list[RivalShop]
    weeks: int
    """How many weeks were ever brought in."""


class PreparePage(Struct, frozen=True):
    """``trouble``: why the file of the calendar cannot be used; the program's own holds then."""

    at: datetime
    today: date
    simulated: bool
    checked: date | None
    source: str
    trouble: str
    campaigns: list[CampaignTold]
    plans: list[PlanTold]
    """The first to come first; never empty: without a plan the next broadcast stands here."""
    rivals: RivalWeek | None
