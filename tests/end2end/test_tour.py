"""The first walk round the desk on a real rehearsal: every key pressed, every step seen to work."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.end2end.desk_person import CTRL, SHIFT, Person, leave, live
from ui import preferences
from ui.preferences import settings as kept
from ui.seat import session
from ui.windows.commands import TWICE_SECONDS
from ui.windows.shell import Shell


@pytest.fixture
def remembered(tmp_path: Path) -> Iterator[preferences.Preferences]:
    before, made = preferences.current(), preferences.use(preferences.Preferences(tmp_path))
    made.sounds.on = False
    yield made
    made.flush()
    preferences.use(before)


def test_a_first_rehearsal_walks_its_host_round(tmp_path: Path, remembered: preferences.Preferences) -> None:
    choice = session.StartChoice("rehearsal", "host", checked=True)
    session.save(tmp_path, session.Remembered(choice))

    async def life() -> None:
        shell = Shell(tmp_path, session.load(tmp_path))
        person = Person(shell)
        try:
            shell.show()
            shell.activateWindow()
            shell.begin()
            await person.sees(lambda: shell.desk is not None and shell.desk.tour.running, within=30)
            await walk(person)
        finally:
            if shell.seat is not None:
                await shell.seat.stop_engine()
            await leave(shell)

    live(life)
    remembered.flush()
    assert kept.load(tmp_path).toured == ["host"]


async def walk(person: Person) -> None:
    """Press what the card names until it says that that is all."""
    tour = person.desk.tour

    def step() -> str:
        return tour.step.title if tour.step is not None else ""

    async def past(title: str) -> None:
        await person.sees(lambda: step() != title, within=25)

    assert step() == "下一品"
    await person.press(Qt.Key.Key_PageDown)
    await past("下一品")
    assert step() == "通过一条提议"
    await person.sees(lambda: person.desk.queue.rows())
    await person.press(Qt.Key.Key_Return, CTRL)  # to the oldest, and no further
    await person.sees(lambda: person.desk.queue.chosen() is not None, within=25)
    await asyncio.sleep(TWICE_SECONDS + 0.1)  # sooner it is the first press once more
    await person.press(Qt.Key.Key_Return, CTRL)
    await past("通过一条提议")
    assert step() == "发出"
    number = Qt.Key(Qt.Key.Key_0 + int(tour.callout.said[-1]))
    await person.press(number, CTRL)
    await past("发出")
    assert step() == "撤回"
    await person.press(Qt.Key.Key_Escape)
    await past("撤回")
    assert step() == "停掉"
    await person.press(number, CTRL)
    await person.sees(lambda: "Ctrl+Shift+" in tour.callout.said, within=25)
    await person.press(number, CTRL | SHIFT)
    bag = person.desk.side.sheet
    if bag is not None:  # a bag is stopped with a reason
        bag.reason.setText("排练")  # type: ignore[attr-defined]
        await person.click(bag.stop)  # type: ignore[attr-defined]
    await past("停掉")
    assert step() == "所有的键"
    await person.press(Qt.Key.Key_Question)
    await person.sees(lambda: tour.callout.said.startswith("走完了"))
    await person.press(Qt.Key.Key_Escape)
    await person.press(Qt.Key.Key_Escape)
    await person.sees(lambda: not tour.running)
