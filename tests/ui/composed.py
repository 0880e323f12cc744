"""The composer alone, in the room of the cardigan, judged by the real rules, for whoever tries a form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.clothes import rules_of, wardrobe
from tests.ui.evening import Evening
from tests.ui.fake_bus import until
from tests.ui.test_composer import Composing
from ui.panels.composer import ComposerSheet
from ui.panels.composer.cell import SkuCell
from ui.panels.composer.sale import SaleForm

KINDS = ("flash_sale", "coupon", "lucky_bag", "pin")

Compose = Callable[..., Awaitable[tuple[ComposerSheet, SaleForm]]]


@pytest_asyncio.fixture
async def composed(dressed: QApplication) -> AsyncIterator[Compose]:
    """What opens the composer alone, as large as the desk gives it, in a room: the cardigan's unless told."""
    opened: list[Composing] = []

    async def open_(evening: Evening | None = None) -> tuple[ComposerSheet, SaleForm]:
        evening = evening or wardrobe()
        made = Composing(state=evening.shown())
        opened.append(made)
        made.bus.judged = rules_of(evening)
        sheet = await made.open()
        sheet.resize(900, 760)
        sheet.activateWindow()
        await until(lambda: QApplication.activeWindow() is sheet)
        assert isinstance(sheet.form, SaleForm)
        await judged(sheet)
        return sheet, sheet.form

    yield open_
    for each in opened:
        await each.close()


async def judged(sheet: ComposerSheet) -> None:
    """What stands there now has been judged, without waiting for the typing to stop."""
    sheet._timer.stop()
    before = sheet._said
    sheet.judge_now()
    await until(lambda: sheet._said is not before)


def cell(form: SaleForm, title: str) -> SkuCell:
    return next(each for each in form.grid.cells if each.title == title)


def put(form: SaleForm, title: str, *, price: str = "", units: int | None = None) -> None:
    """Stand in for typing into one cell."""
    each = cell(form, title)
    if price:
        each.price.setFocus()
        each.price.selectAll()
        QTest.keyClicks(each.price, price)
    if units is not None:
        each.quantity.setFocus()
        each.quantity.selectAll()
        QTest.keyClicks(each.quantity, str(units))
