"""Types that several threads need first at the same moment, in a process of its own: it dies, or not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from liveconsole.messages.boards import BoardPage
from liveconsole.messages.whole import known_types

_SCRIPT = """
import sys, threading, types
import msgspec
from liveconsole.messages.whole import make_whole
sys.setswitchinterval(1e-6)
text = ["import msgspec", "class C0(msgspec.Struct):", "    a: int"]
for k in range(1, 6):
    text += [f"class C{k}(msgspec.Struct):", "    a: int", f"    b: 'list[C{k - 1}]' = []",
             f"    c: 'dict[str, C{k - 1}]' = {{}}"]
body = {"a": 1, "b": [{"a": 2, "b": [{"a": 1}]}], "c": {"x": {"a": 3}}}
for n in range(400):
    module = types.ModuleType(f"made{n}")
    sys.modules[module.__name__] = module
    exec("\\n".join(text), module.__dict__)
    if sys.argv[1] == "whole":
        make_whole([module.C5])
    start = threading.Barrier(4)
    def go(shape=module.C5):
        start.wait()
        msgspec.convert(body, shape)
    threads = [threading.Thread(target=go) for _ in range(4)]
    for one in threads: one.start()
    for one in threads: one.join()
"""


def _run(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", _SCRIPT, how], capture_output=True, check=False, timeout=60)
    if how == "whole":
        assert b"Traceback" not in done.stderr, done.stderr
    return done.returncode


def test_types_that_are_made_whole_are_needed_by_many_at_once() -> None:
    assert _run("whole") == 0


def test_twin_left_to_their_threads_they_end_the_process() -> None:
    if _run("left") == 0:
        pytest.skip("this msgspec plans types for one thread at a time")


def test_what_desks_read_beside_each_other_is_known() -> None:
    assert BoardPage in set(known_types())
