"""``GET /v1/prepare``: campaigns, planned broadcasts with what is to be done for each, and rivals.

What people wrote is read off the log at the places that the tables name; the items, phases and campaigns are
an editable file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from liveconsole.advice import campaigns as calendars
from liveconsole.advice.campaigns import Coming, SellerCalendar
from liveconsole.advice.seller_files import BadSellerFile
from liveconsole.books.reading import BookReader
from liveconsole.books.rivals import newest_week
from liveconsole.domain.china import day_of
from liveconsole.domain.preparing import NEAR
from liveconsole.messages.preparations import CampaignTold, ItemTold, PhaseTold, PlanTold, PreparePage
from liveconsole.messages.preparing import NEXT, PlanWritten, PrepareTicked

_PLANS: Final = 200
"""Plans that are looked at, the newest; a room has 50 to come at most."""
_AHEAD: Final = 366
_NOTED = "SELECT key, seq FROM noted WHERE kind = ? ORDER BY seq DESC LIMIT ?"
_TICKS = "SELECT key, seq FROM noted WHERE kind = 'tick' AND key > ? AND key < ? ORDER BY seq"
_encode = msgspec.json.Encoder().encode


class _Line(msgspec.Struct):
    seq: int
    type: str
    at: Any
    actor: str
    data: Any


_decode = msgspec.json.Decoder(_Line).decode


def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
    """Answer with everything; the query says nothing."""
    return _encode(page(reader))


def page(reader: BookReader) -> PreparePage:
    """Return what is to come."""
    now, trouble = reader.now(), ""
    try:
        calendar = calendars.load(reader.folder)
    except (BadSellerFile, OSError) as error:
        calendar, trouble = calendars.load(), str(error)
    today = day_of(now)
    coming = calendars.coming(calendar, today, _AHEAD)
    plans = [_told(reader, calendar, coming, plan, 0) for plan in _plans(reader)]
    plans = [plan for plan in plans if plan.at is None or plan.at > now - NEAR]
    plans.sort(key=lambda plan: (plan.at is None, plan.at or now))
    if not plans:
        plans = [_told(reader, calendar, coming, None, _over(reader).get(NEXT, 0))]
    return PreparePage(
        now,
        today,
        reader.simulated,
        calendar.checked,
        calendar.source,
        trouble,
        [_campaign(one, today) for one in coming],
        plans,
        newest_week(reader),
    )


def _plans(reader: BookReader) -> Iterator[PlanWritten]:
    """Read the plans that nobody has dropped or held."""
    over = _over(reader)
    written = {key: seq for key, seq in reader.rows(_NOTED, ("plan", _PLANS)) if seq > over.get(key, 0)}
    for raw in reader.lines_at(list(written.values())):
        yield msgspec.convert(_decode(raw).data, PlanWritten)


def _over(reader: BookReader) -> dict[str, int]:
    """Plan → the seq at which it was held or dropped, of the newest."""
    return dict(reader.rows(_NOTED, ("over", _PLANS)))


def _told(
    reader: BookReader,
    calendar: SellerCalendar,
    coming: list[Coming],
    plan: PlanWritten | None,
    floor: int,
) -> PlanTold:
    """``plan`` None: nobody has planned what comes next. Ticks count from ``floor`` on."""
    today = day_of(reader.now())
    ticks = _ticks(reader, plan.plan_id if plan is not None else NEXT, floor)
    if plan is None:
        items = [_item(item, ticks.get(item.id), None, today) for item in calendar.items]
        phases = [_phase(phase, "") for phase in calendar.phases]
        return PlanTold(NEXT, "", None, None, None, phases, items)
    own = {goal.phase: goal.goal.strip() for goal in plan.goals}
    named = next((one for one in coming if one.campaign.id == plan.campaign), None)
    return PlanTold(
        plan.plan_id,
        plan.title,
        plan.at,
        _campaign(named, today) if named is not None else None,
        plan.reserved,
        [_phase(phase, own.get(phase.id, "")) for phase in calendar.phases],
        [_item(item, ticks.get(item.id), day_of(plan.at), today) for item in calendar.items],
    )


def _phase(phase: calendars.Phase, own: str) -> PhaseTold:
    goals = (own, own) if own else (phase.goal, phase.goal_en)
    return PhaseTold(phase.id, phase.zh, phase.en, phase.minutes, *goals, bool(own))


def _ticks(reader: BookReader, plan_id: str, floor: int) -> dict[str, _Line]:
    rows = [row for row in reader.rows(_TICKS, (f"{plan_id}\n", f"{plan_id}\v")) if row[1] > floor]
    lines = map(_decode, reader.lines_at([row[1] for row in rows]))
    return {msgspec.convert(line.data, PrepareTicked).item: line for line in lines}


def _item(item: calendars.Item, line: _Line | None, day: date | None, today: date) -> ItemTold:
    due = day - timedelta(days=item.days) if day is not None else None
    done = line is not None and line.data["done"]
    return ItemTold(
        item.id,
        item.zh,
        item.en,
        item.group,
        item.days,
        due,
        done,
        line.actor if line is not None else "",
        line.at if line is not None else None,
        not done and due is not None and due < today,
    )


def _campaign(one: Coming, today: date) -> CampaignTold:
    campaign = one.campaign
    return CampaignTold(
        campaign.id,
        campaign.zh,
        campaign.en,
        one.first,
        one.last,
        one.warm_from,
        (one.first - today).days,
    )
