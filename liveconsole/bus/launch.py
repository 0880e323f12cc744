"""Find the engine of a data folder, or start it as a detached child of the same program."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from liveconsole.bus.client import Client
from liveconsole.bus.discovery import Discovery, look_up
from liveconsole.bus.errors import BusError, EngineGone
from liveconsole.paths import own_folder

LOG: Final = "engine.log"
LOG_MAX: Final = 8 * 1024 * 1024
_POLL: Final = 0.05
_SECOND_GOES: Final = 3.0 if os.name == "nt" else 20.0
_started: list[subprocess.Popen[bytes]] = []


async def running(folder: Path) -> Discovery | None:
    """The engine that runs on ``folder`` and has proved to be ours, or None."""
    found = look_up(folder)
    if found is None:
        return None
    async with Client(found.url, "", found.proof_key) as client:
        try:
            await client.health()
        except BusError:
            return None
    return found


async def find_or_start(
    folder: Path, *, options: Sequence[str] = (), within: float = 20.0
) -> tuple[Discovery, bool]:
    """The engine of ``folder`` and whether it was started here.

    ``options`` are further words for ``serve``. The started engine outlives this process, inherits no
    handle of it and writes its log to ``engine.log`` in the folder. Two callers at once get the same
    engine: the second one's child meets the lease and goes.

    Raises:
        EngineGone: it did not come up ``within`` seconds; the text says what its log ends with.
    """
    found = await running(folder)
    if found is not None:
        return found, False
    child = await asyncio.to_thread(_start, folder, options)
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = await running(folder)
        if found is not None:
            return found, await asyncio.to_thread(_is_ours, found, child)
        code = child.poll()
        if code is not None and code != 3:
            raise EngineGone(f"the engine ended with {code}: {_tail(folder / LOG)}")
        await asyncio.sleep(_POLL)
    raise EngineGone(f"the engine did not come up in {within:g} s: {_tail(folder / LOG)}")


def _is_ours(found: Discovery, child: subprocess.Popen[bytes]) -> bool:
    """Whether the engine is the child; a child that came second is waited for, so that it cannot take over
    later. On Windows the pid says too little: in a venv the child only launches the program."""
    if found.pid == child.pid:
        return True
    try:
        child.wait(_SECOND_GOES)
    except subprocess.TimeoutExpired:
        return os.name == "nt"
    return False


def program() -> list[str]:
    """The words that start this same program again, as the console program: in a bundle that stands beside
    the windowed one, which has no stdout and would open another desk."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_name("liveconsole.exe" if os.name == "nt" else "liveconsole"))]
    return [sys.executable, "-m", "liveconsole"]


def _start(folder: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    own_folder(folder)
    log = folder / LOG
    if log.exists() and log.stat().st_size > LOG_MAX:
        log.replace(folder / f"{LOG}.1")
    words = [*program(), "serve", "--data", str(folder), *options]
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = _detached(words, folder, fd)
    finally:
        os.close(fd)
    # It may outlive us, and while it does not, somebody must have been told of its end.
    _started[:] = [older for older in _started if older.poll() is None]
    _started.append(child)
    return child


def _detached(words: list[str], folder: Path, stderr: int) -> subprocess.Popen[bytes]:
    given: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": stderr,
        "close_fds": True,
        "cwd": folder,
        "env": child_environment(),
    }
    if os.name != "nt":
        return subprocess.Popen(words, start_new_session=True, **given)
    flags = sum(getattr(subprocess, name) for name in ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP"))
    try:
        return subprocess.Popen(
            words, creationflags=flags | getattr(subprocess, "CREATE_BREAKAWAY_FROM_JOB", 0), **given
        )
    except OSError:  # a terminal's job that lets nobody go: the engine ends with the terminal
        return subprocess.Popen(words, creationflags=flags, **given)


def child_environment() -> dict[str, str]:
    """The child finds the same package even where it is run from a source tree."""
    env = dict(os.environ)
    if not getattr(sys, "frozen", False):
        here = str(Path(__file__).resolve().parents[2])
        env["PYTHONPATH"] = os.pathsep.join(filter(None, (here, env.get("PYTHONPATH", ""))))
    return env


def _tail(log: Path, size: int = 600) -> str:
    try:
        return log.read_bytes()[-size:].decode("utf-8", "replace").strip()
    except OSError:
        return "(no log)"
