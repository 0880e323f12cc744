"""The files of a report: whole, marked, and safe to open whatever a title says."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from liveconsole.reports.charts import chart
from liveconsole.reports.edl import clips_csv, edl, frames, timecode
from liveconsole.reports.html import html, print_form
from liveconsole.reports.xlsx import sheet_names, xlsx
from liveconsole.views.report import Report, fold
from liveconsole.views.report.guard import guarded
from liveconsole.views.report.words import ReportWords
from tests.unit.domain.desk import Desk, placed, product
from tests.unit.views.log_lines import lines_of

W, ENGLISH = ReportWords(), ReportWords(english=True)
EVIL = '=HYPERLINK("http://x","点")<script>alert(1)</script>\u202e'
COUPON = {"name": "不要", "rule": {"off_fen": 100}, "quantity": 5, "per_buyer": 1, "seconds": 60}
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def evil_evening(*, simulated: bool = True) -> Report:
    """A room in which everything that can be named is named to do harm."""
    desk = Desk(recall_seconds=0)
    desk.ok("catalogue.put", {"products": [product("evil", 9900, 50) | {"title": EVIL}]})
    desk.ok("cart.add", {"product_ids": ["evil"]})
    desk.fact("room.measured", {"online": 40})
    desk.ok("cart.pin", {"product_id": "evil"})
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON | {"name": EVIL}}, "assistant")
    desk.ok("cue.fire", {"cue_id": "c"})
    desk.queue_sale(sku_id="evil")
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": {
        "prize": {"name": EVIL, "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 30}})  # fmt: skip
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.fact("comment.posted", {"viewer": {"id": "ann"}, "text": EVIL})
    desk.fact("order.placed", placed("=o1", "ann", 2, sku_id="evil"))
    desk.fact("order.paid", {"order_id": "=o1", "paid_fen": 11_801})
    desk.wait(75)
    desk.ok("cue.add", {"cue_id": "no", "kind": "coupon", "spec": COUPON}, "assistant")
    desk.ok("cue.reject", {"cue_id": "no", "reason": EVIL})
    return fold(lines_of(desk, {"ann": EVIL}), names=True, simulated=simulated)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("words", [W, ENGLISH])
def test_the_page_holds_no_tag_and_no_address_from_outside(words: ReportWords) -> None:
    page = html(evil_evening(), words, UTC).decode()
    tags = _Tags()
    tags.feed(page)
    assert {tag for tag, _ in tags.seen}.isdisjoint({"script", "iframe", "img", "link", "object", "a"})
    assert not [
        a for _, a in tags.seen if any(name.startswith("on") or name in ("src", "href") for name in a)
    ]
    assert page.count("&lt;script&gt;") >= 5, "it is there, as text"
    policy = next(a["content"] for t, a in tags.seen if t == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_the_print_form_is_as_safe_and_names_its_chart_once() -> None:
    form = print_form(evil_evening(), W, UTC)
    assert "<script" not in form.body
    assert form.body.count("<img") == form.body.count('<img src="chart">') == 1
    assert form.mark == "排练 · 模拟数据"
    assert print_form(evil_evening(simulated=False), W, UTC).mark == ""


def test_a_rehearsal_says_so_and_a_real_broadcast_does_not() -> None:
    assert html(evil_evening(), W, UTC).decode().count("排练 · 模拟数据") >= 3
    assert "排练" not in html(evil_evening(simulated=False), W, UTC).decode()
    assert "Rehearsal" in edl(evil_evening(), ENGLISH).decode()


def test_the_chart_is_well_formed_and_shows_lanes_and_curves() -> None:
    svg, height = chart(evil_evening(), W, UTC)
    root = ElementTree.fromstring(svg)
    assert root.attrib["height"] == str(height)
    said = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"主播", "助理", "秒杀", "优惠券", "福袋", "讲解", "在线人数", "GMV / 分钟"} <= said
    assert list(root.iter("{http://www.w3.org/2000/svg}script")) == []


def test_a_long_broadcast_and_one_of_a_moment_can_be_drawn() -> None:
    desk = Desk()
    moment = fold(lines_of(desk))
    desk.wait(40 * 3600)
    desk.fact("comment.posted", {"viewer": {"id": "ann"}, "text": "还在"})
    long = fold(lines_of(desk))
    assert len(long.minutes) == 40 * 60
    for report in (moment, long):
        svg, _ = chart(report, W, UTC)
        assert len(svg) < 300_000
        ElementTree.fromstring(svg)


# The workbook ---------------------------------------------------------------------------------------


class Book:
    """What a spreadsheet program would read."""

    def __init__(self, raw: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(raw))
        book = ElementTree.fromstring(self._zip.read("xl/workbook.xml"))
        self.names = [sheet.attrib["name"] for sheet in book.iter(f"{SHEET}sheet")]
        strings = ElementTree.fromstring(self._zip.read("xl/sharedStrings.xml"))
        self.strings = ["".join(t.text or "" for t in si.iter(f"{SHEET}t")) for si in strings]
        styles = ElementTree.fromstring(self._zip.read("xl/styles.xml"))
        cells = styles.find(f"{SHEET}cellXfs")
        assert cells is not None
        self.quoted = [xf.attrib.get("quotePrefix") == "1" for xf in cells]

    def xml(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self._zip.read(f"xl/worksheets/sheet{self.names.index(name) + 1}.xml"))

    def cells(self, name: str) -> list[list[Any]]:
        """Rows of values: text as text, numbers as numbers."""
        rows = []
        for row in self.xml(name).iter(f"{SHEET}row"):
            values: list[Any] = []
            for cell in row:
                value = cell.findtext(f"{SHEET}v")
                if value is not None:
                    values.append(self.strings[int(value)] if cell.attrib.get("t") == "s" else float(value))
            rows.append(values)
        return rows


def test_the_workbook_has_its_sheets_and_marks_each() -> None:
    report = evil_evening()
    book = Book(xlsx(report, W, UTC))
    assert book.names == sheet_names(W) == ["概览", "促销", "商品", "口头承诺", "时间线", "订单", "交接"]
    for name in book.names:
        assert book.cells(name)[0] == ["排练 · 模拟数据"]
        assert "排练" in (book.xml(name).findtext(f"{SHEET}headerFooter/{SHEET}oddHeader") or "")
    real = Book(xlsx(evil_evening(simulated=False), W, UTC))
    assert not [text for text in real.strings if "排练" in text]


def test_no_cell_is_a_formula_or_a_link_and_none_becomes_one() -> None:
    book = Book(xlsx(evil_evening(), W, UTC))
    risky = 0
    for name in book.names:
        sheet = book.xml(name)
        assert list(sheet.iter(f"{SHEET}f")) == []
        assert list(sheet.iter(f"{SHEET}hyperlink")) == []
        for cell in sheet.iter(f"{SHEET}c"):
            if cell.attrib.get("t") == "s" and book.strings[int(cell.findtext(f"{SHEET}v") or 0)][:1] == "=":
                assert book.quoted[int(cell.attrib["s"])]
                risky += 1
    assert risky >= 4


def test_money_is_a_number_of_yuan() -> None:
    report = evil_evening()
    book = Book(xlsx(report, W, UTC))
    order = next(row for row in book.cells("订单") if row[0] == "=o1")
    assert 118.01 in order
    assert ["GMV", 118.01] in book.cells("概览")


def test_the_same_report_gives_the_same_bytes() -> None:
    assert xlsx(evil_evening(), W, UTC) == xlsx(evil_evening(), W, UTC)
    assert html(evil_evening(), W, UTC) == html(evil_evening(), W, UTC)


# Clips ----------------------------------------------------------------------------------------------


def test_time_codes_count_frames_from_the_opening() -> None:
    opening = datetime(2026, 11, 11, 12, tzinfo=UTC)
    assert (
        timecode(frames(opening + timedelta(hours=1, seconds=2, milliseconds=480), opening)) == "01:00:02:12"
    )
    assert timecode(frames(opening - timedelta(seconds=1), opening)) == "00:00:00:00"
    assert timecode(24 * 3600 * 25 + 1) == "00:00:00:01"


def _evening_of_pins() -> Report:
    desk = Desk()
    desk.wait(12.5)
    for product_id in ("scarf", "hat", "scarf"):
        desk.ok("cart.pin", {"product_id": product_id})
        desk.wait(61.34)
    desk.ok("cart.unpin", {})
    desk.ok("broadcast.close", {})
    return fold(lines_of(desk))


def test_the_edit_list_is_one_cut_after_the_other() -> None:
    lines = edl(_evening_of_pins(), W).decode().split("\r\n")
    assert lines[:2] == ["TITLE: 晚场", "FCM: NON-DROP FRAME"]
    cuts = [re.fullmatch(r"(\d{3})  AX       V     C        (\S+) (\S+) (\S+) (\S+)", line) for line in lines]
    found = [cut.groups() for cut in cuts if cut]
    assert [number for number, *_ in found] == ["001", "002", "003"]
    assert found[0][1:] == ("00:00:12:12", "00:01:13:21", "00:00:00:00", "00:01:01:09")
    for before, after in pairwise(found):
        assert after[3] == before[4], "the record side has no gap"
    assert lines.count("* FROM CLIP NAME: #1 scarf") == 2


def test_a_title_cannot_add_a_line_to_the_edit_list() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("x", 100, 1) | {"title": "a\r\n002  AX       V     C"}]})
    desk.ok("cart.pin", {"product_id": "x"})
    desk.wait(5)
    assert edl(fold(lines_of(desk)), W).decode().count("\r\n002") == 0


def test_the_clips_table_opens_in_a_spreadsheet() -> None:
    raw = clips_csv(evil_evening(simulated=False), W, UTC)
    assert raw.startswith(b"\xef\xbb\xbf")
    head, row = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert head[:3] == ["链接号", "商品编号", "名称"]
    assert row[2].startswith("'=HYPERLINK")
    assert row[5:7] == ["00:00:00:00", "00:01:15:00"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "|cmd", "%0"])
def test_what_a_spreadsheet_may_carry_out_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["羊绒围巾", "3 号", "", "a=b", "100%"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text
