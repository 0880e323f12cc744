"""Playing a tape: order, pace, batches, and what a bad batch or a lost engine does to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.errors import Busy, EngineCannotWrite, EngineGone, Rejected
from liveconsole.connectors.tape.lines import LINE_LIMIT, BrokenLine, TapeFact
from liveconsole.connectors.tape.player import BATCH, Player
from liveconsole.connectors.tape.reader import name_of, read


class Engine:
    """A door that remembers what it took; ``trouble`` is raised first, one for each call."""

    def __init__(self, *trouble: Exception) -> None:
        self.trouble = list(trouble)
        self.taken: list[tuple[str, str]] = []
        self.sizes: list[int] = []
        self.now = 0.0
        self.at: list[float] = []
        self.poison = ""

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def post(self, events: list[dict[str, Any]]) -> dict[str, Any]:
        if self.trouble:
            raise self.trouble.pop(0)
        if any(event["id"] == self.poison for event in events):
            raise Rejected("too_large", "", 413)
        fresh = [k for e in events if (k := (e["source"], e["id"])) not in self.taken]
        self.taken += fresh
        self.sizes.append(len(events))
        self.at.append(self.now)
        return {"accepted": len(fresh), "duplicates": len(events) - len(fresh), "refused": []}

    def player(self, speed: float | None = None) -> Player:
        return Player(self.post, speed=speed, clock=self.clock, sleep=self.sleep)


def tape(path: Path, count: int, step: float = 1.0) -> Path:
    lines = [
        json.dumps({"seq": n, "t": n * step, "type": "comment", "name": f"v{n}", "text": "好"})
        for n in range(1, count + 1)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def items(path: Path, take: str = "") -> Any:
    return read(path, name_of(path, take))


async def test_at_full_speed_everything_goes_in_order_in_batches(tmp_path: Path) -> None:
    engine, path = Engine(), tape(tmp_path / "t.jsonl", 2 * BATCH + 1)
    tally = await engine.player().play(items(path))
    assert tally.summary() == {"played": 1001, "accepted": 1001, "duplicates": 0, "refused": 0}
    assert engine.sizes == [BATCH, BATCH, 1]
    assert [int(id_) for _, id_ in engine.taken] == list(range(1, 1002))
    again = await engine.player().play(items(path))
    assert again.summary() == {"played": 1001, "accepted": 0, "duplicates": 1001, "refused": 0}
    anew = await engine.player().play(items(path, "two"))
    assert anew.accepted == 1001


async def test_at_a_pace_each_event_waits_for_its_second(tmp_path: Path) -> None:
    engine = Engine()
    await engine.player(speed=2.0).play(items(tape(tmp_path / "t.jsonl", 5)))
    assert engine.at == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0])


async def test_broken_lines_are_counted_and_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    good = b'{"seq":%d,"type":"comment","name":"a","text":"b"}\n'
    path.write_bytes(
        b"\xef\xbb\xbf" + good % 1 + b"no json\n\n" + b'{"seq":2,"type":"like"}\n'
        + b"x" * (LINE_LIMIT + 5) + b"\n" + good % 3 + b'{"seq":4'
    )  # fmt: skip
    engine = Engine()
    tally = await engine.player().play(items(path))
    assert [id_ for _, id_ in engine.taken] == ["1", "3"]
    assert tally.summary() == {"played": 6, "accepted": 2, "duplicates": 0, "refused": 4}
    assert dict(tally.reasons) == {"not_json": 2, "unknown_type like": 1, "too_long": 1}
    assert tally.first_lines["too_long"] == [5]
    assert tally.report()[0].startswith("2 × not_json (line 2, 7")


async def test_an_engine_that_is_busy_or_away_for_a_moment_is_asked_again(tmp_path: Path) -> None:
    engine = Engine(Busy("inbox_full", "", 429, 0.5), EngineGone("restarting"), EngineGone("restarting"))
    tally = await engine.player().play(items(tape(tmp_path / "t.jsonl", 3)))
    assert tally.accepted == 3


async def test_an_engine_that_stays_away_or_cannot_write_ends_the_replay(tmp_path: Path) -> None:
    path = tape(tmp_path / "t.jsonl", 3)
    gone = Engine(*[EngineGone("gone")] * 100)
    with pytest.raises(EngineGone):
        await gone.player().play(items(path))
    assert 30 < gone.now < 60
    full = Engine(EngineCannotWrite("cannot_write", "", 507))
    with pytest.raises(EngineCannotWrite):
        await full.player().play(items(path))


async def test_a_body_refused_whole_costs_only_the_event_at_fault(tmp_path: Path) -> None:
    engine = Engine()
    engine.poison = "7"
    tally = await engine.player().play(items(tape(tmp_path / "t.jsonl", 20)))
    assert (tally.accepted, tally.refused) == (19, 1)
    assert tally.first_lines == {"too_large": [7]}
    assert [int(id_) for _, id_ in engine.taken] == [n for n in range(1, 21) if n != 7]


async def test_the_recorders_failure_log_is_all_broken_lines(shared: Path) -> None:
    engine = Engine()
    path = shared / "data/danmaku_bili_11365_20211230/capture_log_not_json.txt"
    tally = await engine.player().play(items(path))
    assert engine.taken == []
    assert tally.refused == 1962


def test_orders_are_played_in_order_of_time(shared: Path) -> None:
    before, count = 0.0, 0
    for _, item in items(shared / "data/orders_tmall_2020_02/tmall_order_report.csv"):
        assert not isinstance(item, BrokenLine)
        assert isinstance(item, TapeFact)
        assert item.t >= before
        before, count = item.t, count + 1
    assert count == 28_010 + 24_087 + 5_646


def test_an_empty_file_is_an_empty_tape(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"")
    assert list(items(tmp_path / "t")) == []
