"""Zipped workbooks taken apart: their parts unpacked within bounds, their cells looked at, and packed anew.

What calamine does not tell is found here: cells whose formula was never worked out or went wrong (it shows
them as empty), and rows that are hidden.
"""

from __future__ import annotations

import html
import io
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from liveconsole.intake.tables import binary, ods
from liveconsole.intake.tables.lines import AREA_LIMIT, TableRefused, Untold, column_letters

UNPACKED_LIMIT: Final = 160 * 1024 * 1024
PARTS_LIMIT: Final = 4000

_REST: Final = re.compile(rb"""((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
"""What follows the name of a tag, up to its end."""
_ROW: Final = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_CELL: Final = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_CELL_END: Final = re.compile(rb"</(?:\w+:)?c\s*>")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]([^<]*)")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)")
_TYPE: Final = re.compile(rb"\st\s*=\s*[\"'](\w*)[\"']")
_PLACE: Final = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,8})[\"']")
_ROW_PLACE: Final = re.compile(rb"\sr\s*=\s*[\"'](\d{1,10})[\"']")
_HIDDEN: Final = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet(?=\s)")
_LINK: Final = re.compile(rb"<(?:\w+:)?Relationship(?=\s)")
_NAME: Final = re.compile(rb"\sname\s*=\s*(\"[^\"]*\"|'[^']*')")
_LINK_ID: Final = re.compile(rb"\s(?:\w+:)?id\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_TARGET: Final = re.compile(rb"\sTarget\s*=\s*(\"[^\"]*\"|'[^']*')")
_MOST_UNTOLD: Final = 200_000


def take_apart(content: bytes) -> tuple[bytes, dict[str, Untold]]:
    """The workbook as calamine may read it, and what it does not tell, by the name of the sheet.

    Raises:
        TableRefused: see its reasons.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = _unpacked(packed)
            if not parts:
                raise TableRefused("format" if packed.namelist() else "empty")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as why:
        raise TableRefused("broken") from why
    except (RuntimeError, NotImplementedError) as why:  # a part has a password, or is packed in another way
        raise TableRefused("password" if "password" in str(why) else "format") from why
    if "content.xml" in parts:
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise TableRefused("password")
        return _packed(parts), ods.look_at(parts["content.xml"])
    if "xl/workbook.bin" in parts:
        links = _links(parts.get("xl/_rels/workbook.bin.rels", b""))
        return _packed(parts), binary.look_at(parts, links)
    if "xl/workbook.xml" not in parts:
        raise TableRefused("format")
    seen = {name: _look_at_cells(data) for name, data in parts.items() if name.endswith(".xml")}
    return _packed(parts), _by_sheet(parts, seen)


def _unpacked(packed: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts that a table is made of. Some programs part the folders by backslashes."""
    wanted = (".xml", ".rels", ".bin", "mimetype")
    infos = [info for info in packed.infolist() if info.filename.endswith(wanted)]
    if len(infos) > PARTS_LIMIT:
        raise TableRefused("unpacked")
    left = UNPACKED_LIMIT
    parts: dict[str, bytes] = {}
    for info in infos:
        with packed.open(info) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            raise TableRefused("unpacked")
        if b"\0" in data[:200] and not info.filename.endswith(".bin"):
            raise TableRefused("format")  # not UTF-8: the cells could not be looked at
        parts[info.filename.replace("\\", "/")] = data
    return parts


def _packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as anew:
        for name, data in sorted(parts.items(), key=lambda part: part[0] != "mimetype"):
            anew.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def _by_sheet(parts: Mapping[str, bytes], seen: Mapping[str, Untold]) -> dict[str, Untold]:
    links = _links(parts.get("xl/_rels/workbook.xml.rels", b""))
    found: dict[str, Untold] = {}
    for tag in tags(_SHEET, parts["xl/workbook.xml"]):
        name, link = said(_NAME, tag), said(_LINK_ID, tag)
        untold = seen.get(links.get(link, ""))
        if untold is not None:
            found[name] = untold
    return found


def _links(part: bytes) -> dict[str, str]:
    """Id → the part that it stands for."""
    links: dict[str, str] = {}
    for tag in tags(_LINK, part):
        target = said(_TARGET, tag).replace("\\", "/")
        whole = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
        links[said(_LINK_ID, tag)] = posixpath.normpath(whole)
    return links


def tags(kind: re.Pattern[bytes], part: bytes) -> list[bytes]:
    """Return what stands behind the name in each tag of a kind, up to its end."""
    found = [_REST.match(piece) for piece in kind.split(part)[1:]]
    return [tag[1] for tag in found if tag is not None]


def said(what: re.Pattern[bytes], tag: bytes) -> str:
    """Return what a tag says under a name, ``""`` where nothing."""
    found = what.search(tag)
    return html.unescape(found[1][1:-1].decode("utf-8", "replace")) if found is not None else ""


def _look_at_cells(part: bytes) -> Untold:
    """That the cells of a sheet stand near each other (empty ones that only have a colour do not count), and
    what is untold of it. A cell or a row without a place stands behind its neighbour."""
    first_row = first_column = math.inf
    last_row = last_column = number = widest = 0
    unplaced = False
    untold, counted = Untold(), 0
    rows = _ROW.split(part)
    for count, row in enumerate(rows):
        attributes, body = _open(row) if count else (b"", row)
        place = _ROW_PLACE.search(attributes)
        number = int(place[1]) if place is not None else number + (count > 0)
        if _HIDDEN.search(attributes) is not None:
            untold.hidden.add(number - 1)
        cells = _CELL.split(body)[1:]
        widest = max(widest, len(cells))
        column = 0
        for cell in cells:
            about, held = _open(cell)
            where = _PLACE.search(about)
            at_row, column = (int(where[2]), _column(where[1])) if where is not None else (number, column + 1)
            unplaced = unplaced or where is None
            if about.endswith(b"/"):
                continue
            first_row, last_row = min(first_row, at_row), max(last_row, at_row)
            first_column, last_column = min(first_column, column), max(last_column, column)
            if (missing := _valueless(about, held)) is not None:
                untold.add(at_row - 1, column - 1, missing)
                counted += 1
        last_row = max(last_row, number) if cells and place is None else last_row
    if unplaced:
        first_row = first_column = 1
        last_row, last_column = max(last_row, number) + len(rows), last_column + widest
    if last_row and (last_row - first_row + 1) * (last_column - first_column + 1) > AREA_LIMIT:
        raise TableRefused("area", cell=f"{column_letters(last_column - 1)}{last_row}")
    if counted > _MOST_UNTOLD:
        raise TableRefused("unpacked")
    return untold


def _open(piece: bytes) -> tuple[bytes, bytes]:
    """The rest of an opening tag, and what stands behind it."""
    found = _REST.match(piece)
    if found is None:
        raise TableRefused("broken")
    return found[1], piece[found.end() :]


def _valueless(about: bytes, held: bytes) -> str | None:
    """What stands in a cell that has no value: the mark of its error, or its formula. A formula whose value
    is an empty text has one."""
    kind = _TYPE.search(about)
    is_error = kind is not None and kind[1] == b"e"
    if not is_error and b"<f" not in held and b":f" not in held:
        return None
    held = _CELL_END.split(held, maxsplit=1)[0]
    value = _VALUE.search(held)
    if is_error:
        return _text(value[1]) if value is not None and value[1].strip() else "#N/A"
    formula = _FORMULA.search(held)
    if formula is None or (value is not None and (value[1].strip() or (kind and kind[1] == b"str"))):
        return None
    return "=" + _text(formula[1])


def _text(raw: bytes) -> str:
    return html.unescape(raw.decode("utf-8", "replace")).strip()


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters.upper():
        place = place * 26 + letter - 64
    return place
