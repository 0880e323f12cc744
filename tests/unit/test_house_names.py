"""A public class has a name of its own: who reads it anywhere in the house knows which one is meant."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def twice(sources: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Public classes that more than one place of ``sources`` (file, text) makes, and where."""
    made: dict[str, list[str]] = defaultdict(list)
    for name, text in sources:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                made[node.name].append(f"{name}:{node.lineno}")
    return {name: places for name, places in made.items() if len(places) > 1}


def _house() -> list[tuple[str, str]]:
    paths = [path for folder in ("liveconsole", "ui") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths]


def test_no_two_classes_share_a_name() -> None:
    assert twice(_house()) == {}


def test_a_name_that_is_taken_a_second_time_is_seen() -> None:
    """The same house, and one more file in it: an order of another kind, in a function even."""
    taken = "def of():\n    class Order:\n        pass\n\n    class _Sku:\n        pass\n"
    found = twice([*_house(), ("ui/more.py", taken)])
    assert list(found) == ["Order"]
    assert found["Order"][1] == "ui/more.py:2"
    assert found["Order"][0].startswith("liveconsole/domain/room.py:")
