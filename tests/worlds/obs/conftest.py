"""An OBS on loopback, and a room with a scarf and a hat in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from liveconsole.connectors.obs import connector, following
from tests.unit.domain.desk import Desk
from tests.worlds.obs.room import DeskRoom
from tests.worlds.obs.server import FakeObs
from tests.worlds.obs.studio import Studio


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_STATUS_SECONDS", 0.2)
    monkeypatch.setattr(following, "_READ_BACK", (0.0, 0.05, 0.1))
    monkeypatch.setattr(connector, "_LOOK_ANEW", 0.2)


@pytest.fixture
def desk() -> Desk:
    return Desk(recall_seconds=0)


@pytest.fixture
def room(desk: Desk, tmp_path: Path) -> DeskRoom:
    return DeskRoom(desk, tmp_path)


@pytest.fixture
async def obs() -> AsyncIterator[FakeObs]:
    studio = Studio()
    studio.add_scene("商品", "秒杀", "开场", "候场")
    studio.add_source("价格牌")
    fake = await FakeObs(studio).start()
    yield fake
    await fake.stop()
