"""The budget of a broadcast: in 分, in hundredths of what was paid, or both; what was given against it, and
what would break it.

It stands in the room's settings, and every broadcast begins with nothing given. What was given is `given`'s:
paid orders, and unpaid ones apart. Ahead only the sum in 分 is judged, with all that runs used up: what a
promotion will sell is not known, so that a share of it cannot be. Where orders are not reported what was
given is unknown, and no alarm is made of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from liveconsole.domain import given, pricing
from liveconsole.domain.kind import kind_of, kind_of_spec
from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.budgets import BroadcastBudget
from liveconsole.messages.refusals import Refused
from liveconsole.messages.repeats import Repeat
from liveconsole.messages.specs import Spec
from liveconsole.messages.wording import short_yuan

NEAR: Final = 80
"""Hundredths of it from which on somebody is told."""
_WAITS: Final = frozenset({"queued", "approved", "standby", "recallable", "missed", "recalled", "refused"})


class Spent(Struct, frozen=True):
    """分. ``limit_fen``: the tighter of what was set, as far as it is known; ``used_fen``: given and held,
    None where nobody reports orders."""

    limit_fen: int | None
    used_fen: int | None

    @property
    def percent(self) -> int | None:
        """How much of it is used, in whole hundredths rounded down; None where that is not known, or where
        nothing was sold of which it is a share."""
        if self.limit_fen is None or self.used_fen is None:
            return None
        if self.limit_fen == 0:
            return None if self.used_fen == 0 else 100
        return self.used_fen * 100 // self.limit_fen


def limit_of(budget: BroadcastBudget, gmv_fen: int | None) -> int | None:
    """Return the tighter of what was set; a share of what nobody knows is none."""
    limits = [] if budget.fen is None else [budget.fen]
    if budget.gmv_percent is not None and gmv_fen is not None:
        limits.append(gmv_fen * budget.gmv_percent // 100)
    return min(limits, default=None)


def spent(room: Room, now: datetime) -> Spent | None:
    """Return how the budget stands; None without one."""
    budget = room.settings.budget
    if budget is None:
        return None
    known = orders_known(room)
    limit = limit_of(budget, room.totals.gmv_fen if known else None)
    so_far = given.of_broadcast(room, now)
    used = so_far.given_fen + so_far.held_fen
    return Spent(limit, used if known else None)


def times_left(repeat: Repeat | None, nth: int = 1) -> int:
    """Return how many times a promotion still comes, the ``nth`` included."""
    return 1 if repeat is None else repeat.times - nth + 1


def beyond(room: Room, spec: Spec, now: datetime, *, without: str | None = None, times: int = 1) -> int:
    """Return by how many 分 the broadcast could come to more than its sum if it were fired ``times`` and all
    that runs were used up, with what goes on by itself; 0 where it could not, or where no sum was set."""
    budget = room.settings.budget
    if budget is None or budget.fen is None or not kind_of_spec(spec).DISCOUNTS:
        return 0
    most = given.of_broadcast(room, now, without=without).most_fen
    most += _going_on(room, without)
    return max(0, most + times * pricing.exposure_fen(room, spec) - budget.fen)


def _going_on(room: Room, without: str | None) -> int:
    """Return what the plans that have begun can still give in their later times, that of ``without`` left
    out: nobody is asked again before they come."""
    own = room.cues[without].plan_id if without is not None and without in room.cues else None
    plans = (
        cue
        for cue in map(room.cues.__getitem__, room.queue)
        if cue.nth > 1 and cue.status == "standby" and cue.plan_id != own and kind_of(cue).DISCOUNTS
    )
    return sum(times_left(cue.repeat, cue.nth) * pricing.exposure_fen(room, cue.spec) for cue in plans)


def refusal(room: Room, cue: Cue, now: datetime) -> Refused | None:
    """Return the no to one that would break a budget that was set hard; an ordinary one only warns."""
    budget = room.settings.budget
    if budget is None or not budget.hard:
        return None
    # Who approves the first time approves them all; one that comes later has its own alone to answer for.
    times = times_left(cue.repeat, cue.nth) if cue.approved_by is None else 1
    over = beyond(room, cue.spec, now, without=cue.cue_id, times=times)
    if not over or budget.fen is None:
        return None
    said = {"over": short_yuan(over), "budget": short_yuan(budget.fen)}
    return Refused("over_budget", said | {"over_fen": over, "budget_fen": budget.fen})


def ahead(room: Room, now: datetime) -> dict[str, int]:
    """Return what waits in the queue and would break it: cue → by how many 分."""
    if room.settings.budget is None or room.settings.budget.fen is None:
        return {}
    waiting = [cue for cue in map(room.cues.__getitem__, room.queue) if cue.status in _WAITS]
    found = {
        cue.cue_id: beyond(room, cue.spec, now, without=cue.cue_id, times=times_left(cue.repeat, cue.nth))
        for cue in waiting
    }
    return {cue_id: over for cue_id, over in found.items() if over}


def dearest(room: Room, now: datetime) -> Cue | None:
    """Return the running promotion that can still give the most, which is the first to stop."""
    running = [cue for cue in room.cues.values() if cue.status == "on_air" and kind_of(cue).DISCOUNTS]
    still = {cue.cue_id: _still(room, cue, now) for cue in running}
    return max(running, key=lambda cue: (still[cue.cue_id], cue.cue_id), default=None)


def _still(room: Room, cue: Cue, now: datetime) -> int:
    one = given.of_cue(room, cue, now)
    return one.most_fen - one.given_fen - one.held_fen
