"""Whether a room is on air, as a package asks before it replaces the program under it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from liveconsole.bus.rooms import watching
from liveconsole.bus.rooms.engines import RunningEngines
from liveconsole.cli import on_air
from liveconsole.exits import Exit
from tests.contract.engine_process import EngineProcess

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging/linux/off-air.sh"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells it; elsewhere a folder is asked")


def process(proc: Path, pid: int, program: str, *held: Path) -> None:
    """A process as /proc tells of it."""
    (proc / str(pid) / "fd").mkdir(parents=True)
    (proc / str(pid) / "exe").symlink_to(program)
    for at, path in enumerate(held):
        (proc / str(pid) / "fd" / str(at)).symlink_to(path)


def test_it_is_asked_of_every_engine_of_the_program(
    engine_of: Callable[..., EngineProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    engine, proc = engine_of(), tmp_path / "proc"
    assert engine.folder in [room.folder for room in RunningEngines().rooms()], "as the kernel tells it"
    process(
        proc, 11, "/opt/liveconsole/liveconsole (deleted)", engine.folder / "engine.lock", Path("/dev/null")
    )
    process(proc, 12, "/opt/other/liveconsole", tmp_path / "engine.lock")
    (proc / "13").mkdir()  # somebody else's: neither program nor handles can be read
    (proc / "self").mkdir()
    monkeypatch.setattr(on_air, "RunningEngines", lambda program: RunningEngines(program, proc))
    ours = ["--program", "/opt/liveconsole", "--english"]
    assert on_air.run(ours) == Exit.OK
    engine.done("broadcast.open", title="今晚")
    assert on_air.run(ours) == Exit.TAKEN
    assert capsys.readouterr().out.count("  on air  ") == 1
    assert on_air.run(["--program", "/opt/none"]) == Exit.OK
    monkeypatch.setattr(watching, "PATIENCE", 0.2)
    os.kill(engine.process.pid, signal.SIGSTOP)
    try:
        assert on_air.run(ours) == Exit.UNVERIFIED, "a frozen one may be on air"
        assert on_air.run(["--folder", str(engine.folder)]) == Exit.UNVERIFIED, "also where a folder is asked"
    finally:
        os.kill(engine.process.pid, signal.SIGCONT)
    assert on_air.run(["--folder", str(tmp_path / "empty")]) == Exit.OK
    engine.kill()
    assert on_air.run(["--folder", str(engine.folder)]) == Exit.OK, "its engine.json lies there still"


def test_a_link_to_the_program_s_folder_is_that_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "opt").symlink_to(tmp_path / "real", target_is_directory=True)
    proc = tmp_path / "proc"
    process(proc, 11, str(tmp_path / "real" / "liveconsole"), tmp_path / "room" / "engine.lock")
    process(proc, 12, str(tmp_path / "other" / "liveconsole"), tmp_path / "away" / "engine.lock")
    assert [room.id for room in RunningEngines(tmp_path / "opt", proc).rooms()] == ["11"]


def test_a_rehearsal_is_never_on_air(
    engine_of: Callable[..., EngineProcess], capsys: pytest.CaptureFixture[str]
) -> None:
    engine = engine_of("--rehearsal")
    engine.done("broadcast.open", title="排练")
    assert on_air.run(["--folder", str(engine.folder), "--english"]) == Exit.OK
    assert "on air (rehearsal)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("called", "word", "code", "ends"),
    [
        ("preinst", "upgrade", 3, 1),
        ("preinst", "upgrade", 0, 0),
        ("preinst", "install", 3, 0),
        ("prerm", "upgrade", 3, 0),
        ("prerm", "remove", 3, 1),
        ("prerm", "failed-upgrade", 3, 0),
        ("rpm-tmp.x", "1", 3, 0),
        ("rpm-tmp.x", "2", 3, 1),
        ("rpm-tmp.x", "0", 3, 1),
        ("preinst", "upgrade", 1, 0),
    ],
)
def test_the_packages_script_acts_on_the_answer(
    tmp_path: Path, called: str, word: str, code: int, ends: int
) -> None:
    """A broken program that nothing runs of blocks nothing; the twin that does not refuse is seen."""
    program = tmp_path / "liveconsole"
    program.write_text(f"#!/bin/sh\necho said $2 $3\nexit {code}\n")
    program.chmod(0o755)
    text = SCRIPT.read_text("utf-8")
    assert "folder=/opt/liveconsole\n" in text

    def asked(script: str, **env: str) -> subprocess.CompletedProcess[str]:
        place = tmp_path / f"live-room-console.{called}"
        place.write_text(script.replace("folder=/opt/liveconsole\n", f"folder={tmp_path}\n"), "utf-8")
        return subprocess.run(
            ["sh", place, word],
            env={"PATH": os.environ["PATH"], **env},
            capture_output=True,
            text=True,
            check=False,
        )

    done = asked(text)
    assert done.returncode == ends, done.stderr
    assert (f"said --program {tmp_path}" in done.stderr) == bool(ends)
    assert ("LIVECONSOLE_FORCE=1" in done.stderr) == bool(ends)
    assert asked(text, LIVECONSOLE_FORCE="1").returncode == 0
    assert asked(text.replace("exit 1", "exit 0")).returncode == 0


def test_what_runs_and_cannot_be_asked_is_not_replaced(tmp_path: Path) -> None:
    """The kernel says that something of the program runs; the program does not answer."""
    script = SCRIPT.read_text("utf-8").replace("folder=/opt/liveconsole\n", f"folder={tmp_path}\n")
    program = tmp_path / "liveconsole"
    program.write_text("#!/bin/sh\nexit 5\n")
    program.chmod(0o755)
    sleeping = tmp_path / "sleeps"
    sleeping.write_bytes(Path("/bin/sleep").read_bytes())
    sleeping.chmod(0o755)
    runs = subprocess.Popen([sleeping, "60"])
    try:
        refused = subprocess.run(
            ["sh", "-c", script, "preinst", "upgrade"], capture_output=True, text=True, check=False
        )
    finally:
        runs.kill()
        runs.wait()
    assert refused.returncode == 1
    assert f"/proc/{runs.pid}" in refused.stderr
    again = subprocess.run(["sh", "-c", script, "preinst", "upgrade"], capture_output=True, check=False)
    assert again.returncode == 0, "nothing of it runs: nothing is on air"
