"""推流 and 录制 of OBS on the strip: whoever started them, since when, and what is wrong with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.connected_rooms import proved, troubled, unconnected
from tests.ui.looking import look
from tests.ui.rooms import sample_state
from ui.panels.on_air import OnAirStrip
from ui.words.recording import output_sign

pytestmark = pytest.mark.usefixtures("dressed")


def told(state: State, **figures: int | None) -> tuple[str, str, str]:
    one = state.health.connections["obs"]
    changed = replace(one, figures=replace(one.figures, **figures))
    return output_sign(replace(state.health, connections={"obs": changed}), NOW)


def test_what_runs_says_since_when() -> None:
    state = proved().shown()
    assert told(state) == ("dot", "live", "推流 00:10:00 · 录制 00:10:00")
    assert told(state, streaming=0, recording=1, record_paused=1) == ("dot", "live", "录制暂停")
    assert told(state, streaming=0, recording=0) == ("ring", "fg2", "OBS 没推没录")
    assert told(state, stream_began=None, recording=0) == ("dot", "live", "推流"), "no beginning, no clock"


def test_what_viewers_would_see_is_amber() -> None:
    state = proved().shown()
    assert told(state, reconnecting=1)[1:] == ("warn", "推流 00:10:00 · 录制 00:10:00 · 推流在重连")
    assert told(state, dropped_frames=900)[2].endswith("丢帧 5.0%")
    assert told(state, congestion_percent=70)[2].endswith("上行挤 70%")


def test_nobody_knows_is_a_dash_and_no_obs_is_nothing() -> None:
    state = troubled().shown()
    assert output_sign(state.health, NOW) == ("warn", "warn", "OBS —")
    assert output_sign(unconnected().shown().health, NOW)[2] == ""
    quiet = ConnectionState("connected", NOW)
    assert output_sign(replace(state.health, connections={"obs": quiet}), NOW)[2] == "OBS —"


def test_the_strip_shows_it_and_gives_its_words_up_first(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    strip = OnAirStrip(window)
    strip.resize(1900, 54)
    window.show()
    look(strip, proved().shown())
    assert strip.output.words.isVisibleTo(strip)
    assert strip.output.words.text() == "推流 00:10:00 · 录制 00:10:00"
    strip.tick(NOW + timedelta(seconds=5))
    assert strip.output.words.text().startswith("推流 00:10:05")
    strip.resize(760, 54)
    assert not strip.output.words.isVisibleTo(strip)
    assert strip.output.isVisibleTo(strip)
    assert "推流" in strip.output.toolTip()
    look(strip, unconnected().shown())
    assert strip.output.isHidden()


@pytest.mark.parametrize("mended", [True, False])
def test_ages_that_grow_find_their_room(qtbot: QtBot, mended: bool) -> None:
    """A source that is silent for long has a longer age: something quieter gives way, nothing meets. The
    twin gives nothing up, and the strip is too narrow for what stands on it."""
    window = QWidget()
    qtbot.addWidget(window)
    strip = OnAirStrip(window)
    strip.resize(960, 54)
    window.show()
    look(strip, sample_state())
    for wide in range(960, 560, -1):  # as narrow as it can be with these ages
        strip.resize(wide, 54)
        if strip._row.minimumSize().width() >= wide - 2:
            break
    if not mended:
        strip._fit = lambda: None  # type: ignore[method-assign]
    strip.tick(NOW + timedelta(days=7))
    assert (strip._row.minimumSize().width() <= strip.width()) == mended
