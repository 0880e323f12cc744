"""What a test lacks is said so that a person can bring it: a package's name, a variable, a command."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]
LACKS: Final = ("no ", "there is no ", "there are no ")
"""How a reason begins that tells of something absent."""
BRINGS: Final = ("install", "the wheel ", "$LIVECONSOLE_", "dev.py ", "or newer")


def reasons(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every skip's line and reason, as far as it stands in the source."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        given = node.args[:1] if name in ("skip", "absent") else []
        given += [word.value for word in node.keywords if name == "skipif" and word.arg == "reason"]
        for reason in given:
            parts = reason.values if isinstance(reason, ast.JoinedStr) else [reason]
            yield node.lineno, "".join(str(p.value) for p in parts if isinstance(p, ast.Constant))


def helpless(tree: ast.Module) -> list[tuple[int, str]]:
    """Skips that say what is absent and not what brings it."""
    return [
        (line, reason)
        for line, reason in reasons(tree)
        if reason.startswith(LACKS) and not any(word in reason for word in BRINGS)
    ]


def sources(*words: str) -> Iterator[tuple[str, ast.Module]]:
    """The tests' files that have one of the words; to parse them all takes seconds."""
    for path in sorted(TESTS.rglob("*.py")):
        if any(word in (text := path.read_text("utf-8")) for word in words):
            yield path.relative_to(TESTS).as_posix(), ast.parse(text)


def test_what_is_absent_is_said_with_what_brings_it() -> None:
    found = {
        f"{path}:{line}": reason
        for path, tree in sources("skip(", "skipif(", "absent(")
        for line, reason in helpless(tree)
    }
    assert found == {}


def test_the_shared_folder_is_found_in_one_place() -> None:
    """A test that looks for it by itself runs nowhere but where the folder lies beside the project."""
    places = [
        path
        for path, tree in sources('"shared')
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.right, ast.Constant)
        and str(node.right.value).split("/")[0] == "shared"
    ]
    assert places == ["conftest.py"]


def brought() -> set[str]:
    """The packages that the build machine installs for tests."""
    build = TESTS.parent / ".ci" / "run"
    if not build.exists():
        pytest.skip("a source package has no build of its own")
    said = re.findall(r'brought "[^"]*" ([a-z0-9 -]+)$', build.read_text("utf-8"), re.MULTILINE)
    return {package for packages in said for package in packages.split()}


def hidden(tree: ast.Module, packages: set[str]) -> list[str]:
    """Skips that hide on the build machine that a package it installs was not there."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        said = "".join(str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant))
        bare = name == "skip" or (name == "skipif" and "may_skip(" not in ast.unparse(node.args[0]))
        named = re.search(r"install ([a-z0-9-]+)", said)
        if bare and named is not None and named[1] in packages:
            found.append(said)
    return found


def test_what_the_build_machine_brings_is_not_skipped_there() -> None:
    """It would be tried nowhere, and nobody would see: by `absent` and `may_skip` it fails there."""
    packages = brought()
    assert {"chromium", "nsis", "postgresql", "rpm", "xvfb"} <= packages
    found = {path: said for path, tree in sources("skip(", "skipif(") if (said := hidden(tree, packages))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('pytest.skip("no rpm here: apt-get install rpm")', 1),
        ('pytest.mark.skipif(chromium() is None, reason="no Chromium (apt install chromium)")', 1),
        ('pytest.mark.skipif(may_skip(chromium() is None), reason="no Chromium (apt install chromium)")', 0),
        ('absent("no rpm here: apt-get install rpm")', 0),
        ('pytest.skip("no node here: apt-get install nodejs")', 0),
    ],
)
def test_twin_one_that_hides_there_is_found(source: str, count: int) -> None:
    assert len(hidden(ast.parse(source), {"rpm", "chromium"})) == count


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('pytest.skip("no rpm here")', ["no rpm here"]),
        ('pytest.skip(f"no {program} here")', ["no  here"]),
        ('services.absent("there is no server")', ["there is no server"]),
        ('pytest.mark.skipif(True, reason="no Chromium")', ["no Chromium"]),
        ('pytest.skip("no rpm here: apt-get install rpm")', []),
        ('pytest.mark.skipif(True, reason="file modes are POSIX")', []),
        ('other("no rpm here")', []),
    ],
)
def test_twin_one_that_helps_nobody_is_found(source: str, found: list[str]) -> None:
    assert [reason for _, reason in helpless(ast.parse(source))] == found
