"""What was seen to work outside, through the door: proved by what came, kept over a kill, read back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.contract.engine_process import EngineProcess, comment
from tests.unit.domain.desk import product
from tests.worlds.obs.server import FakeObs
from tests.worlds.obs.studio import Studio

Make = Callable[..., EngineProcess]


@pytest.fixture
async def obs() -> AsyncIterator[FakeObs]:
    studio = Studio()
    studio.add_scene("商品", "候场")
    fake = await FakeObs(studio, "p-1").start()
    yield fake
    await fake.stop()


def worlds(engine: EngineProcess) -> dict[str, Any]:
    found: dict[str, Any] = engine.state()["health"]["worlds"]
    return found


async def until(holds: Callable[[], Any], within: float = 20.0) -> None:
    ends = time.monotonic() + within
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < ends, "it did not come to hold"
        await asyncio.sleep(0.05)


def test_a_comment_proves_and_a_kill_takes_nothing_back(engine_of: Make) -> None:
    running = engine_of()
    running.done("room.set", platform="manual")
    before = worlds(running)["comments"]
    assert (before["step"], before.get("proved_at")) == ("connect", None)
    running.post([comment("1", "多少钱", source="/my/comments")])
    found = worlds(running)["comments"]
    assert (found["step"], found["proved_by"]) == ("done", "/my/comments")
    running.kill()
    again = engine_of()
    kept = worlds(again)["comments"]
    assert (kept["proved_at"], kept["proved_by"]) == (found["proved_at"], "/my/comments")
    assert kept["step"] != "done", "it was proved, and nothing is heard of it now"


async def test_obs_is_proved_by_a_check_that_read_it_back(obs: FakeObs, engine_of: Make) -> None:
    running = await asyncio.to_thread(engine_of)
    await asyncio.to_thread(running.done, "room.set", platform="manual", recall_seconds=0)
    await asyncio.to_thread(running.done, "catalogue.put", products=[product("hat", 4900, 20)])
    await asyncio.to_thread(running.done, "cart.add", product_ids=["hat"])
    await asyncio.to_thread(running.done, "broadcast.open", title="晚场")
    await asyncio.to_thread(running.call, "PUT", "/v1/secrets/obs", {"password": "p-1"})
    settings = {"address": obs.address, "scenes": {"idle": "候场"}}
    await asyncio.to_thread(running.done, "room.set", obs=settings)
    await until(lambda: worlds(running)["picture"]["step"] == "prove")
    await until(lambda: obs.studio.program == "候场")
    said = (await asyncio.to_thread(running.call, "POST", "/v1/connections/obs/check", {})).json
    assert (said["ok"], said["code"]) == (True, "follows"), said
    found = (await asyncio.to_thread(worlds, running))["picture"]
    assert (found["step"], found["proved_by"]) == ("done", "obs")
    log = await asyncio.to_thread(running.log, types="world.proved")
    assert [event["data"] for event in log] == [{"world": "picture", "by": "obs"}], "on disk"
