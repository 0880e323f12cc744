"""The host and the assistant of an automatic rehearsal, after the scenario's script. Pure.

It asks for what a person would ask for with the same keys: the assistant composes, the host approves
and fires, takes back, stops, confirms winners.
"""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import asdict

from liveconsole.connectors.rehearsal.moment import Ask, Outbox
from liveconsole.connectors.rehearsal.scenario import Scenario, ScenarioProduct, ScriptStep
from liveconsole.connectors.rehearsal.view import RehearsalRoom

_APPROVE_AFTER: Final = 1.0
_FIRE_AFTER: Final = 2.0
_RECALL_AFTER: Final = 1.0

_Due = tuple[float, int, str, dict[str, Any], str]


class Autopilot:
    """``script`` False: it only prepares the room and leaves every key to the person at the desk."""

    def __init__(
        self,
        scenario: Scenario,
        start: datetime,
        *,
        products: list[ScenarioProduct],
        run: str = "",
        script: bool = True,
    ) -> None:
        self._scenario = scenario
        self._start = start
        self._products = products
        self._run = run
        self._script = script
        self._out = Outbox("", run)
        self._due: list[_Due] = []
        self._count = 0
        self._cycle = 0
        self._settles: set[str] = set()
        self._settled: set[tuple[str, str]] = set()
        if script:
            self._plan(0)

    def prepare(self) -> list[Ask]:
        """Settings, shop, cart, and the broadcast opened. For a person's own rehearsal the script's
        longest cue of each kind stands composed in the queue as well."""
        room = self._scenario.room
        settings = {
            "platform": "rehearsal",
            "title": self._scenario.title,
            "recall_seconds": room.recall_seconds,
            "hold_seconds": room.hold_seconds,
        }
        ids = [product.id for product in self._products]
        self._out.ask("room.set", settings, "host")
        self._out.ask("catalogue.put", {"products": [product.put() for product in self._products]}, "host")
        self._out.ask("cart.add", {"product_ids": ids}, "host")
        self._out.ask("broadcast.open", {"title": self._scenario.title}, "host")
        if not self._script:
            longest: dict[str, ScriptStep] = {}
            for step in self._scenario.script.step:
                if step.kind is not None:
                    had = longest.get(step.kind)
                    if had is None or step.spec["seconds"] > had.spec["seconds"]:
                        longest[step.kind] = step
            for kind, step in longest.items():
                self._out.ask("cue.add", {"kind": kind, "spec": step.spec}, "assistant")
        return self._out.take().asks

    def step(self, now: datetime, view: RehearsalRoom) -> list[Ask]:
        """What they press by ``now``."""
        age = (now - self._start) / timedelta(seconds=1)
        while self._due and self._due[0][0] <= age:
            _, _, type_, data, role = heapq.heappop(self._due)
            self._out.ask(type_, data, role)
        if self._script and age >= (self._cycle + 1) * self._scenario.script.repeat_seconds:
            self._cycle += 1
            self._plan(self._cycle)
        for cue_id, viewer_id in view.winners:
            if cue_id in self._settles and (cue_id, viewer_id) not in self._settled:
                self._settled.add((cue_id, viewer_id))
                self._out.ask("bag.settle", {"cue_id": cue_id, "viewer_id": viewer_id, "ok": True}, "host")
        return self._out.take().asks

    def _plan(self, cycle: int) -> None:
        begin = cycle * self._scenario.script.repeat_seconds
        for number, step in enumerate(self._scenario.script.step, 1):
            at = begin + step.at
            if step.pin is not None:
                self._at(at, "cart.pin", {"product_id": step.pin})
            elif step.next:
                self._at(at, "go.next", {})
            elif step.ask is not None:
                self._at(at, step.ask, step.data, step.role)
            elif step.kind is not None:
                self._plan_cue(begin, f"c{self._run}-{cycle + 1}-{number}", step)

    def _plan_cue(self, begin: float, cue_id: str, step: ScriptStep) -> None:
        only = {"cue_id": cue_id}
        at = begin + step.at
        composed = at if step.compose is None else begin + step.compose
        fire = at + _FIRE_AFTER
        draft: dict[str, Any] = {**only, "kind": step.kind, "spec": step.spec}
        if step.repeat is not None:
            first = self._start + timedelta(seconds=fire + self._scenario.room.recall_seconds)
            draft |= {"at": first.isoformat(), "repeat": asdict(step.repeat)}
        self._at(composed, "cue.add", draft, "assistant")
        self._at(at + _APPROVE_AFTER, "cue.approve", only)
        if step.repeat is None:
            self._at(fire, "cue.fire", {**only, "expect": step.spec})
        if step.recall:
            self._at(fire + _RECALL_AFTER, "cue.recall", only)
        if step.stop_after is not None:
            self._at(fire + step.stop_after, "cue.stop", {**only, "reason": "下一品"})
        if step.settle:
            self._settles.add(cue_id)

    def _at(self, at: float, type_: str, data: dict[str, Any], role: str = "host") -> None:
        self._count += 1
        heapq.heappush(self._due, (at, self._count, type_, data, role))
