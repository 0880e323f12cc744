"""What the room has of a shop's orders is what the shop has, to the fen, whatever went wrong on the way."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from liveconsole.connectors.wechat_shop import sweep
from tests.worlds import virtual
from tests.worlds.wechat_shop.faults import Rule
from tests.worlds.wechat_shop.player import BUSIEST, LATEST, Recorded, recorded
from tests.worlds.wechat_shop.shop import CHANGES
from tests.worlds.wechat_shop.storm import Came, Weather, storm, weather

pytestmark = pytest.mark.timeout(300)  # thousands of calls: seconds alone, more on a machine that is shared
FILE = "data/orders_tmall_2020_02/tmall_order_report.csv"
QUARTER, HOUR = 900, 3_600


@pytest.fixture(autouse=True)
def _stormy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each storm sets the address to its own shop. Programs die in it and no computer does: what is written
    is there for the next one, flushed or not."""
    monkeypatch.setenv("LIVECONSOLE_WECHAT_API", "http://127.0.0.1:9")
    monkeypatch.setattr(os, "fsync", lambda fd: None)


def busiest(shared: Path, most: int | None = None) -> list[Recorded]:
    orders = recorded(shared / FILE, BUSIEST)
    return orders if most is None else orders[-most:]


def played(folder: Path, orders: Sequence[Recorded], now: Weather, latest: int = QUARTER) -> Came:
    return virtual.run(storm(folder / "room", orders, now, latest=latest))


def rough(seed: int) -> Weather:
    """An hour's: what a day brings, oftener."""
    rules = [Rule(rule.fault, rule.rate * 3, rule.path) for rule in weather(seed, 0).rules if rule.rate < 1]
    return Weather(
        seed, rules, skew=(-50, 50)[seed % 2], lag=60, kills=4, offs=(0, 0, 5, 60, 600), poll_seconds=15
    )


def test_the_room_has_what_the_shop_has(shared: Path, tmp_path: Path) -> None:
    came = played(tmp_path, busiest(shared, 60), rough(1), latest=300)
    assert came.differences() == []
    assert len(came.deaths) >= 3
    assert len(came.struck) >= 8
    assert came.refused_for_calls() == []
    assert not CHANGES & {call.path for call in came.calls}
    assert [call for call in came.calls if call.code == 40066] == [], "asked for what is not documented"


@pytest.mark.deep
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("seed", range(20))
def test_the_busiest_day(shared: Path, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    orders = busiest(shared)
    now = weather(seed, orders[0].placed_at)
    now.poll_seconds = 8 if seed < 3 else 15
    came = played(tmp_path, orders, now, HOUR)
    tell(capsys, f"seed {seed}", came)
    assert came.differences() == []
    assert len(came.truth) == 3_416
    assert len(came.deaths) >= 8
    assert came.refused_for_calls() == []


@pytest.mark.deep
@pytest.mark.timeout(3_600)
def test_the_whole_month(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With more than a week in which nobody asks, which is longer than one question may reach back."""
    orders = recorded(shared / FILE)
    began = orders[0].placed_at
    now = weather(7, began, kills=28)
    now.poll_seconds = 60
    now.offs = (0, 60, 7_200, 28_800)
    now.away = (began + 9 * 86_400, began + 17 * 86_400)
    came = played(tmp_path, orders, now, LATEST)
    tell(capsys, "the month", came)
    assert came.differences() == []
    assert len(came.truth) == 28_010
    assert came.refused_for_calls() == []


def tell(capsys: pytest.CaptureFixture[str], name: str, came: Came) -> None:
    """Say what was played, for whoever runs it."""
    busiest_minute = max(Counter((call.path, call.at // 60) for call in came.calls).values())
    with capsys.disabled():
        print(
            f"\n{name}: {len(came.room)} orders of {len(came.truth)}, {len(came.differences())} differences,"
            f" {len(came.deaths)} deaths, {sum(came.struck.values())} faults, {len(came.calls)} calls,"
            f" {len(came.refused_for_calls())} too many,"
            f" {busiest_minute} of one path in a minute"
        )


def test_without_an_overlap_orders_are_lost(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: lists that show a change late are not looked at again."""
    monkeypatch.setattr(sweep, "OVERLAP", 0)
    came = played(tmp_path, busiest(shared, 60), rough(1), latest=300)
    assert any("is not in the room" in one for one in came.differences())
