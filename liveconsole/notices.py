"""Whose work ships with this program, and under which licence.

A packaged program has it in a file that was made when it was built; elsewhere what is installed is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.respath import resources

FILE: Final = Path(__file__).with_name("notices.json")
PROGRAM: Final = "live-room-console"
_SAID: Final = {"sqlcipher3": "Zlib AND BSD-3-Clause", "pyblst": "MIT", "pyside6-essentials": "LGPL-3.0-only",
                "shiboken6": "LGPL-3.0-only"}  # fmt: skip
"""What a package does not say in its metadata, or which of its licences we use it under."""
_QT: Final = ("qt", "lgpl-3.0", "gpl-3.0")
_OURS: Final = {
    "chinesecalendar": ("chinesecalendar",),
    "pyside6-essentials": (*_QT, "icu"),
    "shiboken6": _QT,
}
"""Texts in resources/licences of packages that bring none."""
_TEXT: Final = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_MOST_TEXT: Final = 1_000_000
_BY_CLASSIFIER: Final = re.compile(r"License :: OSI Approved :: (.+)")


class ShippedPart(Struct, frozen=True):
    """A part of the program. ``licence``: an SPDX expression, or the package's own words; ``texts`` whole."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]


class _PartRow(Struct):
    name: str
    version: str
    licence: str
    texts: list[int]


class _NoticesFile(Struct):
    """``texts``: each once, however many parts have it."""

    texts: list[str]
    notices: list[_PartRow]


def notices() -> list[ShippedPart]:
    """Return every part that ships here, the program itself first, then by name."""
    try:
        return unpacked(FILE.read_bytes())
    except FileNotFoundError:
        return in_order(of_package(name) for name in installed())


def unpacked(body: bytes) -> list[ShippedPart]:
    """Return what `packed` made; raises msgspec.DecodeError, IndexError."""
    told = msgspec.json.decode(body, type=_NoticesFile)
    return [
        ShippedPart(one.name, one.version, one.licence, tuple(told.texts[at] for at in one.texts))
        for one in told.notices
    ]


def packed(whole: Iterable[ShippedPart]) -> bytes:
    """Return the notices as the file of a packaged program."""
    texts: dict[str, int] = {}
    rows = [
        _PartRow(one.name, one.version, one.licence, [texts.setdefault(t, len(texts)) for t in one.texts])
        for one in whole
    ]
    return msgspec.json.encode(_NoticesFile(list(texts), rows))


def in_order(whole: Iterable[ShippedPart]) -> list[ShippedPart]:
    """Return them as a person reads them: the program first, then by name whatever its case."""
    return sorted(whole, key=lambda one: (one.name != PROGRAM, one.name.lower()))


def installed() -> set[str]:
    """Return the program's packages, and those of its extras that are installed; tools are none."""
    wanted, found = [PROGRAM], set[str]()
    while wanted:
        name = canonical(wanted.pop())
        if name in found:
            continue
        try:
            told = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        wanted += _required(told.requires or [])
    return found


def _required(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        name, _, marker = word.partition(";")
        extra = re.search(r"extra\s*==\s*['\"]([\w.-]+)['\"]", marker)
        part = re.match(r"[A-Za-z0-9._-]+", name.strip())
        if part is not None and (extra is None or extra[1] in ("browser", "nats", "postgresql")):
            yield part[0]


def canonical(name: str) -> str:
    """Return a package's name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_package(name: str) -> ShippedPart:
    """Return the notice of an installed package; raises PackageNotFoundError."""
    told = metadata.distribution(name)
    known = canonical(name)
    texts = [text for path in told.files or () if (text := _text_in(told, path))]
    ours = resources() / "licences"
    texts += [(ours / f"{one}.txt").read_text("utf-8") for one in _OURS.get(known, ())]
    return ShippedPart(
        told.metadata["Name"] or name, told.version, _SAID.get(known) or _said(told), tuple(texts)
    )


def _text_in(told: metadata.Distribution, path: metadata.PackagePath) -> str:
    if (
        not path.parts[0].endswith(".dist-info")
        or not _TEXT.search(path.name)
        or path.suffix in (".json", ".py")
    ):
        return ""
    try:
        body = Path(str(told.locate_file(path))).read_bytes()
    except OSError:
        return ""
    return body[:_MOST_TEXT].decode("utf-8", "replace").strip()


def _said(told: metadata.Distribution) -> str:
    """The licence in the words of the metadata, the newest kind of them first; "" where it says nothing."""
    for field in ("License-Expression", "License"):
        one = told.metadata[field].strip().split("\n")[0][:80] if field in told.metadata else ""
        if one and one.upper() != "UNKNOWN":
            return one
    found = [_BY_CLASSIFIER.match(line) for line in told.metadata.get_all("Classifier") or ()]
    return ", ".join(match[1] for match in found if match)
