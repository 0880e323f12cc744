"""Rules of the house that no linter knows, held over every tracked file."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_FILE = 500  # most are under 300
PICTURES = {".png", ".webp", ".ico", ".icns", ".ttf", ".wav", ".ogg", ".gz", ".db", ".bin"}


def _tracked() -> list[Path]:
    """Tracked files, and new ones that git would track; every source file where there is no git."""
    git = shutil.which("git")
    words = ["-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    asked = subprocess.run([git, *words], capture_output=True, check=False) if git is not None else None
    if asked is not None and asked.returncode == 0 and asked.stdout:
        paths = [ROOT / name for name in asked.stdout.decode("utf-8").split("\0") if name]
    else:
        folders = ("liveconsole", "ui", "tests", "docs", "packaging", "resources")
        paths = [p for folder in folders for p in (ROOT / folder).rglob("*") if "__pycache__" not in p.parts]
    return [path for path in paths if path.is_file()]


def test_without_git_the_same_rules_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newcomer's machine may have a downloaded folder and no git."""
    with_git = set(_tracked())
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    without = set(_tracked())
    assert len(without) > 500
    assert {path for path in without - with_git if path.suffix in (".py", ".md")} == set()


def _sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def _calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every call; `?` where what is called has no name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


# What is forbidden ----------------------------------------------------------------------------------


def nested_loops(tree: ast.Module) -> list[int]:
    """A dialog's or menu's `exec()` runs a loop inside the loop: other tasks stall for good."""
    nested = ("exec", "exec_", "processEvents", "waitForDone")
    static = ("QMessageBox.", "QInputDialog.get", "QFileDialog.get", "QColorDialog.get")
    return [
        line for line, name in _calls(tree) if name.rpartition(".")[2] in nested or name.startswith(static)
    ]


def lost_tasks(tree: ast.Module) -> list[int]:
    names = ("create_task", "ensure_future")
    return [line for line, name in _calls(tree) if name.rpartition(".")[2] in names]


def bare_excepts(tree: ast.Module) -> list[int]:
    """`except:` and `except BaseException:` that swallow: both eat the cancellation of a task."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        everything = node.type is None or ast.unparse(node.type) == "BaseException"
        if everything and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
            found.append(node.lineno)
    return found


def layout_items(tree: ast.Module) -> list[int]:
    """`layout.itemAt()` and its siblings: Qt frees the item with its widget, PySide 6.11 keeps a wrapper of
    it, and the program dies when the next widget of that layout goes. Who needs the widgets keeps them."""
    asks = ("itemAt", "itemAtPosition")
    return [line for line, name in _calls(tree) if name.rpartition(".")[2] in asks]


def open_doors(tree: ast.Module) -> list[int]:
    """Qt's clipboard and its way to other programs: each has one door, through which a test can look."""
    doors = ("QDesktopServices.openUrl", "QGuiApplication.clipboard", "QApplication.clipboard")
    return [line for line, name in _calls(tree) if name.endswith(doors)]


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (open_doors, "QDesktopServices.openUrl(QUrl(page))", "outside.show_page(page)"),
        (open_doors, "QGuiApplication.clipboard().setText(a)", "clipboard.copy(a)"),
        (nested_loops, "dialog.exec()", "dialog.open()"),
        (nested_loops, "QMessageBox.question(None, 'a', 'b')", "show_question('b')"),
        (lost_tasks, "asyncio.create_task(x())", "spawn(x(), name='x')"),
        (layout_items, "row = box.itemAt(0).widget()", "row = self._rows[0]"),
        (bare_excepts, "try:\n    x()\nexcept:\n    pass", "try:\n    x()\nexcept ValueError:\n    pass"),
        (bare_excepts, "try:\n    x()\nexcept BaseException:\n    pass",
         "try:\n    x()\nexcept BaseException:\n    undo()\n    raise"),
    ],
)  # fmt: skip
def test_each_rule_sees_what_it_forbids(rule, bad: str, good: str) -> None:  # type: ignore[no-untyped-def]
    assert rule(ast.parse(bad))
    assert not rule(ast.parse(good))


def test_the_desk_never_runs_a_nested_loop() -> None:
    found = {name: lines for name, tree in _sources("ui") if (lines := nested_loops(tree))}
    # Windows that are programs of their own: that loop is the outermost, and its only one.
    for alone in ("ui/bench/start.py", "ui/program/refused.py"):
        assert len(found.pop(alone, [])) <= 1
    assert found == {}


