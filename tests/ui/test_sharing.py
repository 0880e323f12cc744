"""Letting another computer or phone join, at the desk: what is shown and asked; nothing takes the keys."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from liveconsole.messages.sharing import (
    NOT_SHARED,
    ShareAllow,
    ShareAnswer,
    ShareClose,
    ShareCode,
    SharedSeatState,
    ShareKeep,
    ShareOpen,
    ShareRefuse,
    ShareRevoke,
)
from tests.ui.committed import NOW
from tests.ui.fake_bus import until
from tests.ui.sharing_rooms import CODE, ask, shared, sharing
from tests.ui.test_desk import NONE, sit
from ui.panels.sharing import SharingSheet
from ui.widgets import PlainLabel

__all__ = ["sit"]


async def _opened(at: Any) -> SharingSheet:
    at.press(Qt.Key.Key_F3, NONE)
    sheet = at.desk.side.sheet
    assert isinstance(sheet, SharingSheet)
    await until(lambda: at.bus.shared)
    return sheet


def _asked_last(at: Any, act: object) -> bool:
    return bool(at.bus.shared[-1:] == [act])


async def _becomes(at: Any, state: Any) -> None:
    at.bus.now_state = state
    at.shell.seat.look_again()
    await until(lambda: at.desk.commands.room is not None and at.shell.seat.state.sharing == state.sharing)


async def test_a_room_is_opened_on_a_chosen_address_and_closed_again(sit: Any) -> None:
    at = await sit(shared(**{**_closed(), "seats": []}))
    assert at.desk.strip.shared.isHidden()
    sheet = await _opened(at)
    assert sheet.said.isHidden(), "no empty line where nothing was said"
    await until(sheet.begin.isEnabled)
    assert [sheet.address.itemData(n) for n in range(2)] == ["192.168.1.20", "10.0.0.7"]
    sheet.address.setCurrentIndex(1)
    sheet.keep.setChecked(True)
    sheet.phones.setChecked(False)
    sheet.begin.click()
    await until(lambda: at.bus.shared[-1:] == [ShareOpen("10.0.0.7", True, False)])
    at.bus.shares = lambda _act: ShareAnswer(
        False, NOT_SHARED, code="public_address", params={"address": "8.8.8.8"}
    )
    sheet.begin.click()
    await until(lambda: "8.8.8.8" in sheet.said.text())  # a no stands in the sheet, in words
    await _becomes(at, shared())
    assert at.desk.strip.shared_words == "已共享 · 1 个席位"
    assert sheet.code.text() == CODE.replace("-", " ")
    for press, act in (
        (sheet.anew, ShareCode()),
        (sheet.kept, ShareKeep(True)),
        (sheet.close_it, ShareClose()),
    ):
        press.click()
        await until(partial(_asked_last, at, act))
    sheet.copy.click()
    assert QApplication.clipboard().text() == CODE
    await _becomes(at, shared(code="", code_until=None, link=""))
    assert sheet.copy.isHidden()
    assert sheet.square.isHidden()


async def test_who_asks_is_said_and_takes_neither_keys_nor_focus(sit: Any) -> None:
    at = await sit(shared())
    at.desk.setFocus()
    before = QApplication.focusWidget()
    await _becomes(at, shared(asks=[ask()]))
    assert at.desk.strip.shared_words == "1 台要加入"
    assert "<b>小林</b>的手机" in at.desk.notice.said
    assert "483 291" in at.desk.notice.said
    assert QApplication.focusWidget() is before
    at.desk.notice._do()
    sheet = at.desk.side.sheet
    assert isinstance(sheet, SharingSheet)
    (card,) = sheet.asks.values()
    assert card.digits.text() == "483 291"
    card.fires.setChecked(True)
    card.allow.click()
    await until(lambda: at.bus.shared[-1:] == [ShareAllow("a1", "assistant", True)])
    card.roles.choose("viewer")
    card.roles.chosen_by_hand.emit("viewer")
    card.allow.click()
    await until(lambda: at.bus.shared[-1:] == [ShareAllow("a1", "viewer", False)])
    card.refuse.click()
    await until(lambda: at.bus.shared[-1:] == [ShareRefuse("a1")])
    sheet.seats["s2"].remove.click()
    await until(lambda: at.bus.shared[-1:] == [ShareRevoke("s2")])
    await _becomes(at, shared(seats=sharing().seats[:1]))
    assert sheet.asks == {}
    assert list(sheet.seats) == ["s1"]


async def test_a_tool_is_asked_about_by_its_digits_and_by_nothing_else(sit: Any) -> None:
    """Whatever were chosen it could only post: nothing is there to choose."""
    at = await sit(shared())
    await _becomes(at, shared(asks=[ask("t1", "tool", "弹幕工具")]))
    assert "采集工具" in at.desk.notice.said
    at.desk.notice._do()
    sheet = at.desk.side.sheet
    assert isinstance(sheet, SharingSheet)
    (card,) = sheet.asks.values()
    assert card.roles.isHidden()
    assert card.fires.isHidden()
    assert "只能发来发生了什么，看不到直播间" in {one.text() for one in card.findChildren(PlainLabel)}
    card.allow.click()
    await until(lambda: at.bus.shared[-1:] == [ShareAllow("t1", "assistant", False)])
    seat = SharedSeatState("t2", "弹幕工具", "producer", False, "tool", False, None, True)
    await _becomes(at, shared(seats=[seat]))
    assert sheet.seats["t2"]._role.text() == "只能发来发生了什么，看不到直播间"


async def test_a_broker_that_has_not_read_of_a_removal_is_said(sit: Any) -> None:
    at = await sit(shared(asks=[ask()]))
    at.desk.notice._do()
    sheet = at.desk.side.sheet
    assert isinstance(sheet, SharingSheet)
    assert sheet.unread.isHidden()
    await _becomes(at, shared(broker_unread=True))
    assert not sheet.unread.isHidden()
    assert "可能还听得到" in sheet.unread.text()
    await _becomes(at, shared())
    assert sheet.unread.isHidden()


async def test_an_ask_that_has_gone_takes_its_words_along(sit: Any) -> None:
    at = await sit(shared())
    await _becomes(at, shared(asks=[ask()]))
    assert at.desk.notice.said
    await _becomes(at, shared())
    assert at.desk.notice.said == ""


@pytest.mark.parametrize("role", ["assistant"])
async def test_an_assistant_lets_nobody_in(sit: Any, role: str) -> None:
    at = await sit(replace(shared(), sharing=replace(NOT_SHARED, open=True, here=1)), role)
    at.press(Qt.Key.Key_F3, NONE)
    assert at.desk.side.sheet is None
    assert "这个席位不做这件事" in at.desk.notice.said
    assert at.desk.strip.shared_words == "已共享 · 1 个席位"


async def test_a_seat_at_another_computer_says_to_whom_and_holds_still_while_cut_off(sit: Any) -> None:
    at = await sit(shared(), "assistant")
    seat = at.shell.seat
    seat.where = "192.168.1.20"
    seat.look_again()
    await until(lambda: seat.age() < 1)
    at.desk.sharing.tick(NOW + timedelta(seconds=1))
    assert at.desk.strip.shared_words == "连着 192.168.1.20"
    seat._heard -= 8
    at.desk.sharing.tick(NOW)
    assert at.desk.strip.shared_words == "8 秒没消息"
    seat._say("lost", "")
    at.desk.sharing.tick(NOW)
    assert at.desk.strip.shared_words == "断开，正在重连"
    assert not at.desk.queue.isEnabled()
    seat._say("live", "")
    assert at.desk.queue.isEnabled()
    assert at.desk.key_table.why_not("F3") == "共享在主播的电脑上开"


def _closed() -> dict[str, Any]:
    return {"open": False, "address": "", "port": 0, "code": "", "code_until": None, "link": "", "here": 0}
