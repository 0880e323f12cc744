"""The wall clock is set, the machine sleeps: no deadline moves, no end is missed, nothing late fires alone.

A real engine whose two clocks stand off by what a file says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults.harness.bent import CLOCK
from tests.faults.harness.processes import Engine, until
from tests.faults.harness.rooms import PRODUCTS, SALE, cue_of, log_of, types_of

Start = Callable[..., Engine]
HOUR, YEAR = 3_600.0, 365 * 86_400.0
STEPS = {"an hour on": HOUR, "an hour back": -HOUR, "1970": -56 * YEAR, "2040": 14 * YEAR}


class Clocks:
    """Both clocks of an engine, in seconds off the machine's own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.env = {CLOCK: str(path)}
        self.set()

    def set(self, wall: float = 0.0, steady: float = 0.0) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{wall} {steady}", "utf-8")
        fresh.replace(self.path)

    def sleep(self, seconds: float) -> None:
        """The machine was suspended: both clocks went on, and nobody ran."""
        self.set(seconds, seconds)


@pytest.fixture
def clocks(tmp_path: Path) -> Clocks:
    return Clocks(tmp_path / "clocks")


def with_sales(start: Start, clocks: Clocks, *bend: str) -> Engine:
    """One sale on air for ten minutes, one planned to start in two."""
    engine = start(bend=("clock_from_file", *bend), env=clocks.env)
    engine.done("broadcast.open")
    engine.done("room.set", recall_seconds=0)
    engine.done("catalogue.put", products=[*PRODUCTS, {**PRODUCTS[0], "product_id": "b"}])
    engine.done("cue.add", cue_id="sale", kind="flash_sale", spec=SALE)
    engine.done("cue.fire", cue_id="sale")
    later = (datetime.now(UTC) + timedelta(seconds=120)).isoformat()
    engine.done("cue.add", cue_id="later", kind="flash_sale", spec={**SALE, "sku_id": "b"}, at=later)
    engine.done("cue.approve", cue_id="later")
    assert cue_of(engine, "later")["status"] == "standby"
    return engine


# The wall is set -----------------------------------------------------------------------------------


def stepped(start: Start, clocks: Clocks, step: float, *bend: str) -> None:
    engine = with_sales(start, clocks, *bend)
    before = {cue_id: dict(cue_of(engine, cue_id)) for cue_id in ("sale", "later")}
    clocks.set(wall=step)
    (told,) = until(lambda: [line for line in engine.log() if line["type"] == "clock.stepped"], 3)
    assert told["data"]["seconds"] == pytest.approx(step, abs=1.0)
    for cue_id, cue in before.items():
        now = cue_of(engine, cue_id)
        assert now["status"] == cue["status"], "a deadline moved"
        for name in ("ends_at", "fires_at"):
            assert now.get(name) == cue.get(name)
    times = [datetime.fromisoformat(line["at"]) for line in log_of(engine)]
    assert times == sorted(times)
    assert datetime.fromisoformat(told["at"]) - datetime.now(UTC) < timedelta(seconds=5)
    clocks.set()
    until(lambda: types_of(engine.log())["clock.stepped"] == 2, 3)
    assert engine.stop() == 0


@pytest.mark.parametrize("step", STEPS)
def test_setting_the_wall_clock_moves_no_deadline(start: Start, clocks: Clocks, step: str) -> None:
    stepped(start, clocks, STEPS[step])


def test_twin_deadlines_by_the_wall_end_a_sale_early(start: Start, clocks: Clocks) -> None:
    engine = with_sales(start, clocks, "deadlines_by_the_wall")
    clocks.set(wall=HOUR)
    until(lambda: cue_of(engine, "sale")["status"] == "ended", 3)


def test_a_start_on_a_clock_that_went_back_goes_on_from_the_log(start: Start, clocks: Clocks) -> None:
    engine = with_sales(start, clocks)
    last = engine.log()[-1]["at"]
    assert engine.stop() == 0
    clocks.set(wall=-HOUR)
    again = start(bend=("clock_from_file",), env=clocks.env)
    again.done("cart.unpin")
    again.done("room.set", hold_seconds=60)
    assert again.log()[-1]["at"] >= last
    assert cue_of(again, "sale")["status"] == "on_air"


# The machine sleeps --------------------------------------------------------------------------------


def slept(start: Start, clocks: Clocks, seconds: float, *bend: str) -> dict[str, Any]:
    """What became of both sales, and of the log, when the machine had slept."""
    engine = with_sales(start, clocks, *bend)
    clocks.sleep(seconds)
    until(lambda: cue_of(engine, "later")["status"] != "standby", 3, why="nobody noticed")
    found = {cue_id: cue_of(engine, cue_id) for cue_id in ("sale", "later")}
    found["types"] = types_of(log_of(engine))
    return found


@pytest.mark.parametrize("seconds", [120 + 31.0, 300.0])
def test_a_start_that_was_slept_through_does_not_fire_by_itself(
    start: Start, clocks: Clocks, seconds: float
) -> None:
    found = slept(start, clocks, seconds)
    assert found["later"]["status"] == "missed"
    assert found["sale"]["status"] == "on_air", "it has minutes left"
    assert found["types"]["clock.stepped"] == 0
    assert found["types"]["cue.firing"] == 1


def test_a_start_that_is_seconds_late_goes(start: Start, clocks: Clocks) -> None:
    assert slept(start, clocks, 120 + 20.0)["later"]["status"] == "on_air"


def test_an_end_is_never_missed(start: Start, clocks: Clocks) -> None:
    found = slept(start, clocks, 700.0)
    assert found["sale"]["status"] == "ended"
    assert found["sale"]["ended_because"] == "time_up"
    assert found["later"]["status"] == "missed"


def test_twin_without_the_rule_it_fires_however_late(start: Start, clocks: Clocks) -> None:
    assert slept(start, clocks, 300.0, "fires_however_late")["later"]["status"] == "on_air"


def test_twin_on_a_clock_that_does_not_count_sleep_the_end_is_missed(start: Start, clocks: Clocks) -> None:
    with pytest.raises(AssertionError, match="nobody noticed"):
        slept(start, clocks, 700.0, "asleep_is_no_time")
