"""What each column of a table was taken for stands there, is changed by keys, and is remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.fake_bus import until
from tests.ui.sitting import joined
from tests.ui.test_table_sheets import HEAD, AtTables, items
from tests.unit.intake.books import book
from ui import preferences
from ui.sheets.table import TableSheet


@pytest_asyncio.fixture
async def sitting(dressed: QApplication) -> AsyncIterator[AtTables]:
    async with joined(AtTables()) as made:
        yield made


UNKNOWN = "商品编号\t商品名称\t备货数\t挂牌数\nA1\t杯\t5\t99\nA2\t碗\t6\t49"


@pytest.fixture
def remembering(tmp_path: Path) -> Iterator[Path]:
    before = preferences.current()
    made = preferences.use(preferences.Preferences(tmp_path))
    yield tmp_path
    made.flush()
    preferences.use(before)


def meanings(sheet: TableSheet[Any]) -> list[str]:
    return [held.currentText() for held in sheet.taken.choices]


async def test_an_unknown_price_is_asked_for_and_told_by_keys_and_remembered(
    sitting: AtTables, remembering: Path
) -> None:
    sheet = sitting.products()
    sheet.text.setPlainText(UNKNOWN)
    sheet.read()
    assert "没有认出价格列" in sheet.taken.words.text()
    assert "备货数、挂牌数" in sheet.taken.words.text()
    assert not sheet.put.isEnabled()
    assert items(sheet) == []
    assert sheet.taken.choices[3].isVisible()
    assert meanings(sheet) == ["编号", "名称", "不用", "不用"]

    sheet.taken.key.setFocus()
    reached: list[QWidget] = [sheet.taken.key]
    for _ in range(6):
        QTest.keyClick(reached[-1], Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        reached.append(now)
    assert sheet.taken.choices[3] in reached
    assert sheet.taken.choices[3].accessibleName() == "「挂牌数」是哪一列"
    for place, word in ((3, "价格"), (2, "库存")):
        held = sheet.taken.choices[place]
        held.setFocus()
        while held.currentText() != word:
            QTest.keyClick(held, Qt.Key.Key_Down)
        assert QApplication.focusWidget() is held, "a change does not take the keyboard away"
    assert meanings(sheet) == ["编号", "名称", "库存", "价格"]
    assert [item.beside for item in items(sheet)] == ["¥99 · 余 5 · 无底价", "¥49 · 余 6 · 无底价"]
    assert sheet.taken.words.text() == "列：编号 ← 商品编号 · 名称 ← 商品名称 · 库存 ← 备货数 · 价格 ← 挂牌数"
    assert sheet.put.isEnabled()

    preferences.current().flush()
    preferences.use(preferences.Preferences(remembering))
    again = sitting.products()
    again.text.setPlainText("挂牌数\t商品编号\t商品名称\t备货数\n89\tA3\t盘\t7")
    again.read()
    assert [item.beside for item in items(again)] == ["¥89 · 余 7 · 无底价"]
    assert not again.taken.choices[0].isVisible(), "nothing is asked, so the list is shut"
    again.taken.key.click()
    again.taken.forget.click()
    assert "没有认出价格列" in again.taken.words.text()
    assert preferences.current().columns == {}


async def test_passing_over_a_meaning_takes_it_from_no_other_column(
    sitting: AtTables, remembering: Path
) -> None:
    sheet = sitting.products()
    sheet.text.setPlainText("编号\t名称\t价格\t库存\t别的\nA1\t杯\t99\t5\t7")
    sheet.read()
    sheet.taken.key.click()
    other = sheet.taken.choices[4]
    other.setFocus()
    while other.currentText() != "卖点":
        QTest.keyClick(other, Qt.Key.Key_Down)
    assert meanings(sheet) == ["编号", "名称", "价格", "库存", "卖点"]
    assert preferences.current().columns != {}


async def test_a_table_without_a_header_is_told_by_letters_for_now(
    sitting: AtTables, remembering: Path
) -> None:
    sheet = sitting.products()
    sheet.text.setPlainText("A1\t杯\t5\t99")
    sheet.read()
    assert (
        sheet.taken.words.text() == "没有表头，按位置：编号 ← A · 名称 ← B · 价格 ← C · 库存 ← D · 底价 ← E"
    )
    sheet.taken.key.click()
    for place, word in ((2, "库存"), (3, "价格")):
        sheet.taken.choices[place].setCurrentText(word)
        sheet.taken.choices[place].activated.emit(0)
    assert [item.beside for item in items(sheet)] == ["¥99 · 余 5 · 无底价"]
    assert preferences.current().columns == {}
    assert sitting.products().taken.isHidden()


async def test_a_file_says_its_columns_and_the_sheet_of_goods_is_read_first(
    sitting: AtTables, remembering: Path, tmp_path: Path
) -> None:
    file = tmp_path / "goods.xlsx"
    file.write_bytes(book({"填写说明": [["请勿修改表头"]], "商品": [HEAD, ["N1", "<b>杯</b>", 99, 5, 50]]}))
    sheet = sitting.products()
    sheet.open_file(file)
    await until(lambda: sheet.count.text() == "读到 1 个商品")
    assert sheet.source.sheets.chosen == "商品"
    assert "价格 ← 直播价（元）" in sheet.taken.words.text()


async def test_a_rundown_says_its_columns_and_a_typed_line_has_none(
    sitting: AtTables, remembering: Path
) -> None:
    sheet = sitting.rundown()
    sheet.text.setPlainText("3 8分30秒 讲面料")
    sheet.read()
    assert sheet.taken.isHidden()
    assert "8:30" in items(sheet)[0].beside
    sheet.text.setPlainText("环节\t时长\t口播词\n开场\t90秒\t大家好")
    sheet.read()
    assert sheet.taken.isVisible()
    assert "没有用到的列：口播词" in sheet.preview.remarks.text()
    sheet.taken.key.click()
    sheet.taken.choices[2].setCurrentText("话术")
    sheet.taken.choices[2].activated.emit(0)
    assert sheet.found is not None
    (row,) = sheet.found.good
    assert (row.segment["title"], row.segment["minutes"], row.segment["script"]) == ("开场", 1.5, "大家好")


async def test_words_of_ones_own_that_cannot_be_used_are_said(sitting: AtTables, remembering: Path) -> None:
    (remembering / "tables").mkdir()
    (remembering / "tables" / "shops.toml").write_text("[words", "utf-8")
    sheet = sitting.products()
    sheet.text.setPlainText("A1 杯 99 5")
    sheet.read()
    assert "shops.toml 用不了" in sheet.preview.remarks.text()
    assert sheet.put.isEnabled()


async def test_orders_are_refused_and_no_choice_is_offered(sitting: AtTables, remembering: Path) -> None:
    sheet = sitting.products()
    sheet.text.setPlainText("订单编号\t商品名称\t金额\t数量\n692\t杯\t99\t2")
    sheet.read()
    assert sheet.taken.isHidden()
    assert "这是订单导出" in sheet.count.text()
    assert not sheet.put.isEnabled()
