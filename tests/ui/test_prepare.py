"""开播前 at the desk: by keys alone, with what the engine says beside everything that was asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_bus import until
from tests.ui.prepare_rooms import NOW, prepared
from tests.ui.sitting import Sitting, joined
from ui import i18n
from ui.windows.prepare.plan_form import read_moment
from ui.windows.prepare.window import PrepareWindow
from ui.words import prepare as words

PAGE = prepared()


def _window(qtbot: QtBot, at: Sitting, *, locked: bool = False) -> PrepareWindow:
    at.bus.books_told["prepare"] = lambda _query: msgspec.to_builtins(PAGE)
    window = PrepareWindow(at.seat, "host", locked=lambda: locked)
    qtbot.addWidget(window)
    window.show()
    window.show_page(PAGE)
    return window


def _focused(window: PrepareWindow) -> str:
    return next((row.item_id for row in window.checklist.rows if row.box is window.focusWidget()), "")


async def _asked(at: Sitting, type_: str) -> dict[str, Any]:
    await until(lambda: any(name == type_ for name, _ in at.bus.asked))
    return next(data for name, data in reversed(at.bus.asked) if name == type_)


async def test_a_tick_takes_one_key_and_is_of_the_plan_that_is_looked_at(
    qtbot: QtBot, dressed: QApplication
) -> None:
    async with joined(Sitting()) as at:
        window = _window(qtbot, at)
        assert _focused(window) == "video"
        QTest.keyClick(window.checklist.rows[0].box, Qt.Key.Key_Down)
        assert _focused(window) == "notice"
        QTest.keyClick(window.checklist.rows[1].box, Qt.Key.Key_Return)
        plan_id = PAGE.plans[0].plan_id
        assert await _asked(at, "prepare.tick") == {"item": "notice", "done": False, "plan_id": plan_id}
        QTest.keyClick(window, Qt.Key.Key_Right)
        assert window.plan is not None
        assert window.plan.title == "双12 返场"
        window.checklist.rows[0].box.click()
        await until(lambda: at.bus.asked[-1][1].get("item") == "video")
        assert at.bus.asked[-1][1]["plan_id"] == PAGE.plans[1].plan_id
        assert at.bus.books_asked, "the page is asked for again"


async def test_a_locked_seat_only_looks(qtbot: QtBot, dressed: QApplication) -> None:
    async with joined(Sitting()) as at:
        window = _window(qtbot, at, locked=True)
        window.checklist.rows[0].box.click()
        assert not at.bus.asked
        assert not window.checklist.rows[0].box.isChecked(), "what is shown is what is so"
        assert not window.notice.isHidden()


async def test_a_plan_is_written_by_keys_and_a_wrong_time_is_said_beside_it(
    qtbot: QtBot, dressed: QApplication
) -> None:
    async with joined(Sitting()) as at:
        window = _window(qtbot, at)
        QTest.keyClick(window, Qt.Key.Key_N)
        form = window.form
        assert not form.isHidden()
        form.at.setText("明天晚上")
        QTest.keyClick(form.at, Qt.Key.Key_Return)
        assert "12-01 20:00" in form.said.text()
        assert not at.bus.asked
        assert form.campaign.currentText() == "不跟大促"
        assert [form.campaign.itemText(n) for n in range(3)] == ["不跟大促", "双12", "年货节"]
        form.campaign.choose("1212")
        form.at.clear()
        QTest.keyClicks(form.at, "12-01 20:00")
        form.title.setText("年终场")
        QTest.keyClicks(form.reserved, "1,200")
        form.goals["sell"].setText("卖 200 件")
        QTest.keyClick(form.goals["sell"], Qt.Key.Key_Return)
        data = await _asked(at, "prepare.plan")
        assert data["title"] == "年终场"
        assert data["reserved"] == 1_200
        assert data["campaign"] == "1212"
        assert data["goals"] == [{"phase": "sell", "goal": "卖 200 件"}]
        assert datetime.fromisoformat(data["at"]).astimezone().strftime("%m-%d %H:%M") == "12-01 20:00"
        await until(form.isHidden)


async def test_an_edit_keeps_what_nobody_touched_and_esc_leaves(qtbot: QtBot, dressed: QApplication) -> None:
    async with joined(Sitting()) as at:
        window = _window(qtbot, at)
        QTest.keyClick(window, Qt.Key.Key_E)
        form = window.form
        assert form.title.text() == "羊绒专场"
        form.write()
        data = await _asked(at, "prepare.plan")
        plan = PAGE.plans[0]
        assert data["plan_id"] == plan.plan_id
        assert datetime.fromisoformat(data["at"]) == plan.at
        assert (data["reserved"], len(data["goals"])) == (1_286, 1)
        assert "campaign" not in data
        window.go(1)
        window.edit_plan()
        assert form.campaign.currentText() == "双12", "what it was planned for"
        window.edit_plan()
        QTest.keyClick(form.title, Qt.Key.Key_Escape)
        assert form.isHidden()
        assert window.isVisible()
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert not window.isVisible()


async def test_a_refusal_stands_in_the_form(qtbot: QtBot, dressed: QApplication) -> None:
    async with joined(Sitting()) as at:
        at.bus.answer = lambda _type, _data: {
            "ok": False,
            "code": "in_the_past",
            "text": "时间已过",
            "params": {},
        }
        window = _window(qtbot, at)
        window.edit_plan()
        window.form.write()
        await until(lambda: bool(window.form.said.text()))
        assert "时间" in window.form.said.text()
        assert not window.form.isHidden()


async def test_a_list_of_rivals_is_read_and_what_is_left_out_is_said(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path
) -> None:
    async with joined(Sitting()) as at:
        window = _window(qtbot, at)
        file = tmp_path / "a.csv"
        file.write_text("店铺,商品,价格,销量\n隔壁,帽子,39,5\n隔壁,手套,便宜,5\n", "utf-8")
        window.read_file(file)
        data = await _asked(at, "rivals.put")
        assert data["rows"] == [{"shop": "隔壁", "title": "帽子", "price_fen": 3_900, "sold": 5}]
        file.write_text("店铺,商品\n隔壁,帽子\n", "utf-8")
        asked = len(at.bus.asked)
        window.read_file(file)
        await until(lambda: "第一行" in window.notice.findChildren(type(window.keys))[0].text())
        assert len(at.bus.asked) == asked


def test_what_nobody_knows_is_a_dash(dressed: QApplication) -> None:
    plan = PAGE.plans[1]
    assert "预约 —" in words.plan_line(plan, NOW)
    shops = {shop.shop: shop for shop in PAGE.rivals.shops} if PAGE.rivals is not None else {}
    assert words.shop_line(shops["北方羊绒坊"]).endswith("—")
    assert "贵 ¥40.00" in words.goods_line(shops["隔壁服饰"].goods[0])
    i18n.use("en")
    assert "dearer" in words.goods_line(shops["隔壁服饰"].goods[0])


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("2026-12-01 20:00", "2026-12-01", "20:00"),
        ("12-01 20:00", "2026-12-01", "20:00"),
        ("1/3 8：30", "2027-01-03", "08:30"),
        ("", None, None),
        ("25:00", None, None),
        ("2026-13-01 20:00", None, None),
        ("2026-12-01", None, None),
    ],
)
def test_a_moment_is_read_as_people_type_it(text: str, day: str | None, clock: str | None) -> None:
    found = read_moment(text, NOW)
    if day is None:
        assert found is None
    else:
        assert found is not None
        assert (str(found.date()), found.strftime("%H:%M")) == (day, clock)


def test_an_hour_that_has_passed_is_tomorrows() -> None:
    here = NOW.astimezone()
    before, after = here - timedelta(minutes=1), here + timedelta(minutes=1)
    for typed in (before, after):
        found = read_moment(typed.strftime("%H:%M"), NOW)
        assert found is not None
        assert here < found <= here + timedelta(days=1)
