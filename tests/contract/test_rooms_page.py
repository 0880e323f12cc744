"""The page of rooms in a browser: a rehearsal is not on air, and the head is whole on a phone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from liveconsole.bus.rooms.listed import FolderRooms
from liveconsole.bus.rooms.server import WallServer
from liveconsole.messages.wall import Wall, WallRoom
from tests.overlay.chromium import browser, needs_chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    needs_chromium,
]
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


class _Rooms:
    def wall(self, may: frozenset[str] | None = None) -> Wall:
        return Wall(
            NOW,
            [
                WallRoom("a", "一号", "on_air", NOW, title="晚场", alarms=[], gmv_fen=100, paid=1),
                WallRoom("b", "二号", "on_air", NOW, title="试一试", simulated=True, alarms=[], gmv_fen=0),
            ],
        )


@asynccontextmanager
async def _closing(server: WallServer) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await server.close()


@pytest.mark.parametrize(
    ("lang", "stands", "sums"),
    [
        ("zh", ["直播中", "排练中"], "2 个房间 · 1 个直播中 · 0 个有告警或断开"),
        ("en", ["On air", "Rehearsing"], "2 rooms · 1 on air · 0 with alarms or gone"),
    ],
)
async def test_a_rehearsal_is_never_said_to_be_on_air(
    tmp_path: Path, lang: str, stands: list[str], sums: str
) -> None:
    (tmp_path / "rooms.json").write_text(json.dumps({"rooms": [], "watchers": {"boss": "*"}}), "utf-8")
    server = WallServer(tmp_path, FolderRooms(tmp_path), _Rooms())
    port = await server.open(0)
    token = json.loads((tmp_path / "wall.json").read_bytes())["tokens"]["boss"]
    async with _closing(server), browser(tmp_path / "profile") as page:
        await page.go(f"http://127.0.0.1:{port}/wall?lang={lang}#{token}", 390, 844)
        await page.until("document.querySelectorAll('article').length === 2")
        said = "[...document.querySelectorAll('.stands b')].map((each) => each.textContent)"
        assert await page.ask(said) == stands
        assert await page.ask("document.getElementById('sums').textContent") == sums
        lines = "document.getElementById('lang').getClientRects().length"
        high = "document.getElementById('lang').offsetHeight"
        assert await page.ask(lines) == 1
        assert await page.ask(high) < 2 * 20 + 8, "its words stand in one line"
        assert await page.ask("document.documentElement.scrollWidth <= innerWidth")
