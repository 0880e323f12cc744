"""Tables brought in by keys alone: a path typed, rows looked at, the good ones taken, the bad ones copied."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit

from liveconsole import tasks
from liveconsole.intake.batches import MOST
from liveconsole.intake.tables import read_table
from tests.goals import within
from tests.ui.fake_bus import refuse, until
from tests.ui.rooms import Evening
from tests.ui.sitting import Sitting, joined
from tests.unit.intake.books import book
from ui.panels.products import ProductsSheet
from ui.panels.rundown.paste import PasteSheet
from ui.seat.room import RoomView
from ui.sheets.table import PreviewRow, TableSheet
from ui.sheets.table.source import as_path

HEAD = ["商品编号", "商品名称", "直播价（元）", "库存", "底价"]


class AtTables(Sitting):
    def products(self) -> ProductsSheet:
        sheet = ProductsSheet(self.seat)
        self._open(sheet)
        return sheet

    def rundown(self) -> PasteSheet:
        sheet = PasteSheet(self.seat, self._room())
        self._open(sheet)
        return sheet

    def _room(self) -> RoomView:
        assert self.seat.state is not None
        return RoomView(self.seat.state)

    def _open(self, sheet: TableSheet[Any]) -> None:
        self.side.open_sheet(sheet)
        self.side.activateWindow()
        sheet.text.setFocus()


@pytest_asyncio.fixture
async def sitting(dressed: QApplication) -> AsyncIterator[AtTables]:
    async with joined(AtTables()) as made:
        yield made


def items(sheet: TableSheet[Any]) -> list[PreviewRow]:
    return [sheet.preview.model.item(place) for place in range(sheet.preview.model.rowCount())]


def states(sheet: TableSheet[Any]) -> list[str]:
    return [item.state for item in items(sheet)]


def typed(sheet: TableSheet[Any], path: Path) -> None:
    """Tab from the field to the line below it, and a path."""
    QTest.keyClick(sheet.text, Qt.Key.Key_Tab)
    line = QApplication.focusWidget()
    assert line is sheet.source.path
    QTest.keyClicks(line, str(path))
    QTest.keyClick(line, Qt.Key.Key_Return)


async def test_a_workbook_is_brought_in_by_keys_alone(sitting: AtTables, tmp_path: Path) -> None:
    file = tmp_path / "goods.xlsx"
    rows: list[list[Any]] = [["今晚选品"], [], HEAD]
    rows += [["N1", "<b>新品</b>", 59.9, 20, 39], ["scarf", "100% 山羊绒围巾 驼色 200×70", 179, 200, 89]]
    rows += [["N2", "坏价", "面议", 3, ""], ["N1", "又一个", 1, 1, ""], ["N3", "价低于底价", 9, 1, 10]]
    file.write_bytes(book({"商品": rows, "说明": [["不是商品"]]}))
    sheet = sitting.products()
    typed(sheet, file)
    await until(lambda: sheet.put.isEnabled())
    assert sheet.count.text() == "读到 2 个商品，3 行不对（不会放进来）"
    assert states(sheet) == ["wrong", "wrong", "wrong", "new", "changed"]
    assert [item.line for item in items(sheet)] == [6, 7, 8, 4, 5]
    bad, _, _, new, changed = items(sheet)
    assert bad.below == "价格不是金额：面议（C6）"
    assert (new.name, new.beside) == ("N1 <b>新品</b>", "¥59.90 · 余 20 · 底价 ¥39")
    assert "价格 ¥199 → ¥179" in changed.below
    assert not sheet.source.text.isVisible()
    assert sheet.source.name.text() == "文件：goods.xlsx"
    assert sitting.bus.asked == []

    assert QApplication.focusWidget() is sheet.put
    QTest.keyClick(sheet.put, Qt.Key.Key_Space)
    await until(lambda: "放好了" in sheet.said.text())
    assert sheet.said.text() == "放好了：新 1 · 改 1 · 没变 0 · 没放 3"
    put, added = sitting.bus.asked
    assert [p["product_id"] for p in put[1]["products"]] == ["N1", "scarf"]
    assert "override" not in put[1]
    assert put[1]["products"][0]["price_fen"] == 5990
    assert added == ("cart.add", {"product_ids": ["N1"]})  # scarf stands there already

    sheet.preview.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[:2] == ["\t".join([*HEAD, "原因"]), "N2\t坏价\t面议\t3\t\t价格不是金额：面议"]
    QTest.keyClick(sheet.put, Qt.Key.Key_Space)
    await until(lambda: sitting.side.sheet is None)


async def test_another_sheet_of_the_workbook_and_away_with_it(sitting: AtTables, tmp_path: Path) -> None:
    file = tmp_path / "goods.xlsx"
    file.write_bytes(
        book({"一": [HEAD, ["N1", "一", 1, 1]], "二": [HEAD, ["N2", "二", 1, 1], ["N3", "三", 1, 1]]})
    )
    sheet = sitting.products()
    sheet.open_file(file)
    await until(lambda: sheet.count.text() == "读到 1 个商品")
    assert sheet.source.sheets.isVisible()
    sheet.source.sheets.setFocus()
    QTest.keyClick(sheet.source.sheets, Qt.Key.Key_Down)
    await until(lambda: sheet.count.text() == "读到 2 个商品")
    sheet.text.setPlainText("P1 杯子 9 1")
    sheet.source.away.click()
    await until(lambda: sheet.count.text() == "读到 1 个商品")
    assert items(sheet)[0].name == "P1 杯子"
    assert sheet.text.isVisible()


async def test_files_that_cannot_be_read_say_why_and_leave_the_paste_alone(
    sitting: AtTables, tmp_path: Path
) -> None:
    sheet = sitting.products()
    sheet.text.setPlainText("P1 杯子 9 1")
    sheet.read()
    broken = tmp_path / "<b>.xlsx"
    broken.write_bytes(b"PK\3\4 nothing")
    for path, words in ((broken, "文件坏了"), (tmp_path / "none.csv", "打不开：")):
        sheet.open_file(path)
        await until(lambda words=words: sheet.said.text().startswith(words))  # type: ignore[misc]
        assert sheet.count.text() == "读到 1 个商品"
        assert sheet.put.isEnabled()


async def test_the_last_file_asked_for_is_the_one_that_is_shown(sitting: AtTables, tmp_path: Path) -> None:
    slow, quick = tmp_path / "slow.csv", tmp_path / "quick.csv"
    slow.write_text("编号,名称,价格,库存\n" + "\n".join(f"S{n},慢,1,1" for n in range(4000)), "utf-8")
    quick.write_text("编号,名称,价格,库存\nQ1,快,1,1", "utf-8")
    sheet = sitting.products()
    sheet.open_file(slow)
    sheet.open_file(quick)
    await until(lambda: sheet.put.isEnabled())
    await until(lambda: not [task for task in tasks._running if task.get_name() == "read a table"])
    assert sheet.count.text() == "读到 1 个商品"
    assert sheet.source.name.text() == "文件：quick.csv"


async def test_a_file_is_dragged_in(sitting: AtTables, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_bytes("编号,名称,价格,库存\nA1,围巾,199,128\n".encode("gb18030"))
    sheet = sitting.products()
    data = QMimeData()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    data.setText("A2 文字 1 1")
    over = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    over.ignore()
    sheet.dragEnterEvent(over)
    assert not over.isAccepted()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    sheet.dragEnterEvent(over)
    assert over.isAccepted()
    sheet.dropEvent(QDropEvent(QPointF(9, 9), copy, data, left, none))
    await until(lambda: sheet.count.text() == "读到 1 个商品")
    assert not any(each.acceptDrops() for each in sheet.findChildren(QPlainTextEdit))


async def test_a_file_is_chosen_in_a_window_that_stops_nothing(sitting: AtTables) -> None:
    sheet = sitting.products()
    sheet.source.pick.click()
    (window,) = sheet.findChildren(QFileDialog)
    assert window.isVisible()
    window.reject()


async def test_pasted_products_are_seen_row_by_row_before_they_are_put(sitting: AtTables) -> None:
    sheet = sitting.products()
    sheet.text.setPlainText("A1 围巾 199 128 99\nA2 <b>手套</b> abc 18\nscarf 山羊绒 199 1")
    await until(lambda: sheet.put.isEnabled())
    assert sheet.count.text() == "读到 2 个商品，1 行不对（不会放进来）"
    assert items(sheet)[0].below == "价格不是金额：abc"
    assert items(sheet)[0].name == "A2 <b>手套</b> abc 18"
    assert sitting.bus.asked == []
    sheet.put.click()
    await until(lambda: "放好了" in sheet.said.text())
    assert [p["product_id"] for p in sitting.bus.asked[0][1]["products"]] == ["A1", "scarf"]


async def test_what_the_engine_refuses_takes_no_other_along_and_is_marked(sitting: AtTables) -> None:
    def answer(type_: str, data: Any) -> Any:
        if type_ == "catalogue.put" and any(p["product_id"] == "A2" for p in data["products"]):
            return refuse("stock_committed", sku_id="A2", sku="手套", committed=5)(type_, data)
        return {"ok": True, "seq": 1, "result": {}}

    sitting.bus.answer = answer
    sheet = sitting.products()
    sheet.text.setPlainText("A1 围巾 199 1\nA2 手套 19 1\nA3 帽子 29 1")
    sheet.read()
    sheet.put.click()
    await until(lambda: "放好了" in sheet.said.text())
    assert sheet.said.text() == "放好了：新 2 · 改 0 · 没变 0 · 没放 1"
    assert states(sheet) == ["wrong", "new", "new"]
    assert items(sheet)[0].below == "引擎没有收：手套 已承诺 5 件，不能少于它"
    assert sitting.bus.asked[-1] == ("cart.add", {"product_ids": ["A1", "A3"]})


async def test_when_nobody_can_take_anything_more_that_is_said(sitting: AtTables) -> None:
    sheet = sitting.products()
    puts: list[Any] = []

    def answer(type_: str, data: Any) -> Any:
        puts.append(data)
        return {"ok": True, "seq": 1, "result": {}} if len(puts) == 1 else refuse("inbox_full")(type_, data)

    sitting.bus.answer = answer
    sheet.text.setPlainText("\n".join(f"A{n} 围巾 199 1" for n in range(MOST + 1)))
    sheet.read()
    sheet.put.click()
    await until(lambda: "来得太快" in sheet.said.text())
    assert sheet.said.text().startswith(f"放进了 {MOST} / {MOST + 1}")
    assert sheet.put.isEnabled()


async def test_a_word_to_look_at_waits_for_a_second_press(sitting: AtTables) -> None:
    word = {
        "field": "products.1.title",
        "term": "最好",
        "text": "最好",
        "zh": "绝对化用语",
        "suggestion": "很好",
    }
    sitting.bus.judged = lambda _type, _data: {"ok": True, "words": [word]}
    sheet = sitting.products()
    sheet.text.setPlainText("A1 围巾 199 1\nA2 最好的手套 19 1")
    sheet.read()
    sheet.put.click()
    await until(lambda: "再按一次" in sheet.said.text())
    assert sitting.bus.asked == []
    assert [item.warned for item in items(sheet)] == [False, True]
    sheet.put.click()
    await until(lambda: "放好了" in sheet.said.text())
    assert sitting.bus.asked[0][1]["override"] == ["最好"]


async def test_rows_are_chosen_by_their_state_and_read_in_full(sitting: AtTables) -> None:
    sheet = sitting.products()
    sheet.text.setPlainText("A1 围巾 199 1\nA2 手套 x 1\nA3 " + "很长的名字" * 30 + " 29 1")
    sheet.read()
    chips = sheet.preview.chips
    assert [state for state, chip in chips.items() if not chip.isHidden()] == ["all", "wrong", "new"]
    QTest.keyClick(chips["new"], Qt.Key.Key_Space)
    assert states(sheet) == ["new", "new"]
    sheet.preview.list.setFocus()
    QTest.keyClick(sheet.preview.list, Qt.Key.Key_Down)
    QTest.keyClick(sheet.preview.list, Qt.Key.Key_End)
    assert "很长的名字" * 30 in sheet.preview.whole.text()
    sheet.text.setPlainText("A2 手套 x 1")
    sheet.read()
    assert states(sheet) == ["wrong"]  # the state that was chosen has no rows any more


async def test_the_preview_follows_the_catalogue(sitting: AtTables) -> None:
    sheet = sitting.products()
    sheet.text.setPlainText("A1 围巾 199 1")
    sheet.read()
    assert states(sheet) == ["new"]
    at = Evening()
    at.ok(
        "catalogue.put", {"products": [{"product_id": "A1", "title": "围巾", "price_fen": 19900, "stock": 1}]}
    )
    sitting.seat.state = state = at.shown()
    sheet.show_room(RoomView(state), sitting.seat.now())
    assert states(sheet) == ["same"]


async def test_ten_thousand_rows_are_read_beside_the_desk_and_shown_at_once(
    sitting: AtTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[str] = set()

    def told(*given: Any) -> Any:
        threads.add(threading.current_thread().name)
        return read_table(*given)

    monkeypatch.setattr("ui.sheets.table.sheet.read_table", told)
    file = tmp_path / "big.csv"
    rows = (f"S{n},商品 {n},9.9,{n}" for n in range(9990))
    file.write_text("\n".join(["编号,名称,价格,库存", *rows]), "utf-8")
    sheet = sitting.products()
    sheet.open_file(file)
    await until(lambda: sheet.put.isEnabled())
    assert sheet.count.text() == "读到 9990 个商品"
    assert threads
    assert threading.main_thread().name not in threads
    best = 9.9
    for _ in range(3):
        begun = time.thread_time()
        sheet.show_found()
        best = min(best, time.thread_time() - begun)
    within(best, 0.15, f"{best * 1000:.0f} ms on the Qt thread")


async def test_a_file_that_takes_long_is_said_to_be_read(
    sitting: AtTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def slow(*given: Any) -> Any:
        go.wait(5)
        return read_table(*given)

    monkeypatch.setattr("ui.sheets.table.sheet.read_table", slow)
    file = tmp_path / "slow.csv"
    file.write_text("编号,名称,价格,库存\nA1,杯,1,1", "utf-8")
    sheet = sitting.products()
    sheet.open_file(file)
    assert not sheet.source.reading.isVisible()
    await until(lambda: sheet.source.reading.isVisible())
    assert sheet.source.reading.text() == "正在读 slow.csv…"
    go.set()
    await until(lambda: sheet.put.isEnabled())
    assert not sheet.source.reading.isVisible()


# The rundown ----------------------------------------------------------------------------------------------


async def test_a_rundown_is_brought_in_from_a_file(sitting: AtTables, tmp_path: Path) -> None:
    file = tmp_path / "rundown.xlsx"
    rows: list[list[Any]] = [
        ["链接号", "分钟", "话术", "促销"],
        ["1-3", 6, "先讲面料", ""],
        [99, 5, "没有", ""],
    ]
    file.write_bytes(book({"排品表": [*rows, [3, 8, "", "秒99 x50 限2 5分"]]}))
    sheet = sitting.rundown()
    typed(sheet, file)
    await until(lambda: sheet.put.isEnabled())
    assert sheet.count.text() == "读到 4 段，1 行不对（不会放进来）"
    bad, first, *_ = items(sheet)
    assert (bad.line, bad.below) == (3, "没有这个商品：99（A3）")
    assert (first.line, first.beside, first.below) == (2, "6:00", "先讲面料")
    assert items(sheet)[-1].kinds == ["flash_sale"]
    QTest.keyClick(sheet.put, Qt.Key.Key_Space)
    await until(lambda: "放进了" in sheet.said.text())
    assert sheet.said.text() == "放进了 4 段，1 行没放"
    ((type_, data),) = sitting.bus.asked
    assert (type_, len(data["segments"]), data["replace"]) == ("rundown.put", 4, False)


async def test_long_scripts_go_in_parts_and_only_the_first_replaces(sitting: AtTables) -> None:
    sheet = sitting.rundown()
    sheet.replace.setChecked(True)
    sheet.text.setPlainText("\n".join(f"1\t5\t{'字' * 4900}" for _ in range(120)))
    sheet.read()
    await until(lambda: sheet.put.isEnabled())
    sheet.put.click()
    await until(lambda: "放进了 120 段" in sheet.said.text())
    assert [data["replace"] for _, data in sitting.bus.asked] == [True, False, False]
    assert sum(len(data["segments"]) for _, data in sitting.bus.asked) == 120


@pytest.mark.parametrize(
    ("pasted", "path"),
    [
        ('"C:\\表格\\a b.xlsx"', "C:\\表格\\a b.xlsx"),
        (" /tmp/a.csv ", "/tmp/a.csv"),
        ("file:///tmp/a%20b.csv", "/tmp/a b.csv"),
        ("  ", ""),
    ],
)
def test_paths_as_people_paste_them(pasted: str, path: str) -> None:
    assert as_path(pasted) == path


def test_a_path_from_home() -> None:
    assert as_path("~/a.csv") == str(Path.home() / "a.csv")


async def test_what_was_new_is_counted_as_it_was_sent_not_as_the_catalogue_has_it_by_then(
    sitting: AtTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = sitting.products()
    known = there = sheet._products()
    monkeypatch.setattr(sheet, "_products", lambda: there)
    sheet.text.setPlainText("A1 围巾 199 1\nscarf 山羊绒 199 1")
    sheet.read()

    def answer(type_: str, data: Any) -> Any:
        """The catalogue arrives before the answer does."""
        nonlocal there
        there = [*known, msgspec.structs.replace(known[0], product_id="A1", title="围巾")]
        sheet.show_room(sitting._room(), datetime.now(UTC))
        return {"ok": True, "seq": 1, "result": {}}

    sitting.bus.answer = answer
    sheet.put.click()
    await until(lambda: "放好了" in sheet.said.text())
    assert states(sheet)[0] != "new"
    assert sheet.said.text() == "放好了：新 1 · 改 1 · 没变 0"
