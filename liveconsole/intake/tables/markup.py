"""Tables that are markup: pages that shops export as .xls, and Excel's XML of 2003."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from liveconsole.intake.tables.lines import AREA_LIMIT, ROWS_LIMIT, Table, TableRefused, TableRow, Wanted
from liveconsole.intake.tables.text import decode, flat

_TAG: Final = re.compile(r"""<(/?)([A-Za-z][\w:.-]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_ATTRIBUTE: Final = re.compile(r"""([\w:.-]++)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]++))""")
_SAID: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w-]+)|encoding\s*=\s*["']([\w-]+)""", re.IGNORECASE)
_MOST_WIDE: Final = 1_000
_ENCODINGS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8"}
_MUTE: Final = ("script", "style", "head", "title")


class _Cell(Struct):
    text: str = ""
    across: int = 1
    down: int = 1
    column: int | None = None
    kind: str = ""
    formula: str = ""


def is_markup(content: bytes) -> bool:
    """Whether a file is markup with a table in it, whatever its name says."""
    head = content[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return head.startswith(b"<") and (
        b"<table" in content[:200_000].replace(b"\0", b"").lower() or b"office:spreadsheet" in head
    )


def read_markup(content: bytes, sheet: str | None, wanted: Wanted) -> Table:
    """
    Raises:
        TableRefused: see its reasons.
    """
    found = {name: lines for name, lines in _tables(_without_remarks(_text(content))).items() if lines}
    if not found:
        raise TableRefused("empty")
    if sheet is None:
        sheet = next((name for name, lines in found.items() if wanted(lines)), next(iter(found)))
    if sheet not in found:
        raise TableRefused("sheet", sheet=sheet)
    return Table(found[sheet], sheet, list(found) if len(found) > 1 else ())


def _text(content: bytes) -> str:
    said = _SAID.search(content[:2048].decode("latin-1"))
    encoding = _ENCODINGS.get((said[1] or said[2]).casefold()) if said is not None else None
    if encoding is None or content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return decode(content)
    return content.decode(encoding, "replace")


def _without_remarks(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, text[at:]])


class _Sheet:
    """A grid that fills while its markup is read."""

    def __init__(self) -> None:
        self.lines: list[TableRow] = []
        self.row = 0
        self.hidden = False
        self._cells: list[str] = []
        self._odd: dict[int, str] = {}
        self._reach: dict[int, tuple[int, str]] = {}
        """Column → (rows that a cell goes on for, its text)."""
        self._laid_out = 0

    def begin_row(self, at: int | None, *, hidden: bool) -> None:
        """``at``: the row that the markup names, from 1."""
        self.row = max(self.row + 1, at or 0)
        self._cells, self._odd, self.hidden = [], {}, hidden
        self._fill()

    def _fill(self) -> None:
        """What cells above reach down to."""
        while (reach := self._reach.get(len(self._cells))) is not None:
            left, text = reach
            if left > 1:
                self._reach[len(self._cells)] = left - 1, text
            else:
                del self._reach[len(self._cells)]
            self._cells.append(text)

    def put(self, cell: _Cell) -> None:
        """The next cell of the row."""
        place = len(self._cells) if cell.column is None else max(cell.column - 1, len(self._cells))
        if max(place + cell.across, cell.across) > _MOST_WIDE:
            raise TableRefused("area", cell=str(self.row))
        self._laid_out += place + cell.across - len(self._cells)
        if self._laid_out > AREA_LIMIT:
            raise TableRefused("area", cell=str(self.row))
        self._cells += [""] * (place - len(self._cells))
        text = html.unescape(cell.text).replace("\xa0", " ").strip()
        if cell.kind == "error" or (cell.formula and not text):
            text, self._odd[place] = text or cell.formula, "error"
        elif cell.kind == "number":
            self._odd[place] = "number"
        for each in range(cell.across):
            if cell.down > 1:
                self._reach[place + each] = (min(cell.down, ROWS_LIMIT) - 1, text if not each else "")
            self._cells.append("" if each else text)
        self._fill()

    def end_row(self) -> None:
        while self._cells and not self._cells[-1]:
            self._cells.pop()
        if not self._cells:
            return
        if len(self.lines) == ROWS_LIMIT:
            raise TableRefused("rows", most=ROWS_LIMIT)
        text = "\t".join(flat(cell) for cell in self._cells)
        self.lines.append(TableRow(self.row, self._cells, text, self._odd, hidden=self.hidden))
        self._cells = []


def _tables(text: str) -> dict[str, list[TableRow]]:
    """Every table or worksheet; a table within a cell is text of that cell."""
    found: dict[str, list[TableRow]] = {}
    name, depth, mute = "", 0, ""
    sheet: _Sheet | None = None
    cell: _Cell | None = None
    in_row = False

    def close_cell() -> None:
        nonlocal cell
        if cell is not None and sheet is not None:
            sheet.put(cell)
        cell = None

    def close_row() -> None:
        nonlocal in_row
        close_cell()
        if in_row and sheet is not None:
            sheet.end_row()
        in_row = False

    for before, closes, tag, about in _pieces(text):
        if cell is not None and not mute:
            cell.text += before if len(cell.text) < 100_000 else ""
        plain = tag.rpartition(":")[2].casefold()
        if plain in _MUTE:
            mute = "" if closes else plain if not about.endswith("/") else mute
        elif mute:
            continue
        elif plain == "worksheet" and not closes:
            name = _attributes(about).get("name", "")
        elif plain == "table":
            if closes and depth:
                depth -= 1
                if not depth and sheet is not None:
                    close_row()
                    found[name or str(len(found) + 1)] = sheet.lines
                    sheet, name = None, ""
            elif not closes:
                depth += 1
                sheet = _Sheet() if depth == 1 else sheet
        elif depth != 1 or sheet is None:
            continue
        elif plain in ("tr", "row"):
            close_row()
            if not closes:
                said = _attributes(about)
                hidden = said.get("hidden") == "1" or "display:none" in said.get("style", "").replace(" ", "")
                sheet.begin_row(_number(said.get("index"), 0) or None, hidden=hidden)
                in_row = not about.endswith("/")
        elif plain in ("td", "th", "cell") and in_row:
            close_cell()
            if not closes:
                cell = _cell_of(_attributes(about))
                if about.endswith("/"):
                    close_cell()
        elif plain == "data" and cell is not None and not closes:
            cell.kind = _attributes(about).get("type", "").casefold()
        elif plain in ("br", "p", "div") and cell is not None and cell.text.strip():
            cell.text += "\n"
    if sheet is not None:
        close_row()
        found[name or str(len(found) + 1)] = sheet.lines
    return found


def _pieces(text: str) -> Iterator[tuple[str, bool, str, str]]:
    """The text before each tag, whether it closes, its name and its attributes."""
    at = 0
    for tag in _TAG.finditer(text):
        yield text[at : tag.start()], bool(tag[1]), tag[2], tag[3]
        at = tag.end()
    yield text[at:], True, "end", ""


def _attributes(about: str) -> dict[str, str]:
    return {
        found[1].rpartition(":")[2].casefold(): html.unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(about)
    }


def _cell_of(said: Mapping[str, str]) -> _Cell:
    across = _number(said.get("colspan"), 1) + _number(said.get("mergeacross"), 0)
    down = _number(said.get("rowspan"), 1) + _number(said.get("mergedown"), 0)
    formula = said.get("formula", "")
    return _Cell("", max(1, across), max(1, down), _number(said.get("index"), 0) or None, "", formula)


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and re.fullmatch(r"[0-9]{1,7}", said) else otherwise
