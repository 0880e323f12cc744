"""OBS through the door: set, its password kept, followed, hung and pressed, on an engine of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.engine_process import EngineProcess
from tests.goals import within
from tests.unit.domain.desk import product
from tests.worlds.obs.server import FakeObs
from tests.worlds.obs.studio import Studio

PASSWORD = "geheim-9c1f"


@pytest.fixture
async def obs() -> AsyncIterator[FakeObs]:
    studio = Studio()
    studio.add_scene("商品", "候场")
    fake = await FakeObs(studio, PASSWORD).start()
    yield fake
    await fake.stop()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[EngineProcess]:
    running = await asyncio.to_thread(EngineProcess(tmp_path / "room").start)
    await asyncio.to_thread(_furnish, running)
    yield running
    await asyncio.to_thread(running.stop)


def _furnish(engine: EngineProcess) -> None:
    engine.done("room.set", platform="own", recall_seconds=0)
    engine.done("catalogue.put", products=[product("scarf", 9900, 10), product("hat", 4900, 20)])
    engine.done("cart.add", product_ids=["scarf", "hat"])
    engine.done("broadcast.open", title="晚场")


async def until(holds: Callable[[], Any], within: float = 20.0) -> None:
    """Asked in a thread: the OBS that is looked at is of this loop."""
    deadline = time.monotonic() + within
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline, "it did not come to hold"
        await asyncio.sleep(0.05)


def told(engine: EngineProcess) -> tuple[str, str]:
    found = engine.state()["health"]["connections"].get("obs", {})
    return found.get("state", ""), found.get("code", "")


async def test_obs_is_set_followed_and_never_waited_for(obs: FakeObs, engine: EngineProcess) -> None:
    scenes = {"pin": "商品", "idle": "候场"}
    await asyncio.to_thread(engine.done, "room.set", obs={"address": obs.address, "scenes": scenes})
    await until(lambda: told(engine) == ("refused", "no_secret"))
    put = await asyncio.to_thread(engine.call, "PUT", "/v1/secrets/obs", {"password": PASSWORD})
    assert put.status < 300
    await until(lambda: told(engine) == ("connected", ""))
    await asyncio.to_thread(engine.done, "cart.pin", product_id="scarf")
    await until(lambda: obs.studio.program == "商品")

    obs.hung = True
    slowest = await asyncio.to_thread(_pin_many, engine)
    within(slowest, 1.0, "an OBS that hangs holds no pin up")
    await until(lambda: told(engine) == ("waiting", "silent"))
    obs.hung = False
    await until(lambda: told(engine) == ("connected", ""))

    checked = await asyncio.to_thread(engine.call, "POST", "/v1/connections/obs/check", {})
    assert (checked.json["ok"], checked.json["program"]) == (True, "商品")
    assert (await asyncio.to_thread(engine.call, "POST", "/v1/connections/obs/dance", {})).status == 404
    made = await asyncio.to_thread(engine.call, "POST", "/v1/connections/obs/overlay", {})
    assert made.json["ok"] is True, made.json
    page = engine.folder / "overlay-waiting.html"
    assert f"{engine.found['url']}/overlay" in page.read_text()
    _nothing_of_the_password(engine)


def _pin_many(engine: EngineProcess) -> float:
    """The slowest of them, in seconds."""
    slowest = 0.0
    for at in range(30):
        started = time.monotonic()
        engine.done("cart.pin", product_id=("hat", "scarf")[at % 2])
        slowest = max(slowest, time.monotonic() - started)
    return slowest


def _nothing_of_the_password(engine: EngineProcess) -> None:
    assert PASSWORD not in engine.call("GET", "/v1/state").body.decode()
    assert PASSWORD not in engine.call("GET", "/v1/log?after=0&limit=10000").body.decode()
    assert PASSWORD not in engine.call("GET", "/v1/secrets").body.decode()
    telling = [p.name for p in engine.folder.iterdir() if p.is_file() and PASSWORD.encode() in p.read_bytes()]
    assert telling == ["secrets.json"]
