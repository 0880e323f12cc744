"""Workbooks for tests, made as a spreadsheet makes them, and broken as a disk or a stranger breaks them."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import xlsxwriter

Sheets = dict[str, Sequence[Sequence[Any]]]

OLD_BOOK: Final = zlib.decompress(
    base64.b85decode(
        "c-rk)O-NKx6#njeGtLh);~N_V4P+3qG&k0!Mfx;IS4~z%(ywC<70OHuZET}uvkU@P{cHp`ZLBu^P(kim1V#}-Ak5UVO+"
        "ldxo!7Z%?u)TpIFM3tzsEi2+;i?d_q==0z3=Dsd^A7(prL?Y&<PVoCxEIlouCqMD;CJ^I8t=EpNgaLPa)u^g{<=8Y50{"
        "-uAyA-0u0>u%n=1XQaOo>NMzEf_$Fc>$B+~<h7O_vcSsXKJx5i;^eodYOz&~aXH2_TbDe1iwats;n70$HdsG$=7)@-8K"
        ">B^eeLk?J9kqBVvv~Z5D7E#XJ9{BH`ga-{Jt541)~z>{PGys$dBkV|XYk#L1K-@8`Xa9No2wTf{nBc^Zw>vF;Q=P#403"
        "|!5W+iCS`5*1bgq9HyLdawLiW1x#UsSR{a?n2EhhG!CpL9@-~=UZce@F(aIhtvITw_NG;eBa)us+}vWJKcqnhO?r@TeS"
        "_VV4YZw?Ig*=JZY!3TNixZfrtgo7)x2X&6H#b7Eett{_kdX>FyWx0WAj1rZ2b6>3zdM3HeHMTa>IJ+5d?d@gq4w7@94?"
        "S+oeX?6fp6xAMj?KQer_n@@pJD1RuSv9tHgW5w#1q@)LLChYOzVF;Cj5q_Vt3Rttr{x`vKVDrs>#_AKWm1Xt5VIRnyGw"
        "=HGB#7<x%Yg`|?ulImIT}*X>iXMTC8I8Z~&x6WUews0~6xLqkJDLqkJDV*?=6>%6I6=)LN5!KeP~tWYWH-z5Jn4kJU?C"
        "HgSkk2LWt#wyC6I(UWaORTex`@c})7>%CA2!=S0k&5$|KKDfV{j9sA_2;%wrQ;VXiF1R;{{ifo%1Q"
    )
)
"""An .xls of two rows, as a library of the time wrote it: 编号 名称 价格 库存, A1 保温杯 59.9 3."""


def book(sheets: Sheets, more: Callable[[Any], None] = lambda _book: None) -> bytes:
    """The bytes of an .xlsx; ``more`` is given the workbook before it is closed."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        more(made)
    return out.getvalue()


def rewritten(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return out.getvalue()


def open_book(body: str, *, name: str = "商品") -> bytes:
    """An .ods with one sheet; ``body``: its rows as the format writes them."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="{name}">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def open_cell(value: str | float) -> str:
    """A cell of an .ods."""
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def open_row(cells: Sequence[str | float], about: str = "") -> str:
    """A row of an .ods."""
    return f"<table:table-row {about}>{''.join(map(open_cell, cells))}</table:table-row>"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Parts packed as a workbook packs them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


def binary_record(kind: int, data: bytes = b"") -> bytes:
    """A record of an .xlsb."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(data), b""
    while size >= 0x80:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + length + bytes([size]) + data


def binary_row(row: int, cells: Sequence[str | float | bytes], *, hidden: bool = False) -> bytes:
    """A row of an .xlsb; a cell of bytes is the number of its error."""
    head = struct.pack("<IIHBBB", row, 0, 300, 0, 0x10 if hidden else 0, 0) + struct.pack("<I", 0)
    made = binary_record(0, head)
    for column, value in enumerate(cells):
        place = struct.pack("<II", column, 0)
        if isinstance(value, bytes):
            made += binary_record(3, place + value)
        elif isinstance(value, str):
            text = struct.pack("<I", len(value)) + value.encode("utf-16-le")
            made += binary_record(6, place + text)
        else:
            made += binary_record(5, place + struct.pack("<d", value))
    return made


def binary_book(rows: bytes, *, name: str = "商品", texts: bytes = b"") -> bytes:
    """An .xlsb with one sheet."""

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    bundle = struct.pack("<II", 0, 1) + wide("rId1") + wide(name)
    book = binary_record(131) + binary_record(143) + binary_record(156, bundle)
    book += binary_record(144) + binary_record(132)
    extent = struct.pack("<IIII", 0, 9, 0, 9)
    sheet = binary_record(129) + binary_record(148, extent) + binary_record(145) + rows
    sheet += binary_record(146) + binary_record(130)
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{base}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    parts: dict[str, str | bytes] = {
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": links,
        "xl/worksheets/sheet1.bin": sheet,
        "[Content_Types].xml": "<Types/>",
    }
    if texts:
        parts["xl/sharedStrings.bin"] = texts
    return zipped(parts)
