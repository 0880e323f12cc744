"""好评占比: the share of kind comments of a segment, by a list of words, unknown where too few spoke."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from liveconsole.reports import tables
from liveconsole.reports.xlsx import xlsx
from liveconsole.views import questions
from liveconsole.views.good_words import LEAST, GoodWords, built_in
from liveconsole.views.questions import GOOD
from liveconsole.views.report import fold
from liveconsole.views.report.words import ReportWords

BEGAN = datetime.fromisoformat("2026-11-22T12:00:00+00:00")


def events(*told: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "seq": n,
            "type": kind,
            "at": (BEGAN + timedelta(seconds=n)).isoformat(),
            "actor": "host",
            "data": data,
        }
        for n, (kind, data) in enumerate(told, 1)
    ]


def said(*texts: str) -> list[tuple[str, dict[str, Any]]]:
    return [("comment.posted", {"viewer": {"id": "v", "name": "v"}, "text": text}) for text in texts]


PLAN: dict[str, Any] = {
    "segments": [{"segment_id": "s1", "title": "围巾"}, {"segment_id": "s2", "title": "手套"}],
    "order": ["s1", "s2"],
}
OPEN = ("broadcast.opened", {"title": "晚场", "number": 1})


@pytest.mark.parametrize(
    "text", ["好看", "主播真好看", "太喜欢了", "质量不错 已回购", "显瘦！", "YYDS", "不好看但是便宜", "👍好"]
)
def test_a_kind_word_counts(text: str) -> None:
    assert built_in().counts(text)
    assert built_in().good(text)


@pytest.mark.parametrize(
    "text",
    ["不好看", "好看吗", "能便宜点吗", "不喜欢", "差评", "来了", "再便宜点", "支持七天无理由", "一点都不值"],
)
def test_what_denies_or_asks_is_none(text: str) -> None:
    assert not built_in().good(text)


def test_without_what_denies_it_not_good_is_good() -> None:
    """The twin: of the list of good words alone."""
    assert GoodWords("好看").good("不好看")


def test_each_segment_has_its_share_and_few_say_nothing() -> None:
    told = events(
        OPEN,
        ("rundown.put", PLAN),
        *said("好看"),
        ("rundown.went", {"segment_id": "s1", "steps": []}),
        *said(*["好看"] * 15, *["来了"] * 5, *["1", "👏", "666"] * 10),
        ("rundown.went", {"segment_id": "s2", "steps": []}),
        *said(*["好看"] * (LEAST - 1)),
        ("broadcast.closed", {}),
        *said("好看"),
    )
    report = fold(told)
    assert [(row.title, row.counted, row.good, row.share) for row in report.moods] == [
        ("围巾", 20, 15, 0.75),
        ("手套", LEAST - 1, LEAST - 1, None),
    ]
    table = tables.moods(report, ReportWords())
    assert tables.text(table.rows[1][3], "share", None) == "—"
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx(report, ReportWords(), None)))
    sheet = book.get_sheet_by_name("每段的好评").to_python()
    assert sheet[1:] == [["围巾", 20.0, 15.0, 0.75], ["手套", float(LEAST - 1), float(LEAST - 1), "—"]]


def test_without_segments_there_is_no_sheet_of_them() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx(fold(events(OPEN)), ReportWords(), None)))
    assert "每段的好评" not in book.sheet_names


def test_no_source_of_comments_is_no_kindness_of_zero() -> None:
    told = events(OPEN, ("rundown.put", PLAN), ("rundown.went", {"segment_id": "s1", "steps": []}))
    (row,) = fold(told).moods
    assert (row.counted, row.good, row.share) == (None, None, None)


def test_a_list_of_her_own_decides(tmp_path: Path) -> None:
    (tmp_path / GOOD).parent.mkdir()
    (tmp_path / GOOD).write_text("\ufeff# 自己的\n靓\n! 不靓\n", "utf-8")
    own = questions.of_room(tmp_path)
    told = events(
        OPEN,
        ("rundown.put", PLAN),
        ("rundown.went", {"segment_id": "s1", "steps": []}),
        *said(*["靓"] * 10, *["不靓"] * 5, *["好看"] * 5),
    )
    assert [row.share for row in fold(told, questions=own).moods] == [0.5]
    assert [row.share for row in fold(told).moods] == [0.25]


def test_of_a_recorded_evening(shared: Path) -> None:
    """docs/comments.md has the figures, and how many of a sample were judged rightly."""
    words, counted, good = built_in(), 0, 0
    file = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    for line in file.read_text("utf-8").splitlines():
        event = json.loads(line)
        if event["type"] == "comment" and words.counts(event["text"]):
            counted += 1
            good += words.good(event["text"])
    assert counted > 20_000
    assert 0.02 < good / counted < 0.2
