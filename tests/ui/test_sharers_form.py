"""带货的人 in a report: what each brought, and his goods and prices, written by keys alone."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from liveconsole.messages.sharers import SharerGoods, SharerRow, SharersPage
from tests.ui.fake_bus import refuse, until
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import faults
from tests.ui.sitting import Sitting
from tests.ui.test_parts_form import NONE, press, report
from tests.unit.domain.desk import START
from ui import i18n, theme
from ui.windows.history.sharers_form import SharersForm
from ui.windows.history.window import HistoryWindow

K = Qt.Key
pytestmark = pytest.mark.usefixtures("dressed")


def _row(sharer: str, name: str, *goods: SharerGoods) -> SharerRow:
    ends = START + timedelta(days=2) if goods else None
    commission = 5_970 if goods else None
    parts = (81.0, 80.0, 90.0, 70.0, 60.0)
    return SharerRow(sharer, name, 12, 3, 59_700, 2, *parts, commission, list(goods), ends)


def page(sku_id: str) -> SharersPage:
    rows = [
        _row("ext-1", "团长<b>甲</b>", SharerGoods(sku_id, "围巾", 8_900, "10")),
        _row("ext-2", "团长乙"),
        _row("forgotten", "forgotten"),
    ]
    return SharersPage(START, START.date(), False, 3, rows)


def a_sku(sitting: Sitting) -> str:
    """One of the goods of the desk."""
    assert sitting.seat.state is not None
    return sitting.seat.state.catalogue.products[0].skus[0].sku_id


async def opened(sitting: Sitting, window: HistoryWindow) -> SharersForm:
    found = page(a_sku(sitting))
    sitting.bus.books_told["sharers"] = lambda _query: msgspec.to_builtins(found)
    window.report.close_parts()
    QTest.keyClick(window.report, K.Key_S)
    form = window.report.sharers_form
    await until(form.isVisible)
    return form


async def test_what_a_sharer_brought_and_has_is_shown() -> None:
    async with report(NONE) as (sitting, window):
        form = await opened(sitting, window)
        assert window.focusWidget() is form.who
        assert [form.who.itemText(n) for n in range(form.who.count())] == [
            "团长<b>甲</b>",
            "团长乙",
            "另一个人",
        ]
        assert form.line.text().startswith(
            "带来 12 人次 · 3 单 · ¥597.00 · 影响力 81 · 佣金 ¥59.70 · 专属价到 "
        )
        sku, price, percent = form.goods[0]
        assert (sku.chosen, price.text(), percent.text()) == (a_sku(sitting), "89", "10")
        title = sitting.seat.state.catalogue.products[0].title  # type: ignore[union-attr]
        assert sku.currentText().count(title) == 1
        press(window, K.Key_Down)
        assert "佣金 —" in form.line.text()
        assert (sku.chosen, price.text()) == (None, "")


async def test_goods_are_given_to_one_by_keys_alone() -> None:
    async with report(NONE) as (sitting, window):
        form = await opened(sitting, window)
        press(window, K.Key_Down, K.Key_Tab)
        assert window.focusWidget() is form.goods[0][0]
        press(window, K.Key_Down, K.Key_Tab, "59.5", K.Key_Tab, "8", K.Key_Return)
        await until(lambda: sitting.bus.asked)
        goods = [{"sku_id": form.goods[0][0].chosen, "price_fen": 5_950, "percent": "8"}]
        assert sitting.bus.asked == [("sharer.put", {"viewer_id": "ext-2", "goods": goods})]
        await until(lambda: not form.isVisible())


async def test_another_is_named_by_his_id_and_nobody_is_not_asked_for() -> None:
    async with report(NONE) as (sitting, window):
        form = await opened(sitting, window)
        press(window, K.Key_End)
        assert form.other.isVisible()
        form.write()
        assert form.said.text() == "写上观众编号"
        press(window, "ext-9", K.Key_Return)
        await until(lambda: sitting.bus.asked)
        assert sitting.bus.asked == [("sharer.put", {"viewer_id": "ext-9", "goods": []})]


@pytest.mark.parametrize(
    ("code", "params"),
    [
        (
            "below_price_floor",
            {"final": "1", "floor": "2", "combination": "券", "combination_en": "coupon"},
        ),
        ("goods_fixed", {"until": START.isoformat()}),
    ],
)
async def test_a_refusal_stands_in_the_form(code: str, params: dict[str, Any]) -> None:
    async with report(NONE) as (sitting, window):
        form = await opened(sitting, window)
        about = {"sku_id": a_sku(sitting)} if code == "below_price_floor" else {}
        sitting.bus.answer = refuse(code, **params, **about)
        form.write()
        await until(lambda: form.said.text())
        assert form.isVisible()
        if about:
            assert window.focusWidget() is form.goods[0][1]
        press(window, K.Key_Escape)
        assert not form.isVisible()
        assert window.pages.currentWidget() is window.report


async def test_an_engine_that_is_silent_opens_nothing() -> None:
    async with report(NONE) as (_sitting, window):
        window.report.close_parts()
        QTest.keyClick(window.report, K.Key_S)
        await until(lambda: window.report.said.text())
        assert not window.report.sharers_form.isVisible()


@pytest.mark.parametrize(("language", "scale"), [("zh", 1.0), ("en", 1.0), ("en", 2.0)])
async def test_both_forms_have_room(dressed: QApplication, language: str, scale: float) -> None:
    i18n.use(language)
    theme.apply(dressed, "light", text_scale=scale)
    try:
        async with report(NONE) as (sitting, window):
            window.resize(1366, 768)
            for way in ("parts", "sharers"):
                if way == "sharers":
                    await opened(sitting, window)
                for _ in range(8):
                    await asyncio.sleep(0)
                    QApplication.sendPostedEvents()
                if folder := os.environ.get("LOOK"):
                    window.grab().save(f"{folder}/{way}-{language}-{scale}.png")
                assert [*faults(window), *painted_faults(window)] == []
    finally:
        i18n.use("zh")
        theme.apply(dressed)
