"""The page that waits for the engine, in a real Chromium: OBS was there first."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.contract.engine_process import EngineProcess
from tests.overlay.chromium import browser, needs_chromium
from tests.overlay.stage import set_stage
from tests.worlds.obs.room import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    needs_chromium,
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0").start()
    yield running
    running.stop()


async def test_an_engine_that_comes_later_and_on_another_port_is_found(
    engine: EngineProcess, tmp_path: Path
) -> None:
    set_stage(engine)
    engine.done("cart.pin", product_id="scarf")
    engine.done("room.set", obs={"address": "127.0.0.1:1"})
    page = engine.folder / "overlay-waiting.html"
    await until(page.exists)
    before = engine.port
    engine.stop()
    async with browser(tmp_path / "profile") as opened:
        await opened.go(page.as_uri())
        await asyncio.sleep(1)
        with Image.open(io.BytesIO(await opened.picture())) as seen:
            assert seen.convert("RGBA").getchannel("A").getextrema() == (0, 0), (
                "nothing stands on the picture"
            )
        assert await opened.ask("location.protocol") == "file:"
        await asyncio.to_thread(engine.start)
        assert engine.port != before
        await opened.until("location.pathname === '/overlay'")
        await opened.until("document.querySelectorAll('.card').length > 0")
        assert await opened.ask("document.referrer") == ""
        assert not [said for said in opened.complaints if "Content Security Policy" in said]


@pytest.mark.deep
async def test_twin_a_page_that_does_not_look_at_the_disk_again_waits_for_ever(
    engine: EngineProcess, tmp_path: Path
) -> None:
    engine.done("room.set", obs={"address": "127.0.0.1:1"})
    page = engine.folder / "overlay-waiting.html"
    await until(page.exists)
    engine.stop()
    stuck = tmp_path / "copy.html"
    stuck.write_bytes(page.read_bytes())
    async with browser(tmp_path / "profile") as opened:
        await opened.go(stuck.as_uri())
        await asyncio.to_thread(engine.start)
        await asyncio.sleep(4)
        assert await opened.ask("location.protocol") == "file:"
