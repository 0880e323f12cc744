from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from liveconsole.engine.clock import Clock

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = 1_000_000_000


class Hands:
    """A wall and a steady clock that a test moves."""

    def __init__(self) -> None:
        self.wall = int(START.timestamp()) * SECOND
        self.steady = 5 * SECOND

    def clock(self) -> Clock:
        return Clock(wall=lambda: self.wall, steady=lambda: self.steady)

    def pass_seconds(self, seconds: float) -> None:
        self.wall += round(seconds * SECOND)
        self.steady += round(seconds * SECOND)


def test_it_starts_at_the_wall_and_goes_on_steadily() -> None:
    hands = Hands()
    clock = hands.clock()
    assert clock.now() == START
    hands.pass_seconds(1.2345)
    assert clock.now() == START + timedelta(milliseconds=1234)
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize("jump", [3600, -3600, 2.5, -(10**9), 10**9])
def test_a_wall_step_moves_nothing_and_is_told_once(jump: float) -> None:
    hands = Hands()
    clock = hands.clock()
    hands.wall += round(jump * SECOND)
    assert clock.now() == START
    assert clock.stepped() == pytest.approx(jump)
    assert clock.stepped() is None
    hands.pass_seconds(10)
    assert clock.now() == START + timedelta(seconds=10)
    assert clock.stepped() is None


def test_small_corrections_are_no_step() -> None:
    hands = Hands()
    clock = hands.clock()
    hands.wall += 2 * SECOND
    assert clock.stepped() is None


def test_a_restart_goes_on_from_the_logs_last_moment() -> None:
    hands = Hands()
    clock = hands.clock()
    clock.anchor(START + timedelta(minutes=5))
    assert clock.now() == START + timedelta(minutes=5)
    assert clock.stepped() is None
    hands.pass_seconds(1)
    assert clock.now() == START + timedelta(minutes=5, seconds=1)
    clock.anchor(START)
    clock.anchor(None)
    assert clock.now() == START + timedelta(minutes=5, seconds=1)


def test_until_counts_down_to_the_moment() -> None:
    hands = Hands()
    clock = hands.clock()
    assert clock.until(START + timedelta(seconds=2.5)) == pytest.approx(2.5)
    hands.pass_seconds(3)
    assert clock.until(START + timedelta(seconds=2.5)) == 0


def test_a_moment_that_has_come_is_not_before_itself() -> None:
    hands = Hands()
    clock = hands.clock()
    due = START + timedelta(seconds=1)
    hands.pass_seconds(1)
    assert clock.now() >= due
    assert clock.until(due) == 0


def test_the_real_one_runs_forwards() -> None:
    clock = Clock()
    assert clock.now() <= clock.now()
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 2
    assert clock.stepped() is None
