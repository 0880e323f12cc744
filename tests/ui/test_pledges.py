"""口头承诺 on the desk, by keys: written down in one line, seen by every seat, struck out, handed over."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.ui.committed import NOW, wire
from tests.ui.fake_bus import refuse, until
from tests.ui.rooms import Evening, planned, rundown_state
from tests.ui.test_desk import CTRL, sit
from ui.panels.notes import PledgeSheet
from ui.panels.notes.handover import HandoverSheet
from ui.windows.help import KEYS

__all__ = ["sit"]

EVIL = "<b>多送</b>\u202e{n}<script>"


def promise(at: Evening, text: str, product_id: str | None = "scarf") -> None:
    at.ok("pledge.put", {"text": text, "product_id": product_id})


async def opened(at: Any) -> PledgeSheet:
    at.press(Qt.Key.Key_J, CTRL)
    sheet = at.desk.side.sheet
    assert isinstance(sheet, PledgeSheet)
    return sheet


async def test_one_key_one_line_and_the_product_goes_along(sit: Any) -> None:
    at = await sit(rundown_state(), "assistant")
    sheet = await opened(at)
    assert sheet.line.hasFocus() or sheet.line.focusPolicy() != Qt.FocusPolicy.NoFocus
    wanted = at.bus.now_state.pinned.wanted
    assert wanted
    QTest.keyClicks(sheet.line, "gift x2")
    QTest.keyClick(sheet.line, Qt.Key.Key_Return)
    assert await at.asked() == [("pledge.put", {"text": "gift x2", "product_id": wanted})]
    await until(lambda: sheet.said.text() == "记下了")
    assert sheet.line.text() == ""


async def test_it_stays_about_what_was_explained_when_the_key_was_pressed(sit: Any) -> None:
    evening = planned()
    at = await sit(evening.shown())
    sheet = await opened(at)
    before = sheet.product.chosen
    evening.next()
    await at.show(evening.shown())
    sheet.line.setText("多送小样")
    sheet.write()
    assert (await at.asked())[0][1]["product_id"] == before != "gloves"
    await until(lambda: sheet.product.chosen == "gloves")


async def test_without_a_product_and_refused_nothing_is_lost(sit: Any) -> None:
    at = await sit(rundown_state())
    at.bus.answer = refuse("over_limit", detail="pledges: 201 > 200")
    sheet = await opened(at)
    sheet.product.choose("")
    sheet.line.setText("全场包邮")
    sheet.write()
    assert await at.asked() == [("pledge.put", {"text": "全场包邮", "product_id": None})]
    await until(lambda: "201" in sheet.said.text())
    assert (sheet.line.text(), sheet.said.tone) == ("全场包邮", "live")
    sheet.line.setText("   ")
    sheet.write()
    assert len(at.bus.asked) == 1


async def test_every_seat_sees_it_and_how_many_there_are(sit: Any) -> None:
    evening = planned()
    promise(evening, "送一", None)
    promise(evening, EVIL)
    state = evening.shown()
    at = await sit(state)
    strip, footer = at.desk.proposals.promised, at.desk.footer
    strip.show_pledges(state.pledges, at.desk.commands.room, NOW)
    assert strip.isVisible()
    assert strip.text.text().startswith("<b>多送</b>{n}<script> · ")
    assert " · 3 号 " in strip.text.text()
    assert footer._pledges.text() == "口头承诺 2"
    strip.tick(NOW + timedelta(minutes=1))
    assert not strip.isVisible()
    sheet = await opened(at)
    assert sheet._count.text() == "这一场答应过 2 件"


async def test_struck_out_its_words_come_back_into_the_line(sit: Any) -> None:
    evening = planned()
    promise(evening, "多送小羊", "gloves")
    state = evening.shown()
    at = await sit(state)
    sheet = await opened(at)
    [away] = [b for b in sheet.findChildren(QPushButton) if b.accessibleName() == "划掉 多送小羊"]
    QTest.keyClick(away, Qt.Key.Key_Space)
    assert await at.asked() == [("pledge.clear", {"pledge_id": state.pledges[0].pledge_id})]
    await until(lambda: sheet.line.text() == "多送小羊")
    assert sheet.product.chosen == "gloves"


async def test_a_locked_seat_writes_none_and_the_key_stands_on_the_page_of_keys(sit: Any) -> None:
    assert "Ctrl+J" in [key for key, _ in KEYS]
    at = await sit(rundown_state())
    at.desk.lock()
    at.press(Qt.Key.Key_J, CTRL)
    assert at.desk.side.sheet is None


async def test_the_warehouse_gets_a_file(sit: Any, tmp_path: Path) -> None:
    evening = Evening()
    at = await sit(evening.shown())
    data = {"pledge_id": "p1", "text": "=多送小样", "product_id": None}
    at.bus.logged = [
        {"seq": 1, "type": "broadcast.opened", "at": wire(NOW), "actor": "host", "data": {"title": "一场"}},
        {"seq": 2, "type": "pledge.put", "at": wire(NOW), "actor": "assistant", "data": data},
        {"seq": 3, "type": "broadcast.closed", "at": wire(NOW), "actor": "host", "data": {}},
    ]
    evening.ok("broadcast.close", {})
    await at.show(evening.shown())
    await until(lambda: isinstance(at.desk.side.sheet, HandoverSheet))
    sheet = at.desk.side.sheet
    await until(lambda: sheet.pledges.isVisible())
    assert "=多送小样（助理记）" in sheet.text.toPlainText()
    sheet.save_pledges(tmp_path / "out.csv")
    await until(lambda: sheet.said.text() == "存好了：out.csv")
    row = list(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))[1]
    assert row[3] == "'=多送小样"
    sheet.save_pledges(tmp_path / "no" / "out.csv")
    await until(lambda: sheet.said.text().startswith("存不下来"))
