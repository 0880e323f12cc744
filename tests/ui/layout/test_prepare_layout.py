"""开播前 is whole in every size and language, with its form open and without a list of rivals."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.fake_bus import FakeBus
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import faults
from tests.ui.prepare_rooms import prepared
from ui import i18n
from ui.seat.seat import Seat
from ui.windows.prepare.window import PrepareWindow

SIZES = ((960, 540), (1366, 768), (1920, 1080))


async def _nobody() -> FakeBus:
    raise AssertionError("this seat joins nobody")


async def _looked_at(window: QWidget, what: str) -> list[str]:
    found: list[str] = []
    for size in SIZES:
        window.resize(*size)
        for _ in range(6):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        found += [f"{what} {size} {fault}" for fault in (*faults(window), *painted_faults(window))]
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_it_is_whole(language: str, dressed: QApplication) -> None:
    i18n.use(language)
    page = prepared()
    window = PrepareWindow(Seat(_nobody))
    window.show()
    window.show_page(page)
    found = await _looked_at(window, "plan")
    window.edit_plan()
    window.form.tell("时间看不懂：写成 12-01 20:00")
    found += await _looked_at(window, "form")
    window.form.left.emit()
    long = [replace(plan, title="一个很长很长的场名" * 8) for plan in page.plans]
    window.show_page(replace(page, plans=long, rivals=None, campaigns=[], trouble="calendar.toml: no"))
    found += await _looked_at(window, "bare")
    window.close()
    window.deleteLater()
    i18n.use("zh")
    assert found == []
