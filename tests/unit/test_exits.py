"""Exit codes are one table: in the program, behind ``--help``, on the page; no command has its own number."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from liveconsole import __version__, verify_draw
from liveconsole.cli import _COMMANDS, main
from liveconsole.cli.joining import complain
from liveconsole.exits import MEANINGS, Exit
from liveconsole.store.errors import KeyUnavailable, StoreBroken

ROOT = Path(__file__).resolve().parent.parent.parent
ALONE = {"verify_draw.py", "verify_evidence.py"}
"""They run on a stranger's machine without the program, so they write the table's numbers themselves."""


def _answers(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.IfExp):
        yield from _answers(value.body)
        yield from _answers(value.orelse)
    else:
        yield value


def own_numbers(source: str) -> list[tuple[int, int]]:
    """(line, number) of every number that a function which gives an exit code says by itself, or by a name of
    its own module, and of every number handed to `exit`."""
    tree = ast.parse(source)
    constants: dict[str, int] = {}
    for statement in tree.body:
        target = (
            statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        )
        value = getattr(statement, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and type(value.value) is int:
            constants[target.id] = value.value
    said: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            if ast.unparse(node.returns) == "int":
                returns = (n for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None)
                said += [one for n in returns if n.value is not None for one in _answers(n.value)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "exit",
            "sys.exit",
            "SystemExit",
            "os._exit",
        ):
            said += node.args
    found = set()
    for one in said:
        if isinstance(one, ast.Constant) and type(one.value) is int:
            found.add((one.lineno, one.value))
        elif isinstance(one, ast.Name) and one.id in constants:
            found.add((one.lineno, constants[one.id]))
    return sorted(found)


def _sources() -> dict[str, str]:
    """The commands' own modules, what `cli` shares, and the desk's entry."""
    places = {
        ROOT / (command.where.partition(":")[0].replace(".", "/") + ".py") for command in _COMMANDS.values()
    }
    places |= {
        *(ROOT / "liveconsole/cli").glob("*.py"),
        ROOT / "ui/program/app.py",
        ROOT / "liveconsole/bench/command.py",
    }
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in places if path.exists()}


def test_no_command_has_a_number_of_its_own() -> None:
    sources = _sources()
    assert len(sources) > 40
    wrong = {name: numbers for name, text in sources.items() if (numbers := own_numbers(text))}
    assert {name for name in wrong if Path(name).name not in ALONE} == set(), wrong


def test_a_number_of_its_own_is_seen() -> None:
    planted = """
import sys
GONE = 7
def run(argv) -> int:
    if argv:
        return GONE
    return 0 if not argv else 9
async def _serve() -> int:
    return Exit.OK
def count() -> str:
    return "3"
sys.exit(6)
"""
    assert own_numbers(planted) == [(6, 7), (7, 0), (7, 9), (12, 6)]


@pytest.mark.parametrize("name", sorted(ALONE))
def test_what_runs_alone_says_numbers_of_the_table(name: str) -> None:
    numbers = {number for _, number in own_numbers((ROOT / "liveconsole" / name).read_text("utf-8"))}
    assert {0, 1, 2} <= numbers <= set(Exit)
    assert verify_draw.UNVERIFIED == Exit.UNVERIFIED


def test_the_page_is_the_table() -> None:
    rows = re.findall(
        r"^\| (\d+) \| (.+?) \| (.+?) \|$", (ROOT / "docs/exit-codes.md").read_text("utf-8"), re.MULTILINE
    )
    assert [(int(code), zh, en) for code, en, zh in rows] == [(code, *MEANINGS[code]) for code in Exit]


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == Exit.OK
    told = capsys.readouterr().out
    for code in Exit:
        assert f"  {code:<4} {MEANINGS[code][1]}\n" in told
    for word in ("-V", "--version"):
        assert main([word]) == Exit.OK
        assert capsys.readouterr().out == f"{__version__}\n"
    assert main(["no-such-command"]) == Exit.USAGE
    assert "no command 'no-such-command'" in capsys.readouterr().err


def test_a_key_that_is_not_to_be_had_says_so_in_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert complain(KeyUnavailable("locked")) == Exit.NO_KEY
    assert complain(StoreBroken("torn")) == Exit.FAILED
    assert capsys.readouterr().err == "liveconsole: locked\nliveconsole: torn\n"


def test_every_command_has_a_grammar() -> None:
    """`parser()` beside what runs it: the man page and the shells' completion are made of them."""
    for name, command in _COMMANDS.items():
        if command.does:
            module = importlib.import_module(command.where.partition(":")[0])
            words = module.parser()
            assert words.prog.startswith("liveconsole"), name
            assert words.description, name
            assert "``" not in words.format_help(), f"{name}: markup is no plain help"
