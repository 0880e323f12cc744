"""整点秒杀 by a second opinion: each time once, one of a plan at a time, none more than were asked for, none
late, none that nobody approved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.sim.broken import must

Data = dict[str, Any]
LATE = timedelta(seconds=30)
_OVER = {"cue.ended", "cue.recalled", "cue.refused", "cue.missed", "cue.removed"}


@dataclass
class Plan:
    """``runs``: which of its times is on its way or on air; ``begun``: when each was fired by the clock."""

    times: int
    queued: dict[str, int] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    runs: str = ""
    fired: set[str] = field(default_factory=set)


class Plans:
    """Takes every event about a cue, in order."""

    def __init__(self) -> None:
        self._of: dict[str, Plan] = {}
        """Cue id → its plan."""
        self._plans: dict[str, Plan] = {}
        self.most_fired = 0

    @property
    def cues(self) -> list[str]:
        """Every time of every plan."""
        return list(self._of)

    def take(self, kind: str, data: Data, actor: str, at: datetime) -> None:
        cue_id = data.get("cue_id", "")
        if kind == "cue.queued" and data.get("repeat") is not None:
            self._queued(cue_id, data)
        plan = self._of.get(cue_id)
        if plan is None:
            return
        if kind == "cue.edited":
            plan.approved.discard(cue_id)
            if data.get("repeat") is None:
                del self._of[cue_id]
                return
            plan.times = data["repeat"]["times"]
        elif kind == "cue.approved":
            plan.approved.add(cue_id)
        elif kind == "cue.standby":
            plan.due[cue_id] = datetime.fromisoformat(data["fires_at"])
        elif kind in ("cue.recallable", "cue.firing") and plan.runs != cue_id:
            self._begins(plan, cue_id, actor, at)
        elif kind in _OVER and plan.runs == cue_id:
            plan.runs = ""

    def _queued(self, cue_id: str, data: Data) -> None:
        plan_id, nth = data.get("plan_id") or cue_id, data.get("nth", 1)
        plan = self._plans.setdefault(plan_id, Plan(data["repeat"]["times"]))
        must(nth not in plan.queued.values(), "one time of a plan twice", cue_id, nth)
        must(nth <= plan.times, "more times than were asked for", cue_id, nth)
        plan.queued[cue_id] = nth
        self._of[cue_id] = plan

    def _begins(self, plan: Plan, cue_id: str, actor: str, at: datetime) -> None:
        must(not plan.runs, "two times of one plan at once", cue_id, plan.runs)
        must(cue_id in plan.approved, "a time of a plan that nobody approved", cue_id)
        if actor == "clock" and cue_id not in plan.fired:
            must(at - plan.due[cue_id] <= LATE, "a time of a plan fired late", cue_id, at)
        plan.runs = cue_id
        plan.fired.add(cue_id)
        self.most_fired = max(self.most_fired, len(plan.fired))
