"""An evening of plays at the real rules, core and store: every kind there is goes on air, somebody takes it
up, and the report has its row. A kind without its step in the scenario fails here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.connectors.rehearsal import headless, scenario
from liveconsole.domain.kinds import KINDS
from liveconsole.messages.specs import SPECS
from liveconsole.views.report import Report, fold
from liveconsole.views.report.model import Promotion
from liveconsole.views.report.words import ReportWords
from liveconsole.views.summary import Summary

NAME = "plays"
SECONDS = 150
OFFERED = {kind.NAME for kind in KINDS if not kind.RETIRED}
TAKEN_UP: dict[str, Callable[[Promotion], object]] = {
    "flash_sale": lambda row: row.sold,
    "coupon": lambda row: row.claimed and row.used,
    "lucky_bag": lambda row: row.entrants and row.winners,
    "bundle": lambda row: row.sold,
    "gift": lambda row: row.sold,
    "first_come": lambda row: row.entrants and row.sold,
    "pk": lambda row: all(ours and theirs for ours, theirs in row.rounds),
    "red_packet": lambda row: row.claimed,
    "group_buy": lambda row: row.sold and row.filled,
    "bargain": lambda row: row.sold,
}
"""Kind → what its row of the report says where somebody took part. A pin has no row: its clip has orders."""


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The log of the evening."""
    kept: list[dict[str, Any]] = []
    add = Summary.add

    def listens(self: Summary, some: Any) -> Summary:
        mine = list(some)
        kept.extend(mine)
        return add(self, mine)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(headless, "STEP", timedelta(seconds=1))
        patch.setattr(Summary, "add", listens)
        headless.run_headless(5, NAME, SECONDS, tmp_path_factory.mktemp("plays") / "room")
    return kept


@pytest.fixture(scope="module")
def report(lines: list[dict[str, Any]]) -> Report:
    return fold(lines)


def played() -> dict[str, list[scenario.ScriptStep]]:
    """Kind → its steps."""
    found: dict[str, list[scenario.ScriptStep]] = {}
    for step in scenario.load(NAME).script.step:
        kind = "pin" if step.pin is not None else step.kind
        if kind is not None:
            found.setdefault(kind, []).append(step)
    return found


def moments(lines: list[dict[str, Any]], type_: str) -> dict[str, datetime]:
    return {
        line["data"]["cue_id"]: datetime.fromisoformat(line["at"]) for line in lines if line["type"] == type_
    }


def test_the_evening_has_every_kind_that_is_offered() -> None:
    assert set(played()) == OFFERED
    assert set(TAKEN_UP) == OFFERED - {"pin"}


@pytest.mark.parametrize("kind", sorted(TAKEN_UP))
def test_somebody_takes_it_up_and_the_report_has_its_row(kind: str, report: Report) -> None:
    rows = [row for row in report.promotions if row.kind == kind]
    steps = played()[kind]
    assert len(rows) == sum(step.repeat.times if step.repeat is not None else 1 for step in steps)
    for row in rows:
        assert (row.status, row.on_air_at is not None) == ("ended", True), row.outcome
        assert TAKEN_UP[kind](row), row
        assert ReportWords().spec(row)
        assert ReportWords(english=True).spec(row)


def test_what_is_pinned_is_bought(report: Report) -> None:
    assert any(clip.orders for clip in report.clips)


def test_every_variant_of_the_evening_is_seen(lines: list[dict[str, Any]], report: Report) -> None:
    steps = {kind: [step.spec for step in of_kind] for kind, of_kind in played().items()}
    specs: list[Any] = [
        msgspec.convert(spec, SPECS[kind])
        for kind, of_kind in steps.items()
        if kind != "pin"
        for spec in of_kind
    ]
    assert {"new", "followers"} <= {getattr(spec, "audience", None) for spec in specs}
    by_kind = {row.kind: row for row in report.promotions}
    fired, on_air = moments(lines, "cue.recallable"), moments(lines, "cue.on_air")
    counted = next(row for row in report.promotions if row.kind == "flash_sale")
    waited = on_air[counted.cue_id] - fired[counted.cue_id]
    assert waited >= timedelta(seconds=10), "viewers saw it count down"
    assert by_kind["coupon"].people_brought, "somebody brought others for it"
    assert [bag.bag for bag in report.bags] == [1, 2, 3]
    (plan,) = report.plans
    assert (plan.fired, plan.times) == (2, 2)
    assert plan.sold
    assert report.totals.gift_units == by_kind["gift"].sold
    refused = [line for line in lines if line["type"] == "cue.refused"]
    assert not refused, "the platform of this evening says yes"


def test_the_twin_an_evening_without_a_kind_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = scenario.load(NAME)
    fewer = [step for step in whole.script.step if step.kind != "bargain"]
    script = msgspec.structs.replace(whole.script, step=fewer)
    monkeypatch.setattr(scenario, "load", lambda _name: msgspec.structs.replace(whole, script=script))
    assert OFFERED - set(played()) == {"bargain"}
