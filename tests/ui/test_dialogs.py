"""Sheets instead of dialogs: products, stock, winners, stopping a bag, leaving."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from liveconsole.domain.draw import receipt_code
from tests.ui.committed import NOW
from tests.ui.fake_bus import until
from tests.ui.rooms import Evening, manual_state, sample_state
from tests.ui.sitting import Sitting, joined
from ui.panels.owed.measure import MeasureSheet
from ui.panels.products import StockSheet
from ui.panels.queue.winners import WinnersSheet
from ui.seat.room import RoomView
from ui.sheets.sheet import Sheet
from ui.windows.leaving import LeavingSheet


class AtSheets(Sitting):
    def asked(self) -> list[str]:
        return [type_ for type_, _ in self.bus.asked]


@pytest_asyncio.fixture
async def sitting(dressed: QApplication) -> AsyncIterator[AtSheets]:
    async with joined(AtSheets()) as made:
        yield made


async def test_one_sheet_at_a_time_and_home_again(sitting: AtSheets) -> None:
    first, second = Sheet("one"), Sheet("two")
    sitting.side.open_sheet(first)
    sitting.side.open_sheet(second)
    assert (sitting.side.sheet, first.is_here()) == (second, False)
    second.close_sheet()
    assert sitting.side.sheet is None
    assert not sitting.side.close_sheet()


async def test_more_units_of_a_sku(sitting: AtSheets) -> None:
    sheet = StockSheet(sitting.seat, "gloves", RoomView(sample_state()))
    sitting.side.open_sheet(sheet)
    sheet.fields["gloves"].setValue(-3)
    sheet.add("gloves", sheet.fields["gloves"].value())
    await until(lambda: sheet.said.text())
    assert sitting.bus.asked == [("stock.add", {"sku_id": "gloves", "by": -3})]
    assert sheet.said.text() == "加好了"


def drawn(names: dict[str, str]) -> Evening:
    """A bag with as many winners as entrants was drawn half a minute ago."""
    at = Evening(ago=90)
    at.bag(entry={}, winners=len(names), seconds=60)
    at.fire("c-bag")
    at.says("来了", *names)
    at.until(0)
    return at


async def test_winners_are_settled_passed_over_and_the_receipt_is_kept(
    sitting: AtSheets, tmp_path: Path
) -> None:
    names = {"v1": "<i>糖</i>", "v2": ""}
    at = drawn(names)
    at.ok("bag.settle", {"cue_id": "c-bag", "viewer_id": "v2", "ok": True})
    room = RoomView(at.shown(people={who: (who, name) for who, name in names.items()}))
    receipt = {"v": 1, "entries": [], "root": "00"}
    told = {"seq": 8, "type": "cue.drawn", "data": {"cue_id": "c-bag", "receipt": receipt}}
    other = {"seq": 7, "type": "cue.drawn", "data": {"cue_id": "c-old", "receipt": {"v": 1}}}
    sitting.bus.logged = [{"seq": 1, "type": "room.set", "data": {}}, other, told]
    sheet = WinnersSheet(sitting.seat, "c-bag", room)
    sitting.side.open_sheet(sheet)
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert "<i>糖</i>" in words
    assert "没有名字的观众" in words
    assert "已确认" in words
    sheet.tick(NOW)
    [(clock, _)] = sheet._clocks
    assert clock.text() == "9:30"
    sheet.settle("v1", ok=True)
    sheet.settle("v1", ok=False)
    await until(lambda: len(sitting.bus.asked) == 2)
    assert [data["ok"] for _, data in sitting.bus.asked] == [True, False]
    await sheet.keep(tmp_path / "receipt.json")
    kept = {**receipt, "code": receipt_code(receipt)}
    assert json.loads((tmp_path / "receipt.json").read_text()) == kept
    # Of a large draw the log has the count, and what is kept has everybody.
    sitting.bus.entries = [{"id": f"e{n}", "weight": 1} for n in range(5)]
    large = {"v": 1, "draw_id": "d", "count": 5, "root": "00"}
    sitting.bus.logged = [{**told, "data": {"cue_id": "c-bag", "receipt": dict(large)}}]
    await sheet.keep(tmp_path / "large.json")
    large["code"] = receipt_code(large)
    del large["count"]
    assert json.loads((tmp_path / "large.json").read_text()) == {**large, "entries": sitting.bus.entries}
    await sheet.keep(tmp_path / "no" / "folder.json")
    assert sheet.said.text().startswith("存不了：")
    sitting.bus.logged = []
    await sheet.keep(tmp_path / "none.json")
    assert sheet.said.text() == "引擎没有应答，收据没有存"
    assert not (tmp_path / "none.json").exists()


async def test_what_the_platform_drew_is_typed_in(sitting: AtSheets) -> None:
    sheet = WinnersSheet(sitting.seat, "c-bag", RoomView(manual_state()))
    sitting.side.open_sheet(sheet)
    assert sheet._typed.isVisible()
    sheet._typed.names.setPlainText("糖糖\n\n 阿强 ")
    sheet._typed._done.click()
    await until(lambda: sitting.bus.asked)
    assert sitting.bus.asked == [("bag.winners", {"cue_id": "c-bag", "names": ["糖糖", "阿强"]})]


async def test_typed_winners_are_settled_by_name_and_corrected_once(sitting: AtSheets) -> None:
    def room(names: list[str], **settled: bool) -> RoomView:
        at = Evening(ago=61, platform="own")
        at.fire(at.bag(entry={}, winners=2, seconds=60, draw="platform"))
        at.ok("bag.winners", {"cue_id": "c-bag", "names": ["小红", "小名"]})
        if names != ["小红", "小名"]:
            at.ok("bag.winners", {"cue_id": "c-bag", "names": names})
        for name, ok in settled.items():
            at.ok("bag.settle", {"cue_id": "c-bag", "name": name, "ok": ok})
        return RoomView(at.shown())

    def chips(sheet: WinnersSheet) -> list[str]:
        return [one.text() for one in sheet.findChildren(QLabel) if one.text() in ("已确认", "没领")]

    sheet = WinnersSheet(sitting.seat, "c-bag", room(["小红", "小名"]))
    sitting.side.open_sheet(sheet)
    assert sheet._typed.isVisible()
    assert sheet._typed.names.toPlainText() == "小红\n小名"
    keys = {one.accessibleName(): one for one in sheet.findChildren(QPushButton)}
    keys["确认 小红"].click()
    keys["没领 小名"].click()
    await until(lambda: len(sitting.bus.asked) == 2)
    assert [data for _, data in sitting.bus.asked] == [
        {"cue_id": "c-bag", "name": "小红", "ok": True},
        {"cue_id": "c-bag", "name": "小名", "ok": False},
    ]
    sheet.show_room(room(["小红", "小明"], 小红=True, 小明=False), NOW)
    assert not sheet._typed.isVisible()  # corrected once
    assert chips(sheet)[-2:] == ["已确认", "没领"]


async def test_leaving_asks_once_and_only_a_host_may_stop_the_engine(sitting: AtSheets) -> None:
    decided: list[bool] = []
    for_host = LeavingSheet(2, may_stop=True, decide=decided.append)
    sitting.side.open_sheet(for_host)
    assert for_host.stop is not None
    for_host.stay.click()
    assert decided == [False]
    assert LeavingSheet(0, may_stop=False, decide=decided.append).stop is None


async def test_the_platforms_figures_are_numbers_or_not_sent(sitting: AtSheets) -> None:
    sheet = MeasureSheet(sitting.seat, "c-sale", RoomView(sample_state()))
    sitting.side.open_sheet(sheet)
    sold, left = (sheet.fields[name].entry for name in ("sold", "left"))
    assert isinstance(sold, QLineEdit)
    assert isinstance(left, QLineEdit)
    sold.setText("三")
    sheet.send()
    assert sheet.fields["sold"].answered == "写一个整数"
    sold.setText("42")
    sheet.send()
    await until(lambda: sitting.side.sheet is None)
    assert sitting.bus.asked == [("cue.measure", {"cue_id": "c-sale", "sold": 42})]


async def test_what_was_typed_in_before_stands_in_its_field(sitting: AtSheets) -> None:
    at = Evening("manual")
    at.sale()
    at.fire("c-sale")
    at.confirm("c-sale")
    at.ok("cue.measure", {"cue_id": "c-sale", "sold": 0, "left": 3})
    sheet = MeasureSheet(sitting.seat, "c-sale", RoomView(at.shown()))
    fields = {name: field.entry for name, field in sheet.fields.items()}
    assert {name: entry.text() for name, entry in fields.items() if isinstance(entry, QLineEdit)} == {
        "sold": "0",
        "left": "3",
    }
    at.ok("cue.measure", {"cue_id": "c-sale", "left": 2})
    again = MeasureSheet(sitting.seat, "c-sale", RoomView(at.shown()))
    left = again.fields["left"].entry
    assert isinstance(left, QLineEdit)
    assert left.text() == "2"
