"""A draw of more people than its events can carry: count and root stand on the log, entrants in pages."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from liveconsole import verify_draw
from liveconsole.bus.client import Client
from liveconsole.cli import receipt as receipts
from liveconsole.domain.draw import receipt_code
from liveconsole.messages.bounds import ENTRIES_A_PAGE, WHOLE_ENTRIES
from tests.contract.engine_process import EngineProcess
from tests.doors.bent_engine import BentEngine
from tests.doors.wire import comment

BAG: Final = {"prize": {"name": "杯", "value_fen": 1}, "winners": 3, "entry": {"keyword": "要"}}
Bent = Callable[..., BentEngine]


def _drawn(running: EngineProcess, people: int, seconds: int) -> dict[str, Any]:
    """A draw with so many entrants; its ``cue.drawn``."""
    running.done("room.set", recall_seconds=0)
    running.done("broadcast.open")
    cue_id = running.done("cue.add", kind="lucky_bag", spec={**BAG, "seconds": seconds})["cue_id"]
    running.done("cue.fire", cue_id=cue_id)
    ends = time.monotonic() + seconds
    for first in range(0, people, 4_000):
        events = [
            comment(f"e{n}", viewer={"id": f"v{n}", "name": "人"}, text="要")
            for n in range(first, min(first + 4_000, people))
        ]
        assert running.post(events)["accepted"] == len(events)
    assert time.monotonic() < ends, "the machine is too slow for so short a draw"
    while not (drawn := running.log(types="cue.drawn")):
        assert time.monotonic() < ends + 20
        time.sleep(0.1)
    return drawn[0]


def test_a_large_draw_is_read_in_pages_and_verified(
    bent: Bent, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    people = ENTRIES_A_PAGE + 2_345
    running = bent(limits={"WHOLE_ENTRIES": 10_000})
    drawn = _drawn(running, people, 8)
    bare = drawn["data"]["receipt"]
    (closed,) = running.log(types="bag.closed")
    assert "entries" not in bare
    assert closed["data"]["entries"] == []
    assert bare["count"] == closed["data"]["count"] == people
    assert len(json.dumps(drawn)) < 5_000

    async def pages() -> list[list[dict[str, Any]]]:
        async with Client(running.found["url"], running.tokens["viewer"]) as client:
            found, after = [], ""
            while page := (await client.draw_entries(bare["draw_id"], after))["entries"]:
                found.append(page)
                after = page[-1]["id"]
            return found

    found = asyncio.run(pages())
    assert [len(page) for page in found] == [ENTRIES_A_PAGE, people - ENTRIES_A_PAGE]
    ids = [entry["id"] for page in found for entry in page]
    assert ids == sorted(set(ids))
    assert set(bare["winners"]) <= set(ids)

    file, log = tmp_path / "receipt.json", tmp_path / "log"
    for named in (bare["draw_id"], drawn["data"]["cue_id"]):
        assert receipts.run([named, "--data", str(running.folder), "--out", str(file)]) == 0
    lines = running.log(types="cue.on_air,bag.source,bag.entered,bag.closed,cue.drawn")
    log.write_text("\n".join(json.dumps(line) for line in lines) + "\n", "utf-8")
    assert verify_draw.main([str(file)]) == 0
    assert verify_draw.main([str(file), "--log", str(log)]) == 0
    # The receipt of the log alone is not whole, and says so; one entrant less does not follow.
    (tmp_path / "bare.json").write_text(json.dumps(bare), "utf-8")
    assert verify_draw.main([str(tmp_path / "bare.json")]) == 1
    less = json.loads(file.read_bytes())
    less["entries"].pop()
    (tmp_path / "less.json").write_text(json.dumps(less), "utf-8")
    assert verify_draw.main([str(tmp_path / "less.json"), "--log", str(log)]) == 1
    capfdbinary.readouterr()
    # After a restart the log still has them all.
    assert running.stop() == 0
    again = EngineProcess(running.folder, "--port", "0").start()
    try:
        answer = again.call("GET", f"/v1/draws/{bare['draw_id']}/entries?after={ids[-3]}", role="viewer")
        assert [entry["id"] for entry in answer.json["entries"]] == ids[-2:]
    finally:
        again.stop()


def test_a_draw_within_the_bound_is_whole_and_has_pages_too(bent: Bent, tmp_path: Path) -> None:
    running = bent()
    drawn = _drawn(running, 50, 2)
    whole = drawn["data"]["receipt"]
    assert len(whole["entries"]) == 50
    assert "count" not in whole
    answer = running.call("GET", f"/v1/draws/{whole['draw_id']}/entries", role="viewer")
    assert answer.json["entries"] == whole["entries"]
    assert (answer.json["count"], answer.json["root"]) == (50, whole["root"])
    file = tmp_path / "receipt.json"
    assert receipts.run([whole["draw_id"], "--data", str(running.folder), "--out", str(file)]) == 0
    assert json.loads(file.read_bytes()) == {**whole, "code": receipt_code(whole)}
    for role, status in (("producer", 403), ("overlay", 403)):
        assert running.call("GET", f"/v1/draws/{whole['draw_id']}/entries", role=role).status == status
    assert running.call("GET", "/v1/draws/nobody/entries", role="viewer").status == 404
    assert receipts.run(["nobody", "--data", str(running.folder), "--out", str(file)]) == 1


def test_twin_a_draw_whose_events_carry_everybody_is_as_large_as_its_crowd(bent: Bent) -> None:
    running = bent(limits={"WHOLE_ENTRIES": 1 << 40})
    drawn = _drawn(running, 12_000, 8)
    assert len(json.dumps(drawn)) > 12_000 * 50
    assert WHOLE_ENTRIES == 20_000
