from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.engine_process import EngineProcess


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """One engine for all tests that leave its room usable for the others."""
    running = EngineProcess(tmp_path_factory.mktemp("engine") / "room", "--port", "0").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def engine_of(tmp_path: Path) -> Iterator[Callable[..., EngineProcess]]:
    """Makes engines of a test's own; those that still run at its end are ended."""
    made: list[EngineProcess] = []

    def make(*words: str, folder: Path | None = None, ready: bool = True) -> EngineProcess:
        running = EngineProcess(folder or tmp_path / "room", "--port", "0", *words)
        made.append(running)
        return running.start(ready=ready)

    yield make
    for running in made:
        if running.process.poll() is None:
            running.kill()
        running._close_pipes()


_numbers = itertools.count(1)


@pytest.fixture
def fresh() -> Callable[[str], str]:
    """Names that no other test of the session uses."""
    return lambda what: f"{what}-{next(_numbers)}"
