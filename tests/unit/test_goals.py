"""A figure that misses its goal is taken anew, and nothing else is."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.goals import MissedGoal, at_least, percentile, within

ROOT = Path(__file__).resolve().parents[2]

TWO_TESTS = """
from itertools import count
from tests.goals import within

late, wrong, slow = count(), count(), count()

def test_late_once():
    within(1 - next(late), 0.5)

def test_wrong_once():
    assert next(wrong) == 1

def test_slow_always():
    next(slow)
    within(2.0, 1.0)

def test_how_often():
    assert (next(late), next(wrong), next(slow)) == (2, 1, 3)
"""


def test_a_late_figure_is_taken_again_and_a_wrong_answer_is_not(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TWO_TESTS, "utf-8")
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(ROOT)]
    done = subprocess.run(
        [sys.executable, *words, "-c", str(ROOT / "pyproject.toml"), str(tmp_path / "test_some.py")],
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    said = done.stdout.decode()
    assert "2 failed, 2 passed, 3 rerun" in said, said + done.stderr.decode()
    failed = [line for line in said.splitlines() if line.startswith("FAILED")]
    assert [line.partition("::")[2].partition(" ")[0] for line in failed] == [
        "test_wrong_once",
        "test_slow_always",
    ]


def test_what_is_no_number_misses() -> None:
    within(1.0, 1.0)
    at_least(1.0, 1.0)
    with pytest.raises(MissedGoal):
        within(float("nan"), 1.0)
    with pytest.raises(MissedGoal):
        at_least(float("nan"), 1.0)


def test_a_percentile_is_not_the_worst_by_another_name() -> None:
    assert percentile(list(range(300)), 0.99) == 297
    with pytest.raises(MissedGoal, match="75 figures have no 99%"):
        percentile(list(range(75)), 0.99)


CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time"}


def asserted(tree: ast.Module) -> list[int]:
    """Lines that assert how long something took. In a loop it is what a wait has for an end."""
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.While)]
    waits = {id(node) for loop in loops for node in ast.walk(loop)}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assert) or id(node) in waits or not isinstance(node.test, ast.Compare):
            continue
        for one, sign in zip([node.test.left, *node.test.comparators], node.test.ops, strict=False):
            took = isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub)
            if (
                took
                and isinstance(sign, ast.Lt | ast.LtE)
                and any(
                    isinstance(part, ast.Call)
                    and ast.unparse(part.func) in {f"time.{name}" for name in CLOCKS}
                    for part in ast.walk(one)
                )
            ):
                found.append(node.lineno)
    return found


def test_no_figure_of_time_is_asserted() -> None:
    """One late moment of the machine would be a red build."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if "time." in (text := path.read_text("utf-8")) and (lines := asserted(ast.parse(text))):
            found[path.relative_to(ROOT).as_posix()] = lines
    assert found == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("assert time.monotonic() - began < 2", [1]),
        ("for _ in range(5):\n    assert 1 < time.perf_counter() - began <= most", [2]),
        ("while not there():\n    assert time.monotonic() - began < 10", []),
        ("assert time.monotonic() - began > 1", []),
        ("within(time.monotonic() - began, 2)", []),
    ],
)
def test_twin_one_that_is_asserted_is_found(source: str, lines: list[int]) -> None:
    assert asserted(ast.parse(source)) == lines
