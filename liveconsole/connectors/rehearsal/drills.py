"""What the simulated room does while a drill runs: the script's people ask, the audience changes. Pure.

It begins when the room says that a drill runs and goes by the seconds since then; behind the end it takes
away what the drill had put into the queue.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.connectors.rehearsal.moment import Ask, Outbox
from liveconsole.connectors.rehearsal.scenario import Rate, folder
from liveconsole.connectors.rehearsal.view import DrillView, RehearsalRoom
from liveconsole.messages.drills import DRILLS

_WAITING: Final = frozenset({"queued", "approved", "standby", "refused", "rejected", "recalled"})


class ScriptedAsk(Struct, frozen=True):
    """``times`` asks, ``every`` so many seconds, from ``at`` on."""

    at: float
    type: str
    data: dict[str, Any]
    role: str = "host"
    every: float = 0.0
    times: int = 1


class Air(Struct, frozen=True):
    """How the audience lives from ``begins`` to ``ends``: as often as usual times a factor."""

    begins: float = 0.0
    ends: float = 0.0
    mute: bool = False
    """Nothing comes from the room."""
    comments: Rate = 1.0
    sale_orders: Rate = 1.0
    says: list[str] = []


CALM: Final = Air()


class DrillDoings(Struct, frozen=True):
    step: list[ScriptedAsk]
    air: list[Air] = []


def scripts() -> dict[str, DrillDoings]:
    """Every drill's, by its name."""
    found = msgspec.toml.decode((folder() / "drills.toml").read_bytes(), type=dict[str, DrillDoings])
    return {name: found[name] for name in DRILLS}


class DrillScript:
    """``run`` names this run of the world, so that no command's id is used twice."""

    def __init__(self, run: str = "") -> None:
        self._scripts = scripts()
        self._out = Outbox("", f"{run}d")
        self._drill: DrillView | None = None
        self._began = 0.0
        self._asked = 0

    def step(self, second: float, view: RehearsalRoom) -> list[Ask]:
        """What the script's people ask for by ``second`` of a clock that only goes on."""
        if self._drill is not None and view.drill != self._drill:
            self._take_away(self._drill, view)
            self._drill = None
        if self._drill is None and view.drill is not None:
            self._drill, self._began, self._asked = view.drill, second, 0
        if self._drill is not None:
            due = self._due(self._drill, second - self._began)
            for ask in due[self._asked :]:
                self._out.ask(ask.type, ask.data, ask.role)
            self._asked = max(self._asked, len(due))
        return self._out.take().asks

    def air(self, second: float) -> Air:
        """How the audience lives now."""
        if self._drill is None:
            return CALM
        age = second - self._began
        return next((air for air in self._script(self._drill).air if air.begins <= age < air.ends), CALM)

    def _script(self, drill: DrillView) -> DrillDoings:
        """A drill of a newer engine has none here: nothing happens in it, and so there is no mark."""
        return self._scripts.get(drill.name, DrillDoings([]))

    def _due(self, drill: DrillView, age: float) -> list[ScriptedAsk]:
        found = [
            (step.at + n * step.every, _of(step, drill.drill_id, n + 1))
            for step in self._script(drill).step
            for n in range(step.times)
        ]
        return [ask for at, ask in sorted(found, key=lambda each: each[0]) if at <= age]

    def _take_away(self, drill: DrillView, view: RehearsalRoom) -> None:
        for cue_id, status in view.cues:
            if not cue_id.startswith(f"{drill.drill_id}-"):
                continue
            if status in _WAITING:
                self._out.ask("cue.remove", {"cue_id": cue_id}, "host")
            elif status == "on_air":
                self._out.ask("cue.stop", {"cue_id": cue_id, "reason": "演练结束"}, "host")


def _of(step: ScriptedAsk, drill_id: str, n: int) -> ScriptedAsk:
    """The step with its ids filled in."""
    cue_id = step.data.get("cue_id")
    if cue_id is None:
        return step
    named = {**step.data, "cue_id": cue_id.replace("{drill}", drill_id).replace("{n}", str(n))}
    return msgspec.structs.replace(step, data=named)
