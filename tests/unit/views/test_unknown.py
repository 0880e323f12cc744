"""K4: what nobody reported is never shown as 0, on the wire, in a report's files, to viewers.

A room under ``manual`` without any source: every kind of promotion ran, nobody told of an order or a comment.
Whatever is rendered of it is walked for a bare 0.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta, timezone
from html.parser import HTMLParser
from types import ModuleType
from typing import Any, Final, get_args
from zipfile import ZipFile

import msgspec
import pytest

from liveconsole.overlay.view import look
from liveconsole.reports import tables
from liveconsole.reports.edl import clips_csv
from liveconsole.reports.html import html, print_form
from liveconsole.reports.xlsx import xlsx
from liveconsole.views.report import Report, assemble, fold, handover_text, model, unknown
from liveconsole.views.report.pledges import pledges_csv
from liveconsole.views.report.words import ReportWords
from tests.unit.domain.desk import Desk
from tests.unit.views.log_lines import lines_of

CHINA: Final = timezone(timedelta(hours=8))
COUPON: Final = {
    "name": "满减", "rule": {"threshold_fen": 4000, "off_fen": 500}, "quantity": 50, "per_buyer": 1,
    "seconds": 300, "valid_seconds": 86_400,
}  # fmt: skip
BAG: Final = {
    "prize": {"name": "帽子", "value_fen": 4900}, "winners": 2, "entry": {"keyword": "想要"}, "seconds": 60,
    "draw": "platform",
}  # fmt: skip
KNOWN: Final = frozenset({"oversold", "unmatched", "most_fen"})
"""The contract's: never null."""
_ZERO: Final = re.compile(r"[¥￥]?0(?:\.0+)?[%×]?|0/\d+")


def _on(desk: Desk, cue_id: str, kind: str, spec: Mapping[str, Any]) -> None:
    desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
    desk.ok("cue.fire", {"cue_id": cue_id})
    desk.ok("cue.confirm", {"cue_id": cue_id, "step": "on_air", "done": True})


def room_without_sources(*, read: bool = False) -> Desk:
    """``read``: a person typed in what the platform shows of the sale."""
    desk = Desk("manual", recall_seconds=0)
    _on(desk, "sale", "flash_sale", {
        "sku_id": "scarf", "price_fen": 5900, "quantity": 5, "per_buyer": 2, "seconds": 600,
    })  # fmt: skip
    _on(desk, "coupon", "coupon", COUPON)
    _on(desk, "bag", "lucky_bag", BAG)
    pin = desk.ok("cart.pin", {"product_id": "scarf"})["cue_id"]
    desk.ok("cue.confirm", {"cue_id": pin, "step": "on_air", "done": True})
    desk.ok("pledge.put", {"text": "送礼盒"})
    desk.wait(30)
    if read:
        desk.ok("cue.measure", {"cue_id": "sale", "sold": 4, "left": 1}, "assistant")
    desk.wait(30)
    return desk


# On the wire ------------------------------------------------------------------------------------------


