"""``python -m ui.bench``: the desk's rows run in a process of their own, because nothing headless has Qt."""

from __future__ import annotations

import asyncio
import platform
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from liveconsole.bench.serving import environment

_PATIENCE: Final = 240.0


class DeskProgram:
    """One run of it. Whatever it says is one JSON object a line. ``compiled``: a folder with the bytecode of
    what it imports; whatever is missing there is written there."""

    def __init__(self, *words: str, compiled: Path | None = None) -> None:
        self._words, self._compiled = words, compiled
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        env = environment()
        if self._compiled is not None:
            env.pop("PYTHONDONTWRITEBYTECODE", None)
            env["PYTHONPYCACHEPREFIX"] = str(self._compiled)
        if platform.system() == "Linux":
            # The same platform with and without a screen, so that figures can be compared.
            env["QT_QPA_PLATFORM"] = "offscreen"
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ui.bench",
            *self._words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def said(self) -> dict[str, Any]:
        """The next thing it says.

        Raises:
            RuntimeError: it ended without.
            TimeoutError: it says nothing.
        """
        assert self._process.stdout is not None
        async with asyncio.timeout(_PATIENCE):
            line = await self._process.stdout.readline()
            if not line:
                raise RuntimeError(f"ui.bench {self._words[0]} ended with {await self._process.wait()}")
        said: dict[str, Any] = msgspec.json.decode(line)
        return said

    async def go_on(self) -> None:
        """Give it the line that it waits for."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()

    async def ended(self) -> None:
        """Wait for it to go by itself."""
        async with asyncio.timeout(_PATIENCE):
            await self._process.wait()


async def desk_program(*words: str, compiled: Path | None = None) -> dict[str, Any]:
    """What one run says."""
    async with DeskProgram(*words, compiled=compiled) as program:
        said = await program.said()
        await program.ended()
        return said
