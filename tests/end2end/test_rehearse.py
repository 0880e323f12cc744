"""``liveconsole rehearse``: repeatable without a desk, and the real processes with one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from liveconsole.connectors.rehearsal import scenario
from liveconsole.connectors.rehearsal.headless import run_headless
from liveconsole.connectors.rehearsal.ledger import AskedRow, FileLedger, OutcomeRow
from liveconsole.domain.kinds import KINDS
from liveconsole.store.opening import open_store
from tests.goals import at_least, within


def played(seed: int, name: str, seconds: float, folder: Path) -> tuple[dict[str, Any], list[bytes]]:
    """The summary, and the log to the byte."""
    summary = run_headless(seed, name, seconds, folder)
    store = open_store(folder)
    try:
        return summary.line(seed, simulated=True), store.read(0, 1_000_000)
    finally:
        store.close()


@pytest.mark.parametrize("name", scenario.names())
def test_same_seed_scenario_and_seconds_same_summary_and_same_log(name: str, tmp_path: Path) -> None:
    seconds = 60 if name == "rush" else 150
    first = played(7, name, seconds, tmp_path / "a")
    assert first == played(7, name, seconds, tmp_path / "b")
    assert first[1] != played(8, name, seconds, tmp_path / "c")[1]
    line = first[0]
    assert line["simulated"] is True
    assert line["comments"] > 0
    assert line["orders"] >= line["paid"] > 0
    assert line["gmv_fen"] > 0
    assert line["fired"]["pin"] > 0
    if name == "after_peak":
        assert line["fired"].keys() == {"pin"}
    elif name == "plays":  # who takes part in each: tests/unit/connectors/test_every_play.py
        assert line["fired"].keys() == {kind.NAME for kind in KINDS if not kind.RETIRED}
    elif name != "slow_platform":  # there the bag may be refused
        assert line["fired"].keys() == {"pin", "flash_sale", "coupon", "lucky_bag"}
        assert line["winners"] == 2


def test_virtual_time_runs_far_ahead_of_the_walls(tmp_path: Path) -> None:
    began = time.perf_counter()
    run_headless(1, "default", 400, tmp_path / "a")
    speed = 400 / (time.perf_counter() - began)
    print(f"{speed:.0f} virtual seconds in one")
    at_least(speed, 40, "200 on a free machine; the bound leaves room for a busy one")


def test_what_the_console_granted_keeps_its_promises(tmp_path: Path) -> None:
    """The log of a crowd, counted anew: no sale gave more than it had, nobody got more than his share."""
    _, lines = played(3, "rush", 120, tmp_path / "a")
    sales: dict[str, dict[str, Any]] = {}
    granted: dict[tuple[str, str], int] = {}
    lapsed_or_closed: set[str] = set()
    events = [json.loads(line) for line in lines]
    for event in events:
        data = event["data"]
        if event["type"] == "cue.queued" and data["kind"] == "flash_sale":
            sales[data["cue_id"]] = data["spec"]
        elif event["type"] in ("order.lapsed", "order.closed"):
            lapsed_or_closed.add(data["order_id"])
    for event in events:
        data = event["data"]
        if event["type"] == "order.granted" and data["order_id"] not in lapsed_or_closed:
            for line in data["lines"]:
                if line.get("cue_id"):
                    key = (line["cue_id"], data["buyer"]["id"])
                    granted[key] = granted.get(key, 0) + line["quantity"]
    assert granted
    for cue_id in {cue_id for cue_id, _ in granted}:
        units = [count for (cue, _), count in granted.items() if cue == cue_id]
        assert sum(units) <= sales[cue_id]["quantity"]
        assert max(units) <= sales[cue_id]["per_buyer"]


def test_a_slow_platform_is_asked_once_for_each_effect_whatever_it_answers(tmp_path: Path) -> None:
    _, lines = played(5, "slow_platform", 300, tmp_path / "a")
    events = [json.loads(line) for line in lines]
    sent = [e["data"]["key"] for e in events if e["type"] == "effect.sent"]
    assert len(sent) == len(set(sent)) > 5
    on_air = [e["data"]["cue_id"] for e in events if e["type"] == "cue.on_air"]
    assert len(on_air) == len(set(on_air)), "an answer that came twice puts nothing on air twice"
    assert any(e["type"] == "cue.unknown" for e in events)


def test_the_command_without_a_desk(program: Any) -> None:
    result = program.run("rehearse", "--headless", "--seed", "4", "--seconds", "40", "--scenario", "quiet")
    assert result.returncode == 0, result.stderr
    (line,) = result.stdout.splitlines()
    assert set(json.loads(line)) == {
        "seed", "simulated", "comments", "orders", "paid", "sold", "gmv_fen", "fired", "winners",
        "screenshot",
    }  # fmt: skip
    again = program.run("rehearse", "--headless", "--seed", "4", "--seconds", "40", "--scenario", "quiet")
    assert again.stdout == result.stdout
    wrong = program.run("rehearse", "--headless", "--scenario", "nobody")
    assert wrong.returncode == 2
    assert "default, plays, quiet, rush, slow_platform" in wrong.stderr


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_with_no_screen_the_real_desk_shows_a_short_rehearsal(program: Any) -> None:
    """Engine, platform, world and desk are processes; the script fires every kind and the bag is drawn."""
    env = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "offscreen"}
    began = time.monotonic()
    result = program.run("rehearse", "--seed", "2", timeout=90, env=env)
    assert result.returncode == 0, result.stderr
    within(time.monotonic() - began, 60)
    (line,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert line["seed"] == 2
    assert line["simulated"] is True
    assert line["fired"] == {"coupon": 1, "flash_sale": 1, "lucky_bag": 2, "pin": 1}
    assert line["winners"] == 2
    assert line["comments"] > 20
    assert line["orders"] >= line["paid"] > 0
    assert Path(line["screenshot"]).is_relative_to(program.folder), "it lies with the rehearsal's own files"
    shot = Path(line["screenshot"]).read_bytes()
    assert shot.startswith(b"\x89PNG")
    assert len(shot) > 20_000

    (folder,) = (program.folder / "rehearsal").iterdir()
    assert not (folder / "engine.json").exists(), "the engine was stopped"
    assert not (folder / "platform.json").exists(), "and the platform with it"
    book = FileLedger(folder / "platform.ledger.jsonl")
    rows = list(book.rows())
    book.close()
    asked = [row.key for row in rows if isinstance(row, AskedRow)]
    assert len(asked) == len(set(asked)) == sum(isinstance(row, OutcomeRow) for row in rows)


def test_simulated_facts_never_enter_a_real_room(program: Any) -> None:
    program.serve()
    fact = {
        "specversion": "1.0", "id": "1", "source": "/rehearsal/1", "type": "comment.posted",
        "data": {"viewer": {"id": "sim:000001", "name": "糖糖"}, "text": "好看"},
    }  # fmt: skip
    answer = program.ask("/v1/events", [fact], role="producer")
    assert answer["accepted"] == 0
    assert answer["refused"][0]["code"] == "simulated_fact"


def test_a_folder_has_one_world_and_its_bye_ends_the_engine(program: Any) -> None:
    program.serve("--rehearsal")
    world = subprocess.Popen(
        [sys.executable, "-m", "liveconsole", "rehearsal-world", "--until-eof"],
        stdin=subprocess.PIPE, env=program.env, cwd=program.folder,
    )  # fmt: skip
    assert world.stdin is not None
    deadline = time.monotonic() + 20
    while not program.log("comment.posted") and time.monotonic() < deadline:
        pass
    assert program.log("comment.posted")
    assert [c["status"] for c in program.ask("/v1/state")["cues"]] == ["queued"] * 3
    second = program.run("rehearsal-world", "--data", str(program.folder))
    assert second.returncode == 3, "one world to a folder"
    world.stdin.write(b"bye\n")
    world.stdin.close()
    assert world.wait(20) == 0
    deadline = time.monotonic() + 20
    while (program.folder / "engine.json").exists() and time.monotonic() < deadline:
        pass
    assert not (program.folder / "engine.json").exists()


def test_the_world_of_a_killed_desk_stays_until_another_takes_over(program: Any) -> None:
    program.serve("--rehearsal")
    words = [sys.executable, "-m", "liveconsole", "rehearsal-world", "--until-eof"]
    first, second = (
        subprocess.Popen(words, stdin=subprocess.PIPE, env=program.env, cwd=program.folder) for _ in range(2)
    )
    try:
        assert first.stdin is not None
        assert second.stdin is not None
        ended = first if first.poll() is not None else None
        deadline = time.monotonic() + 20
        while ended is None and time.monotonic() < deadline:
            ended = next((world for world in (first, second) if world.poll() is not None), None)
        assert ended is not None
        assert ended.returncode == 3, "only one of them plays"
        stays = second if ended is first else first
        while not program.log("comment.posted"):
            pass
        assert stays.stdin is not None
        stays.stdin.close()  # its desk is gone without a word
        heard = len(program.log("comment.posted"))
        while len(program.log("comment.posted")) == heard:
            pass
        third = subprocess.Popen(words, stdin=subprocess.PIPE, env=program.env, cwd=program.folder)
        assert stays.wait(10) == 0
        assert program.ask("/v1/state")["broadcast"]["status"] == "open", "it is left as it is for the next"
        assert third.stdin is not None
        third.stdin.write(b"bye\n")
        third.stdin.close()
        assert third.wait(20) == 0
    finally:
        for world in (first, second):
            assert world.stdin is not None
            world.stdin.close()
            world.wait(20)
