"""A gap of a source is a line of the feed when it begins and when it ends, in both languages."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liveconsole.messages.state import GapState, SourceState
from liveconsole.views.feed import Feed, FeedRow
from tests.ui.committed import NOW
from tests.ui.rooms import sample_state
from ui import i18n
from ui.panels.feed.words import says
from ui.preferences.sources import SourcesPage
from ui.seat.room import RoomView
from ui.widgets import PlainLabel

OBA = "/oba/127.0.0.1:12354"
GAP = {"source": OBA, "from": "2026-11-11T12:14:00Z", "to": None, "why": "lost", "comments": True}


def rows(*told: dict[str, Any]) -> list[FeedRow]:
    feed = Feed()
    feed.fold(
        {"seq": n, "type": "source.gap", "at": "2026-11-11T12:16:00Z", "actor": "platform", "data": data}
        for n, data in enumerate(told, 1)
    )
    return feed.rows()


def test_when_it_begins_and_when_it_ends() -> None:
    begun, ended = map(says, rows(GAP, {**GAP, "to": "2026-11-11T12:17:00Z"}))
    assert begun.startswith("评论 · oba 从 ")
    assert begun.endswith(" 起没有数据 · 连接断了")
    assert ended.startswith("评论 · oba ")
    assert ended.endswith(" 没有数据")
    assert "–" in ended


def test_a_reason_of_tomorrow_says_nothing() -> None:
    (begun,) = map(says, rows({**GAP, "why": "of/tomorrow"}))
    assert begun.endswith("起没有数据")


def test_in_english() -> None:
    i18n.use("en")
    try:
        begun, ended = map(says, rows(GAP, {**GAP, "to": "2026-11-11T12:17:00Z"}))
    finally:
        i18n.use("zh")
    assert begun.endswith("the connection was lost")
    assert "nothing came" in ended


def test_gaps_rates_and_orders_without_an_amount_stand_with_the_sources(
    qtbot: QtBot, dressed: QApplication
) -> None:
    state = sample_state()
    capture: dict[str, dict[str, Any]] = {"oba": {"state": "connected", "orders": 2}}
    source = SourceState(OBA, NOW, 1_234, per_minute=56, gap_since=NOW, gap_why="lost")
    health = replace(state.health, capture=capture, sources=[source], gaps=[GapState(OBA, NOW, None, "lost")])
    page = SourcesPage(lambda *said: None, "host")
    qtbot.addWidget(page)
    page.show_room(RoomView(replace(state, health=health)), NOW)
    assert page.captures["oba"].state.text() == "连上了 · 看到 2 单，没有金额，不算订单"
    assert "1,234 · 56/分钟" in [label.text() for label in page.list.findChildren(PlainLabel)]
    assert page._gaps.text().startswith("评论 · oba 从 ")
    assert page._gaps.text().endswith(" 起没有数据 · 连接断了")
    assert not page._gaps.isHidden()
    page.show_room(RoomView(replace(state, health=replace(health, gaps=[]))), NOW)
    assert page._gaps.isHidden()
