"""What the starter forks is a process like one begun whole: what it writes, how it ends, whom it knows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from tests import starter

pytestmark = pytest.mark.skipif(not starter.FORKS, reason="every start is a whole one here")
ENV = {**os.environ, "LIVECONSOLE_KEYRING": "off"}


def both(*words: str, **more: str) -> list[tuple[int, bytes, bytes]]:
    """Exit code, stdout and stderr: forked, and begun whole."""
    found = []
    for forks in ("1", "0"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LIVECONSOLE_TEST_FORKS", forks)
            process = starter.start("liveconsole", words, {**ENV, **more})
        out, err = process.communicate(timeout=50)
        found.append((process.wait(10), out, err))
    return found


@pytest.mark.parametrize(
    ("words", "code"), [(["--version"], 0), (["no-such-command"], 2), (["serve", "--port", "x"], 2)]
)
def test_it_says_and_ends_as_one_begun_whole(words: list[str], code: int) -> None:
    forked, whole = both(*words, LIVECONSOLE_LANG="en")
    assert forked == whole
    assert forked[0] == code
    assert forked[1] + forked[2]


def test_two_are_processes_of_their_own(tmp_path: Path) -> None:
    """Each has its folder's lock and its own chance; one is killed and the other does not notice."""
    first, second = (tmp_path / name for name in ("first", "second"))
    running = [serve(folder) for folder in (first, second)]
    try:
        assert len({os.getpid(), *(process.pid for process in running)}) == 3
        ids = [
            json.loads((folder / "engine.json").read_bytes())["tokens"]["host"] for folder in (first, second)
        ]
        assert ids[0] != ids[1]
        taken = starter.start("liveconsole", ["serve", "--data", str(second), "--port", "0"], ENV)
        assert taken.communicate(timeout=30)[1].startswith(b"another engine runs on ")
        assert taken.wait(10) == 3
        running[0].kill()
        assert running[0].wait(10) == -signal.SIGKILL
        assert running[1].poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            running[1].wait(0.01)
        running[1].terminate()
        assert running[1].wait(20) == 0
    finally:
        for process in running:
            process.kill()
            process.communicate(timeout=10)


def serve(folder: Path) -> subprocess.Popen[bytes]:
    """An engine, ready."""
    process = starter.start("liveconsole", ["serve", "--data", str(folder), "--port", "0"], ENV)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["pid"] == process.pid
    return process


def test_one_that_begins_again_hashes_words_otherwise() -> None:
    """What it makes of the log must not hang on the order of a set: forks of one process have the same."""
    said = []
    for _ in range(2):
        process = starter.start("timeit", ["-n", "1", "-r", "1", "print(hash('a word'))"], ENV)
        said.append(process.communicate(timeout=30)[0].split(b"\n")[0])
        assert process.wait(10) == 0
    assert int(said[0]) != int(said[1]) or "PYTHONHASHSEED" in os.environ


def test_what_still_runs_goes_with_the_starter(tmp_path: Path) -> None:
    own = starter.Starter()
    words = ["serve", "--data", str(tmp_path / "room"), "--port", "0"]
    process = own.fork("liveconsole", words, ENV, starter.ROOT)
    assert process.stdout is not None
    assert process.stdout.readline()
    own.close()
    assert process.wait(5) == -signal.SIGKILL
    assert not psutil.pid_exists(process.pid)
    process.communicate(timeout=5)
