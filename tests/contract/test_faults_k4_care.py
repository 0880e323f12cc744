"""K4 rows 6 and 7 at a real engine: its address is written again, and a lost room is none to begin anew."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from liveconsole.exits import Exit
from liveconsole.store import keys, open_store
from liveconsole.store.errors import StoreLost
from tests.contract.engine_process import ROOT, EngineProcess, comment

Make = Callable[..., EngineProcess]


def program(*words: str, given: str = "") -> tuple[int, str]:
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "liveconsole", *words],
        input=given, capture_output=True, text=True, env=env, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_an_address_that_was_deleted_is_written_again(engine_of: Make) -> None:
    """K4.6: nobody could join, and the doctor said that no engine runs."""
    running = engine_of()
    file = running.folder / "engine.json"
    before = file.read_bytes()
    file.unlink()
    said = program("doctor", "--data", str(running.folder), "--lang", "en")[1]
    assert "no engine runs" not in said
    ends = time.monotonic() + 10
    while not file.exists() and time.monotonic() < ends:
        time.sleep(0.05)
    assert file.read_bytes() == before
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
    assert "the engine runs: " in program("doctor", "--data", str(running.folder), "--lang", "en")[1]
    file.write_bytes(b"{")
    ends = time.monotonic() + 10
    while file.read_bytes() != before and time.monotonic() < ends:
        time.sleep(0.05)
    assert file.read_bytes() == before, "of no use is as good as gone"
    assert running.stop() == 0
    assert not file.exists()
    assert "no engine runs" in program("doctor", "--data", str(running.folder), "--lang", "en")[1]


def test_a_lost_room_is_refused_and_comes_back_from_its_backup(engine_of: Make, tmp_path: Path) -> None:
    """K4.7: an empty room took its place, and health was ok."""
    running = engine_of()
    folder = running.folder
    assert running.post([comment("1")])["accepted"] == 1
    kept = tmp_path / "kept.bak"
    recovery = re.search(
        r"\b[0-9A-Z]{4,}(?:-[0-9A-Z]{4,})+\b", program("backup", str(kept), "--data", str(folder))[1]
    )
    assert recovery is not None
    tokens = running.tokens
    assert running.stop() == 0
    (folder / "room.db").unlink()
    there = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    code, said = program("serve", "--data", str(folder))
    assert code == 1
    assert "room.db" in said
    assert f"liveconsole restore BACKUP --data {folder}" in said
    assert "不会新建" in said
    left = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert {name: body for name, body in left.items() if name in there} == there
    assert "room.db" not in left, "nothing new is made over it"
    code, said = program("doctor", "--data", str(folder), "--json")
    findings = {one["name"]: one for one in json.loads(said)["findings"]}
    assert (code, findings["room"]["state"]) == (1, "bad")
    assert program("backup", str(tmp_path / "x.bak"), "--data", str(folder))[0] == 1

    assert program("restore", str(kept), "--data", str(folder), given="WRONG-CODE")[0] == 1
    assert (folder / "store.json").exists(), "what was put aside comes back"
    assert program("restore", str(kept), "--data", str(folder), given=recovery[0])[0] == 0
    again = engine_of(folder=folder)
    assert [line["data"]["text"] for line in again.log(types="comment.posted")] == ["你好"]
    assert again.tokens == tokens
    assert len(list(folder.glob("lost-*/room.key"))) == 1


def test_a_restore_waits_for_no_engine(engine_of: Make, tmp_path: Path) -> None:
    running = engine_of()
    (tmp_path / "b").write_bytes(b"")
    assert program("restore", str(tmp_path / "b"), "--data", str(running.folder), given="x")[0] == Exit.TAKEN
    assert running.call("GET", "/v1/health", role=None).json["ok"] is True


@pytest.mark.of_a_file
def test_a_start_that_was_broken_off_begins_again(tmp_path: Path) -> None:
    """The key is there before the database ever was: that is no loss."""
    keys.place_new_key(tmp_path)
    store = open_store(tmp_path)
    store.close()
    (tmp_path / "room.db").unlink()
    with pytest.raises(StoreLost):
        open_store(tmp_path)


@pytest.mark.of_a_file
def test_a_store_of_an_older_program_counts_as_made(tmp_path: Path) -> None:
    open_store(tmp_path / "a").close()
    said = json.loads((tmp_path / "a" / "store.json").read_text())
    assert "making" not in said
    shutil.move(tmp_path / "a" / "room.db", tmp_path / "elsewhere")
    with pytest.raises(StoreLost):
        open_store(tmp_path / "a")
    shutil.move(tmp_path / "elsewhere", tmp_path / "a" / "room.db")
    open_store(tmp_path / "a").close()
