"""Plays in a rehearsal at a real engine and store: simulated viewers take part, log and report say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liveconsole.connectors.rehearsal import headless
from liveconsole.connectors.rehearsal.moment import Ask
from liveconsole.connectors.rehearsal.view import RehearsalRoom
from liveconsole.views.report import fold
from liveconsole.views.summary import Summary

PLAYS: dict[str, dict[str, Any]] = {
    "first_come": {
        "keyword": "1", "match": "exact", "places": 12, "seconds": 20, "sku_id": "C06", "price_fen": 5900,
    },
    "pk": {"opponent": "小美的店", "seconds": 20, "rounds": 2, "stake": "唱一首"},
    "red_packet": {"total_fen": 20_000, "packets": 50, "seconds": 20},
}  # fmt: skip


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every line of 40 seconds in which all of them run."""
    kept: list[dict[str, Any]] = []
    add = Summary.add

    def listens(self: Summary, lines: Any) -> None:
        mine = list(lines)
        kept.extend(mine)
        add(self, mine)

    due = []
    for kind, spec in PLAYS.items():
        due.append(
            (8.0, Ask(f"a-{kind}", "cue.add", {"cue_id": kind, "kind": kind, "spec": spec}, "assistant"))
        )
        due.append((9.0, Ask(f"y-{kind}", "cue.approve", {"cue_id": kind}, "host")))
        due.append((9.5, Ask(f"f-{kind}", "cue.fire", {"cue_id": kind}, "host")))
    due.sort(key=lambda one: one[0])

    def seat(second: float, view: RehearsalRoom) -> list[Ask]:
        now = [ask for at, ask in due if at <= second]
        due[:] = [(at, ask) for at, ask in due if at > second]
        return now

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(headless, "STEP", timedelta(seconds=1))
        patch.setattr(Summary, "add", listens)
        headless.run_headless(5, "default", 45, tmp_path_factory.mktemp("plays") / "room", seat=seat)
    return kept


def _of(lines: list[dict[str, Any]], type_: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["type"] == type_]


def _air(lines: list[dict[str, Any]], cue_id: str) -> tuple[datetime, datetime]:
    began, ended = (
        datetime.fromisoformat(
            next(one["at"] for one in _of(lines, type_) if one["data"]["cue_id"] == cue_id)
        )
        for type_ in ("cue.on_air", "cue.ended")
    )
    return began, ended


def test_viewers_take_the_places_and_order_at_the_price(evening: list[dict[str, Any]]) -> None:
    took = [one for line in _of(evening, "places.taken") for one in line["data"]["entries"]]
    assert len(took) > 12, "more came than there are places"
    orders = [line["data"] for line in _of(evening, "order.granted")]
    mine = [row for order in orders for row in order["lines"] if row["cue_id"] == "first_come"]
    assert mine
    assert {row["unit_price_fen"] for row in mine} == {5900}
    assert len(mine) <= 12


def test_the_platform_tells_every_round_and_the_packets(evening: list[dict[str, Any]]) -> None:
    began, ended = _air(evening, "pk")
    assert ended - began == timedelta(seconds=20)
    (second,) = _of(evening, "pk.round")
    told = [datetime.fromisoformat(line["at"]) for line in _of(evening, "pk.scored")]
    assert any(at < datetime.fromisoformat(second["at"]) for at in told)
    assert any(at > datetime.fromisoformat(second["at"]) for at in told)
    packets = [line["data"]["claimed"] for line in _of(evening, "promotion.measured")]
    assert packets == sorted(packets)
    assert packets[-1] > 0


def test_the_report_has_a_row_of_each(evening: list[dict[str, Any]]) -> None:
    report = fold(evening)
    rows = {row.kind: row for row in report.promotions}
    assert set(PLAYS) <= set(rows)
    assert rows["first_come"].entrants is not None
    assert rows["first_come"].entrants > 12
    assert len(rows["pk"].rounds) == 2
    assert all(ours is not None and theirs is not None for ours, theirs in rows["pk"].rounds)
    assert rows["red_packet"].claimed
    assert {rows[kind].outcome for kind in PLAYS} == {"time_up"}


def test_the_same_seed_is_the_same_log(tmp_path: Path) -> None:
    told = [headless.run_headless(5, "quiet", 5, tmp_path / str(n)) for n in range(2)]
    assert told[0] == told[1]
