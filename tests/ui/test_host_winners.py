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
from tests.ui.host_rooms import host_at
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
    window.winners.put_away()
    QTest.keyClick(window, Qt.Key.Key_Y)
    assert len(asked) == 2


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
