"""Tests of the desk run on Qt's loop, as the desk does; all others stay on the plain one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.qt_loop import Loop, only_the_loop_turns_qt
from tests.ui.stray import strays
from ui import i18n, preferences, theme
from ui.preferences import Preferences


def pytest_configure(config: pytest.Config) -> None:
    only_the_loop_turns_qt()


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    def make() -> asyncio.AbstractEventLoop:
        made = QApplication.instance() or QApplication([])
        assert isinstance(made, QApplication)
        return Loop(made)

    return {"qasync": make}


@pytest.fixture
def eyes(tmp_path: Path, qapp: QApplication) -> Iterator[Preferences]:
    """Preferences of the test's own, without a sound; the look goes back with them."""
    before = preferences.current()
    made = preferences.use(Preferences(tmp_path))
    made.sounds.on = False
    yield made
    made.flush()
    preferences.use(before)
    theme.apply(qapp)


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """The application in our own look, in Chinese; later tests find it so again."""
    i18n.use("zh")
    # As in the program: a test's last window would take the loop with it.
    qapp.setQuitOnLastWindowClosed(False)
    if theme.tokens().name != "dark" or not qapp.styleSheet():
        theme.apply(qapp)
    yield qapp
    i18n.use("zh")
    if theme.tokens().name != "dark":
        theme.apply(qapp)


@pytest.fixture(autouse=True)
def _nothing_is_shown_without_a_place() -> Iterator[None]:
    with strays() as seen:
        yield
    assert seen == []
