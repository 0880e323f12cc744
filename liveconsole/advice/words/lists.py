"""Word lists: plain text that a person can edit, and where they lie.

One term a line; ``term = suggestion``; ``{a,b}`` writes several terms at once; ``*`` stands for a few letters
of the same clause (`wanted`); ``@ zh | en`` gives the reason of the terms under it; ``#`` begins a remark.
Nothing in such a file can break it: what makes no sense is a term that never occurs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from msgspec import Struct

from liveconsole.paths import own_folders
from liveconsole.respath import resources

FOLDER: Final = "words"
KINDS: Final[dict[str, tuple[str, str]]] = {
    "absolute": (
        "广告法第九条：不得用绝对化用语，除非有依据",
        "Advertising law, article 9: no absolute terms without proof",
    ),
    "sensitive": ("不宜在直播间出现", "Does not belong in a live room"),
    "luring": ("引到平台外，会被警告或断播", "Leads off the platform: warned or cut off"),
}
"""The lists, and the reason where a list gives none."""
ALLOW: Final = "allow"
_MOST_TERMS: Final = 100_000
_CHECKED: Final = re.compile(r"^#\s*checked\s*=\s*(\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_INNER: Final = re.compile(r"\{([^{}]*)\}")


class Term(Struct, frozen=True):
    text: str
    kind: str
    suggestion: str = ""
    zh: str = ""
    en: str = ""


class Lists(Struct, frozen=True):
    """``allowed``: phrases; a term that lies inside one of them is let be. ``checked``: file → the day on
    which somebody last held it against its sources, as a remark ``# checked = …`` in it says."""

    terms: list[Term]
    allowed: list[str]
    checked: Mapping[str, date] = {}


def parse(text: str, kind: str) -> list[Term]:
    """The terms of one list; ``kind`` is one of ``KINDS``."""
    zh, en = KINDS[kind]
    found: dict[str, Term] = {}
    for line in _lines(text):
        if line.startswith("@"):
            zh, _, en = (part.strip() for part in line[1:].partition("|"))
            en = en or zh
            continue
        written, _, suggestion = line.partition("=")
        for term in expand(written.strip()):
            if len(found) < _MOST_TERMS:
                found.setdefault(term, Term(term, kind, suggestion.strip(), zh, en))
    return list(found.values())


def parse_allowed(text: str) -> list[str]:
    """The phrases of the allow list."""
    return list(dict.fromkeys(phrase for line in _lines(text) for phrase in expand(line)))[:_MOST_TERMS]


def _lines(text: str) -> Iterator[str]:
    for line in text.lstrip("\ufeff").splitlines():
        bare = line.partition("#")[0].strip()
        if bare:
            yield bare


def expand(written: str) -> Iterator[str]:
    """``第一{次,步}`` → 第一次, 第一步; braces may lie in one another."""
    made, done = [written], 0
    while made and done < _MOST_TERMS:
        one = made.pop()
        inner = _INNER.search(one)
        done += 1
        if inner is None:
            if one.strip():
                yield one.strip()
            continue
        made += [one[: inner.start()] + part + one[inner.end() :] for part in reversed(inner[1].split(","))]


def path(name: str, data: Path | None) -> Path:
    """The file of a list: the user's own (``paths.own_folders``), else the program's."""
    for folder in own_folders(data) if data is not None else ():
        own = folder / FOLDER / f"{name}.txt"
        if own.is_file():
            return own
    return resources() / FOLDER / f"{name}.txt"


def load(data: Path | None = None) -> Lists:
    """Every list as it stands on disk now.

    Raises:
        OSError: a file cannot be read.
    """
    texts = {name: _text(path(name, data)) for name in (*KINDS, ALLOW)}
    terms = [term for kind in KINDS for term in parse(texts[kind], kind)]
    days = {f"{name}.txt": day for name, text in texts.items() if (day := checked_day(text)) is not None}
    return Lists(terms, parse_allowed(texts[ALLOW]), days)


def checked_day(text: str) -> date | None:
    """Return the day that a list's remark ``# checked = 2026-11-22`` names; None where none does."""
    found = _CHECKED.search(text)
    try:
        return date.fromisoformat(found[1]) if found is not None else None
    except ValueError:
        return None


def _text(file: Path) -> str:
    return file.read_text("utf-8-sig", errors="replace")
