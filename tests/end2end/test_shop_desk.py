"""售后高峰: an assistant works off what waits after the order, by keys alone, at a real engine whose made-up
buyers see what is done for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from liveconsole import tasks
from liveconsole.bus.client import Client
from liveconsole.bus.discovery import look_up
from liveconsole.connectors.rehearsal.driver import Driver
from liveconsole.connectors.rehearsal.settings import Rehearsal
from liveconsole.messages.cases import OF_AFTERSALE
from tests.contract.engine_process import EngineProcess
from tests.end2end.by_keyboard import Keyboard
from tests.end2end.desk_person import leave, live
from ui.seat import session
from ui.windows.shell import Shell
from ui.windows.shop.window import ShopWindow

K = Qt.Key
SPEED = 6.0
"""How fast the buyers live: a case comes within two seconds."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0", "--rehearsal")
    running.start()
    yield running
    if running.process.poll() is None:
        running.stop()


class Assistant(Keyboard):
    """Looks at the shop window, and presses keys on it."""

    @property
    def shop(self) -> ShopWindow:
        window = self.shell.beside.open["F8"]
        assert isinstance(window, ShopWindow)
        return window

    async def opens_the_shop(self) -> None:
        await self.press(K.Key_F8)
        await self.sees(lambda: QApplication.activeWindow() is self.shop)

    async def goes_to(self, group: str) -> None:
        while self.shop.groups.group != group:
            await self.press(K.Key_BracketRight)

    async def has(self, group: str) -> str:
        """The most urgent of a group, once there is one and its card is there; its id."""
        await self.goes_to(group)
        await self.sees(lambda: self.shop.list.case() is not None and self.shop.card.steps.isVisible(), 20.0)
        case = self.shop.list.case()
        assert case is not None
        return case.case_id

    def chosen(self) -> str:
        """The case whose card is shown."""
        case = self.shop.list.case()
        return case.case_id if case is not None else ""

    def listed(self) -> list[str]:
        """Those of the group."""
        return [row.case_id for row in self.shop.reading.rows]


Story = Callable[[Assistant], Coroutine[Any, Any, None]]


def _at_the_shop(engine: EngineProcess, story: Story) -> None:
    live(lambda: _sit(engine, story))


async def _sit(engine: EngineProcess, story: Story) -> None:
    found = look_up(engine.folder)
    assert found is not None
    driver = Driver(found, Rehearsal(1, "after_peak"), speed=SPEED, autopilot=False)
    world = tasks.spawn(driver.play(), name="the world")
    shell = Shell(engine.folder, session.Remembered())
    outside = Client(engine.found["url"], engine.tokens["host"])
    try:
        shell.show()
        shell.activateWindow()
        shell.begin(role="assistant")
        person = Assistant(shell, outside)
        await person.sits_down()
        await story(person)
    finally:
        driver.stop()
        await asyncio.wait_for(world, 5)
        await outside.close()
        await leave(shell)


def test_an_assistant_works_off_the_peak_by_keys_alone(engine: EngineProcess) -> None:
    async def story(person: Assistant) -> None:
        await person.opens_the_shop()
        await person.sees(lambda: person.shop.head.pill.text().startswith("排练中"))
        await person.press(K.Key_Question)
        await person.sees(person.shop.help.isVisible)
        await person.press(K.Key_Escape)
        await person.sees(person.shop.help.isHidden)
        case_id = await person.has("first_answer")
        aftersale_id = case_id.removeprefix(OF_AFTERSALE)
        QGuiApplication.clipboard().setText("")
        await person.press(K.Key_1)
        assert QGuiApplication.clipboard().text() != ""
        await person.press(K.Key_Y)
        await person.sees(lambda: case_id not in person.listed())
        await person.has("solution")
        await person.sees(lambda: case_id in person.listed())
        while person.chosen() != case_id:
            await person.press(K.Key_J)
        await _until_nothing_is_left(person, case_id)
        asked = await _events(person, "shop.asked", aftersale_id)
        assert [data["act"] for data in asked][:1] == ["answer"]
        assert {data["act"] for data in asked} & {"accept", "resend"}
        over = await _events(person, "aftersale.updated", aftersale_id)
        assert over[-1]["status"] in ("refunded", "closed")
        await person.goes_to("all")
        await person.sees(lambda: len(person.listed()) > 10)
        await person.press(K.Key_S)
        await person.sees(lambda: {row.kind for row in person.shop.reading.rows} <= {"unpaid"})
        assert {event["source"] for event in await person.outside.log(types=("aftersale.updated",))} == {
            "/rehearsal/1"
        }

    _at_the_shop(engine, story)


async def _until_nothing_is_left(person: Assistant, case_id: str) -> None:
    """Y, and what it asks for, until the buyer has what he asked for and the case is gone."""
    for _ in range(8):
        if person.chosen() != case_id:
            return
        await person.sees(lambda: person.shop.card.steps.isVisible())
        now = person.shop.card.steps.now
        await person.press(K.Key_Y)
        while isinstance(line := person.shop.focusWidget(), QLineEdit) and not line.text():
            await person.types("1")
            await person.press(K.Key_Return)
        await person.press(K.Key_Escape) if isinstance(line, QLineEdit) else None
        await person.sees(partial(_went_on, person, case_id, now))
    assert person.chosen() != case_id


def _went_on(person: Assistant, case_id: str, now: object) -> bool:
    return person.chosen() != case_id or person.shop.card.steps.now is not now


async def _events(person: Assistant, type_: str, aftersale_id: str) -> list[dict[str, Any]]:
    found = [event["data"] for event in await person.outside.log(types=(type_,))]
    return [data for data in found if data.get("aftersale_id") == aftersale_id]
