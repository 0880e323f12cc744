"""Nothing that a host fired is in the shop twice, nothing runs on, and what was made by hand stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from liveconsole.connectors.wechat_shop.sale_tasks import SaleTasks
from liveconsole.connectors.wechat_shop.sales import Task
from tests.worlds import virtual
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.evening import PROMOTIONS, Evening, Spent
from tests.worlds.wechat_shop.faults import Rule
from tests.worlds.wechat_shop.shop import CHANGES

pytestmark = pytest.mark.timeout(300)  # thousands of calls: seconds alone, more on a machine that is shared
WAYS = (
    wrong.HANG_BEFORE,
    wrong.HANG_AFTER,
    wrong.RESET_BEFORE,
    wrong.RESET_AFTER,
    wrong.HALF,
    wrong.GATEWAY,
    wrong.BUSY,
    wrong.BUSY_AFTER,
    wrong.STRING,
    wrong.TOKEN_EXPIRED,
)


@pytest.fixture(autouse=True)
def _evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """See `test_storm`."""
    monkeypatch.setenv("LIVECONSOLE_WECHAT_API", "http://127.0.0.1:9")
    monkeypatch.setattr(os, "fsync", lambda fd: None)


def spent(folder: Path, seed: int, *, cues: int = 20, kills: int = 4, rate: float = 0.03) -> Spent:
    rules = [Rule(fault, rate, path) for path in PROMOTIONS for fault in WAYS]
    return virtual.run(Evening(folder / "data", seed, cues, kills, rules).play())


def test_an_evening_of_sales_and_coupons(tmp_path: Path) -> None:
    came = spent(tmp_path, 1, cues=16, kills=3, rate=0.02)
    assert came.wrongs() == []
    assert came.deaths >= 1
    assert len(came.struck) >= 5
    assert len(came.ours()) >= 3
    assert came.shop.coupons.coupons
    assert came.by_hand
    assert CHANGES & {call.path for call in came.calls} == FIRED
    assert [call for call in came.calls if call.code == 40066] == [], "asked for what is not documented"


def test_a_shop_that_is_not_read_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a program that believes that nothing of it stands in the shop."""

    async def nothing(self: SaleTasks) -> list[Task]:
        return []

    monkeypatch.setattr(SaleTasks, "unfinished", nothing)
    assert any("is not ended" in one for one in spent(tmp_path, 1, cues=20, kills=1).wrongs())


@pytest.mark.deep
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("seed", range(20))
def test_twenty_evenings(tmp_path: Path, seed: int) -> None:
    came = spent(tmp_path, seed, cues=40, kills=10, rate=0.01 * (seed % 5))
    assert came.wrongs() == []
    assert came.ours()


FIRED = {
    "/channels/ec/product/limiteddiscounttask/add",
    "/channels/ec/product/limiteddiscounttask/stop",
    "/channels/ec/coupon/create",
    "/channels/ec/coupon/update_status",
}
"""What a person fired comes to these: nothing else is changed, and no money is moved."""
