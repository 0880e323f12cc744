"""K5.3 and K5.8 at a real engine: whatever ends a draw, and a room that goes on from a backup."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liveconsole import verify_draw
from liveconsole.bus.decode import read_events
from liveconsole.cli import backup as backup_command
from liveconsole.cli import receipt as receipt_command
from liveconsole.cli import restore as restore_command
from liveconsole.cli import verify_log
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.messages.inputs import CommandInput
from liveconsole.store import backup, open_store, restore
from tests.contract.engine_process import BATCH, EngineProcess, comment

Make = Callable[..., EngineProcess]
PRIZE = {"name": "帽子", "value_fen": 100}


def fire(running: EngineProcess, seconds: int, **fields: Any) -> str:
    spec = {"prize": PRIZE, "winners": 1, "entry": {"keyword": "要"}, "seconds": seconds, **fields}
    cue_id: str = running.done("cue.add", kind="lucky_bag", spec=spec)["cue_id"]
    running.done("cue.fire", cue_id=cue_id)
    return cue_id


def cue_of(running: EngineProcess, cue_id: str) -> dict[str, Any]:
    return next(cue for cue in running.state()["cues"] if cue["cue_id"] == cue_id)


def until_drawn(running: EngineProcess, cue_id: str = "", within: float = 15) -> dict[str, Any]:
    ends = time.monotonic() + within
    while True:
        for line in running.log(types="cue.drawn"):
            if cue_id in ("", line["data"]["cue_id"]):
                receipt: dict[str, Any] = line["data"]["receipt"]
                return receipt
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_under_manual_nobody_ends_a_draw_by_the_way(engine_of: Make) -> None:
    """K5.3: the assistant's ``cue.confirm`` voided it without a reason; one second closed ten minutes."""
    running = engine_of()
    running.done("room.set", platform="manual", recall_seconds=0)
    running.done("broadcast.open")
    cue_id = fire(running, 600)
    begun: dict[str, Any] = {"cue_id": cue_id, "step": "on_air", "done": True}
    assert (
        running.command("cue.confirm", "assistant", **begun, remaining_seconds=1)["code"] == "wrong_countdown"
    )
    running.done("cue.confirm", "assistant", **begun)
    for role, status, code in (("assistant", 403, "forbidden"), ("host", 200, "needs_reason")):
        body = {"id": f"end-{role}", "type": "cue.confirm", "data": {**begun, "step": "ended"}}
        answer = running.call("POST", "/v1/commands", body, role=role)
        assert (answer.status, answer.json["code"]) == (status, code)
    assert running.done("room.halt")["going_on"] == [cue_id]
    assert cue_of(running, cue_id)["status"] == "on_air"
    assert cue_of(running, cue_id)["can"]["confirm"]["code"] == "needs_reason"


