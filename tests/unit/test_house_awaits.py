"""A Qt object that awaits may be destroyed meanwhile: its task ends there (`ui.alive`), or it looks first.

Python's half of a destroyed widget lives on for as long as a task holds it, and the first call to the other
half is a RuntimeError that nobody sees.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[2]
GUARDS: Final = ("isValid", "is_here", "alive")
PLAIN: Final = ("_seat", "seat")
"""Attributes that are no Qt objects wherever they stand."""
FOR_LIFE: Final = {
    (
        "ui/windows/shell.py",
        "Shell",
    ): "the one window: it is closed at the end of the program, and never destroyed",
    ("ui/windows/host/alone.py", "HostAlone"): "the same",
    ("ui/bench/start.py", "Watched"): "the same",
    (
        "ui/preferences/update_watch.py",
        "UpdateWatch",
    ): "belongs to the preferences, which last as long as the program",
}
GOES_ON: Final = {
    (
        "ui/panels/products/sheet.py",
        "ProductsSheet",
    ): "what was begun is put whole, whether its sheet is open or not; what it shows stands behind is_here",
    ("ui/windows/undo/key.py", "UndoKey"): "the same; what it says is looked for first",
}


def _bases(trees: list[ast.Module]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names = [ast.unparse(base).split("[")[0].rpartition(".")[2] for base in node.bases]
                found.setdefault(node.name, []).append(names)
    return found


def _is_qt(name: str, known: dict[str, list[list[str]]], seen: tuple[str, ...] = ()) -> bool:
    if name in seen:
        return False
    if name in known:
        return any(_is_qt(base, known, (*seen, name)) for bases in known[name] for base in bases)
    return name[:1] == "Q" and name[1:2].isupper()


def _called(node: ast.expr) -> str:
    return ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""


def unlooked(method: ast.AsyncFunctionDef) -> list[int]:
    """Lines behind an await at which ``self`` is used and nobody looked whether it is there."""
    inner: set[int] = set()
    for each in ast.walk(method):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and each is not method:
            inner |= {id(node) for node in ast.walk(each)}
    plain, guarded, uses = set(), set(), []
    awaits: list[ast.Await | ast.AsyncFor | ast.AsyncWith] = []
    for node in ast.walk(method):
        if id(node) in inner:
            continue
        if isinstance(node, ast.Attribute) and node.attr in PLAIN and isinstance(node.value, ast.Name):
            plain.add(id(node.value))
        if isinstance(node, ast.Call) and _called(node) in GUARDS:
            guarded |= {id(each) for each in ast.walk(node.func)} | {id(arg) for arg in node.args}
        if isinstance(node, ast.Name) and node.id == "self":
            uses.append(node)
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            awaits.append(node)
    uses.sort(key=lambda node: (node.lineno, node.col_offset))
    found = []
    last = {
        id(inside) for node in ast.walk(method) if isinstance(node, ast.Return) for inside in ast.walk(node)
    }
    for waits in awaits:
        if id(waits) in last:
            continue
        if isinstance(waits, ast.Await) and _called(waits.value) == "alive":
            continue
        end = (waits.end_lineno or 0, waits.end_col_offset or 0)
        if isinstance(waits, ast.AsyncFor | ast.AsyncWith):
            end = (waits.body[0].lineno, waits.body[0].col_offset - 1)
        behind = [use for use in uses if (use.lineno, use.col_offset) > end and id(use) not in plain]
        if behind and id(behind[0]) not in guarded:
            found.append(behind[0].lineno)
    return found


def wrong_in(files: dict[str, str]) -> Iterator[str]:
    trees = {name: ast.parse(text) for name, text in files.items()}
    known = _bases(list(trees.values()))
    for name, tree in trees.items():
        for made in ast.walk(tree):
            if (
                isinstance(made, ast.ClassDef)
                and _is_qt(made.name, known)
                and (name, made.name) not in {**FOR_LIFE, **GOES_ON}
            ):
                for method in made.body:
                    if isinstance(method, ast.AsyncFunctionDef):
                        yield from (f"{name}:{line} {made.name}.{method.name}" for line in unlooked(method))


def test_no_qt_object_is_used_behind_an_await_without_a_look() -> None:
    files = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / "ui").rglob("*.py"))
    }
    assert list(wrong_in(files)) == []
    for place in (*FOR_LIFE, *GOES_ON):
        assert f"class {place[1]}(" in files[place[0]]


def test_the_twin_each_of_these_is_seen_and_each_mend_is_none() -> None:
    head = "class Panel(QWidget):\n    pass\nclass Mine(Panel):\n    async def look(self):\n"
    wrong = (
        "        found = await ask()\n        self.show(found)\n",
        "        try:\n            await ask()\n        finally:\n            self.busy = False\n",
        "        async for one in many():\n            self.add(one)\n",
        "        self.show(await ask())\n        self.hide()\n",
        "        if await self._seat.ask():\n            self.hide()\n",
    )
    right = (
        "        found = await alive(self, ask())\n        self.show(found)\n",
        "        found = await ask()\n        if shiboken6.isValid(self):\n            self.show(found)\n",
        "        await ask()\n        if not self.is_here():\n            return\n        self.hide()\n",
        "        await ask()\n        await self._seat.ask()\n",
        "        if not ready:\n            return await ask()\n        self.hide()\n",
    )
    for body in wrong:
        assert list(wrong_in({"a.py": head + body})), body
    for body in right:
        assert list(wrong_in({"a.py": head + body})) == [], body
    assert list(wrong_in({"a.py": head.replace("QWidget", "object") + wrong[0]})) == []
