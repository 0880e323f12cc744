"""The replicas in a real browser, through the shipped maps: read, pressed, read back, in time."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from liveconsole.connectors.browser import maps, part
from liveconsole.connectors.browser.carry import carry_out
from liveconsole.connectors.browser.pin import Came, Goal
from liveconsole.connectors.browser.reading import word
from liveconsole.connectors.browser.received import Body
from liveconsole.tasks import spawn
from tests.goals import within
from tests.worlds.console.world import PATHS, Console

pytest.importorskip("playwright")
pytestmark = pytest.mark.slow
TITLES = [f"好物{n} 家用款" for n in range(1, 301)]
AFTER_THE_KEY = 1.5
"""Seconds from the key to what was read back, for 95 of 100."""
MOODS = (
    "well",
    "ignores",
    "refuses",
    "shows then takes back",
    "another row",
    "both stay on",
    "dialog",
    "reverses",
    "goes grey",
    "renames",
    "captcha",
)


async def press(page: Any, console: Console, number: int, *, on: bool = True) -> Came:
    page_map = maps.parse(console.map_text().encode(), console.flavour)
    goal = Goal(number, TITLES[number - 1], on)
    return await carry_out(page, goal, page_map, clock=time.monotonic, sleep=asyncio.sleep)


async def truth(page: Any) -> list[str]:
    found: list[str] = await page.page.evaluate("() => [...window.app.on]")
    return found


@pytest.mark.parametrize(
    "flavours",
    [["wechat_channels", "buyin", "kuaishou"], pytest.param(sorted(PATHS), marks=pytest.mark.deep)],
)
async def test_each_console_is_read_pressed_and_read_back_in_time(
    flavours: list[str], window: Any, tmp_path: Path
) -> None:
    numbers = [1, 288] if len(flavours) == 3 else [1, 288, 150, 7, 300, 12, 77, 201, 33, 250]
    took = []
    for flavour in flavours:
        backwards = flavour in ("wechat_channels", "buyin")
        async with Console(flavour, TITLES, backwards=backwards) as console:
            page_map = console.put_map(tmp_path)
            page = await window.page(page_map.goods, page_map, page_map.hears)
            shown = await page.look()
            assert word(shown, page_map) == "ready"
            assert shown.whole == (flavour not in ("buyin", "douyin_shop"))
            for number in numbers:
                began = time.monotonic()
                assert await press(page, console, number) == Came("done", pressed=True)
                took.append(time.monotonic() - began)
                assert await truth(page) == [TITLES[number - 1]]
            assert await press(page, console, numbers[-1], on=False) == Came("done", pressed=True)
            assert await truth(page) == []
            assert console.presses == len(numbers) + 1
            await page.page.close()
    took.sort()
    p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(f"{len(took)} pins, p50 {p50:.2f} s, p95 {p95:.2f} s")
    within(p95 if len(took) >= 20 else p50, AFTER_THE_KEY)


async def test_what_a_page_receives_is_heard_where_its_map_says_and_nowhere_else(
    window: Any, tmp_path: Path
) -> None:
    bodies: asyncio.Queue[bytes | None] = asyncio.Queue()
    asked: list[str] = []

    def heard(address: str, body: Body) -> None:
        async def put() -> None:
            asked.append(address)
            bodies.put_nowait(await body())

        spawn(put(), name="heard")

    async with Console("xiaohongshu", TITLES[:5]) as console:
        hears = maps.Hears(responses=["live/msg?"], sockets=["/world/socket?xiaohongshu"])
        page_map = msgspec.structs.replace(console.put_map(tmp_path), hears=hears)
        large = "x" * (3 << 20)
        page = await window.page(page_map.goods, page_map, page_map.hears, heard)
        opens = "(at) => { window.kept = new WebSocket(at); }"
        at = console.url.replace("http", "ws") + "/world/socket?"
        async with asyncio.timeout(20):
            await page.page.evaluate(opens, at + "other")
            await page.page.evaluate(opens, at + "xiaohongshu")
            assert {await bodies.get(), await bodies.get()} == {"一".encode(), b"two"}
            for console.polls in (lambda: {"n": 1}, lambda: large):
                asks = "fetch('/micro/live/cgi-bin/mmfinderassistant-bin/live/msg?', {method: 'POST'})"
                await page.page.evaluate(f"async () => (await {asks}).status")
                content = await bodies.get()
                assert content == (b'{"n": 1}' if console.polls() != large else None)
        assert not any("other" in address or "/world/news" in address for address in asked)


async def test_a_page_with_halves_of_characters_is_read(window: Any, tmp_path: Path) -> None:
    odd = ["x" * 399 + "🎁", "half \ud83c alone", "好物3"]
    async with Console("taobao", odd) as console:
        page_map = console.put_map(tmp_path)
        page = await window.page(page_map.goods, page_map, page_map.hears)
        shown = await page.look()
        assert [row.number for row in shown.rows] == [1, 2, 3]
        assert "half  alone" in shown.rows[1].text


async def test_the_driver_of_the_part_that_was_added_is_the_one_that_runs(
    executable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a bundle, where nothing lies beside Playwright's Python."""
    import playwright
    from playwright._impl import transport

    from liveconsole.connectors.browser.driver import Window

    real = Path(playwright.__file__).parent / "driver"
    monkeypatch.setattr(playwright, "__file__", str(tmp_path / "bundle" / "playwright" / "__init__.py"))
    monkeypatch.setitem(vars(transport), "compute_driver_executable", None)
    assert part.use(tmp_path) is False
    added = tmp_path / part.FOLDER / metadata.version("playwright")
    added.parent.mkdir(parents=True)
    added.symlink_to(real)
    assert part.use(tmp_path) is True
    window = await Window.open(executable, tmp_path, headless=True)
    running = [one.cmdline()[0] for one in psutil.Process().children(recursive=True)]
    await window.close()
    assert any(word.startswith(str(added)) for word in running)


@pytest.mark.parametrize(
    ("flavour", "seed", "presses"),
    [
        pytest.param(flavour, seed, 12, marks=pytest.mark.deep)
        for flavour in sorted(PATHS)
        for seed in range(3)
    ],
)
async def test_done_is_never_said_where_the_page_s_own_state_differs(
    flavour: str, seed: int, presses: int, window: Any, tmp_path: Path
) -> None:
    came_of: Counter[str] = Counter()
    async with Console(flavour, TITLES, seed=seed, backwards=seed % 2 == 1) as console:
        console.moods = MOODS
        page_map = console.put_map(tmp_path)
        page = await window.page(page_map.goods, page_map, page_map.hears)
        for _ in range(presses):
            number, on = console.chance.randint(1, 300), console.chance.random() < 0.8
            came = await press(page, console, number, on=on)
            there = await truth(page)
            if came.outcome == "done":
                title = TITLES[number - 1]
                assert there == [title] if on else title not in there
            came_of[came.code or came.outcome] += 1
            console.send("well again")
            await asyncio.sleep(0.15)
    print(flavour, seed, dict(came_of))
    assert came_of["done"] >= 1
    assert sum(came_of.values()) == presses
