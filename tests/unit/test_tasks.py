"""liveconsole.tasks: a background task is kept, named, and loud when it breaks."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref

import pytest

from liveconsole.tasks import cancel_all, spawn


async def _wait_on_a_future_nobody_else_holds() -> None:
    await asyncio.get_running_loop().create_future()


async def test_a_task_nobody_holds_survives_garbage_collection() -> None:
    task = weakref.ref(spawn(_wait_on_a_future_nobody_else_holds(), name="kept"))
    await asyncio.sleep(0)
    gc.collect()
    assert task() is not None
    await cancel_all()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_without_spawn_such_a_task_is_collected() -> None:
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    task = weakref.ref(asyncio.get_running_loop().create_task(_wait_on_a_future_nobody_else_holds()))
    await asyncio.sleep(0)
    gc.collect()
    assert task() is None


async def test_a_bug_in_a_task_is_logged_with_its_name(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks() -> None:
        raise ValueError("broken on purpose")

    with caplog.at_level(logging.CRITICAL), pytest.raises(ValueError, match="on purpose"):
        await spawn(breaks(), name="breaker")
    assert [r.getMessage() for r in caplog.records] == ["task breaker ended with a bug"]


async def test_cancel_all_ends_every_task_but_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    tasks = [spawn(asyncio.Event().wait(), name=f"idle-{n}") for n in range(3)]
    await cancel_all()
    assert all(task.cancelled() for task in tasks)
    assert not caplog.records
