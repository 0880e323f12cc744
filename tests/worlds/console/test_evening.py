"""Eight hours of a console page at speed: what comes over an evening, and a browser that lives on."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from liveconsole.connectors.browser import part
from liveconsole.connectors.browser.connector import BrowserConnector
from liveconsole.connectors.wire import Mapped
from liveconsole.messages.connections import BrowserConnection
from liveconsole.tasks import cancel_all, spawn
from tests.worlds.console.rooms import PaperRoom
from tests.worlds.console.world import Console

pytest.importorskip("playwright")
HOURS = 8
LOOKS = HOURS * 3600
TITLES = [f"好物{n} 家用款" for n in range(1, 301)]


@pytest.fixture
def _collected() -> Iterator[None]:
    """An evening's garbage goes while it lasts, as in an engine: among tests that have Qt nothing collects it
    before their end, and here that would be gigabytes."""
    was = gc.isenabled()
    gc.enable()
    yield
    if not was:
        gc.disable()


@pytest.mark.deep
@pytest.mark.usefixtures("_collected")
@pytest.mark.parametrize("flavour", ["wechat_channels", "buyin"])
async def test_eight_hours_at_speed(flavour: str, executable: str, tmp_path: Path) -> None:
    """A look a second, a pin every three minutes, a dialog every ten, a log-out every hour, the browser
    killed twice: what is done shows, what is not is a person's, and it is all there again by itself."""
    if not part.use(tmp_path):
        pytest.skip("no Playwright with a driver here: python dev.py setup brings both")
    looks = 0

    async def sleep(seconds: float) -> None:
        nonlocal looks
        looked = seconds == 1.0 and made._pressing is not None and not made._pressing.busy
        looks += looked
        await asyncio.sleep(0.001 if looked else min(seconds, 0.2))

    environ = {"LIVECONSOLE_BROWSER": executable, "LIVECONSOLE_BROWSER_WINDOW": "none"}
    room = PaperRoom(tmp_path, TITLES)
    async with Console(flavour, TITLES, seed=8) as console:
        console.put_map(tmp_path)
        made = BrowserConnector(
            BrowserConnection(flavour, consent=True),  # type: ignore[arg-type]
            tmp_path,
            lambda *_: Mapped(),
            lambda *_: {},
            environ=environ,
            sleep=sleep,
        )
        running = spawn(made.run(room), name="connection")
        evening = Evening(made, room, console, lambda: looks)
        try:
            await evening.until("ready")
            await evening.pass_by()
        finally:
            await cancel_all([running])
    print(evening.figures())
    assert evening.wrong == []
    assert evening.done > 100
    assert evening.heaviest < 1.6 * evening.first_mb + 200
    assert evening.own_heaviest < evening.own_first_mb + 200


class Evening:
    """What comes, by the number of the look, and what was seen of it."""

    def __init__(self, made: BrowserConnector, room: PaperRoom, console: Console, looks: Any) -> None:
        self._made, self._room, self._console, self._looks = made, room, console, looks
        self.done = self.unknown = self.kills = 0
        self.wrong: list[tuple[int, str]] = []
        self.took: list[float] = []
        self.first_mb = self.heaviest = 0.0
        self.own_first_mb = self.own_heaviest = 0.0

    def figures(self) -> str:
        took = sorted(self.took)
        return (
            f"{self._looks()} looks, {self.done} done, {self.unknown} unknown, {self.kills} kills, "
            f"p95 {took[int(len(took) * 0.95)]:.2f} s, "
            f"browser {self.first_mb:.0f} → {self.heaviest:.0f} MB, "
            f"engine {self.own_first_mb:.0f} → {self.own_heaviest:.0f} MB"
        )

    async def until(self, code: str, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while self._made.state().code != code:
            assert time.monotonic() < deadline, (
                self._looks(),
                code,
                self._made.state().code,
                self._console.on,
            )
            await asyncio.sleep(0.02)

    async def pass_by(self) -> None:
        pins = 0
        while self._looks() < LOOKS:
            await self._at(pins * 180)
            await self._pin(pins)
            pins += 1
            if pins % 3 == 0:
                self._console.send("opens a dialog")
            if pins % 20 == 10:
                await self._logged_out()
            if pins in (50, 110):
                self._kill()
                await self._gone(self.kills)
                await self.until("ready")
            if pins % 7 == 0:
                self._console.send("reverses")
            self._weigh()

    async def _at(self, look: int) -> None:
        while self._looks() < look:  # noqa: ASYNC110  # another task counts
            await asyncio.sleep(0.02)

    async def _pin(self, pins: int) -> None:
        await self.until("ready")
        number = pins * 37 % 300 + 1
        self._console.moods = ("ignores",) if pins % 25 == 24 else ("well",)
        effect = self._room.owes(number, key=f"k{pins}")
        began = time.monotonic()
        said = await self._made.ask(effect)
        if said.outcome == "done":
            self.done += 1
            self.took.append(time.monotonic() - began)
            await asyncio.sleep(0.05)
            if self._console.on != [TITLES[number - 1]]:
                self.wrong.append((pins, f"{self._console.on}"))
        else:
            self.unknown += 1
            if self._room.told[-1][1] != ("pins",):
                self.wrong.append((pins, "nobody was asked"))
        self._room.settled(effect)

    async def _logged_out(self) -> None:
        self._console.logged_in = False
        self._console.send("logs out")
        await self.until("logged_out")
        self._console.logged_in = True
        await self.until("ready")

    async def _gone(self, times: int) -> None:
        """At this speed it is open again before one sees it gone; the log has it."""
        async with asyncio.timeout(120):
            while [code for code, _ in self._room.told].count("page_gone") < times:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def _kill(self) -> None:
        self.kills += 1
        profile = str(self._room.folder / "browser")
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # it may end by itself
                words = process.cmdline()
                helper = any(word.startswith("--type=") for word in words)
                if not helper and any(profile in word for word in words):
                    process.kill()

    def _weigh(self) -> None:
        mb = 0.0
        for process in psutil.Process().children(recursive=True):
            try:
                mb += process.memory_info().rss / 1e6
            except psutil.Error:
                continue
        own = psutil.Process().memory_info().rss / 1e6
        self.own_first_mb = self.own_first_mb or own
        self.own_heaviest = max(self.own_heaviest, own)
        self.first_mb = self.first_mb or mb
        self.heaviest = max(self.heaviest, mb)
