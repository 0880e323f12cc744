"""What a sheet reads of the room: it names its sections, and what moves beside them costs nobody a thing."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui
from liveconsole.messages.state import SECTIONS
from tests.ui.committed import NOW
from tests.ui.rooms import manual_state, running, sample_state
from ui.panels.composer.sale import SaleForm
from ui.panels.products import LimitSheet, StockSheet
from ui.seat.bus import Bus, Json
from ui.seat.room import RoomView, Undeclared
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet


def _all(kind: type[Sheet]) -> Iterator[type[Sheet]]:
    for each in kind.__subclasses__():
        yield each
        yield from _all(each)


def test_every_sheet_that_follows_the_room_names_what_it_reads() -> None:
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ours = {sheet for sheet in _all(Sheet) if sheet.__module__.startswith("ui.")}
    assert len(ours) > 10
    for sheet in ours:
        follows = sheet.show_room is not Sheet.show_room
        assert follows == bool(sheet.SECTIONS), sheet.__name__
        assert set(sheet.SECTIONS) <= SECTIONS.keys(), sheet.__name__


def test_a_sheet_is_kept_from_what_it_did_not_name(dressed: QApplication, qtbot: QtBot) -> None:
    class Curious(StockSheet):
        def _show(self, room: RoomView) -> None:
            super()._show(room)
            room.orders  # noqa: B018

    with pytest.raises(Undeclared, match="orders"):
        Curious(Seat(_nobody), "gloves", RoomView(sample_state()))


async def _nobody() -> Bus:
    raise OSError


def test_stock_follows_the_catalogue(dressed: QApplication, qtbot: QtBot) -> None:
    at = running(counting=False)
    sheet = StockSheet(Seat(_nobody), "gloves", RoomView(at.shown()))
    qtbot.addWidget(sheet)
    assert sheet._there["gloves"].text() == "库存 18 · 可售 18"
    at.ok("stock.add", {"sku_id": "gloves", "by": 12})
    sheet.show_room(RoomView(at.shown()).only(*sheet.SECTIONS), NOW)
    assert sheet._there["gloves"].text() == "库存 30 · 可售 30"


def test_the_bound_of_a_broadcast_is_set_by_sku_and_says_what_is_taken(
    dressed: QApplication, qtbot: QtBot
) -> None:
    at = running(counting=False)
    at.ok("stock.limit", {"sku_id": "gloves", "units": 12, "per_buyer": 2})
    asked: list[tuple[str, Json]] = []

    class Asking(Seat):
        def ask_then(self, owner: QObject, type: str, data: Json, then: Callable[[Answer], None]) -> None:
            asked.append((type, data))

    sheet = LimitSheet(Asking(_nobody), "gloves", RoomView(at.shown()))
    qtbot.addWidget(sheet)
    assert sheet.there["gloves"].text() == "本场已卖 0 件 · 上限 12 件 · 每人 2 件"
    units, per_buyer = sheet.fields["gloves"]
    assert (units.value(), per_buyer.value()) == (12, 2)
    units.setValue(0)
    sheet.bound("gloves")
    assert asked == [("stock.limit", {"sku_id": "gloves", "units": None, "per_buyer": 2})]
    at.ok("stock.limit", {"sku_id": "gloves"})
    sheet.show_room(RoomView(at.shown()).only(*sheet.SECTIONS), NOW)
    assert sheet.there["gloves"].text() == "没有本场上限"


def test_a_form_asks_how_it_is_done_only_where_a_person_does_it(dressed: QApplication, qtbot: QtBot) -> None:
    form = SaleForm()
    qtbot.addWidget(form)
    form.show_room(RoomView(sample_state()))
    assert form.fields["via"].isHidden()
    form.show_room(RoomView(manual_state()))
    assert not form.fields["via"].isHidden()
