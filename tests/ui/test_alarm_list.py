"""「n 件要看」: one list over the right column with what, since when and one way out; all of it by keys."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from liveconsole.messages.alarms import ALARMS, HELPS
from liveconsole.messages.state import State
from tests.ui.alarm_rooms import ALARM_ROOMS
from tests.ui.committed import NOW
from tests.ui.evening import Evening
from tests.ui.layout.rules import faults
from tests.ui.layout.walk import SIZES, WalkedDesk
from tests.ui.looking import look
from tests.ui.rooms import sample_state
from tests.ui.test_desk import CTRL, sit
from tests.ui.test_keyboard import _active
from tests.unit.domain.desk import placed
from ui import i18n
from ui.panels.health import HealthPanel
from ui.panels.on_air import OnAirStrip
from ui.widgets import FireButton, HoldButton
from ui.words import alarms as words

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")


def _several() -> State:
    """Three that wait for the phone, one source that is silent."""
    at = Evening("manual", ago=400)
    at.fire(at.coupon())
    at.until(60)
    at.fire(at.bag(draw="platform"))
    at.fire(at.sale())
    at.until(0)
    at.health = ALARM_ROOMS["stale_source"]().health
    return at.shown()


def test_every_alarm_of_the_engine_has_a_room() -> None:
    assert list(ALARM_ROOMS) == list(ALARMS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", list(ALARMS))
def test_each_says_what_since_when_and_the_way_out(qtbot: QtBot, code: str, language: str) -> None:
    state = ALARM_ROOMS[code]().shown()
    assert code in [alarm.code for alarm in state.alarms]
    i18n.use(language)
    try:
        panel, strip = HealthPanel(), OnAirStrip()
        strip.resize(1366, strip.sizeHint().height())  # a narrow one says a number alone
        for each in (panel, strip):
            qtbot.addWidget(each)
            look(each, state)
        row = next(row for row in panel.alarm_lines if row.alarm.code == code)
        said = f"{row.words.text()} {row.about.text()}"
        assert row.keys or code in HELPS, "without a key it says what helps"
        assert row.keys or row.about.text()
        assert "…" not in said
        assert re.search(r"c-\w+|/\w+|cue_id", said.replace(" / ", "")) is None, "no raw id, no path"
        if language == "en":
            assert not re.search("[一-鿿]", ALARMS[code][1] + HELPS.get(code, ("", ""))[1])
        for key in row.keys:
            assert key.text() in key.accessibleName()
            assert key.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert strip.alarm.text() == words.sign("", state.alarms)[0]
        assert strip.alarm.accessibleName().startswith(str(len(state.alarms)))
    finally:
        i18n.use("zh")


def test_what_is_worse_stands_above_what_only_waits() -> None:
    tones = [words.tone(alarm) for code in ALARMS for alarm in ALARM_ROOMS[code]().shown().alarms[:1]]
    assert tones == sorted(tones), "live before warn"
    assert {"live", "warn"} == set(tones)


async def test_ctrl_g_opens_it_over_the_right_column_and_esc_closes_it(sit: Any) -> None:
    at = await sit(_several())
    await _active(at)
    desk, panel = at.desk, at.desk.alarms.panel
    before = QApplication.focusWidget()
    at.press(Qt.Key.Key_G, CTRL)
    await asyncio.sleep(0)
    assert panel.isVisible()
    rows = [row.alarm.code for row in panel.alarm_lines]
    assert rows == [alarm.code for alarm in at.bus.now_state.alarms]
    focus = QApplication.focusWidget()
    assert focus is panel.alarm_lines[0].keys[0], "the way out of the worst has the keyboard"
    assert _names(panel) >= {
        panel.title.text(),
        *(key.accessibleName() for r in panel.alarm_lines for key in r.keys),
    }
    at.press(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert QApplication.focusWidget() in (before, desk)


async def test_it_covers_no_stop_key_no_key_of_money_and_no_stage(sit: Any) -> None:
    for state in (_several(), sample_state()):
        at = await sit(state)
        desk = at.desk
        at.press(Qt.Key.Key_G, CTRL)
        for size in ((960, 520), (1366, 728), (1920, 1040)):
            at.shell.resize(*size)
            for _ in range(4):
                await asyncio.sleep(0)
                QApplication.sendPostedEvents()
            over = _place(desk.alarms.panel, desk)
            assert QRect(desk.rect()).contains(over), size
            column = _place(desk.side, desk)
            assert column.contains(over), size
            money = [*desk.findChildren(FireButton), *desk.findChildren(HoldButton), desk.stage, desk.queue]
            for each in money:
                assert not each.isVisibleTo(desk) or not over.intersects(_place(each, desk)), (
                    each.accessibleName()
                )
        at.press(Qt.Key.Key_Escape)


def crowded() -> State:
    """As many kinds as stand together in one room."""
    at = Evening("manual", ago=400)
    at.fire(at.coupon())
    at.until(100)
    at.fire(at.sale(quantity=2))
    at.confirm("c-sale")
    at.fact("order.placed", placed("7301", "b", 3, 9900, sku_id="scarf", cue_id="c-sale"))
    at.until(60)
    at.fact("order.placed", placed("7302", "c", 1, 9000, sku_id="scarf", cue_id="c-sale"))
    at.fact("promotion.measured", {"cue_id": "x9", "sold": 1})
    at.fire(at.bag(draw="platform"))
    at.until(0)
    at.health = {**ALARM_ROOMS["stale_source"]().health, "trouble": "cannot_write"}
    return at.shown()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_nothing_of_strip_and_list_is_cut_at_any_size(tmp_path: Path, language: str) -> None:
    state = crowded()
    assert len({alarm.code for alarm in state.alarms}) >= 6
    found: list[str] = []
    async with WalkedDesk(tmp_path, state, language) as walked:
        walked.desk.alarms.toggle()
        ours = (walked.desk.alarms.panel, walked.desk.strip.alarm)
        for size in SIZES:
            await walked.stand(*size)
            QApplication.sendPostedEvents()
            found += [
                f"{size} {fault}"
                for mine in ours
                for fault in faults(mine)
                if fault.rule in ("text_is_whole", "button_is_whole", "control_has_a_name")
            ]
            reached = walked.desk.alarms.panel
            assert len(reached.alarm_lines) == len(state.alarms)
    assert found == []


async def test_a_way_out_brings_the_card_of_the_phone_in_front(sit: Any) -> None:
    at = await sit(_several())
    at.desk.strip.alarm.click()
    row = next(row for row in at.desk.alarms.panel.alarm_lines if row.alarm.cue_id == "c-sale")
    row.keys[0].click()
    assert not at.desk.alarms.is_open
    assert at.desk.left.owed.front is at.desk.left.owed._cards["c-sale"]
    assert await _nothing(at), "going there is no answer"


async def test_an_order_is_looked_for_in_the_feed(sit: Any) -> None:
    at = await sit(ALARM_ROOMS["coupon_overused"]().shown())
    at.desk.strip.alarm.click()
    row = next(row for row in at.desk.alarms.panel.alarm_lines if row.alarm.code == "coupon_overused")
    assert [key.text() for key in row.keys] == ["看订单"]
    row.keys[0].click()
    assert at.desk.feed.search.words() == row.alarm.order_id


async def test_what_waits_after_the_order_leads_to_the_shop_and_never_closes_it(sit: Any) -> None:
    at = await sit(ALARM_ROOMS["cases_overdue"]().shown())
    for _ in range(2):
        at.desk.alarms.toggle()
        [row] = [row for row in at.desk.alarms.panel.alarms.rows if row.alarm.code == "cases_overdue"]
        assert [key.text() for key in row.keys] == ["去店铺"]
        row.keys[0].click()
        assert not at.desk.alarms.is_open
        assert list(at.shell.beside.open) == ["F8"]
        assert at.shell.beside.open["F8"].isVisible()
    at.shell.beside.close()


async def test_the_list_follows_the_room_and_the_keyboard_stays_in_it(sit: Any) -> None:
    at = await sit(_several())
    await _active(at)
    at.press(Qt.Key.Key_G, CTRL)
    panel = at.desk.alarms.panel
    first = panel.alarm_lines[0].words.text()
    later = Evening("manual", ago=60)
    later.fire(later.sale())
    later.until(0)
    await at.show(later.shown())
    assert len(panel.alarm_lines) == 1
    assert panel.isAncestorOf(QApplication.focusWidget())
    assert panel.alarm_lines[0].words.text() != first
    at.press(Qt.Key.Key_G, CTRL)
    assert not panel.isVisible()


async def test_shut_it_makes_nothing(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = await sit(_several())
    made: list[object] = []
    monkeypatch.setattr(at.desk.alarms.panel, "show_state", lambda *room: made.append(room))
    at.desk._tick(NOW)
    at.desk._show(frozenset({"alarms"}), NOW)
    assert made == []


async def _nothing(at: Any) -> bool:
    await asyncio.sleep(0)
    return bool(at.bus.asked == [])


def _place(widget: QWidget, desk: QWidget) -> QRect:
    return QRect(widget.mapTo(desk, QPoint()), widget.size())


def _names(panel: QWidget) -> set[str]:
    found = set()
    for each in (panel, *panel.findChildren(QWidget)):
        if each.isVisible():
            told = QAccessible.queryAccessibleInterface(each)
            found.add(told.text(QAccessible.Text.Name))
    return found
