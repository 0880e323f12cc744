"""The browser that these worlds are opened in: whichever is found, without a window."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from liveconsole.connectors.browser import finding, part
from liveconsole.connectors.browser.carry import PageGone
from tests.services import absent


@pytest.fixture(scope="session")
def executable() -> str:
    found = finding.executable()
    if found is None:
        absent("no Chrome, Edge or Chromium here: apt-get install chromium")
    return found


@pytest.fixture
async def window(executable: str, tmp_path: Path) -> AsyncIterator[object]:
    """A browser of the test's own (`driver.Window`)."""
    if not part.use(tmp_path):
        pytest.skip("no Playwright with a driver here: python dev.py setup brings both")
    from liveconsole.connectors.browser.driver import Window

    try:
        opened = await Window.open(executable, tmp_path, headless=True)
    except PageGone as why:
        pytest.skip(f"the browser does not start here: {why}")
    yield opened
    await opened.close()
