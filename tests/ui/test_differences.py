"""和小店对一遍: both values in a row, a key for each, and what the rules say to the shop's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from tests.ui.committed import NOW
from tests.ui.fake_bus import until
from tests.ui.sitting import Sitting, joined
from ui.panels.products import DifferencesSheet
from ui.widgets import PlainLabel

pytestmark = pytest.mark.usefixtures("dressed")


def _row(field: str, ours: Any, shop: Any, *, take: bool = True, **more: Any) -> dict[str, Any]:
    keep = {"type": "shop.keep", "data": {"product_id": "scarf", "field": field, "value": str(shop)}}
    act = {"type": "catalogue.put", "data": {"products": [{"product_id": "scarf", field: shop}]}}
    row = {"product_id": "scarf", "title": "100% 山羊绒围巾 驼色 200×70", "field": field, "keep": keep}
    return {**row, "ours": ours, "shop": shop, **({"take": act} if take else {}), **more}


def page(**more: Any) -> dict[str, Any]:
    """What the shop's connection answers of four rows."""
    rows = [
        _row("price_fen", 19_900, 18_900),
        _row("title", "100% 山羊绒围巾 驼色 200×70", "<b>山羊绒围巾</b>"),
        _row("on_shelf", True, False),
        _row("stock", 128, 97, take=False, sku="驼色 L", sku_id="l", at=NOW.isoformat()),
    ]
    return {"at": NOW.isoformat(), "rows": rows, "total": 4, "kept": 2, "next": None, **more}


class Comparing(Sitting):
    """The sheet of a host, over what the shop answers."""

    def __init__(self) -> None:
        super().__init__()
        self.bus.differences = page()

    def open(self, role: str = "host") -> DifferencesSheet:
        sheet = DifferencesSheet(self.seat, role)
        self.side.open_sheet(sheet)
        return sheet


@pytest_asyncio.fixture
async def at(qapp: Any) -> AsyncIterator[Comparing]:
    async with joined(Comparing()) as made:
        yield made


async def test_each_row_says_both_values(at: Comparing) -> None:
    sheet = at.open()
    await until(lambda: sheet.rows)
    assert [(row.ours.text(), row.shop.text().split(" · ")[0]) for row in sheet.rows] == [
        ("¥199.00", "¥189.00"),
        ("100% 山羊绒围巾 驼色 200×70", "<b>山羊绒围巾</b>"),
        ("在架", "不在架"),
        ("128", "97"),
    ]
    assert "4 处不一样" in sheet.line.text()
    assert "2 处已留我们的" in sheet.line.text()
    assert sheet.rows[3].take.isHidden(), "what cannot be taken as it is has no such key"
    for key in sheet.findChildren(QAbstractButton):
        assert key.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert key.accessibleName()
    assert at.bus.differences_asked == [(0, 50)]


async def test_the_shops_is_taken_and_ours_is_kept_by_the_commands_of_the_row(at: Comparing) -> None:
    sheet = at.open()
    await until(lambda: sheet.rows)
    before = sheet.rows[0]
    before.take.click()
    await until(lambda: at.bus.asked)
    put = {"products": [{"product_id": "scarf", "price_fen": 18_900}]}
    assert at.bus.asked == [("catalogue.put", put)]
    await until(lambda: sheet.rows[0] is not before)  # looked at again
    at.bus.differences = page(rows=[], total=0)
    sheet.rows[1].keep.click()
    await until(lambda: len(at.bus.asked) == 2)
    assert at.bus.asked[1][0] == "shop.keep"
    await until(lambda: not sheet.rows)
    assert sheet.none.isVisibleTo(sheet)


async def test_the_rules_no_stands_in_its_row(at: Comparing) -> None:
    at.bus.answer = lambda _type, _data: {
        "ok": False,
        "code": "below_price_floor",
        "params": {},
        "text": "低于底价",
    }
    sheet = at.open()
    await until(lambda: sheet.rows)
    row = sheet.rows[0]
    row.take.click()
    await until(lambda: bool(row.said.text()))
    assert row.said.isVisibleTo(sheet)
    assert row.take.isEnabled()
    assert len(at.bus.differences_asked) == 1, "nothing was taken, nothing is another"


async def test_a_shop_that_was_never_read_says_so_and_is_read_by_a_key(at: Comparing) -> None:
    at.bus.differences = {"at": None, "rows": [], "total": 0, "kept": 0, "next": None}
    sheet = at.open()
    await until(lambda: "还没有读过" in sheet.line.text())
    assert not sheet.none.isVisibleTo(sheet), "unknown is not the same"
    at.bus.differences = page()
    sheet.read.click()
    await until(lambda: sheet.rows)
    assert at.bus.acts == [("shop", "goods", {})]


async def test_pages_are_turned_within_a_bound(at: Comparing) -> None:
    at.bus.differences = page(total=120, next=50)
    sheet = at.open()
    await until(lambda: sheet.rows)
    assert sheet.before.isHidden()
    at.bus.differences = page(total=120, next=None)
    sheet.next.click()
    await until(lambda: not sheet.before.isHidden())
    assert at.bus.differences_asked[-1] == (50, 50)


async def test_who_may_not_change_goods_only_looks(at: Comparing) -> None:
    sheet = at.open("viewer")
    await until(lambda: sheet.rows)
    assert not any(row.keep.isVisibleTo(sheet) or row.take.isVisibleTo(sheet) for row in sheet.rows)
    assert any("189.00" in label.text() for label in sheet.findChildren(PlainLabel))
