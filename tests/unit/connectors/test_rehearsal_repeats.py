"""整点秒杀 in a rehearsal at a real engine and store: simulated shoppers buy at every time of the plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liveconsole.connectors.rehearsal import headless
from liveconsole.connectors.rehearsal.moment import Ask
from liveconsole.connectors.rehearsal.view import RehearsalRoom
from liveconsole.views.report import fold
from liveconsole.views.summary import Summary

BEGAN = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
SALE = {"sku_id": "C06", "price_fen": 5900, "quantity": 4, "per_buyer": 1, "seconds": 30}


def test_both_times_of_a_plan_are_fired_by_one_yes_sold_and_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[dict[str, Any]] = []
    add = Summary.add

    def listens(self: Summary, lines: Any) -> None:
        mine = list(lines)
        kept.extend(mine)
        add(self, mine)

    plan = {"cue_id": "plan", "kind": "flash_sale", "spec": SALE, "repeat": {"minutes": 1, "times": 2}}
    due = [
        (5.0, Ask("a", "cue.add", plan | {"at": (BEGAN + timedelta(seconds=20)).isoformat()}, "assistant")),
        (6.0, Ask("y", "cue.approve", {"cue_id": "plan"}, "host")),
    ]

    def seat(second: float, view: RehearsalRoom) -> list[Ask]:
        now = [ask for at, ask in due if at <= second]
        due[:] = [(at, ask) for at, ask in due if at > second]
        return now

    monkeypatch.setattr(headless, "STEP", timedelta(seconds=1))
    monkeypatch.setattr(Summary, "add", listens)
    headless.run_headless(5, "default", 120, tmp_path / "room", seat=seat)
    report = fold(kept)
    rounds = [said for said in report.promotions if said.plan_id == "plan"]
    assert [(said.nth, said.fired_by, said.approved_by) for said in rounds] == [
        (1, "clock", "host"),
        (2, "clock", "host"),
    ]
    apart = [said.on_air_at for said in rounds if said.on_air_at is not None]
    assert abs(apart[1] - apart[0] - timedelta(minutes=1)) < timedelta(seconds=5)
    assert all(said.sold for said in rounds), "simulated shoppers bought at both"
    (sum_,) = report.plans
    assert (sum_.fired, sum_.times, sum_.sold) == (2, 2, sum(said.sold or 0 for said in rounds))