def restored(running: EngineProcess, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """A backup of the running room, and a room made of it in ``folder``."""
    file = folder.with_suffix(".lcbackup")
    capsys.readouterr()
    assert backup_command.run([str(file), "--data", str(running.folder)]) == 0
    code = capsys.readouterr().out.strip()
    monkeypatch.setattr("sys.stdin", io.StringIO(code + "\n"))
    assert restore_command.run([str(file), "--data", str(folder)]) == 0


def said(receipt: dict[str, Any], file: Path) -> int:
    file.write_text(json.dumps(receipt), "utf-8")
    return verify_draw.main([str(file)])


def backed_up_during(
    running: EngineProcess, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> tuple[Path, str, dict[str, Any]]:
    """A room restored from a backup that was taken during a bag, the bag, and the receipt of its draw.

    An entry came between the backup and the draw; on a slow machine, only in a bag that lasts longer.
    """
    for seconds in (8, 16, 32, 64):
        cue_id, place = fire(running, seconds), folder / f"again-{seconds}"
        before = running.post([comment(f"{seconds}-1", viewer="u1", text="要")])["accepted"]
        restored(running, place, monkeypatch, capsys)
        after = running.post([comment(f"{seconds}-2", viewer="u2", text="要")])["accepted"]
        receipt = until_drawn(running, cue_id, within=seconds + 15)
        assert (before, after) == (1, 1)
        if len(receipt["entries"]) == 2:
            return place, cue_id, receipt
    raise AssertionError("a backup takes more than a minute here")


def test_a_commitment_never_draws_twice(
    engine_of: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """K5.8: a room restored from a backup that was taken during a bag drew other winners under the same
    commitment, and both receipts verified."""
    running = engine_of()
    running.done("room.set", recall_seconds=0)
    running.done("broadcast.open")
    place, cue_id, receipt = backed_up_during(running, tmp_path, monkeypatch, capsys)
    assert said(receipt, tmp_path / "receipt.json") == 0

    again = engine_of(folder=place)
    cue = cue_of(again, cue_id)
    assert (cue["status"], cue["ended_because"], cue["reason"]) == ("ended", "stopped", "restored")
    assert not cue["draw"]["drawn"]
    assert cue["draw"]["draw_id"] == receipt["draw_id"]
    (told,) = again.log(types="room.restored")
    assert told["data"]["epoch"] == 2
    (ended,) = [line for line in again.log(types="cue.ended") if line["data"]["cue_id"] == cue_id]
    assert ended["seq"] == told["seq"] + 1, "nothing came in between"
    again.post([comment("3", viewer="u3", text="要")])
    assert cue_id not in [line["data"]["cue_id"] for line in again.log(types="cue.drawn")]
    capsys.readouterr()
    for id_ in (receipt["draw_id"], cue_id):
        assert receipt_command.run([id_, "--data", str(again.folder)]) == 1
        assert "从备份恢复" in capsys.readouterr().err

    # The chain goes on from the backup's, and is not the one that the receipt of the first room names.
    for room, code in ((running, 0), (again, 1)):
        assert verify_log.run([str(tmp_path / "receipt.json"), "--data", str(room.folder)]) == code
    assert told["data"]["log_seq"] < receipt["chain"]["seq"]


def test_a_restored_room_draws_what_it_promises_itself(
    engine_of: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = engine_of()
    running.done("room.set", recall_seconds=0)
    running.done("broadcast.open")
    restored(running, tmp_path / "again", monkeypatch, capsys)
    again = engine_of(folder=tmp_path / "again")
    cue_id = fire(again, 3)
    again.post([comment("1", viewer="u1", text="要")])
    receipt = until_drawn(again, cue_id)
    assert cue_of(again, cue_id)["winners"][0]["viewer_id"] == "u1"
    assert said(receipt, tmp_path / "receipt.json") == 0
    assert again.stop() == 0
    once_more = engine_of(folder=tmp_path / "again")
    assert len(once_more.log(types="room.restored")) == 1, "a restart is no restore"
    assert verify_log.run([str(tmp_path / "receipt.json"), "--data", str(again.folder)]) == 0


def test_a_room_in_which_nothing_ran_goes_on_as_it_was_and_its_own_draws_outlive_a_restart(
    engine_of: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = engine_of()
    running.post([comment("1")])
    restored(running, tmp_path / "again", monkeypatch, capsys)
    again = engine_of(folder=tmp_path / "again")
    assert again.log() == running.log()
    again.done("room.set", recall_seconds=0)
    again.done("broadcast.open")
    cue_id = fire(again, 6)
    again.post([comment("2", viewer="u2", text="要")])
    assert again.stop() == 0
    once_more = engine_of(folder=tmp_path / "again")
    until_drawn(once_more, cue_id)
    assert cue_of(once_more, cue_id)["winners"][0]["viewer_id"] == "u2"


def test_twin_without_the_word_of_the_restore_two_receipts_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two rooms of one backup, folded here; that no value of a draw goes along is left out too."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    first = open_store(tmp_path / "a")
    core = RoomCore(first, now=now, chance=SystemChance())
    spec = {"prize": PRIZE, "winners": 1, "entry": {"keyword": "要"}, "seconds": 60}
    for n, (type_, data) in enumerate(
        [
            ("room.set", {"recall_seconds": 0}),
            ("broadcast.open", {}),
            ("cue.add", {"cue_id": "b", "kind": "lucky_bag", "spec": spec}),
            ("cue.fire", {"cue_id": "b"}),
        ]
    ):
        core.process([CommandInput(str(n), type_, data, "host", b"%d" % n)], now)
    secret = {row[0]: row[1] for row in _secrets(first)}
    code = backup(first, tmp_path / "b.lcbackup")
    restore(tmp_path / "b.lcbackup", code, tmp_path / "b")
    monkeypatch.setattr(RoomCore, "_go_on", lambda self: None)
    second = open_store(tmp_path / "b")
    for name, value in secret.items():
        second.keep_secret(name, value)
    receipts = []
    for who, room in (("u1", core), ("u2", RoomCore(second, now=now, chance=SystemChance()))):
        body = json.dumps([comment("1", viewer=who, text="要")]).encode()
        room.process([read_events(BATCH, body, simulated=False)], now + timedelta(seconds=1))
        room.tick(now + timedelta(seconds=61))
        bag = room.room.cues["b"].bag
        assert bag is not None
        assert bag.receipt is not None
        receipts.append(bag.receipt)
        assert said(bag.receipt, tmp_path / "receipt.json") == 0
    assert receipts[0]["draw_id"] == receipts[1]["draw_id"]
    assert receipts[0]["winners"] != receipts[1]["winners"]
    assert receipts[0]["chain"] != receipts[1]["chain"], "only the chain tells them apart"
    first.close()
    second.close()


def _secrets(store: Any) -> list[tuple[str, bytes]]:
    with store._file.reading() as c:
        names = c.exec_driver_sql("SELECT name FROM secret").scalars().all()
    return [(name, store.secret(name)) for name in names]  # where they lie they may be sealed
