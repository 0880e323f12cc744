"""What a Qt object waits for while it may be destroyed: with it goes whatever would have come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject

T = TypeVar("T")
_GONE: Final = "who asked is gone"


async def alive(owner: QObject, asked: Awaitable[T]) -> T:
    """Await something for `owner`; once it was destroyed the task of the caller ends here, as if cancelled.

    Raises whatever `asked` raises, for an owner that is there. On the Qt thread.
    """
    try:
        return await asked
    finally:
        if not shiboken6.isValid(owner):
            raise asyncio.CancelledError(_GONE)
