"""Standard streams that are closed, or of another encoding: no traceback, and nothing printed into a file."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from liveconsole import streams
from liveconsole.exits import Exit

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = '商品 "😀" \ud800'


@pytest.mark.parametrize("encoding", ["ascii", "cp936", "cp1252", "utf-8"])
def test_what_a_terminal_cannot_show_is_escaped_so_that_json_stays_json(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    streams.make_usable()
    print(json.dumps([HOSTILE], ensure_ascii=False), flush=True)
    assert json.loads(raw.getvalue().decode(encoding)) == [HOSTILE]
    sys.stdout.detach()  # type: ignore[union-attr]


def _run(words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(words.replace("PROGRAM", f"{sys.executable} -m liveconsole"), shell=True, env=env,
                          capture_output=True, timeout=30, check=False)  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
@pytest.mark.parametrize("encoding", ["ascii", "cp936"])
def test_a_command_speaks_at_any_terminal(encoding: str) -> None:
    done = _run("PROGRAM no-such-command", PYTHONIOENCODING=encoding, LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == Exit.USAGE
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
def test_a_closed_stream_is_the_null_device_and_no_file_gets_its_number(tmp_path: Path) -> None:
    code = "import os; from liveconsole import cli; cli.main(['--version']); "
    code += f"file = open({str(tmp_path / 'file')!r}, 'w'); os._exit(file.fileno())"
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        done = _run(f'{sys.executable} -c "{code}" {closed}')
        assert done.returncode > 2, closed
        assert b"Traceback" not in done.stderr
