"""Work beside the Qt thread.

Python's collector of garbage runs in whichever thread happens to make objects. In a worker it would destroy
what Qt allows only its own thread to destroy, and the desk with it: while one works, it waits.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_working = 0
_was_on = True


async def aside(work: Callable[[], T]) -> T:
    """What `work` gives, called on a worker thread; called from Qt's. It must touch no Qt object. Who stops
    waiting stops nothing: the worker ends when it has ended."""
    loop = asyncio.get_running_loop()

    def begun() -> T:
        try:
            return work()
        finally:
            try:
                loop.call_soon_threadsafe(_done)
            except RuntimeError:  # the loop has closed: the program is ending
                _done()

    _begin()
    return await asyncio.to_thread(begun)


def _begin() -> None:
    global _working, _was_on
    if _working == 0:
        _was_on = gc.isenabled()
        gc.disable()
    _working += 1


def _done() -> None:
    global _working
    _working -= 1
    if _working == 0 and _was_on:
        gc.enable()
