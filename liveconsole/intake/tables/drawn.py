"""Pictures that lie in a workbook (.xlsx): over its cells, or in them as WPS puts them (``DISPIMG``)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from liveconsole.intake.tables.zipped import said, tags
from liveconsole.messages.bounds import PICTURE_BYTES

_PART_LIMIT: Final = 8 * 1024 * 1024
_ALL_LIMIT: Final = 200 * 1024 * 1024
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet(?=\s)")
_LINK: Final = re.compile(rb"<(?:\w+:)?Relationship(?=\s)")
_DRAWING: Final = re.compile(rb"<(?:\w+:)?drawing(?=\s)")
_ANCHOR: Final = re.compile(rb"<(?:\w+:)?(?:oneCell|twoCell)Anchor(?=[\s>])")
_IN_CELL: Final = re.compile(rb"<(?:\w+:)?cellImage(?=[\s>])")
_BLIP: Final = re.compile(rb"<(?:\w+:)?blip(?=\s)")
_ABOUT: Final = re.compile(rb"<(?:\w+:)?cNvPr(?=\s)")
_ROW: Final = re.compile(rb"<(?:\w+:)?row>\s*(\d{1,7})\s*<")
_NAME: Final = re.compile(rb"\sname\s*=\s*(\"[^\"]*\"|'[^']*')")
_ID: Final = re.compile(rb"\s(?:\w+:)?[iI]d\s*=\s*(\"[^\"]*\"|'[^']*')")
_EMBED: Final = re.compile(rb"\s(?:\w+:)?embed\s*=\s*(\"[^\"]*\"|'[^']*')")
_TARGET: Final = re.compile(rb"\sTarget\s*=\s*(\"[^\"]*\"|'[^']*')")
_DISPIMG: Final = re.compile(r"DISPIMG\(\s*\"(\w{1,80})\"")


class Drawn(Struct, frozen=True):
    """The pictures of one sheet."""

    over: Mapping[int, bytes] = {}
    """Row as a spreadsheet counts it → the first picture that begins there."""
    named: Mapping[str, bytes] = {}
    """Name → picture, for cells that call one."""

    def of(self, cell: str, first: int, after: int) -> bytes | None:
        """Return what a cell calls, else the first picture over rows ``first`` to before ``after``."""
        called = _DISPIMG.search(cell)
        if called is not None and called[1] in self.named:
            return self.named[called[1]]
        return next((self.over[row] for row in sorted(self.over) if first <= row < after), None)


def drawn_in(content: bytes, sheet: str) -> Drawn:
    """Return the pictures of a sheet; none where the file is no .xlsx, or its parts are not to be read. What
    they are is not looked at. Takes as long as unpacking them."""
    if not content.startswith(b"PK"):
        return Drawn()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = _Parts(packed)
            return Drawn(_over(parts, sheet), _named(parts))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        return Drawn()


class _Parts:
    """Parts of a workbook, unpacked within bounds; one that is too large is empty."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed, self._left = packed, _ALL_LIMIT
        self._names = {info.filename.replace("\\", "/"): info for info in packed.infolist()}

    def part(self, name: str, most: int = _PART_LIMIT) -> bytes:
        info = self._names.get(name)
        most = min(most, self._left)
        if info is None:
            return b""
        with self._packed.open(info) as stream:
            data = stream.read(most + 1)
        self._left -= min(len(data), most)
        return data if len(data) <= most else b""

    def links(self, name: str) -> dict[str, str]:
        """Id → the part that it stands for, as a part says it of itself."""
        folder, _, file = name.rpartition("/")
        found = {}
        for tag in tags(_LINK, self.part(f"{folder}/_rels/{file}.rels")):
            target = said(_TARGET, tag).replace("\\", "/")
            whole = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            found[said(_ID, tag)] = posixpath.normpath(whole)
        return found


def _over(parts: _Parts, sheet: str) -> dict[int, bytes]:
    book = "xl/workbook.xml"
    links = parts.links(book)
    sheets = tags(_SHEET, parts.part(book))
    named = {said(_NAME, tag): links.get(said(_ID, tag), "") for tag in sheets}
    page = named.get(sheet) or next(iter(named.values()), "")
    of_page = parts.links(page)
    found: dict[int, bytes] = {}
    for tag in tags(_DRAWING, parts.part(page)):
        name = of_page.get(said(_ID, tag), "")
        links = parts.links(name)
        for anchor in _ANCHOR.split(parts.part(name))[1:]:
            row, blip = _ROW.search(anchor), tags(_BLIP, anchor)
            if row is None or not blip or int(row[1]) + 1 in found:
                continue
            body = parts.part(links.get(said(_EMBED, blip[0]), ""), PICTURE_BYTES)
            if body:
                found[int(row[1]) + 1] = body
    return found


def _named(parts: _Parts) -> dict[str, bytes]:
    name = "xl/cellimages.xml"
    links = parts.links(name)
    found: dict[str, bytes] = {}
    for piece in _IN_CELL.split(parts.part(name))[1:]:
        about, blip = tags(_ABOUT, piece), tags(_BLIP, piece)
        if about and blip:
            body = parts.part(links.get(said(_EMBED, blip[0]), ""), PICTURE_BYTES)
            if body:
                found[said(_NAME, about[0])] = body
    return found
