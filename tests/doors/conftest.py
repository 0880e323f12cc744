from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.contract.engine_process import EngineProcess
from tests.doors.bent_engine import BentEngine
from ui import i18n, theme


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """One engine as it is, for every attack that leaves it well."""
    running = EngineProcess(tmp_path_factory.mktemp("doors") / "room", "--port", "0").start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BentEngine]:
    """An engine that waits as many tenths of a second as the real one waits seconds."""
    limits = {"IDLE_SECONDS": 0.4, "BODY_SECONDS": 0.4, "_LINGER_SECONDS": 0.2, "_GUESSES": 4}
    running = BentEngine(tmp_path_factory.mktemp("hasty") / "room", limits=limits).start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def bent(tmp_path: Path) -> Iterator[Callable[..., BentEngine]]:
    """Starts engines with a guard less, or with the test's own limits."""
    made: list[BentEngine] = []

    def start(folder: Path | None = None, **how: Any) -> BentEngine:
        made.append(BentEngine(folder or tmp_path / f"bent-{len(made)}", **how).start())
        return made[-1]

    yield start
    for running in made:
        if running.process.poll() is None:
            running.kill()


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The application in our own look, in Chinese."""
    i18n.use("zh")
    if theme.tokens().name != "dark" or not qapp.styleSheet():
        theme.apply(qapp)
    return qapp
