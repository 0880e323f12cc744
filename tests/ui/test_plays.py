"""A list, a PK and red packets at the desk: cards, the list that is copied by one key, figures typed in."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.fake_bus import until
from tests.ui.host_rooms import host_at, show
from tests.ui.looking import look
from tests.ui.play_rooms import NAMES, a_list, a_pk, packets
from tests.ui.test_desk import CTRL, sit
from ui.panels.owed.measure import MeasureSheet, needs_measuring
from ui.panels.queue.places import PlacesSheet, copied, listed
from ui.panels.stage import StagePanel
from ui.seat.room import RoomView
from ui.windows.host import facts

__all__ = ["sit"]


def _card(qtbot: QtBot, state: Any) -> tuple[str, str, str]:
    """What the one card that runs says: title, counts, what to heed."""
    stage = StagePanel()
    qtbot.addWidget(stage)
    stage.resize(900, 400)
    look(stage, state)
    (card,) = stage.cards()
    return card.title.text(), card.counts.text(), card.state.text()


def test_a_list_on_its_card_says_who_came(qtbot: QtBot, dressed: QApplication) -> None:
    title, _, heed = _card(qtbot, a_list(came=0).shown())
    assert (title, heed) == ("接龙「1」 ¥89", "口播并置顶评论：扣“1”")
    assert _card(qtbot, a_list().shown())[1].startswith(
        "只认 评论 · 5 / 5 位 · 候补 3 · 已买 0 · 最近 观众3、观众4、观众5"
    )


def test_what_is_copied_is_order_and_name(dressed: QApplication) -> None:
    room = RoomView(a_list().shown())
    cue = listed(room.cues.values())
    assert cue is not None
    assert copied(cue).split("\n") == [f"{n}\t{name}" for n, name in enumerate(NAMES[:5], 1)]


async def test_one_key_copies_the_list_and_opens_it(sit: Any) -> None:
    at = await sit(a_list().shown())
    at.desk.setFocus()
    at.press(Qt.Key.Key_S, CTRL)
    sheet = at.desk.side.sheet
    assert isinstance(sheet, PlacesSheet)
    assert QGuiApplication.clipboard().text().splitlines()[0] == "1\t观众1"
    assert (sheet.said.text(), sheet.counts.text()) == ("复制好了，5 位", "5 位 · 候补 3")
    off = next(key for key in sheet.findChildren(QPushButton) if key.accessibleName() == "移出 观众2")
    at.bus.answer = lambda _type, _data: {"ok": True, "seq": 1, "result": {}}
    off.click()
    await until(lambda: sheet.said.text() == "已移出，候补补上")
    assert ("place.free", {"cue_id": "c-list", "viewer_id": "观众2"}) in at.bus.asked


async def test_without_a_list_the_key_does_nothing_and_says_why(sit: Any) -> None:
    at = await sit(packets().shown())
    at.desk.setFocus()
    at.press(Qt.Key.Key_S, CTRL)
    assert at.desk.side.sheet is None
    assert at.desk.key_table.why_not("Ctrl+S") == "没有接龙"


def test_a_pk_that_nobody_told_has_no_score(qtbot: QtBot, dressed: QApplication) -> None:
    assert _card(qtbot, a_pk().shown())[:2] == (
        "连麦PK「<b>小美</b>的店」",
        "— : — · 第 1 / 2 局 · 赌注 唱一首",
    )
    assert _card(qtbot, a_pk((12, 30), (0, 0)).shown())[1] == "0 : 0 · 第 2 / 2 局 · 局分 0 : 1 · 赌注 唱一首"


def test_the_host_reads_the_score_and_the_places() -> None:
    (pk,) = facts.running(RoomView(a_pk((1_200, 980)).shown()))
    assert (pk.name, pk.says, pk.tone) == ("连麦PK", "1,200 : 980", "ok")
    (line,) = facts.running(RoomView(a_list(places=10).shown()))
    assert (line.name, line.says) == ("接龙", "剩 2 位")


def test_red_packets_are_read_off_the_phone(dressed: QApplication, qtbot: QtBot) -> None:
    room = RoomView(packets().shown())
    assert needs_measuring(room.cues["c-red"], room)
    assert _card(qtbot, packets().shown())[1] == "领 — / 50"


@pytest.mark.parametrize("size", [(960, 540), (1280, 720), (1920, 1080)])
def test_the_hosts_screen_has_it_large(dressed: QApplication, size: tuple[int, int]) -> None:
    window = host_at(a_list(places=10).shown())
    window.resize(*size)
    window.show()
    assert window.play.large.text() == "扣“1” 8 / 10 位"
    assert window.play.beside.text().endswith("7. 观众7   8. 观众8")
    show(window, a_pk((1_200, 980)).shown())
    assert window.play.large.text() == "1,200 : 980  <b>小美</b>的店"
    assert window.play.beside.text() == "第 1 / 2 局   赌注 唱一首"
    show(window, a_pk().shown())
    assert window.play.large.text().startswith("— : —")
    show(window, packets().shown())
    assert window.play.isHidden(), "no figure of its own to read at three metres"
    window.close()
    window.deleteLater()


async def test_a_score_is_typed_in(sit: Any) -> None:
    at = await sit(a_pk().shown())
    at.desk.sheets.measure("c-pk")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, MeasureSheet)
    assert list(sheet.fields) == ["ours", "theirs"]
    for name, typed in (("ours", "0"), ("theirs", "30")):
        sheet.fields[name].entry.setText(typed)  # type: ignore[attr-defined]
    at.bus.answer = lambda _type, _data: {"ok": True, "seq": 1, "result": {}}
    sheet.send()
    await until(lambda: at.bus.asked)
    assert at.bus.asked[-1] == ("cue.measure", {"cue_id": "c-pk", "ours": 0, "theirs": 30})


def test_the_price_of_a_place_is_not_what_the_product_costs(qtbot: QtBot, dressed: QApplication) -> None:
    room = RoomView(a_list().shown())
    assert room.sales_on("gloves") == []
    stage = facts.on_stage(room)
    assert stage is not None
    assert (stage.price_fen, stage.sale) == (9900, False)
