"""The replicas in a real browser, through the shipped maps: read, pressed, read back, in time."""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import pytest

from liveconsole.connectors.browser import maps
from liveconsole.connectors.browser.carry import carry_out
from liveconsole.connectors.browser.driver import ConsolePage
from liveconsole.connectors.browser.pin import Came, Goal
from liveconsole.connectors.browser.reading import word
from tests.worlds.console.world import PATHS, Console

pytestmark = pytest.mark.slow
TITLES = [f"好物{n} 家用款" for n in range(1, 301)]


class Opened(Protocol):
    def __call__(self, console: Console) -> AbstractAsyncContextManager[ConsolePage]: ...


async def press(page: ConsolePage, console: Console, number: int, *, on: bool = True) -> Came:
    page_map = maps.parse(console.map_text().encode(), console.flavour)
    goal = Goal(number, TITLES[number - 1], on)
    return await carry_out(page, goal, page_map, clock=time.monotonic, sleep=asyncio.sleep)


async def truth(page: ConsolePage) -> list[str]:
    found: list[str] = await page.page.evaluate("() => [...window.app.on]")
    return found


@pytest.mark.parametrize("flavour", sorted(PATHS))
async def test_every_console_is_read_pressed_and_read_back(flavour: str, opened: Opened) -> None:
    backwards = flavour in ("wechat_channels", "buyin")
    took = []
    async with Console(flavour, TITLES, backwards=backwards) as console, opened(console) as page:
        shown = await page.look()
        assert word(shown, maps.parse(console.map_text().encode(), flavour)) == "ready"
        for number in (1, 288, 150, 7, 300, 12):
            began = time.monotonic()
            assert await press(page, console, number) == Came("done", pressed=True)
            took.append(time.monotonic() - began)
            assert await truth(page) == [TITLES[number - 1]]
        assert await press(page, console, 12, on=False) == Came("done", pressed=True)
        assert await truth(page) == []
        assert console.presses == 7
    print(flavour, [round(each, 2) for each in sorted(took)])
    assert sorted(took)[-2] <= 1.5
