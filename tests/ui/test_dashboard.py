"""大屏: the platform's own figures on the desk, each with its age; what nobody told is a dash and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from tests.ui.committed import NOW
from tests.ui.connected_rooms import SCREEN, proved, troubled, unconnected
from tests.ui.evening import Evening
from tests.ui.looking import look
from ui.panels.health import HealthPanel
from ui.panels.on_air import OnAirStrip

pytestmark = pytest.mark.usefixtures("dressed")


def lines(panel: HealthPanel) -> dict[str, tuple[str, str]]:
    shown = [row for row in panel.dashboard.rows if not row.title.isHidden()]
    return {row.title.text(): (row.value.text(), row.more.text()) for row in shown}


def test_each_figure_has_its_age_and_its_last_minutes(qtbot: QtBot) -> None:
    panel = HealthPanel()
    qtbot.addWidget(panel)
    look(panel, proved().shown())
    assert lines(panel) == {
        "成交额": ("¥12,345", "近 10 分 ¥980，前面 ¥1,200 · 40 秒前"),
        "成交人数": ("88", "40 秒前"),
        "付款单数": ("97", "40 秒前"),
        "看过的人": ("5,120", "40 秒前"),
        "平均看多久": ("00:01:35", "40 秒前"),
    }
    panel.tick(NOW + timedelta(minutes=5))
    assert lines(panel)["成交人数"][1] == "5 分前"


def test_no_figure_says_why_and_no_shop_says_nothing(qtbot: QtBot) -> None:
    panel = HealthPanel()
    qtbot.addWidget(panel)
    look(panel, troubled().shown())
    assert panel.dashboard.none.text() == "大屏 —：店铺没有接好"
    at = proved()
    at.room.audience.measured.clear()
    at.room.audience.recent.clear()
    look(panel, at.shown())
    assert "开播后" in panel.dashboard.none.text()
    look(panel, unconnected().shown())
    assert panel.dashboard.isHidden()


def test_the_strip_takes_them_where_no_source_tells_of_orders(qtbot: QtBot) -> None:
    at = Evening("manual", ago=100)
    at.fact("room.measured", SCREEN, "/browser/wechat_channels")
    at.until(0)
    strip = OnAirStrip()
    qtbot.addWidget(strip)
    state = at.shown()
    look(strip, state)
    assert (strip.gmv.number.text(), strip.gmv.beside.text()) == ("¥12,345", "大屏 100 秒前")
    assert strip.orders.number.text() == "97"
    strip.tick(NOW + timedelta(seconds=200))
    assert strip.gmv.beside.text() == "大屏 5 分前", "whoever reads counts"
    look(strip, replace(state, audience=replace(state.audience, measured={})))
    assert strip.gmv.number.text() == "—"


def test_orders_that_are_told_of_go_before_the_screen(qtbot: QtBot) -> None:
    strip = OnAirStrip()
    qtbot.addWidget(strip)
    look(strip, proved().shown())
    assert "大屏" not in strip.gmv.beside.text()
