"""Segments as people paste them from Excel or WPS, or keep them in files: 编号 分钟 话术 促销 条件 类型,
and under a header 定点 (when it must begin) and 最短 (the minutes that it needs).

Pure. A row that cannot be taken is given back with its reason and its text; no other goes with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.intake import one_line
from liveconsole.intake.minutes import minutes_of
from liveconsole.intake.moments import moment_of
from liveconsole.intake.one_line import LineDraft
from liveconsole.intake.products.ids import clean_id
from liveconsole.intake.ranges import numbers
from liveconsole.intake.tables import (
    NOTHING_SAID,
    Choice,
    Columns,
    Table,
    TableRow,
    Words,
    column_letters,
    find_columns,
    in_words,
    read_records,
    with_reasons,
)
from liveconsole.messages.rundown import CUES_LIMIT, SCRIPT_LIMIT, SEGMENTS_LIMIT
from liveconsole.messages.text import TEXT_LIMIT
from liveconsole.views.goods import Goods

_COLUMNS: Final = ("which", "minutes", "script", "cues", "conditions", "tag")
_NAMED: Final[dict[str, str]] = {
    "which": "编号 序号 号 链接 链接号 商品 商品编号 货号 商品id 链接序号 id number no product",
    "minutes": "分钟 时长 时间 计划分钟 讲解时长 预计时长 计划时长 时间段 时段 minutes min duration",
    "script": "话术 脚本 讲解 卖点 内容 口播 主播话术 讲解话术 script text",
    "cues": "促销 活动 玩法 福利活动 优惠 机制 福利机制 优惠机制 直播机制 促销机制 互动玩法 "
    "promotion promotions cues",
    "conditions": "条件 备注 说明 要求 conditions note notes",
    "tag": "类型 标签 tag kind",
    "anchor": "定点 定点时间 固定时间 必须开始 anchor anchor_at",
    "least": "最短 最短分钟 最短时长 最少分钟 至少分钟 least least_minutes",
    "slot": "环节 流程 板块 阶段 直播环节 part",
    "title": "名称 标题 商品名称 商品名 品名 产品名称 产品名 产品 title name",
}
_SYNONYMS: Final = {word: column for column, words in _NAMED.items() for word in words.split()}
COLUMN_NAMES: Final[dict[str, tuple[str, str]]] = {
    "which": ("编号", "number"),
    "minutes": ("分钟", "minutes"),
    "script": ("话术", "script"),
    "cues": ("促销", "promotions"),
    "conditions": ("条件", "conditions"),
    "tag": ("类型", "tag"),
    "anchor": ("定点", "anchor"),
    "least": ("最短", "least"),
    "slot": ("环节", "part"),
    "title": ("名称", "name"),
}
_TAGS: Final[dict[str, str]] = {
    **dict.fromkeys(("讲解", "产品", "explain"), "explain"),
    **dict.fromkeys(("证言", "证明", "信任", "案例", "proof"), "proof"),
    **dict.fromkeys(("福利", "福利节点", "互动", "benefit"), "benefit"),
}
_USUAL_MINUTES: Final = 5.0

REASONS: Final[dict[str, tuple[str, str]]] = {
    "columns": (
        "列数不对：编号、分钟、话术、促销、条件、类型",
        "Columns: number, minutes, script, promotions, conditions, tag",
    ),
    "quotes": ("引号没有配对", "A quotation mark is not closed"),
    "nothing": ("没有商品也没有话术", "Neither a product nor a script"),
    "which": ("编号看不懂：{text}", "Cannot read the number: {text}"),
    "unknown": ("没有这个商品：{text}", "No such product: {text}"),
    "minutes": ("分钟不对：{text}", "Not minutes: {text}"),
    "anchor": ("定点要写几点几分，例如 20:12：{text}", "Not a time of day, such as 20:12: {text}"),
    "least": ("最短不对：{text}", "Not the least minutes: {text}"),
    "least_over": ("最短比分钟长：{text}", "Longer than the minutes: {text}"),
    "script_long": ("话术超过 5000 字", "The script is over 5000 characters"),
    "text_long": ("条件或名称超过 500 字", "Conditions or name over 500 characters"),
    "date": (
        "表格把它改成了日期：{text}，请把该列设为文本（编号也可以写 1~20）",
        "The sheet has made a date of it: {text}; make its column text (or write 1~20)",
    ),
    "no_value": ("公式没有算出值：{text}", "The formula has no value: {text}"),
    "tag": ("类型只有 讲解、证言、福利：{text}", "A tag is 讲解, 证言 or 福利: {text}"),
    "cue": ("促销「{text}」：{reason}", "Promotion “{text}”: {reason}"),
    "many_cues": ("一段最多 20 个促销", "20 promotions a segment at most"),
    "too_many": ("排品表最多 500 段", "A rundown has 500 segments at most"),
}  # fmt: skip


REMARKS: Final[dict[str, tuple[str, str]]] = {
    "hidden": (
        "表格里隐藏（筛选掉）的 {n} 行也读了：不要的话，在表格里删掉再导入",
        "{n} rows that the sheet hides (a filter) were read too: delete them there if they are not wanted",
    ),
    "ignored": ("没有用到的列：{names}", "Columns that are not read: {names}"),
}


class SegmentRow(Struct, frozen=True):
    """One segment that can be put. ``line`` is where its row starts, from 1; a range gives several."""

    line: int
    segment: dict[str, Any]
    """As ``rundown.put`` takes it, without an id."""
    remarks: list[str] = []
    """What was taken as usual in its promotions, in Chinese."""


class BadSegment(Struct, frozen=True):
    """A row that cannot be taken: ``code`` is one of ``REASONS``, ``text`` the row as it stood."""

    line: int
    text: str
    code: str
    params: dict[str, Any] = {}
    cell: str = ""
    """Which cell of a sheet, as ``B3``; ``""`` for a paste, or where no one cell is to blame."""

    def reason(self, *, english: bool = False) -> str:
        zh, en = REASONS[self.code]
        params = dict(self.params)
        remark = params.pop("remark", None)
        if isinstance(remark, one_line.LineRemark):
            params["reason"] = remark.reason(english=english)
        return (en if english else zh).format_map(params)


class SegmentTable(Struct, frozen=True):
    """A table of segments as it was understood."""

    rows: Sequence[SegmentRow | BadSegment]
    lines: Mapping[int, TableRow]
    columns: Columns = Columns(())

    @property
    def good(self) -> list[SegmentRow]:
        return [row for row in self.rows if isinstance(row, SegmentRow)]

    @property
    def bad(self) -> list[BadSegment]:
        return [row for row in self.rows if isinstance(row, BadSegment)]

    def remarks(self, *, english: bool = False) -> list[str]:
        """What is to be said of the table as a whole."""
        said = []
        hidden = sum(line.hidden for line in self.lines.values())
        if hidden:
            said.append(REMARKS["hidden"][english].format(n=hidden))
        if self.columns.ignored:
            said.append(REMARKS["ignored"][english].format(names=in_words(self.columns.ignored)))
        return said

    def to_mend(self, *, english: bool = False) -> str:
        """The bad rows as a spreadsheet takes them, below their header and with a column of reasons: mended,
        they can be pasted here as they are."""
        rows = [(self.lines[row.line].cells, row.reason(english=english)) for row in self.bad]
        names = {name: both[english] for name, both in COLUMN_NAMES.items()}
        heading = self.columns.heading(list(self.lines.values()), names)
        return with_reasons(heading, rows, english=english)


class _Bad(Exception):
    def __init__(self, code: str, column: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


def read_segments(
    table: Table, goods: Goods, choice: Choice = NOTHING_SAID, *, now: datetime | None = None
) -> SegmentTable:
    """Every row of a file in order. A header is looked for in the first rows, and may name the columns in
    another order and ones that are not asked for; without one it is 编号 分钟 话术 促销 条件 类型.
    「1-20,33」 in the first column makes one segment of each number. A promotion is a line of `one_line`;
    several are parted by line ends or ；.

    Args:
        choice: what a person has said of columns.
        now: 定点 is the next such time of day after it; without it none can be read.
    """
    return _rows(table.lines, goods, choice, now, of_file=True)


def is_rundown(lines: Sequence[TableRow]) -> bool:
    """Whether the rows of a sheet are a rundown, which its first rows tell."""
    return find_columns(lines, _WORDS).header is not None


def parse_segments(text: str, goods: Goods) -> list[SegmentRow | BadSegment]:
    """The rows of a paste in order; see `paste_segments`."""
    return list(paste_segments(text, goods).rows)


def paste_segments(
    text: str, goods: Goods, choice: Choice = NOTHING_SAID, *, now: datetime | None = None
) -> SegmentTable:
    """As `read_segments`; columns are parted by tabs, as spreadsheets give them, else by commas."""
    return _rows(list(read_records(text, "\t" if "\t" in text else ",")), goods, choice, now, of_file=False)


def _is_header(order: Sequence[str | None], line: TableRow) -> bool:
    return sum(name is not None for name in order) >= 2


_WORDS: Final = Words(
    _SYNONYMS,
    _COLUMNS,
    _is_header,
    is_row=lambda line: True,
    ranks={"时间段": 3, "时段": 3, "时间": 3, "卖点": 3, "讲解": 3, "内容": 3},
)


def _rows(
    lines: Sequence[TableRow], goods: Goods, choice: Choice, now: datetime | None, *, of_file: bool
) -> SegmentTable:
    columns = find_columns(lines, _WORDS, choice)
    rows: list[SegmentRow | BadSegment] = []
    made = 0
    for line in lines if columns.header is None else lines[columns.header + 1 :]:
        try:
            if line.open_quote:
                raise _Bad("quotes")
            found = _segments(line, columns.order, goods, now)
            made += len(found)
            if made > SEGMENTS_LIMIT:
                raise _Bad("too_many")
        except _Bad as bad:
            cell = ""
            if of_file and bad.column in columns.order:
                cell = f"{column_letters(columns.order.index(bad.column))}{line.number}"
            rows.append(BadSegment(line.number, line.text, bad.code, bad.params, cell))
            continue
        rows += found
    return SegmentTable(rows, {line.number: line for line in lines}, columns)


def _segments(
    line: TableRow, order: Sequence[str | None], goods: Goods, now: datetime | None
) -> list[SegmentRow]:
    fields = list(line.cells)
    while fields and not fields[-1]:
        fields = fields[:-1]
    if len(fields) > len(order):
        raise _Bad("columns")
    cells = {name: cell for name, cell in zip(order, fields, strict=False) if name is not None}
    for place, kind in line.odd.items():
        name = order[place] if place < len(order) else None
        if kind == "date" and name is not None and name not in ("minutes", "anchor", "least"):
            raise _Bad("date", name, text=cells.get(name, ""))
        if kind == "error" and name is not None:
            raise _Bad("no_value", name, text=cells.get(name, ""))
    script, title = cells.get("script", ""), cells.get("title", "")
    conditions = cells.get("conditions", "")
    if len(script) > SCRIPT_LIMIT:
        raise _Bad("script_long", "script")
    if max(len(title) + len(cells.get("slot", "")) + 1, len(conditions)) > TEXT_LIMIT:
        raise _Bad("text_long", "conditions" if len(conditions) > TEXT_LIMIT else "title")
    which = _which(cells.get("which", ""), title, goods)
    if not which and not script and not title and not cells.get("slot"):
        raise _Bad("nothing")
    base: dict[str, Any] = {"minutes": _minutes(cells.get("minutes", "")), "script": script}
    base |= {"conditions": conditions} if conditions else {}
    tag, part = _slot(cells.get("slot", ""))
    named = " ".join(filter(None, (part, title)))
    base |= {"title": named} if named else {}
    tag = _tag(cells["tag"]) if cells.get("tag") else tag
    base |= {"tag": tag} if tag else {}
    if cells.get("least"):
        base["least_minutes"] = _least(cells["least"], base["minutes"])
    at = _anchor(cells.get("anchor", ""), now)
    rows: list[SegmentRow] = []
    wanted: list[str | None] = [*which] or [None]
    for product_id in wanted:
        cues, remarks = _cues(cells.get("cues", ""), goods, product_id)
        segment = {"product_id": product_id, **base, "cues": cues}
        if at is not None and not rows:  # of several the first begins then
            segment["anchor_at"] = at.isoformat()
        rows.append(SegmentRow(line.number, segment, remarks))
    return rows


def _which(cell: str, title: str, goods: Goods) -> list[str]:
    """Product ids of a cell: one product's id or title, or numbers of the cart."""
    if not cell:
        return [id_ for id_, good in goods.products.items() if title and good.title == title][:1]
    for id_ in (cell, clean_id(cell)):
        if id_ in goods.products:
            return [id_]
    if re.fullmatch(r"\d{1,6}\.0+", cell, re.ASCII):
        cell = cell.partition(".")[0]  # as a program writes a number
    found, wrong = numbers(cell)
    if wrong:
        named = [id_ for id_, good in goods.products.items() if good.title == cell]
        if len(named) == 1:
            return named
        raise _Bad("which" if any(c.isdigit() for c in cell) else "unknown", "which", text=cell)
    for number in found:
        if number not in goods.numbers:
            raise _Bad("unknown", "which", text=str(number))
    return [goods.numbers[number] for number in found]


