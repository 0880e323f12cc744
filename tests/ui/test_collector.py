"""The collector of garbage runs on Qt's thread only: elsewhere it would destroy what is Qt's."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from tests.ui.fake_bus import until
from ui.program.collector import IdleCollector


class Loose:
    """Garbage that no count of references finds."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def sweeper(dressed: QObject) -> Iterator[IdleCollector]:
    made = IdleCollector()
    yield made
    made.stop()
    gc.disable()  # as it was: the tests' own


def threads_of_garbage(count: int) -> set[str]:
    """Where the collector ran while a worker made ``count`` objects that hold each other."""
    ran: set[str] = set()

    def told(_phase: str, _info: dict[str, int]) -> None:
        ran.add(threading.current_thread().name)

    def work() -> None:
        kept = [Loose() for _ in range(count)]
        kept.clear()

    gc.callbacks.append(told)
    try:
        worker = threading.Thread(target=work, name="worker")
        worker.start()
        worker.join()
    finally:
        gc.callbacks.remove(told)
    return ran


def test_a_worker_never_runs_it(sweeper: IdleCollector) -> None:
    assert threads_of_garbage(20_000) == set()


def test_twin_left_to_itself_it_runs_in_the_worker(sweeper: IdleCollector) -> None:
    sweeper.stop()
    assert "worker" in threads_of_garbage(20_000)


def test_what_is_young_is_gone_after_one_turn(sweeper: IdleCollector) -> None:
    left = weakref.ref(Loose())
    assert left() is not None
    sweeper.sweep()
    assert left() is None


async def test_it_turns_by_itself_and_what_has_settled_is_not_looked_at(sweeper: IdleCollector) -> None:
    kept = [Loose()]
    sweeper.settle()
    assert not any(one is kept[0] for one in gc.get_objects())
    left = weakref.ref(Loose())
    sweeper._timer.setInterval(1)
    await until(lambda: left() is None)
