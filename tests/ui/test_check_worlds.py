"""接入 before a broadcast and on air: what is not well is said, with the key that goes to where it is set."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liveconsole.messages.connections import ConnectionFigures, ConnectionState
from liveconsole.messages.state import State
from tests.ui.alarm_rooms import ALARM_ROOMS
from tests.ui.committed import NOW
from tests.ui.connected_rooms import proved, troubled, unconnected
from tests.ui.fake_bus import until
from tests.ui.layout.rules import faults
from tests.ui.looking import look
from tests.ui.rooms import sample_state
from tests.ui.sitting import Sitting, joined
from tests.ui.test_firstrun import Started, started
from ui import i18n, theme
from ui.panels.health import HealthPanel
from ui.seat.room import RoomView
from ui.seat.session import StartChoice
from ui.windows.check import RoomCheck
from ui.windows.check_worlds import WorldTroubles

__all__ = ["started"]

pytestmark = pytest.mark.usefixtures("dressed")


def seen(qtbot: QtBot, state: State) -> tuple[WorldTroubles, str, bool | None]:
    made = WorldTroubles()
    qtbot.addWidget(made)
    return made, *made.show_room(RoomView(state).only("room", "health"))


def test_nothing_connected_is_nothing_wrong(qtbot: QtBot) -> None:
    made, said, well = seen(qtbot, unconnected().shown())
    assert (well, made.lines) == (None, [])
    assert "还没有接" in said


def test_each_connection_that_is_not_well_is_one_line(qtbot: QtBot) -> None:
    made, _, well = seen(qtbot, troubled().shown())
    assert well is False
    told = [label.text() for label, _ in made.lines]
    assert len(told) == 3, "four worlds of one shop are one line"
    assert any("203.0.113.7" in line for line in told), "shop not connected"
    assert any("扫码" in line for line in told), "login out"
    assert any(line.startswith("OBS") for line in told), "OBS does not follow"
    went: list[str] = []
    made.asked.connect(went.append)
    for _, key in made.lines:
        assert key.accessibleName() != key.text()
        key.click()
    assert went == ["shop", "browser", "obs"]


def test_what_was_proved_is_well_and_what_never_was_is_amber(qtbot: QtBot) -> None:
    assert seen(qtbot, proved().shown())[2] is True
    at = proved()
    del at.room.proved["pins"]
    made, _, well = seen(qtbot, at.shown())
    assert well is False
    assert [label.text() for label, _ in made.lines] == ["讲解：接上了，还没证实过"]


def test_few_calls_left_are_said(qtbot: QtBot) -> None:
    state = proved().shown()
    low = ConnectionState("connected", NOW, figures=ConnectionFigures(calls_minute=9, quota_left=12))
    health = replace(state.health, connections={**state.health.connections, "shop": low})
    made, _, well = seen(qtbot, replace(state, health=health))
    assert well is False
    assert [label.text() for label, _ in made.lines] == ["微信小店：今天只剩 12 次调用"]


async def test_the_key_of_the_check_opens_where_it_is_set(started: Started) -> None:
    started.bus.now_state = troubled().shown()
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.choose("manual", "host")
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.check is not None and started.shell.check.troubles.lines, 20)
    check = started.shell.check
    assert check is not None
    check.troubles.lines[-1][1].click()
    settings = started.shell.settings
    assert settings is not None
    assert settings.pages[settings.at] is settings.obs
    check.troubles.all.click()
    assert started.shell.settings is settings, "once more goes to the page and closes nothing"
    assert settings.pages[settings.at] is settings.connect_


def test_an_alarm_of_a_connection_goes_to_where_it_is_set(qtbot: QtBot) -> None:
    panel = HealthPanel()
    qtbot.addWidget(panel)
    look(panel, ALARM_ROOMS["connection"]().shown())
    went: list[str] = []
    panel.connection_asked.connect(went.append)
    (row,) = [row for row in panel.alarm_lines if row.alarm.code == "connection"]
    row.keys[0].click()
    assert went == ["obs"]


def test_a_rehearsal_asks_for_no_shop(qtbot: QtBot) -> None:
    state = sample_state()
    said = seen(qtbot, replace(state, room=replace(state.room, simulated=True)))[1]
    assert "外面的店" not in said


@pytest.mark.parametrize(("language", "scale"), [("zh", 1.0), ("en", 1.5), ("zh", 2.0)])
async def test_the_check_has_room_for_what_is_wrong(qapp: QApplication, language: str, scale: float) -> None:
    i18n.use(language)
    theme.apply(qapp, text_scale=scale)
    made = Sitting()
    made.bus.now_state = troubled().shown()
    async with joined(made) as at:
        check = RoomCheck(at.seat, StartChoice("manual", "host"), print)
        check.show()
        for size in ((640, 400), (1366, 728)):
            check.resize(*size)
            for _ in range(3):
                QApplication.sendPostedEvents()
            assert [str(fault) for fault in faults(check)] == [], size
        check.deleteLater()
    theme.apply(qapp)