def _minutes(cell: str) -> float:
    if not cell.strip():
        return _USUAL_MINUTES
    found = minutes_of(cell)
    if found is None:
        raise _Bad("minutes", "minutes", text=cell)
    return found


def _least(cell: str, minutes: float) -> float:
    least = minutes_of(cell)
    if least is None:
        raise _Bad("least", "least", text=cell)
    if least > minutes:
        raise _Bad("least_over", "least", text=cell)
    return least


def _anchor(cell: str, now: datetime | None) -> datetime | None:
    try:
        at = moment_of(cell, now) if now is not None else None
    except ValueError:
        raise _Bad("anchor", "anchor", text=cell) from None
    if cell.strip() and at is None:
        raise _Bad("anchor", "anchor", text=cell)
    return at


def _slot(cell: str) -> tuple[str | None, str]:
    """What a segment is, and what its part of the evening is called: 「福利」 is a tag, 「开场」 a title."""
    tag = _TAGS.get(unicodedata.normalize("NFKC", cell).casefold().strip())
    return tag, "" if tag is not None else cell


def _tag(cell: str) -> str:
    tag = _TAGS.get(unicodedata.normalize("NFKC", cell).casefold().strip())
    if tag is None:
        raise _Bad("tag", "tag", text=cell)
    return tag


def _cues(cell: str, goods: Goods, product_id: str | None) -> tuple[list[dict[str, Any]], list[str]]:
    cues: list[dict[str, Any]] = []
    remarks: list[str] = []
    for said in re.split(r"[\r\n;；|]+", cell):
        if not said.strip():
            continue
        draft = one_line.read(said, goods, product_id=product_id)
        if not isinstance(draft, LineDraft):
            raise _Bad("cue", "cues", text=said.strip(), remark=draft)
        cues.append({"kind": draft.kind, "spec": draft.spec})
        remarks += [f"{said.strip()}：{warning.reason()}" for warning in draft.warnings]
    if len(cues) > CUES_LIMIT:
        raise _Bad("many_cues", "cues")
    return cues, remarks
