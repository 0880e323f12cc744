"""liveconsole.logs: secrets never reach the disk, a full disk hurts nobody, crashes are noted."""

from __future__ import annotations

import json
import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from liveconsole.logs import JsonLines, OwnRotatingFile, redact


def _record(text: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("test", logging.INFO, __file__, 1, text, args, told)


@pytest.mark.parametrize(
    "said", ["Authorization: Bearer {}", "GET /overlay?token={}&x=1", 'got {{"token": "{}"}}', "key={}", "{}"]
)
@pytest.mark.parametrize("made", [secrets.token_urlsafe, secrets.token_hex])
def test_a_secret_is_cut_out_however_it_is_said(said: str, made: Callable[[int], str]) -> None:
    secret = made(32)
    line = JsonLines().format(_record(said.format(secret).replace("%", "%%")))
    assert secret not in line
    assert "[removed]" in line


@pytest.mark.parametrize(
    "text", ["order 123456789 placed", "cue p3f2-pin fired", "seq 44147 /v1/events", "羊绒围巾"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_a_secret_in_an_exception_is_cut_out() -> None:
    try:
        raise ValueError("Bearer abc.def")
    except ValueError as error:
        line = JsonLines().format(_record("failed", error=error))
    assert "abc.def" not in line
    assert json.loads(line)["error"].startswith("Traceback")


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_the_file_is_its_owners_alone_also_after_rotation(tmp_path: Path) -> None:
    handler = OwnRotatingFile(tmp_path / "engine.log")
    handler.emit(_record("one"))
    handler.doRollover()
    handler.emit(_record("two"))
    handler.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["engine.log", "engine.log.1"]
    assert {p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == {0o600}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_drops_lines_and_counts_them() -> None:
    handler = OwnRotatingFile(Path("/dev/full"))
    handler.emit(_record("lost"))
    assert handler.dropped == 1
    with pytest.raises(OSError, match="No space"):  # closing flushes what could not be written
        handler.close()


def test_an_uncaught_exception_is_in_the_log_and_stdout_stays_clean(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from liveconsole import logs; "
    code += "logs.set_up(Path(sys.argv[1]), 'engine'); raise RuntimeError('boom')"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert done.stdout == ""
    lines = [json.loads(line) for line in (tmp_path / "engine.log").read_text("utf-8").splitlines()]
    assert "RuntimeError: boom" in lines[-1]["error"]
