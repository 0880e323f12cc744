"""Backups on a schedule through the door: set, made, seen, restored; and one in a place that is none."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.contract.engine_process import EngineProcess
from tests.contract.test_cli import run

Make = Callable[..., EngineProcess]


def _until(running: EngineProcess, field: str) -> Any:
    for _ in range(450):
        said = running.state()["health"].get("backup")
        if said is not None and said[field] is not None:
            return said[field]
        time.sleep(0.1)
    raise AssertionError(running.state()["health"])


def test_a_room_is_backed_up_where_its_settings_say_and_comes_back(engine_of: Make, tmp_path: Path) -> None:
    running = engine_of()
    data = ("--data", str(running.folder))
    code = run("backup", "--code", *data).stdout
    assert run("backup", "--code", *data).stdout == code, "one code opens them all"
    disk = tmp_path / "disk"
    disk.mkdir()
    running.done("room.set", backup={"to": "folder", "place": str(running.folder / "images")})
    failed = _until(running, "failed")
    assert failed["why"] == "inside_data"
    alarm = next(one for one in running.state()["alarms"] if one["code"] == "backup")
    assert "数据文件夹里面" in alarm["text"]
    running.done("room.set", backup={"to": "folder", "place": str(disk), "keep": 3})
    last = _until(running, "last")
    assert running.state()["health"]["backup"]["failed"] is None
    assert [one["code"] for one in running.state()["alarms"] if one["code"] == "backup"] == []
    (file,) = disk.iterdir()
    assert (file.name, file.stat().st_size) == (last["name"], last["bytes"])
    run("restore", str(file), "--data", str(tmp_path / "again"), stdin=code)
    named = f"{last['events']}:{last['head']}"
    run("verify-log", "--data", str(tmp_path / "again"), "--head", named)
    answer = running.command("room.set", backup={"to": "webdav", "place": "http://a:b@nas/"})
    assert (answer["ok"], answer["code"]) == (False, "bad_shape")
