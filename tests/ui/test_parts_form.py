"""谁分多少 in a report: what is written is shown, changed by keys alone, and counted anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from liveconsole.messages.settlements import PartTold, SettlementTold, SettlementWhy
from liveconsole.views.report import fold
from tests.ui.fake_bus import refuse, until
from tests.ui.sitting import Sitting, joined
from tests.unit.domain.desk import START, Desk
from tests.unit.views.log_lines import lines_of
from ui.windows.history.window import HistoryWindow

K = Qt.Key
pytestmark = pytest.mark.usefixtures("dressed")
NONE = SettlementTold(
    broadcast=17, title="", opened_at=START, simulated=False, at=START, orders=2, settled=2, unpaid=0,
    paid_fen=30_000, refund_fen=0, asked_back_fen=0, commission_fen=0, low_fen=20_000, high_fen=20_000,
    known_low_fen=20_000, known_high_fen=20_000, unknown_orders=0, unknown_fen=0, why=[], fees=[],
    payout=None, table="店", checked=None, parts=[], parts_since=None, parts_why=SettlementWhy("no_parts"),
)  # fmt: skip
PARTS = [
    PartTold("host", "30", 6_000, 6_000),
    PartTold("剪辑", "5", 1_000, 1_000),
    PartTold("", "65", 13_000, 13_000),
]
WRITTEN = replace(NONE, parts=PARTS, parts_since=date(2026, 11, 1), parts_why=None)


@asynccontextmanager
async def report(told: SettlementTold) -> AsyncIterator[tuple[Sitting, HistoryWindow]]:
    """The report of a broadcast, with its settlement."""
    evening = Desk()
    evening.ok("broadcast.close", {})
    async with joined(Sitting()) as sitting:
        sitting.bus.reports[17] = msgspec.to_builtins(fold(lines_of(evening)))
        sitting.bus.books_told["settlement"] = lambda _query: msgspec.to_builtins(told)
        window = HistoryWindow(sitting.seat)
        window.show()
        window.open_report(17)
        await until(window.report.parts.isEnabled)
        QTest.keyClick(window.report, K.Key_P)
        assert window.report.parts_form.isVisible()
        yield sitting, window
        window.close()
        window.deleteLater()


def press(window: HistoryWindow, *keys: Any) -> None:
    for key in keys:
        field = window.focusWidget()
        QTest.keyClicks(field, key) if isinstance(key, str) else QTest.keyClick(field, key)


async def test_the_parts_are_written_by_keys_alone_and_the_report_counts_with_them() -> None:
    async with report(NONE) as (sitting, window):
        assert "还没写谁分多少" in window.report.front.toPlainText()
        press(window, "30", K.Key_Tab, "5.5")
        sitting.bus.books_told["settlement"] = lambda _query: msgspec.to_builtins(WRITTEN)
        press(window, K.Key_Return)
        await until(lambda: sitting.bus.asked)
        parts = [{"who": "host", "percent": "30"}, {"who": "assistant", "percent": "5.5"}]
        assert sitting.bus.asked == [("parts.put", {"parts": parts, "since": "2026-11-11"})]
        await until(lambda: "主播 30 %: ¥60.00" in window.report.front.toPlainText())
        assert "还没写谁分多少" not in window.report.front.toPlainText(), "its section stands there once"
        assert not window.report.parts_form.isVisible()


async def test_what_is_written_is_there_to_be_changed() -> None:
    async with report(WRITTEN) as (sitting, window):
        form = window.report.parts_form
        assert form.rows[0][1].text() == "30"
        assert form.since.text() == "2026-11-01"
        press(window, K.Key_Return)
        await until(lambda: sitting.bus.asked)
        parts = [{"who": "host", "percent": "30"}, {"who": "剪辑", "percent": "5"}]
        assert sitting.bus.asked[0][1]["parts"] == parts


async def test_what_cannot_be_read_is_said_and_not_sent() -> None:
    async with report(NONE) as (sitting, window):
        form = window.report.parts_form
        press(window, "a third", K.Key_Return)
        assert form.said.text() == "百分之几写成 12.5"
        form.rows[0][1].setText("33.33")
        form.rows[4][1].setText("1")
        press(window, K.Key_Return)
        assert form.said.text() == "写上给谁"
        form.rows[4][1].clear()
        form.since.setText("soon")
        press(window, K.Key_Return)
        assert form.said.text() == "日子写成 2026-12-01"
        assert sitting.bus.asked == []


async def test_a_refusal_stands_in_the_form_and_esc_leaves_it() -> None:
    async with report(NONE) as (sitting, window):
        sitting.bus.answer = refuse("over_limit", detail="parts: 110 % > 100 %")
        press(window, "110", K.Key_Return)
        form = window.report.parts_form
        await until(lambda: "110 %" in form.said.text())
        press(window, K.Key_Escape)
        assert not form.isVisible()
        assert window.pages.currentWidget() is window.report


async def test_parts_that_are_written_and_not_told_are_not_taken_for_none() -> None:
    async with report(
        replace(NONE, parts_since=date(2026, 11, 1), parts_why=SettlementWhy("sum_unknown"))
    ) as (
        _sitting,
        window,
    ):
        assert "换掉" in window.report.parts_form.said.text()


async def test_as_many_payees_as_the_engine_keeps_stay_when_one_is_changed() -> None:
    many = [PartTold(f"第{n}位", "1", 200, 200) for n in range(10)]
    async with report(replace(WRITTEN, parts=many)) as (sitting, window):
        form = window.report.parts_form
        assert all(percent.isVisible() for _, percent in form.rows)
        form.rows[-1][1].setText("2")
        form.write()
        await until(lambda: sitting.bus.asked)
        assert [part["percent"] for part in sitting.bus.asked[0][1]["parts"]] == [*["1"] * 9, "2"]
