"""Workbooks for tests, made as a spreadsheet makes them, and broken as a disk or a stranger breaks them."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
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
