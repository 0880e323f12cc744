"""What the room has of a shop's orders is what the shop has, to the fen, whatever went wrong on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from liveconsole.connectors.wechat_shop import sweep
from tests.worlds import virtual
from tests.worlds.wechat_shop.faults import Rule
from tests.worlds.wechat_shop.player import BUSIEST, Recorded, recorded
from tests.worlds.wechat_shop.storm import GET, LIST, Came, Weather, storm, weather

FILE = "data/orders_tmall_2020_02/tmall_order_report.csv"
QUARTER = 900


@pytest.fixture(autouse=True)
def _own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """`storm` sets it to the shop of each."""
    monkeypatch.setenv("LIVECONSOLE_WECHAT_API", "http://127.0.0.1:9")


def busiest(shared: Path, most: int | None = None) -> list[Recorded]:
    orders = recorded(shared / FILE, BUSIEST)
    return orders if most is None else orders[-most:]


def played(folder: Path, orders: Sequence[Recorded], now: Weather, latest: int = QUARTER) -> Came:
    return virtual.run(storm(folder / "room", orders, now, latest=latest))


def rough(seed: int) -> Weather:
    """An hour's: what a day brings, oftener."""
    rules = [Rule(rule.fault, rule.rate * 3, rule.path) for rule in weather(seed, 0).rules if rule.rate < 1]
    return Weather(seed, rules, skew=(-50, 50)[seed % 2], lag=60, kills=4, offs=(0, 0, 5, 60, 600))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_room_has_what_the_shop_has(shared: Path, tmp_path: Path, seed: int) -> None:
    came = played(tmp_path, busiest(shared, 150), rough(seed))
    assert came.differences() == []
    assert came.lives == 5
    assert len(came.struck) >= 8
    assert came.refused_for_calls() == []
    assert {call.path for call in came.calls} <= READ_ONLY


def test_without_an_overlap_orders_are_lost(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: lists that show a change late are not looked at again."""
    monkeypatch.setattr(sweep, "OVERLAP", 0)
    came = played(tmp_path, busiest(shared, 150), rough(1))
    assert any("is not in the room" in one for one in came.differences())


READ_ONLY = {
    "/cgi-bin/stable_token",
    "/cgi-bin/openapi/quota/get",
    LIST,
    GET,
    "/channels/ec/aftersale/getaftersalelist",
    "/channels/ec/aftersale/getaftersaleorder",
}
