"""Names and docstrings. A public class has a name of its own: who reads it knows which one is meant."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
IMPERATIVE = ("engine", "bus", "store", "domain", "messages", "views")
"""Rooms whose docstrings say what a function does; this list only grows."""
NOUNS = {
    "The",
    "A",
    "An",
    "What",
    "Whether",
    "How",
    "Every",
    "Who",
    "Which",
    "All",
    "Whose",
    "Where",
    "When",
    "Why",
}


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
    assert found["Order"][0].startswith("liveconsole/domain/room_orders.py:")


def not_imperative(text: str) -> list[int]:
    """Lines of docstrings that name what a public function returns in place of saying what it does."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        marks = " ".join(map(ast.unparse, node.decorator_list))
        gives = node.returns is not None and ast.unparse(node.returns) != "None"
        words = (ast.get_docstring(node) or "").split(maxsplit=1)
        if gives and words and words[0] in NOUNS and not re.search("property|contextmanager", marks):
            found.append(node.body[0].lineno)
    return found


def test_what_a_function_does_is_said_in_the_imperative() -> None:
    rooms = tuple(f"liveconsole/{room}/" for room in IMPERATIVE)
    found = {
        name: lines for name, text in _house() if name.startswith(rooms) and (lines := not_imperative(text))
    }
    assert found == {}


def test_a_docstring_that_names_a_thing_is_seen() -> None:
    said = 'def total() -> int:\n    """{}"""\n'
    assert not_imperative(said.format("The sum of it.")) == [2]
    assert not_imperative(said.format("Whether it adds up.")) == [2]
    assert not_imperative(said.format("Return the sum of it.")) == []
    assert not_imperative("@property\n" + said.format("The sum of it.")) == []
