"""K4 row 3 at real engines: a room's own log is a tape."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from liveconsole.connectors.tape import own_log
from tests.contract.engine_process import ROOT, EngineProcess, comment, event

Make = Callable[..., EngineProcess]


def replay(file: Path, folder: Path, *words: str) -> dict[str, int]:
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "liveconsole", "replay", str(file), "--data", str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return said


def evening(running: EngineProcess) -> None:
    running.done("room.set", recall_seconds=0)
    running.done(
        "catalogue.put", products=[{"product_id": "h", "title": "帽", "price_fen": 900, "stock": 90}]
    )
    running.done("broadcast.open")
    spec = {"sku_id": "h", "price_fen": 500, "quantity": 3, "per_buyer": 1, "seconds": 3_600}
    running.done("cue.fire", cue_id=running.done("cue.add", kind="flash_sale", spec=spec)["cue_id"])
    lines = [{"sku_id": "h", "quantity": 1, "unit_price_fen": 900}]
    order = {"order_id": "o1", "buyer": {"id": "u2", "name": "小红"}, "lines": lines, "total_fen": 900}
    facts = [comment(f"c{n}", f"第 {n} 句", viewer=f"u{n}") for n in range(40)]
    facts += [
        event("p", "order.placed", order),
        event("q", "order.paid", {"order_id": "o1", "paid_fen": 900}),
    ]
    assert running.post(facts)["accepted"] == len(facts)


def told(running: EngineProcess) -> list[tuple[str, Any]]:
    """The facts of a room, as its log has them."""
    return [(line["type"], line["data"]) for line in running.log() if "source" in line]


def test_a_rooms_own_log_is_played_as_facts_and_its_decisions_are_passed_over(
    engine_of: Make, tmp_path: Path
) -> None:
    """135 of 135 lines were refused."""
    running = engine_of(folder=tmp_path / "first")
    evening(running)
    tape = tmp_path / "x.jsonl"
    body = running.call("GET", "/v1/log?limit=10000").body
    tape.write_bytes(b'{"type":"stream.skipped","data":{"from":1,"to":2,"counts":{}}}\n' + body)
    decided = len(body.splitlines()) - 42
    other = engine_of(folder=tmp_path / "second")
    said = replay(tape, other.folder)
    assert said == {"played": 42, "accepted": 42, "duplicates": 0, "refused": 0, "passed_over": decided + 1}
    assert told(other) == told(running)
    sources = {line["source"] for line in other.log() if "source" in line}
    assert len(sources) == 1
    assert sources.pop().startswith("/tape/"), "under ids of their own"
    assert other.state()["broadcast"]["status"] == "none", "what was decided there is not decided here"
    assert replay(tape, other.folder)["duplicates"] == 42
    into_itself = replay(tape, running.folder)
    assert into_itself["accepted"] == 42, "apart from those that were told, they are others"
    assert replay(tape, other.folder, "--take", "2")["accepted"] == 42


def test_a_rehearsals_log_enters_no_real_room(engine_of: Make, tmp_path: Path) -> None:
    rehearsed = engine_of("--rehearsal", folder=tmp_path / "rehearsal")
    source = "/rehearsal/shoppers"
    assert rehearsed.post([comment(str(n), source=source) for n in range(3)])["accepted"] == 3
    tape = tmp_path / "x.jsonl"
    tape.write_bytes(rehearsed.call("GET", "/v1/log?limit=10000").body)
    assert replay(tape, engine_of(folder=tmp_path / "real").folder)["refused"] == 3
    assert replay(tape, rehearsed.folder)["accepted"] == 3


def test_the_twin_that_does_not_know_its_own_lines(monkeypatch: Any) -> None:
    from liveconsole.connectors.tape import lines

    raw = json.dumps({"seq": 1, "type": "broadcast.closed", "at": "x", "actor": "host", "data": {}}).encode()
    tape = lines.TapeName("0" * 64)
    assert lines.parse_line(raw, tape) == own_log.PassedOver("broadcast.closed")
    monkeypatch.setattr(lines, "is_own", lambda _line: False)
    assert lines.parse_line(raw, tape) == lines.BrokenLine("unknown_type", "broadcast.closed")