def test_other_programs_and_the_clipboard_have_one_door_each() -> None:
    found = {name: lines for name, tree in _sources("ui") if (lines := open_doors(tree))}
    assert set(found) == {"ui/outside.py", "ui/clipboard.py"}


def test_no_layout_is_asked_for_its_items() -> None:
    assert {name: lines for name, tree in _sources("ui", "tests") if (lines := layout_items(tree))} == {}


def test_no_task_is_started_that_nothing_holds() -> None:
    found = {name: lines for name, tree in _sources("liveconsole", "ui") if (lines := lost_tasks(tree))}
    found.pop("liveconsole/tasks.py", None)  # the one place that may
    assert found == {}


def test_no_exception_is_swallowed_with_the_cancellation() -> None:
    found = {n: lines for n, tree in _sources("liveconsole", "ui") if (lines := bare_excepts(tree))}
    assert found == {}


# What is in the files -------------------------------------------------------------------------------

_HOMES = re.compile(
    r"(?<![\w.~:])/(?:work|root|home/[a-z][\w-]*|Users/[A-Za-z][\w-]*|opt/pypi[\w-]*)(?=[/\s\"'`]|$)"
)
_REGISTRY = re.compile(
    r"(?i)https?://(?!(?:www\.)?(?:w3\.org|freedesktop\.org)|schemas?\.)[^\s\"']*"
    r"(?:/simple/?(?=[\s\"']|$)|pypi|artifactory|nexus|registry\.npm|devpi)"
)


@pytest.mark.parametrize("bad", ["see /work/main/docs", 'open("/root/x")', "/home/me/data", "/Users/me/"])
def test_a_machine_path_is_seen(bad: str) -> None:
    assert _HOMES.search(bad)


@pytest.mark.parametrize(
    "good", ["docs/work/x", "https://a.b/root/x", "~/home", "/usr/share/fonts", "POST /v1/x"]
)
def test_what_is_no_machine_path_is_let_be(good: str) -> None:
    assert not _HOMES.search(good)


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    found = []
    for path in _tracked():
        if path.suffix in PICTURES or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if _HOMES.search(line) or _REGISTRY.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_no_source_file_is_too_long_to_hold_in_the_head() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for folder in ("liveconsole", "ui", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


# The lock and the metadata --------------------------------------------------------------------------


LOCKS = {"requirements.lock": ("source",), "requirements-dev.lock": ("source", "dev")}


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_in_the_lock_with_a_version_it_allows(name: str) -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [word for extra in LOCKS[name] for word in project["optional-dependencies"][extra]]
    asked = [Requirement(r) for r in (*project["dependencies"], *extras)]
    locked = _locked(name)
    stale = [str(r) for r in asked if not r.specifier.contains(locked.get(r.name.lower(), "0"))]
    assert stale == []  # python dev.py lock


def test_the_tools_stand_in_their_own_lock_around_the_same_versions() -> None:
    """What only runs the program waits for no tool, and tests run on what runs."""
    run, dev = _locked("requirements.lock"), _locked("requirements-dev.lock")
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}
    assert {"pytest", "mypy", "ruff", "playwright", "hypothesis"} <= dev.keys() - run.keys()


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(_locked(name)) > 30
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?://|--index-url|--find-links|^-f ", text, re.MULTILINE)


def test_every_import_of_the_program_is_a_declared_dependency() -> None:
    names = {
        "PySide6": "pyside6-essentials",
        "shiboken6": "pyside6-essentials",
        "PIL": "pillow",
        "ahocorasick": "pyahocorasick",
        "aws_request_signer": "aws-request-signer",
        "chinese_calendar": "chinesecalendar",
        "nats": "nats-py",
        "python_calamine": "python-calamine",
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["browser"]]  # docs/decisions/0014
    named += project["optional-dependencies"]["postgresql"]  # docs/decisions/0026
    named += project["optional-dependencies"]["nats"]  # docs/decisions/0027
    declared = {re.split(r"[<>=;\[ ]", d)[0].lower() for d in named}
    ours = {"liveconsole", "ui", *sys.stdlib_module_names}
    undeclared = {
        f"{file}: {top}"
        for file, tree in _sources("liveconsole", "ui")
        for top in _imported(tree) - ours
        if names.get(top, top.lower()) not in declared
    }
    assert undeclared == set()


def _imported(tree: ast.Module) -> set[str]:
    """Top-level names of everything imported, early or late."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found
