"""Named asyncio tasks that cannot be lost.

The event loop keeps only weak references to tasks, and an exception in a task nobody awaits is
reported when the garbage collector happens on it, if ever. Every background task of the program is
started here: it is referenced until it ends, has a name, and its exception is logged at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

_running: set[asyncio.Task[Any]] = set()


def spawn(coro: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """Start `coro` on the running loop and keep it alive.

    The task may also be awaited; its exception is logged either way, as a bug: a task that can fail
    in a way its owner expects must catch that itself.
    """
    task = asyncio.get_running_loop().create_task(coro, name=name)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


async def cancel_all(tasks: Iterable[asyncio.Task[Any]] | None = None) -> None:
    """Cancel and wait for `tasks` (default: every spawned task of this loop but the caller's own).

    Never raises for what the tasks raised; `spawn` has logged that.
    """
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    chosen = list(_running if tasks is None else tasks)
    doomed = [task for task in chosen if task is not me and task.get_loop() is loop]
    for task in doomed:
        task.cancel()
    await asyncio.gather(*doomed, return_exceptions=True)


def _ended(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    error = task.exception()
    if error is not None:
        log.critical("task %s ended with a bug", task.get_name(), exc_info=error)
