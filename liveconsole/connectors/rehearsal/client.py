"""The engine's side of the simulated platform: starts its process when none lives, asks it, queries it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import aiohttp
import msgspec

from liveconsole.bus.starting import child_environment, program
from liveconsole.connectors.rehearsal.platform import FILE, PlatformAddress, PlatformAnswer, look_up
from liveconsole.domain.effects import Effect
from liveconsole.engine.dispatch import PlatformSaid
from liveconsole.messages.unreadable import UNREADABLE

LOG: Final = "platform.log"
_UP_WITHIN: Final = 15.0
_DOWN_WITHIN: Final = 3.0
_NOT_THERE: Final = PlatformSaid("unknown", "the platform is not to be reached")


async def _never() -> float | None:
    return None


class PlatformClient:
    """`liveconsole.engine.dispatch.PlatformProgram` of a rehearsal's folder. The process ends with this one,
    however that ends; its ledger stays, and the next one goes on with it."""

    def __init__(self, folder: Path, silent: Callable[[], Awaitable[float | None]] = _never) -> None:
        """``silent``: for how many seconds more a drill has the platform say nothing."""
        self._folder = folder
        self._silent = silent
        self._child: subprocess.Popen[bytes] | None = None
        self._found: PlatformAddress | None = None
        self._starting = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Have it up before the first effect; without this the first `ask` starts it."""
        await self._find()

    async def ask(self, effect: Effect) -> PlatformSaid:
        """What it said; ``unknown`` when it cannot be reached or says nothing of use."""
        names = {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step, "kind": effect.kind}
        return await self._say("/ask", {**names, "silent": await self._silent()})

    async def query(self, effect: Effect) -> PlatformSaid:
        return await self._say("/query", {"key": effect.key})

    async def close(self) -> None:
        """End the process, if it was started here."""
        if self._session is not None:
            await self._session.close()
        child, self._child = self._child, None
        if child is not None:
            await asyncio.to_thread(_end, child)

    async def _say(self, path: str, question: dict[str, Any]) -> PlatformSaid:
        found = await self._find()
        if found is None:
            return _NOT_THERE
        if self._session is None:
            # One connection for each question: this platform may say a thing twice, and the second time would
            # be taken for the answer to the next question on the same connection.
            connector = aiohttp.TCPConnector(force_close=True)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=False)
        headers = {"Authorization": f"Bearer {found.token}"}
        try:
            async with self._session.post(found.url + path, json=question, headers=headers) as response:
                body = await response.read()
                if response.status != 200:
                    return PlatformSaid("unknown", f"the platform answered {response.status}")
        except (aiohttp.ClientError, OSError) as why:
            return PlatformSaid("unknown", str(why)[:200] or type(why).__name__)
        try:
            answer = msgspec.json.decode(body, type=PlatformAnswer)
        except UNREADABLE:
            return PlatformSaid("unknown", "the platform answered something else")
        if answer.key != question["key"]:
            return PlatformSaid("unknown", "the platform answered another question")
        return PlatformSaid(answer.outcome)

    async def _find(self) -> PlatformAddress | None:
        """Our own child's address; it is started again when it has died."""
        async with self._starting:
            if self._child is not None and self._child.poll() is None and self._found is not None:
                return self._found
            if self._child is None or self._child.poll() is not None:
                # Not told apart by pid: in a Windows venv the child only launches the process that writes it.
                (self._folder / FILE).unlink(missing_ok=True)
                if self._child is not None and self._child.stdin is not None:
                    self._child.stdin.close()
                self._child = await asyncio.to_thread(_start, self._folder)
            deadline = asyncio.get_running_loop().time() + _UP_WITHIN
            while asyncio.get_running_loop().time() < deadline:
                self._found = look_up(self._folder)
                if self._found is not None or self._child.poll() is not None:
                    return self._found
                await asyncio.sleep(0.02)
        return None


def _start(folder: Path) -> subprocess.Popen[bytes]:
    words = [*program(), "rehearsal-platform", "--data", str(folder), "--until-eof"]
    hidden: dict[str, Any] = {}
    if os.name == "nt":
        hidden["creationflags"] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    fd = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=fd,
            cwd=folder,
            env=child_environment(),
            **hidden,
        )
    finally:
        os.close(fd)


def _end(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    with contextlib.suppress(OSError):
        child.stdin.close()
    try:
        child.wait(_DOWN_WITHIN)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
