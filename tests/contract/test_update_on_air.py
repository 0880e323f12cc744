"""An engine that runs is asked before anything is said of updates: real, rehearsed, or too busy to answer."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from liveconsole.bus.rooms import watching
from liveconsole.cli import main
from liveconsole.exits import Exit
from liveconsole.updates import checking
from liveconsole.updates.on_air import rooms_on_air
from tests.contract.engine_process import EngineProcess
from tests.unit.updates.made_notices import SOURCE


def said(engine: EngineProcess, type_: str) -> None:
    answer = engine.call("POST", "/v1/commands", {"id": f"u-{type_}", "type": type_, "data": {}})
    assert answer.json["ok"], answer.json


async def test_a_rehearsal_that_is_on_air_counts_and_one_that_is_over_does_not(
    engine_of: Callable[..., EngineProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await rooms_on_air(tmp_path) == 0
    engine = engine_of("--rehearsal", folder=tmp_path / "rehearsal" / "desk")
    assert await rooms_on_air(tmp_path) == 0, "it runs, and nobody is on air"
    said(engine, "broadcast.open")
    assert await rooms_on_air(tmp_path) == 1
    if os.name == "posix":
        monkeypatch.setattr(watching, "PATIENCE", 0.3)
        engine.process.send_signal(signal.SIGSTOP)
        assert await rooms_on_air(tmp_path) == 1, "who runs and does not answer may be on air"
        engine.process.send_signal(signal.SIGCONT)
        monkeypatch.undo()
    said(engine, "broadcast.close")
    assert await rooms_on_air(tmp_path) == 0
    engine.kill()
    assert await rooms_on_air(tmp_path) == 0, "its engine.json lies there still"


def test_the_command_is_refused_on_air_before_anything_is_asked(
    engine_of: Callable[..., EngineProcess],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(checking, "built_in", lambda: SOURCE)
    engine = engine_of(folder=tmp_path)
    said(engine, "broadcast.open")
    assert main(["update", "--from", str(tmp_path / "none"), "--data", str(tmp_path)]) == Exit.FAILED
    assert "下播以后" in capsys.readouterr().err
    said(engine, "broadcast.close")
    assert main(["update", "--from", str(tmp_path / "none"), "--data", str(tmp_path)]) == Exit.USAGE
