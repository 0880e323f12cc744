"""While a worker works, the collector of garbage waits: it would destroy what belongs to Qt's thread."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from tests.ui.fake_bus import until
from ui.aside import aside


@pytest.mark.usefixtures("dressed")
async def test_garbage_waits_for_the_last_worker() -> None:
    go = threading.Event()
    seen: list[bool] = []

    def work() -> str:
        go.wait(5)
        seen.append(gc.isenabled())
        return threading.current_thread().name

    async def both() -> list[str]:
        return await asyncio.gather(aside(work), aside(lambda: "quick"))

    waiting = asyncio.ensure_future(both())  # noqa: TID251
    await asyncio.sleep(0.05)
    assert not gc.isenabled()
    go.set()
    name, quick = await waiting
    assert (quick, seen) == ("quick", [False])
    assert name != threading.main_thread().name
    await until(gc.isenabled)


@pytest.mark.usefixtures("dressed")
async def test_who_stops_waiting_stops_no_worker_and_garbage_still_waits() -> None:
    go = threading.Event()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await aside(lambda: go.wait(5))
    assert not gc.isenabled()
    go.set()
    await until(gc.isenabled)


@pytest.mark.usefixtures("dressed")
async def test_what_goes_wrong_is_told_and_garbage_is_looked_for_again() -> None:
    with pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 // 0)
    await until(gc.isenabled)
