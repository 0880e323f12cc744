"""The browser that these worlds are opened in: whichever is found, without a window."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from liveconsole.connectors.browser import finding, part
from liveconsole.connectors.browser.driver import ConsolePage, Window
from tests.worlds.console.world import Console


@pytest.fixture(scope="session")
def executable() -> str:
    found = finding.executable()
    if found is None:
        pytest.skip("there is no Chrome, Edge or Chromium on this machine")
    return found


class OpenGoods(Protocol):
    def __call__(self, console: Console) -> AbstractAsyncContextManager[ConsolePage]: ...


@pytest.fixture
def opened(executable: str, tmp_path: Path) -> Callable[[Console], AbstractAsyncContextManager[ConsolePage]]:
    """Opens a console's goods page in a browser of its own."""
    if not part.use(tmp_path):
        pytest.skip("Playwright or its driver is not installed")

    @asynccontextmanager
    async def goods(console: Console) -> AsyncIterator[ConsolePage]:
        page_map = console.put_map(tmp_path)
        window = await Window.open(executable, tmp_path, headless=True)
        try:
            yield await window.page(page_map.goods, page_map)
        finally:
            await window.close()

    return goods
