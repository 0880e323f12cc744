"""A recorded room through the real command, door, engine and store."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources/samples"


def last_line(result: Any) -> dict[str, int]:
    assert result.returncode == 0, result.stderr
    played: dict[str, int] = json.loads(result.stdout.splitlines()[-1])
    return played


@pytest.mark.timeout(180)
def test_the_recorded_room_is_on_the_log_whole_and_in_order_and_then_all_duplicates(
    program: Any, shared: Path
) -> None:
    tape = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    keyword, wrong = "哈哈哈哈哈哈", 0
    program.serve()
    program.command("room.set", recall_seconds=0)
    program.command("broadcast.open")
    spec = {
        "prize": {"name": "手套", "value_fen": 9900}, "winners": 3, "entry": {"keyword": keyword},
        "seconds": 3000,
    }  # fmt: skip
    cue_id = program.command("cue.add", kind="lucky_bag", spec=spec)["cue_id"]
    program.command("cue.fire", cue_id=cue_id)

    began = time.perf_counter()
    assert last_line(program.run("replay", str(tape), "--speed", "max", timeout=120)) == {
        "played": 44_147, "accepted": 44_147, "duplicates": 0, "refused": 0,
    }  # fmt: skip
    print(f"44,147 events in {time.perf_counter() - began:.1f} s, starting Python included")

    recorded = [json.loads(line) for line in tape.read_text("utf-8").splitlines()]
    facts = [event for event in program.log() if event.get("source", "").startswith("/tape/")]
    assert [int(fact["id"]) for fact in facts] == [line["seq"] for line in recorded]
    for fact, line in zip(facts, recorded, strict=True):
        if line["type"] == "comment":
            wrong += fact["data"]["text"] != line["text"] or fact["data"]["viewer"]["name"] != line["name"]
    assert wrong == 0
    seqs = [event["seq"] for event in program.log()]
    assert seqs == list(range(1, len(seqs) + 1))

    said_it = {
        line["name"] for line in recorded if line["type"] == "comment" and line["text"].strip() == keyword
    }
    entered = [e[0] for event in program.log("bag.entered") for e in event["data"]["entries"]]
    assert len(entered) == len(set(entered))
    assert {id_.removeprefix("name:") for id_ in entered} == said_it

    before = program.ask("/v1/state")["seq"]
    assert last_line(program.run("replay", str(tape), timeout=120)) == {
        "played": 44_147, "accepted": 0, "duplicates": 44_147, "refused": 0,
    }  # fmt: skip
    assert program.ask("/v1/state")["seq"] == before
    program.command("cue.stop", cue_id=cue_id, reason="测试")


def test_broken_lines_are_counted_and_reported_and_stop_nothing(program: Any, shared: Path) -> None:
    program.serve()
    folder = shared / "data/danmaku_bili_11365_20211230"
    result = program.run("replay", str(folder / "danmaku_raw_unquoted.csv"))
    assert last_line(result) == {"played": 30_603, "accepted": 30_598, "duplicates": 0, "refused": 5}
    assert "5 × columns 9" in result.stderr
    result = program.run("replay", str(folder / "capture_log_not_json.txt"))
    assert last_line(result) == {"played": 1962, "accepted": 0, "duplicates": 0, "refused": 1962}
    assert "1962 × not_json" in result.stderr


def test_a_shops_orders_add_up(program: Any, shared: Path) -> None:
    program.serve()
    path = shared / "data/orders_tmall_2020_02/tmall_order_report.csv"
    played = last_line(program.run("replay", str(path)))
    assert played == {"played": 57_743, "accepted": 57_743, "duplicates": 0, "refused": 0}
    totals = program.ask("/v1/state")["orders"]
    assert totals["paid"] == 24_087
    assert totals["gmv_fen"] - totals["refund_fen"] == 190_248_715


def test_without_an_engine_it_starts_one_and_stops_it(program: Any) -> None:
    first = last_line(program.run("replay", str(SAMPLES / "tape.jsonl")))
    assert first["played"] == first["accepted"] > 100
    assert not (program.folder / "engine.json").exists()
    again = last_line(program.run("replay", str(SAMPLES / "tape.jsonl")))
    assert again["duplicates"] == first["played"]
    anew = last_line(program.run("replay", str(SAMPLES / "tape.jsonl"), "--take", "二"))
    assert anew["accepted"] == first["played"]


def test_the_sample_orders_are_played(program: Any) -> None:
    assert last_line(program.run("replay", str(SAMPLES / "orders.csv")))["accepted"] == 11


@pytest.mark.parametrize("words", [("no such file",), ("x", "--speed", "0"), ("x", "--speed", "nan")])
def test_what_cannot_be_played_is_told(program: Any, words: tuple[str, ...]) -> None:
    result = program.run("replay", *words)
    assert result.returncode in (1, 2)
    assert result.stderr
    assert "Traceback" not in result.stderr
