"""A report says when nobody listened (20:14–20:17 没有评论来源); figures of that time are unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.reports.html import html
from liveconsole.reports.tables import notes
from liveconsole.views.report.doubts import doubts_of
from liveconsole.views.report.fold import ReportFold
from liveconsole.views.report.model import Report
from liveconsole.views.report.words import ReportWords

START = datetime(2026, 11, 11, 12, 10, tzinfo=UTC)
OBA, SPY = "/oba/127.0.0.1:12354", "/wxlivespy/2042602950"


def stamp(minute: float) -> str:
    return (START + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")


class Evening:
    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.add(0, "broadcast.opened", {"title": "", "number": 1}, "host")

    def add(self, minute: float, type_: str, data: dict[str, Any], actor: str = "", **more: Any) -> None:
        line = {"seq": len(self.lines) + 1, "type": type_, "at": stamp(minute), "data": data, **more}
        self.lines.append({**line, "actor": actor or "platform"})

    def comment(self, minute: float, source: str = OBA) -> None:
        said = {"viewer": {"id": "v", "name": "v"}, "text": "1"}
        self.add(minute, "comment.posted", said, "producer", source=source, id=str(minute))

    def gap(self, since: float, until: float | None, source: str = OBA, why: str = "silent") -> None:
        told = {"source": source, "from": stamp(since), "to": None, "why": why, "comments": True}
        self.add(since + 2, "source.gap", told)
        if until is not None:
            self.add(until, "source.gap", {**told, "to": stamp(until)})

    def report(self) -> Report:
        self.add(10, "broadcast.closed", {}, "host")
        return ReportFold(simulated=False).add(self.lines).report()


def spoken(evening: Evening, *minutes: float, source: str = OBA) -> None:
    for minute in minutes:
        evening.comment(minute, source)


def test_three_minutes_without_a_source_are_said_and_unknown() -> None:
    evening = Evening()
    spoken(evening, 0.5, 1.5, 2.5, 3.5)
    evening.gap(4, 7)
    spoken(evening, 7.1, 8.5)
    report = evening.report()
    assert report.silences == [(START + timedelta(minutes=4), START + timedelta(minutes=7))]
    assert [one.comments for one in report.minutes] == [1, 1, 1, 1, None, None, None, 1, 1, 0]
    assert [(doubt.figure, doubt.code) for doubt in doubts_of(report)][:1] == [("comments", "comments_gap")]
    told = notes(report, ReportWords(), UTC)
    assert "12:14:00–12:17:00 没有评论来源：这段时间的评论不知道有多少。" in told
    assert any("no source of comments" in one for one in notes(report, ReportWords(english=True), UTC))
    page = html(report, ReportWords(), UTC).decode()
    assert "没有评论来源" in page
    body = msgspec.json.decode(msgspec.json.encode(report))
    assert body["silences"] == [["2026-11-11T12:14:00Z", "2026-11-11T12:17:00Z"]]
    assert [gap["why"] for gap in body["gaps"]] == ["silent"]


def test_while_another_source_of_comments_is_there_it_is_no_silence() -> None:
    evening = Evening()
    spoken(evening, 0.5)
    spoken(evening, 1, 2, 3, 4, 5, 6, 7, source=SPY)
    evening.gap(1, 7)
    report = evening.report()
    assert report.silences == []
    assert [gap.source for gap in report.gaps] == [OBA]
    assert report.minutes[8].comments == 0, "one was there: nobody said anything"
    assert any("评论 · oba" in note and "没有数据" in note for note in notes(report, ReportWords(), UTC))


def test_where_both_are_away_it_is_the_time_that_both_are() -> None:
    evening = Evening()
    spoken(evening, 0.5)
    spoken(evening, 0.6, source=SPY)
    evening.gap(2, 6)
    evening.gap(4, None, source=SPY, why="lost")
    report = evening.report()
    assert report.silences == [(START + timedelta(minutes=4), START + timedelta(minutes=6))]


def test_a_source_that_comes_later_was_not_missed_before() -> None:
    evening = Evening()
    spoken(evening, 0.5)
    evening.gap(1, None)
    spoken(evening, 5, source=SPY)
    report = evening.report()
    assert report.silences == [(START + timedelta(minutes=1), START + timedelta(minutes=5))]


def test_many_gaps_are_not_a_page_of_notes() -> None:
    evening = Evening()
    spoken(evening, 0.01)
    for n in range(40):
        evening.gap(0.1 + n * 0.2, 0.2 + n * 0.2)
    report = evening.report()
    assert len(report.gaps) == 40
    assert len(notes(report, ReportWords(), UTC)) < 20


def test_without_the_rule_they_would_be_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveconsole.views.report.assemble.without_the_silent", lambda minutes, found: None)
    evening = Evening()
    spoken(evening, 0.5)
    evening.gap(4, 7)
    assert evening.report().minutes[5].comments == 0
