"""The winner moment on the host's screen: from the draw until PgDn or the last claim."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from liveconsole.messages.state import WinnerState
from tests.ui.committed import NOW
from tests.ui.evening import Evening
from tests.ui.host_rooms import host_at, show
from tests.ui.layout.scenes import drawn
from ui.seat.room import RoomView
from ui.windows.host.winners import WinnerMoment, lay_out, moment_of


def test_the_draw_brings_the_names_and_pgdn_takes_them_away(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = drawn()
    moment = moment_of(RoomView(state))
    assert moment is not None
    window = host_at(state)
    qtbot.addWidget(window)
    window.show()
    said = [text.text for text in window.winners.texts()]
    assert {winner.name for winner in moment.winners} <= set(said)
    assert moment.code in said
    assert window.childAt(window.rect().center()) is window.winners  # above all that lies there
    monkeypatch.setattr(window.commands, "go_next", lambda: True)
    window.go_next()
    assert not window.winners.isVisible()


def test_one_key_confirms_the_next_and_one_passes_over(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = host_at(drawn())
    qtbot.addWidget(window)
    window.show()
    asked: list[Any] = []
    monkeypatch.setattr(window.commands, "ask", lambda *what: asked.append(what))
    assert window.winners.moment is not None
    first = window.winners.moment.open[0]
    QTest.keyClick(window, Qt.Key.Key_Y)
    QTest.keyClick(window, Qt.Key.Key_N)
    assert [(type_, data["ok"], data["viewer_id"]) for type_, data, _ in asked] == [
        ("bag.settle", True, first.viewer_id),
        ("bag.settle", False, first.viewer_id),
    ]
    # Read out, they shrink to a line with the same keys.
    monkeypatch.setattr(window.commands, "go_next", lambda: True)
    window.go_next()
    assert window.winner_line.isVisible()
    assert first.name in window.winner_line.text()
    QTest.keyClick(window, Qt.Key.Key_Y)
    assert len(asked) == 3
    asked.clear()
    show(window, settled(drawn_evening()).shown())
    assert window.winner_line.text() == "福袋：3 位都处理好了"
    QTest.keyClick(window, Qt.Key.Key_Y)
    assert asked == [], "nobody waits"
    window.go_next()
    assert not window.winner_line.isVisible()


def drawn_evening() -> Evening:
    at = Evening(ago=300)
    at.pin("scarf")
    at.fire(at.bag(prize={"name": "羊毛贝雷帽", "value_fen": 6900, "product_id": "beret"}))
    at.fire(at.coupon())
    at.says("驼色好看", *(f"观众{n}" for n in range(12)))
    at.until(100)
    return at


def settled(at: Evening) -> Evening:
    """Everybody has claimed."""
    for winner in at.shown().cues[-1].winners or next(c for c in at.shown().cues if c.winners).winners:
        at.ok("bag.settle", {"cue_id": "c-bag", "viewer_id": winner.viewer_id, "ok": True})
    return at


def test_beside_the_names_stand_prize_clock_code_and_what_is_read(qtbot: QtBot) -> None:
    window = host_at(drawn_evening().shown(), NOW - timedelta(seconds=100))
    qtbot.addWidget(window)
    window.show()
    said = [text.text for text in window.winners.texts()]
    assert {"羊毛贝雷帽", "日常价 ¥69", "恭喜 3 位中奖", "12 人里抽出 3 人", "领奖还剩"} <= set(said)
    assert any(text.endswith("截止 · 已领 0 / 3") for text in said)
    assert window.note.text.text() == "请念 · 3 位私信客服报名字领奖，10 分钟内有效"
    assert window.next.word.text() == "念完按 PgDn，讲下一品"
    assert window.top.running.time.text() != "", "another clock that runs stays"
    assert window.childAt(window.product.geometry().center()) is window.winners
    assert window.childAt(window.note.geometry().center()) is not window.winners


def test_what_counts_down_is_never_behind_a_name(qtbot: QtBot) -> None:
    at = drawn_evening()
    at.ok("room.set", {"recall_seconds": 5})
    at.fire(at.sale())
    window = host_at(at.shown(), at.now)
    qtbot.addWidget(window)
    window.show()
    show(window, at.shown(), at.now)
    assert window.winners.isVisible()
    under = window.childAt(window._body.geometry().center())
    assert under is not None
    assert under is window.countdown or window.countdown.isAncestorOf(under)


@pytest.mark.parametrize("count", [1, 3, 5, 8, 20])
@pytest.mark.parametrize("size", [(960, 380), (1280, 500), (1920, 760)])
def test_no_name_lies_on_another(qtbot: QtBot, count: int, size: tuple[int, int]) -> None:
    winners = tuple(
        WinnerState(f"v{n}", "云朵妈妈和一只小鹿" * (n % 2 + 1), claim_until=NOW + timedelta(minutes=9))
        for n in range(count)
    )
    moment = WinnerMoment("bag", "羊毛贝雷帽", 1204, "7F3K-92QD", winners)
    rooms = [text.room for text in lay_out(moment, NOW, *size, size[0] / 1280)]
    assert all(room.bottom() <= size[1] + 1 for room in rooms)
    for at, room in enumerate(rooms):
        assert not any(room.intersects(other) for other in rooms[at + 1 :])
