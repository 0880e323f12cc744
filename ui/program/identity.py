"""Who the program is to the system's task bar."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

APP_ID: Final = "LiveConsole.LiveConsole"
"""Windows' name of the application (AppUserModelID): `Company.Product`."""


def tell_the_task_bar(platform: str = sys.platform, *, frozen: bool | None = None) -> str | None:
    """Name the program to Windows before its first window; what was told, None where nothing has to be.

    Run by a Python, its windows would else stand under Python's icon. An installed program is known by its
    own file, which is also what a person pins: another name would make a second icon beside the pinned one.
    """
    if platform != "win32" or (getattr(sys, "frozen", False) if frozen is None else frozen):
        return None
    with suppress(AttributeError, OSError):
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_ID)  # type: ignore[attr-defined]
        return APP_ID
    return None
