"""The check that tests leave nothing behind sees what they leave."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

LEAVES_A_PROCESS = """
import subprocess, sys
def test_leaves():
    subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
"""
LEAVES_A_THREAD = """
import threading
GATE = threading.Event()
def test_leaves():
    threading.Thread(target=GATE.wait, args=(9,), name="left-over").start()
def test_next():
    GATE.set()
"""
TIDY = """
import subprocess, sys, threading
def test_tidy():
    subprocess.run([sys.executable, "-c", ""], check=True)
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize(
    ("source", "told"),
    [(LEAVES_A_PROCESS, "the test left behind: processes"), (LEAVES_A_THREAD, "left-over"), (TIDY, None)],
)
def test_what_a_test_leaves_behind_fails_it(source: str, told: str | None, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(source, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(tmp_path), "-p",
         "tests.conftest", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True, text=True, timeout=50, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode == 1) is (told is not None), done.stdout
    assert told is None or told in done.stdout
