"""Who follows 「第一晚」 word by word reaches the report: its steps are read off the page, done by keys."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from liveconsole.messages.state import State
from tests.end2end.desk_person import leave, live
from tests.guide.follower import WITHIN, Follower, NotAsTheGuideSays
from tests.guide.steps import Action, Step, steps
from tests.ui.stray import strays
from ui import i18n, preferences
from ui.seat import session
from ui.windows.shell import Shell

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/guide/{}/first-evening.md"


@pytest.fixture
def remembered(tmp_path: Path) -> Iterator[preferences.Preferences]:
    before, made = preferences.current(), preferences.use(preferences.Preferences(tmp_path))
    made.sounds.on = False
    yield made
    made.flush()
    preferences.use(before)
    i18n.use("zh")


def told(language: str) -> list[Step]:
    return steps((ROOT / PAGE.format(language)).read_text("utf-8"))


def follow(base: Path, page: list[Step], within: float = WITHIN) -> tuple[State | None, list[str]]:
    """Open the program for the first time and do every step: how the room stands then, and what was shown
    as a window and is none."""
    stood: list[State] = []

    async def life() -> None:
        shell = Shell(base, session.load(base))
        person = Follower(shell, within)
        try:
            shell.show()
            shell.begin()
            await asyncio.sleep(0.1)
            shell.activateWindow()
            await person.sees(QGuiApplication.focusWindow)
            for step in page:
                begun = time.monotonic()
                await person.follow(step)
                print(f"step {step.number}: {time.monotonic() - begun:.1f} s")
        finally:
            if shell.seat is not None:
                if shell.seat.state is not None:
                    stood.append(shell.seat.state)
                await shell.seat.stop_engine()
            await leave(shell)

    with strays() as seen:
        live(life, within=170.0)
    return (stood[0] if stood else None), seen


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.deep)])
def test_who_follows_the_first_evening_reaches_the_report(
    tmp_path: Path, remembered: preferences.Preferences, language: str
) -> None:
    i18n.use(language)
    state, stray = follow(tmp_path, told(language))
    assert stray == []
    assert state is not None
    assert state.broadcast.status == "closed"
    ended = {cue.kind: cue for cue in state.cues if cue.status == "ended"}
    assert ended["flash_sale"].ended_because == "stopped"
    assert ended["coupon"].ended_because == "halted"
    assert ended["lucky_bag"].ended_because == "drawn"
    assert [winner.settled for winner in ended["lucky_bag"].winners] == [True]


def test_another_key_than_the_one_that_acts_is_found(
    tmp_path: Path, remembered: preferences.Preferences
) -> None:
    """The twin: the page tells to open the room by a key that opens nothing."""
    first, second = told("zh")[:2]
    assert second.actions[0] == Action("press", "Enter")
    second.actions[0] = Action("press", "F2")
    with pytest.raises(NotAsTheGuideSays, match="step 2, see '开播前检查'"):
        follow(tmp_path, [first, second], within=1.0)


def test_both_languages_tell_the_same_keys() -> None:
    """What is seen is in each its own; what is pressed, typed, and where something is seen, is the same."""
    alike = ("press", "hold", "put")
    both = [
        [
            (step.number, [(a.does, a.what if a.does in alike else "", a.back) for a in step.actions])
            for step in told(language)
        ]
        for language in ("zh", "en")
    ]
    assert both[0] == both[1]
    assert len(both[0]) > 25
