"""Before the day: a planned broadcast with what is to be done for it, and what rivals sell.

Which items and phases there are stands in an editable file (``resources/seller/calendar.toml``); the log
keeps ids and who ticked them when.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import MARK, Count, Fen, Id, Typed

GOALS_LIMIT: Final = 20
RIVAL_ROWS_LIMIT: Final = 300
NEXT: Final = "next"
"""The plan of the next broadcast, where nobody has planned one."""
When = Annotated[datetime, msgspec.Meta(tz=True)]
_Text = Annotated[str, msgspec.Meta(max_length=200, extra={MARK: "typed"})]


class PhaseGoal(Struct, frozen=True):
    phase: Id
    goal: _Text


class PlanPut(Struct, frozen=True):
    """``prepare.plan``: a broadcast that is to come. Whole: what is not sent of it is taken away.
    ``reserved``: how many asked to be told, as the platform's 预告 shows it; None: nobody read it off."""

    at: When
    plan_id: Id | None = None
    title: _Text = ""
    campaign: Id | None = None
    goals: Annotated[list[PhaseGoal], msgspec.Meta(max_length=GOALS_LIMIT)] = []
    reserved: Count | None = None


class PlanDrop(Struct, frozen=True):
    plan_id: Id


class PrepareTick(Struct, frozen=True):
    """``prepare.tick``. Without ``plan_id``: of the broadcast that comes next."""

    item: Id
    done: bool
    plan_id: Id | None = None


class PlanWritten(Struct, frozen=True):
    plan_id: str
    at: datetime
    title: Typed = ""
    campaign: str | None = None
    goals: list[PhaseGoal] = []
    reserved: int | None = None


class PlanDropped(Struct, frozen=True):
    plan_id: str


class PrepareTicked(Struct, frozen=True):
    plan_id: str
    item: str
    done: bool


class RivalRow(Struct, frozen=True):
    """One of a rival's best sellers in a week. ``sold``: units, as its list says."""

    shop: _Text
    title: _Text
    price_fen: Fen
    sold: Count | None = None
    rank: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None


class RivalsPut(Struct, frozen=True):
    """``rivals.put``: what rivals sold best in the week that begins on ``week``. The same week again:
    instead."""

    week: date
    rows: Annotated[list[RivalRow], msgspec.Meta(min_length=1, max_length=RIVAL_ROWS_LIMIT)]


PREPARING_COMMANDS: Final[dict[str, type[Struct]]] = {
    "prepare.plan": PlanPut,
    "prepare.drop": PlanDrop,
    "prepare.tick": PrepareTick,
    "rivals.put": RivalsPut,
}
PREPARING_EVENTS: Final[dict[str, type[Struct]]] = {
    "prepare.planned": PlanWritten,
    "prepare.dropped": PlanDropped,
    "prepare.ticked": PrepareTicked,
    "rivals.put": RivalsPut,
}
