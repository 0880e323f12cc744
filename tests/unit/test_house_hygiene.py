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
LEAVES_A_FORKED_ONE = """
import os
from tests import starter
def test_leaves():
    starter.start("liveconsole", ["serve", "--port", "0"], os.environ)
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


MANY = """
import PySide6, pytest
@pytest.mark.parametrize("number", range(100))
def test_one_of_many(number): pass
"""
FROZEN_ONCE = """
import gc
freeze = gc.freeze
def once():
    gc.freeze = int
    freeze()
gc.freeze = once
"""
SWEPT = """
import gc
def test_what_a_sweep_walks():
    assert len(gc.get_objects()) < 1_000
"""
WIDGETS = """
import gc, weakref, PySide6, pytest
class Widget: pass
seen = []
def made():
    assert [one() for one in seen if one() is not None] == []
    widget = Widget()
    widget.itself = widget
    seen.append(weakref.ref(widget))
    return widget
@pytest.fixture
def window():
    return made()
def test_makes_one(): made()
def test_is_given_one(window): pass
def test_lets_go(): pass
def test_nothing_is_left_of_either():
    assert gc.isenabled() is False
    assert len(seen) == 2
    assert [one() for one in seen] == [None, None]
"""


HELD = """
import builtins, weakref
from PySide6.QtWidgets import QWidget
class Window(QWidget): pass
def test_holds_one(qapp):
    builtins.held = window = Window()
    window.itself = window
    builtins.seen = weakref.ref(window)
"""
LET_GO = """
import builtins
def test_lets_go(): del builtins.held
def test_it_is_gone(): assert builtins.seen() is None
"""


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """A session of its own with this one's conftest."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder), "-p",
         "tests.conftest", "-p", "no:cacheprovider", str(folder)],
        capture_output=True, text=True, timeout=50, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (LEAVES_A_PROCESS, "the test left behind: processes"),
        (LEAVES_A_FORKED_ONE, "the test left behind: processes"),
        (LEAVES_A_THREAD, "left-over"),
        (TIDY, None),
    ],
)
def test_what_a_test_leaves_behind_fails_it(source: str, told: str | None, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(source, "utf-8")
    done = run(tmp_path)
    assert (done.returncode == 1) is (told is not None), done.stdout
    assert told is None or told in done.stdout


@pytest.mark.parametrize(("bent", "fails"), [("", 0), ("import gc\ngc.collect = int\n", 1)])
def test_what_a_test_made_is_gone_soon(bent: str, fails: int, tmp_path: Path) -> None:
    """Rings of objects, also what a fixture gave; and the twin in which nobody sweeps."""
    (tmp_path / "test_a.py").write_text(bent + WIDGETS, "utf-8")
    done = run(tmp_path)
    assert (done.returncode == 1) is bool(fails), done.stdout


@pytest.mark.parametrize(
    ("bent", "fails"), [("", 0), ("import tests.conftest\ntests.conftest._windows = bool\n", 1)]
)
def test_a_window_that_outlives_its_file_goes_when_it_is_let_go_of(
    bent: str, fails: int, tmp_path: Path
) -> None:
    """And the twin, in which it is frozen with all else that is there when the next file begins."""
    (tmp_path / "test_a.py").write_text(bent + HELD, "utf-8")
    (tmp_path / "test_b.py").write_text(LET_GO, "utf-8")
    done = run(tmp_path)
    assert (done.returncode == 1) is bool(fails), done.stdout


@pytest.mark.parametrize(("bent", "fails"), [("", 0), (FROZEN_ONCE, 1)])
def test_a_sweep_does_not_walk_what_tests_of_other_files_left(bent: str, fails: int, tmp_path: Path) -> None:
    """Counted objects, and the twin in which only what there was before the first test is left out."""
    (tmp_path / "test_a.py").write_text(bent + MANY, "utf-8")
    (tmp_path / "test_b.py").write_text(SWEPT, "utf-8")
    done = run(tmp_path)
    assert done.returncode == fails, done.stdout
    assert f"{fails} failed" in done.stdout or not fails
