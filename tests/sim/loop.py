"""An event loop on virtual time, one for each simulated process: nothing in it waits, sleeps or has a thread.

The engine's own asyncio code runs on it unchanged. A killed process never runs again; a frozen one goes on
later, as a revived zombie does.
"""

from __future__ import annotations

import asyncio
import math
from asyncio import events
from collections import deque
from collections.abc import Callable
from contextvars import Context
from heapq import heappop, heappush
from typing import Any


class Killed(BaseException):
    """Raised inside a process at the point where it dies; no code of the product catches it."""


class VirtualLoop(asyncio.AbstractEventLoop):  # its sockets, pipes and signals are nobody's here
    """``now`` gives virtual microseconds of this process (a suspended machine does not count them)."""

    def __init__(self, now: Callable[[], int], latency: Callable[[], int]) -> None:
        self._now = now
        self._latency = latency
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[int, int, asyncio.TimerHandle]] = []
        self._count = 0
        self.dead = False
        self.dies_after: int | None = None
        """Handles that still run before the process is killed."""
        self.errors: list[dict[str, Any]] = []

    # what asyncio asks of a loop

    def time(self) -> float:
        return self._now() / 1e6

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return not self.dead

    def is_closed(self) -> bool:
        return self.dead

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.errors.append(context)

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._count += 1
        heappush(self._timers, (math.ceil(when * 1e6) + 1, self._count, handle))  # never a hair too early
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **more: Any) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, **more)

    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """The work happens at once, its result comes after the disk's latency: one may die between."""
        future = self.create_future()
        try:
            result = func(*args)
        except Killed:
            self.dead = True
        except Exception as error:  # noqa: BLE001  # an executor hands on whatever its work raises
            self.call_later(self._latency() / 1e6, _fail, future, error)
        else:
            self.call_later(self._latency() / 1e6, _answer, future, result)
        return future

    # what the simulator asks of it

    def start(self, coro: Any) -> None:
        """Run a coroutine that answers for its own errors."""
        asyncio.Task(coro, loop=self)

    def next_wake(self) -> int | None:
        """The process's own time at which a timer goes off."""
        timers = self._timers
        while timers and timers[0][2]._cancelled:
            heappop(timers)
        return timers[0][0] if timers else None

    def run(self) -> bool:
        """Everything that is ready now; whether the process is alive after it."""
        now, timers, ready = self._now(), self._timers, self._ready
        while timers and timers[0][0] <= now:
            handle = heappop(timers)[2]
            if not handle.cancelled():
                ready.append(handle)
        if not ready or self.dead:
            return not self.dead
        events._set_running_loop(self)
        try:
            while ready and not self.dead:
                handle_ = ready.popleft()
                if not handle_._cancelled:
                    try:
                        handle_._context.run(handle_._callback, *handle_._args)  # type: ignore[attr-defined]
                    except Exception as error:  # noqa: BLE001  # as Handle._run, without a frame for each
                        self.call_exception_handler({"exception": error})
                if self.dies_after is not None:
                    self.dies_after -= 1
                    if self.dies_after < 0:
                        self.dead = True
        finally:
            events._set_running_loop(None)
        return not self.dead

    def bury(self) -> None:
        """Forget the tasks of a dead process without a word: nobody is there to hear of them."""
        self.dead = True
        for task in asyncio.all_tasks(self):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            coro: Any = task.get_coro()
            try:
                coro.close()
            except (RuntimeError, Exception):  # noqa: BLE001  # a process that is dead has no opinion
                pass
        self._ready.clear()
        self._timers.clear()


def _answer(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
