"""What a newcomer reads: every link leads somewhere, every command with its options is one, and one version
stands everywhere."""

from __future__ import annotations

import argparse
import importlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

import dev
from liveconsole import __version__
from liveconsole.cli import _COMMANDS, grammar, man, told_commands

ROOT = Path(__file__).resolve().parents[2]
DEEDS = ("orders", "settled", "rivals", "clips", "shipments")
"""`import` reads these files with words of their own."""
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "resources").rglob("*.md")])


def anchors(text: str) -> set[str]:
    """What the page's headings are called in an address, as the usual hosts make it."""
    found: set[str] = set()
    for title in re.findall(r"^#+ +(.+?) *$", _FENCE.sub("", text), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", _LINK.sub(lambda m: m[0][1 : m[0].index("]")], title).lower())
        name = base = plain.strip().replace(" ", "-")
        n = 0
        while name in found:
            n += 1
            name = f"{base}-{n}"
        found.add(name)
    return found


def broken_links(page: Path, text: str) -> list[str]:
    """Links into the repository that lead nowhere; what is outside is not asked."""
    wrong = []
    for link in _LINK.findall(_SPAN.sub("", _FENCE.sub("", text))):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        there = (page.parent / path).resolve() if path else page
        if (
            not there.exists()
            or not there.is_relative_to(ROOT)
            or (
                anchor
                and there.suffix == ".md"
                and anchor not in anchors(text if there == page else there.read_text("utf-8"))
            )
        ):
            wrong.append(link)
    return wrong


@cache
def _options() -> dict[str, set[str]]:
    """Command → its options, those of its subcommands among them; "" is the program without one."""

    def all_of(words: argparse.ArgumentParser) -> set[str]:
        own = {option for action in words._actions for option in action.option_strings}
        return own.union(*(all_of(deed) for _, _, deed in grammar.below(words)))

    whole = grammar.whole(told_commands())
    found = {name: all_of(words) for name, _, words in grammar.below(whole)}
    found[""] = {option for action in whole._actions for option in action.option_strings}
    for deed in DEEDS:
        module = "import_bill" if deed == "settled" else f"import_{deed}"
        found["import"] |= all_of(importlib.import_module(f"liveconsole.cli.{module}").parser())
    return found


def told_on(text: str) -> Iterator[str]:
    """Every piece of code on a page that may be a command: spans, and the lines of fenced blocks."""
    for block in _FENCE.findall(text):
        for line in block.splitlines()[1:-1]:
            yield line.partition(" # ")[0].strip()
    yield from (span.replace("\\|", "|") for span in _SPAN.findall(_FENCE.sub("", text)))


def wrong_commands(pieces: Sequence[str]) -> list[str]:
    """Pieces that call the program, `make` or dev.py in a way that there is not."""
    options, targets = _options(), set(re.findall(r"^  ([a-z-]+)  ", dev.__doc__ or "", re.MULTILINE))
    wrong = []
    for piece in pieces:
        if called := re.match(r"(?:\S*/)?liveconsole(?: +(?!-)([a-z][a-z-]*))?(?= |$)(.*)", piece):
            name, rest = called[1] or "", called[2].partition(" | ")[0]
            known = options.get(name) if name or rest.strip().startswith(("-", "[-")) or not rest else None
            if name in _COMMANDS and name not in options:
                continue
            if known is None or not set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)) <= known:
                wrong.append(piece)
        elif called := re.match(r"(?:make|python3? dev\.py) ([a-z-]+)", piece):
            wrong += [] if called[1] in targets else [piece]
    return wrong


def test_every_link_of_the_pages_leads_somewhere() -> None:
    assert len(pages()) > 40
    found = {str(p.relative_to(ROOT)): broken_links(p, p.read_text("utf-8")) for p in pages()}
    assert {page: links for page, links in found.items() if links} == {}


def test_every_command_of_the_pages_is_one() -> None:
    found, said = {}, 0
    for page in pages():
        pieces = list(told_on(page.read_text("utf-8")))
        said += sum("liveconsole " in piece for piece in pieces)
        found[str(page.relative_to(ROOT))] = wrong_commands(pieces)
    assert said > 100
    assert {page: pieces for page, pieces in found.items() if pieces} == {}


def test_both_readmes_name_the_same_commands() -> None:
    named = [
        set(re.findall(r"^\| `liveconsole ([a-z-]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("README.md", "README.zh-CN.md")
    ]
    assert named[0] == named[1]
    assert len(named[0]) > 20


def test_what_is_wrong_on_a_page_is_seen() -> None:
    good = "[a](README.md) [b](docs/bus.md#capture-sources) [c](https://example.org/x)\n## Here\n[d](#here)"
    assert broken_links(ROOT / "README.md", good) == []
    bad = "[a](READ.md) [b](docs/bus.md#no-such) ![c](docs/images/none.png) [d](#there) [e](../outside.md)"
    assert len(broken_links(ROOT / "README.md", bad)) == 5
    assert (
        wrong_commands(["liveconsole", "liveconsole serve --data DIR", "make test", "liveconsole --host"])
        == []
    )
    planted = [
        "liveconsole serv",
        "liveconsole serve --datas DIR",
        "make tset",
        "python dev.py ran",
        "liveconsole --hst",
    ]
    assert wrong_commands(planted) == planted


def test_one_version_everywhere() -> None:
    news = re.findall(
        r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M
    )
    metainfo = next((ROOT / "packaging/linux").glob("*.metainfo.xml")).read_text("utf-8")
    assert news[0][0] == __version__
    assert re.findall(r'<release version="([^"]+)" date="([^"]+)"', metainfo)[0] == news[0]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["dynamic"] == ["version"]
    assert (ROOT / f"packaging/release/notes/{__version__}.toml").is_file(), "what the release notice says"
    for asks in ("packaging/windows/liveconsole.nsi", "packaging/macos/info.py", "build.spec"):
        assert __version__ not in (ROOT / asks).read_text("utf-8"), f"{asks} is told the version"
    assert f'"LiveConsole {__version__}"' in man.page(grammar.whole(told_commands()))


@pytest.mark.parametrize("path", ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/completion.md"])
def test_the_papers_are_in_the_source_package(path: str) -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    only = told["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
    assert path.partition("/")[0] in only
