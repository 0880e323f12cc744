"""The browser that the user has: Chrome or Edge, or the executable that is named. Nothing is downloaded."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

ENV: Final = "LIVECONSOLE_BROWSER"
_ON_PATH: Final = (
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "chromium",
    "chromium-browser",
)
_WINDOWS: Final = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_WINDOWS_ROOTS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_MACOS: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def executable(
    environ: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    *,
    is_file: Callable[[str], bool] = os.path.isfile,
    on_path: Callable[[str], str | None] = shutil.which,
) -> str | None:
    """Return the browser's executable; one that is named but not there is none, and no other is taken."""
    named = environ.get(ENV, "")
    if named:
        return named if is_file(named) else None
    if system == "win32":
        roots = [environ[name] for name in _WINDOWS_ROOTS if environ.get(name)]
        places = [f"{root}\\{place}" for place in _WINDOWS for root in roots]
    elif system == "darwin":
        places = [*_MACOS, *(str(Path.home()) + place for place in _MACOS)]
    else:
        return next((found for found in map(on_path, _ON_PATH) if found), None)
    return next((place for place in places if is_file(place)), None)
