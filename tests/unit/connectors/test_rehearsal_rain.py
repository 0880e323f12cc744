"""福袋雨 in a rehearsal: from one line to its row in the report, with shoppers who enter every bag."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from liveconsole import verify_draw
from liveconsole.connectors.rehearsal import headless
from liveconsole.connectors.rehearsal.moment import Ask
from liveconsole.connectors.rehearsal.view import RehearsalRoom
from liveconsole.domain.draw import receipt_code
from liveconsole.intake import one_line
from liveconsole.reports.html import html
from liveconsole.reports.xlsx import xlsx
from liveconsole.store.opening import open_store
from liveconsole.views.report import ReportFold
from liveconsole.views.report.words import ReportWords
from tests.unit.intake.line_goods import GOODS

LINE = "福袋 口令「想要」 奖「围巾」 值199 1人 8秒 连发3个 间隔5秒 中过的不再中"


def test_a_line_becomes_three_bags_that_shoppers_enter_and_a_row_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = one_line.read(LINE, GOODS)
    assert isinstance(read, one_line.LineDraft)
    due = [
        (8.0, Ask("add", "cue.add", {"cue_id": "rain", "kind": read.kind, "spec": read.spec}, "assistant")),
        (9.0, Ask("yes", "cue.approve", {"cue_id": "rain"}, "host")),
        (9.5, Ask("go", "cue.fire", {"cue_id": "rain"}, "host")),
    ]

    def seat(second: float, view: RehearsalRoom) -> list[Ask]:
        now = [ask for at, ask in due if at <= second]
        due[:] = [(at, ask) for at, ask in due if at > second]
        return now

    monkeypatch.setattr(headless, "STEP", timedelta(seconds=1))
    headless.run_headless(5, "default", 60, tmp_path / "room", seat=seat)
    store = open_store(tmp_path / "room", create=False)
    try:
        log: list[dict[str, Any]] = [json.loads(line) for line in store.read(0, 100_000)]
    finally:
        store.close()
    drawn = [line["data"] for line in log if line["type"] == "cue.drawn"]
    assert [one.get("bag", 1) for one in drawn] == [1, 2, 3]
    assert all(one["receipt"]["entries"] for one in drawn), "somebody said it in every bag"
    series = next(line["data"]["receipt"] for line in log if line["type"] == "bag.series")
    file = {"series": series, "receipts": [one["receipt"] for one in drawn]}
    (tmp_path / "series.json").write_text(json.dumps(file), "utf-8")
    assert verify_draw.main([str(tmp_path / "series.json")]) == 0
    report = ReportFold(simulated=True).add(log).report()
    row = next(p for p in report.promotions if p.cue_id == "rain")
    assert (row.status, row.quantity, len(row.winners)) == ("ended", 3, 3)
    assert [winner.bag for winner in row.winners] == [1, 2, 3]
    assert row.entrants == sum(len(one["receipt"]["entries"]) for one in drawn)
    assert [(bag.bag, bag.winners, bag.stood_back) for bag in report.bags] == [
        (1, 1, 0),
        (2, 1, 1),
        (3, 1, 2),
    ]
    assert [bag.receipt_code for bag in report.bags] == [receipt_code(one["receipt"]) for one in drawn]
    assert report.bags[-1].series_code == receipt_code(series)
    page = html(report, ReportWords(), ZoneInfo("Asia/Shanghai")).decode()
    assert all(bag.receipt_code in page for bag in report.bags)
    assert xlsx(report, ReportWords(english=True), ZoneInfo("Asia/Shanghai"))
    assert ReportWords().spec(row).endswith("× 1 × 3 个")