def _zeros(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _zeros(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _zeros(inner, f"{path}[{place}]")
    elif value == 0 and isinstance(value, int | float) and not isinstance(value, bool):
        yield path


def test_the_state_says_no_nought_that_nobody_reported() -> None:
    body = room_without_sources().state()
    found = {
        path
        for section in ("orders", "audience", "discount", "cues", "catalogue")
        for path in _zeros(body[section], section)
        if path.rsplit(".", 1)[-1] not in KNOWN
    }
    # Counted here: no comment came, no request was turned away; a unit of what is pinned reaches the coupon.
    here = {f"cues[{n}].{name}" for n in range(9) for name in ("refused_count", "top_up.missing_fen")}
    assert found <= {"audience.comments", *here}


# In files ---------------------------------------------------------------------------------------------


class _Cells(HTMLParser):
    """Text of every table cell and tile."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("td", "b"):
            self._open = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in ("td", "b")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1] += data


COUNTED: Final = frozenset({"edits", "pins", "pinned_minutes", "oversold", "unmatched"})
"""Columns of what people did here, and what the contract never leaves unknown: 0 is true there."""


def _bare(report: Report) -> list[str]:
    """Every 0 of the tables under a head that is not `COUNTED`, then of the files' own texts."""
    w, found = ReportWords(), []
    all_tables = [
        *tables.of_kinds(report, w, CHINA), tables.promotions(report, w, CHINA), tables.products(report, w),
        tables.questions(report, w), tables.clips(report, w), tables.differences(report, w),
        tables.pledges(report, w), tables.orders(report, w),
    ]  # fmt: skip
    for table in all_tables:
        for row in table.rows:
            for column, value in zip(table.columns, row, strict=True):
                if column.key not in COUNTED and _ZERO.fullmatch(tables.text(value, column.sort, CHINA)):
                    found.append(f"{table.name}: {column.key}")
    allowed = {w(key) for key in COUNTED}
    for label, value, sort in tables.figures(report, w).rows:
        if label not in allowed and _ZERO.fullmatch(tables.text(value, sort, CHINA)):
            found.append(f"figures: {label}")
    for text in (handover_text(report), *tables.notes(report, w, CHINA)):
        found += [
            line for line in text.splitlines() if re.search(r"(?<![\d.:])0 [单件条]|¥0(?![\d.]*[1-9])", line)
        ]
    for name, raw in (("clips", clips_csv(report, w, CHINA)), ("pledges", pledges_csv(report, w, CHINA))):
        cells = [cell for line in raw.decode("utf-8-sig").splitlines()[1:] for cell in line.split(",")]
        found += [f"{name}.csv" for cell in cells if cell in ("0", "0.00")]
    return found


@pytest.mark.parametrize("read", [False, True])
def test_no_file_of_a_report_shows_a_nought_that_nobody_reported(read: bool) -> None:
    report = fold(lines_of(room_without_sources(read=read)))
    assert not report.orders_known
    assert _bare(report) == []
    rendered = html(report, ReportWords(), CHINA).decode()
    cells = _Cells()
    cells.feed(rendered)
    counted = sum(value == 0 for _, value, _ in tables.figures(report, ReportWords()).rows)
    never_pinned = sum(product.pins == 0 for product in report.products)
    noughts = [cell for cell in cells.found if _ZERO.fullmatch(cell.strip())]
    assert len(noughts) == counted + 2 * never_pinned, "only what is counted here"
    assert "没有来源报订单" in rendered
    assert "¥0" not in print_form(report, ReportWords(), CHINA).body


def test_the_twin_that_takes_nothing_out_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemble, "without_orders", lambda report: None)
    monkeypatch.setattr(assemble, "without_comments", lambda report: None)
    found = _bare(fold(lines_of(room_without_sources())))
    assert {"figures: GMV", "figures: 让利", "clips: gmv", "products: units", "clips.csv"} <= set(found)


def test_what_a_person_read_off_stands_with_its_moment_and_the_sign_of_a_hand() -> None:
    """K4.1: 交接单 said 「成交 0 单」, the report 0/30 and GMV ¥0.00."""
    desk = room_without_sources(read=True)
    report = fold(lines_of(desk))
    (sale,) = [p for p in report.promotions if p.kind == "flash_sale"]
    assert (sale.sold, sale.told, sale.told_at) == (4, "hand", desk.cue().measured.at)  # type: ignore[union-attr]
    sheet = next(t for t in tables.of_kinds(report, ReportWords(), CHINA) if t.name == "flash_sale")
    row = dict(zip([column.key for column in sheet.columns], sheet.rows[0], strict=True))
    assert (row["sold"], row["gmv"], row["told"]) == ("4/5", None, "人工 20:00")
    text = handover_text(report, zone=CHINA)
    assert "成交 —：没有来源报订单\n人工读数：售出 4 件（20:00）" in text
    assert "Orders paid —" in handover_text(report, english=True)
    (product,) = [p for p in report.products if p.product_id == "scarf"]
    assert product.stock_left == 6


def test_a_coupon_of_which_nobody_tells_has_no_claims_and_stays_on_the_handover() -> None:
    """K4.2: 领取 0, 0.0 % beside a desk that said 「—」."""
    desk = room_without_sources()
    desk.ok("cue.stop", {"cue_id": "coupon"})
    desk.ok("cue.confirm", {"cue_id": "coupon", "step": "ended", "done": True})
    report = fold(lines_of(desk))
    (coupon,) = [p for p in report.promotions if p.kind == "coupon"]
    assert (coupon.claimed, coupon.claim_rate, coupon.used, coupon.told) == (None, None, None, "")
    (live,) = report.handover.coupons
    assert (live.unused, live.on_air) == (None, False)
    assert "领了多少没有来源报，有效至 2026-11-12" in handover_text(report, zone=CHINA)
    assert report.totals.followed is None


def test_the_workbook_writes_a_dash_where_nobody_told() -> None:
    book = ZipFile(io.BytesIO(xlsx(fold(lines_of(room_without_sources())), ReportWords(), CHINA)))
    sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    strings = book.read("xl/sharedStrings.xml").decode()
    assert "<t>—</t>" in strings
    noughts = sum(len(re.findall(r"<v>0(?:\.0)?</v>", _numbers(book.read(name).decode()))) for name in sheets)
    report = fold(lines_of(room_without_sources()))
    counted = [value for _, value, _ in tables.figures(report, ReportWords()).rows if value == 0]
    edits = sum(p.edits == 0 for p in report.promotions)
    pins = sum(p.pins == 0 for p in report.products)
    assert noughts == len(counted) + edits + 2 * pins, "times and minutes that it was explained"


def _numbers(sheet: str) -> str:
    """A sheet without its string cells, whose value is only the place of a string."""
    return re.sub(r'<c [^>]*t="s"[^>]*><v>\d+</v></c>', "", sheet)


def test_every_figure_of_a_report_is_in_a_table_or_counted_here() -> None:
    """A figure that is added later has to say who tells it."""
    here = {
        "Minute": {"online"},
        "Promotion": {
            "number", "edits", "quantity", "sold", "oversold", "claimed", "used", "unused", "entrants",
            "new_followers", "nth", "times",
            "groups", "filled", "helpers", "reached", "sharers", "brought", "people_brought",
        },
        "PlanSum": {"times", "fired", "skipped", "sold", "orders", "gmv_fen", "discount_fen"},
        "ReportProduct": {"number", "pinned_seconds", "pins", "stock_left"},
        "Clip": {"number"},
        "Totals": {
            "entered", "followed", "shared", "gifts", "gift_value_fen", "unmatched", "units_read",
            "online_peak", "online_mean", "oversold", "budget_fen",
        },
        "Report": {"broadcast", "of", "first_seq", "last_seq", "skipped"},
        "ReportPledge": set(), "ReportQuestion": set(),
    }  # fmt: skip
    for name, own in here.items():
        shape = getattr(model, name)
        assert isinstance(model, ModuleType)
        figures = {
            field.name
            for field in msgspec.structs.fields(shape)
            if {int, float} & {field.type, *get_args(field.type)} and field.name != "measured"
        }
        told = {*unknown.OF_ORDERS.get(shape, ()), *unknown.OF_COMMENTS.get(shape, ())}
        assert figures - told == own, name


# To viewers -------------------------------------------------------------------------------------------


def test_viewers_are_promised_no_figure_that_nobody_reported() -> None:
    desk = room_without_sources()
    shown = msgspec.to_builtins(look(desk.room, desk.now))
    assert list(_zeros(shown)) == []
    assert all(card.left is None and card.claimed is None for card in look(desk.room, desk.now).running)
