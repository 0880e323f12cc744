"""A real engine in a process of its own, on a folder that goes away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from liveconsole.bench.wire import BenchConnection


class ServedEngine(Struct):
    """A running engine: where it is and how to get in."""

    folder: Path
    port: int
    pid: int
    tokens: dict[str, str]
    seconds_to_ready: float

    def wire(self, role: str) -> BenchConnection:
        """A connection, to be entered."""
        return BenchConnection(self.port, self.tokens[role])


def environment() -> dict[str, str]:
    """For child processes: the machine's keyring is left alone, and nothing of the user's folder is used."""
    env = dict(os.environ)
    env["LIVECONSOLE_KEYRING"] = "off"
    env.pop("LIVECONSOLE_DATA", None)
    here = str(Path(__file__).resolve().parents[2])
    env["PYTHONPATH"] = os.pathsep.join(filter(None, (here, env.get("PYTHONPATH", ""))))
    return env


@contextlib.asynccontextmanager
async def serving(
    folder: Path,
    *options: str,
    words: Sequence[str] = ("-m", "liveconsole", "serve"),
    more: Mapping[str, str] | None = None,
) -> AsyncIterator[ServedEngine]:
    """``liveconsole serve`` on ``folder`` until the block ends; ``words``: another program that serves;
    ``more``: what its environment has besides."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        "--data",
        str(folder),
        "--port",
        "0",
        *options,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=environment() | dict(more or {}),
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            ready: dict[str, Any] = msgspec.json.decode(await process.stdout.readline() or b"{}")
        seconds = loop.time() - began
        if "url" not in ready:
            raise RuntimeError(f"the engine ended with {await process.wait()}")
        tokens = msgspec.json.decode((folder / "engine.json").read_bytes())["tokens"]
        yield ServedEngine(folder, int(ready["url"].rpartition(":")[2]), process.pid, tokens, seconds)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 20)
            except TimeoutError:
                process.kill()
                await process.wait()
