"""What a figure says about itself, and that what the bench posts is what it claims."""

from __future__ import annotations

import os
import sys
import time

import msgspec
import pytest

from liveconsole.bench import comments
from liveconsole.bench.figures import BenchRow, against, least, most, quantile
from liveconsole.bench.ingest import skipped
from liveconsole.bench.table import render, said
from liveconsole.bench.world import processor
from liveconsole.bus.decode import read_events


@pytest.mark.parametrize(
    ("value", "ratio", "verdict"),
    [
        (60_000, 0.2, "ok"),
        (40_000, 0.2, "ok, below goal"),
        (29_999, 0.2, "miss"),
        (60_000, 0.11, "miss"),
        (60_000, None, "miss"),
    ],
)
def test_a_must_is_missed_and_a_goal_is_only_told(value: float, ratio: float | None, verdict: str) -> None:
    bounds = (least(30_000), least(50_000, goal=True), least(0.12, "ratio"))
    assert BenchRow("r", "w", value, ratio=ratio, bounds=bounds).verdict() == verdict


def test_what_was_not_measured_keeps_no_bound() -> None:
    figure = BenchRow("r", "w", None, "MB", bounds=(most(250),))
    assert figure.verdict() == "miss"
    assert figure.as_json()["bounds"][0]["kept"] is False
    assert BenchRow("r", "w", None).verdict() == ""


def test_ratios_need_both_sides() -> None:
    assert against(10, 4) == 2.5
    assert against(None, 4) is None
    assert against(10, 0) is None


def test_quantiles_are_values_that_were_measured() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([3, 1, 2], 0.99) == 3
    assert quantile([], 0.5) == 0.0


def test_the_table_has_every_figure_and_what_stands_beside_it() -> None:
    figures = [
        BenchRow("ingest", "first", 37_140.4, "events/s", "the limit", 160_000.0, 0.23, (least(30_000),)),
        BenchRow("feed", "second", 7.688, "ms", bounds=(most(16), most(10, goal=True)), note="of 8 s"),
    ]
    text = render({"cores": 2}, figures)
    assert "cores 2" in text
    for words in ("37,140 events/s", "the limit: 160,000 events/s", "0.23", "7.69 ms", "of 8 s", "(≤ 10 ms)"):
        assert words in text


@pytest.mark.parametrize(
    ("value", "words"), [(1999.6, "2,000"), (157.3, "157"), (0.5, "0.50"), (3, "3"), (None, "not measured")]
)
def test_numbers_are_told_as_people_read_them(value: float | None, words: str) -> None:
    assert said(value, "") == words


def test_posted_comments_are_whole_and_one_in_ten_says_the_keyword() -> None:
    bodies = comments.bodies(5_000)
    facts = [fact for body in bodies for fact in read_events(comments.TYPE, body, simulated=False).facts]
    assert len(bodies) == 10
    assert len({(fact.source, fact.id) for fact in facts}) == 5_000
    said_it = sum(fact.data.text == comments.KEYWORD for fact in facts)  # type: ignore[union-attr]
    assert 400 < said_it < 600
    assert bodies == comments.bodies(5_000)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell it")
def test_a_process_has_used_what_it_was_made_to_use() -> None:
    """Against the process's own word for it; both count the same clock's ticks."""
    before, own = processor(os.getpid()), time.process_time()
    while time.process_time() - own < 0.2:
        sum(range(1_000))
    after = processor(os.getpid())
    assert before is not None
    assert after is not None
    assert 0.1 <= after - before <= time.process_time() - own + 1.1, "a tick may be a whole second there"
    assert processor(2**22 + 1) is None


def test_what_a_follower_was_told_to_be_left_out_is_counted() -> None:
    told = {"type": "stream.skipped", "data": {"from": 1, "to": 9, "counts": {"comment.posted": 1234}}}
    assert skipped(msgspec.json.encode([told])) == 1234
    assert skipped(b'[{"seq":1,"type":"comment.posted","data":{"text":"\\"stream.skipped\\""}}]') == 0
