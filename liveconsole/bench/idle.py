"""An idle program beside what is measured: how late are its timers, on this machine, in these seconds?"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Final

import msgspec

from liveconsole.bench.serving import environment

_EVERY: Final = 0.025


@contextlib.asynccontextmanager
async def beside() -> AsyncIterator[list[float]]:
    """Fills the list at its end: milliseconds late, of the timers of a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", f"from {__name__} import tell; tell()"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    )
    late: list[float] = []
    try:
        yield late
        async with asyncio.timeout(20):
            said, _ = await process.communicate(b"")  # with nothing to say it would leave stdin open
        late += msgspec.json.decode(said, type=list[float])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _until_told() -> list[float]:
    loop = asyncio.get_running_loop()
    told = loop.run_in_executor(None, sys.stdin.read)
    late: list[float] = []
    while not told.done():
        due = loop.time() + _EVERY
        rang: asyncio.Future[None] = loop.create_future()
        loop.call_at(due, rang.set_result, None)
        await rang
        late.append((loop.time() - due) * 1e3)
    return late


def tell() -> None:
    """What the child does, until its stdin ends."""
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_until_told())))
