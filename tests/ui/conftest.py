"""Tests of the desk run on Qt's loop, as the desk does; all others stay on the plain one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from ui import i18n, theme


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"qasync": lambda: qasync.QEventLoop(QApplication.instance() or QApplication([]))}


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
