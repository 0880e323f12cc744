"""How often the shop may be asked is known although it did not say so at once: nothing is asked too often."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from liveconsole.connectors.wechat_shop import budget, following
from liveconsole.connectors.wechat_shop.api import QUOTA_PATH, ShopApi
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.server import Call
from tests.worlds.wechat_shop.test_following import GET, Evening, played
from tests.worlds.wechat_shop.tokens import Quota

SOLD = 100


def refused(folder: Path) -> list[Call]:
    """The calls that were too many, of a hundred orders at once in a shop that takes sixty readings a minute
    and is busy when it is asked for that."""

    async def rush(evening: Evening) -> None:
        evening.shop.tokens.quotas[GET] = Quota(a_minute=60)
        evening.server.faults.next(QUOTA_PATH, wrong.BUSY, times=4)
        await evening.begin()
        await asyncio.sleep(60)
        for _ in range(SOLD):
            evening.sold()
        await asyncio.sleep(600)
        assert len(evening.orders) == SOLD

    calls = played(folder, rush).server.calls
    return [call for call in calls if call.code == 45011]


def test_a_limit_that_is_not_told_at_once_is_asked_for_again(tmp_path: Path) -> None:
    assert refused(tmp_path) == []


def test_without_asking_again_too_much_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin; who knows nothing yet asks as often as one who was told of no bound."""
    read = ShopApi.read

    async def once(self: ShopApi, path: str, body: dict[str, Any], **more: int) -> dict[str, Any]:
        return await self.call(path, body) if path == QUOTA_PATH else await read(self, path, body, **more)

    monkeypatch.setattr(ShopApi, "read", once)
    monkeypatch.setattr(budget, "CAREFUL_A_MINUTE", budget.A_MINUTE)
    monkeypatch.setattr(following, "_LEARN_SOON", following._LEARN_EVERY)
    assert refused(tmp_path) != []
