"""Find the engine of a data folder, or start it as a detached child of the same program."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from liveconsole.bus.client import Client
from liveconsole.bus.discovery import Discovery, look_up
from liveconsole.bus.errors import BusError, EngineGone
from liveconsole.bus.starting import LOG, ahead, start
from liveconsole.paths import FolderNewer

_POLL: Final = 0.01
_POLL_STALE: Final = 0.05
"""Where the address of one that crashed still stands: each look knocks there."""
_FULL: Final = 1_000_000
"""Bytes: with less an engine cannot so much as come up."""
_SECOND_GOES: Final = 3.0 if os.name == "nt" else 20.0


async def running(folder: Path) -> Discovery | None:
    """Return the engine that runs on ``folder`` and has proved to be ours, or None.

    One that comes up after a crash has the port and the proof of the one before it: while we knocked at the
    address of the dead one, it may have been the new one that answered.
    """
    found = look_up(folder)
    while found is not None:
        async with Client(found.url, "", found.proof_key) as client:
            try:
                await client.health()
            except BusError:
                return None
        asked, found = found, look_up(folder)
        if found == asked:
            return found
    return None


async def find_or_start(
    folder: Path, *, options: Sequence[str] = (), words: Sequence[str] = (), within: float = 20.0
) -> tuple[Discovery, bool]:
    """Return the engine of ``folder`` and whether it was started here.

    ``options`` are further words for ``serve``, ``words`` a command in its place; what was started ahead for
    this folder is waited for. Two callers at once get the same engine: the second one's child meets the lease
    and goes.

    Raises:
        EngineGone: it did not come up ``within`` seconds; the text says what its log ends with.
    """
    found = await running(folder)
    if found is not None:
        child = ahead(folder)
        return found, child is not None and await asyncio.to_thread(_is_ours, found, child)
    try:
        child = await asyncio.to_thread(start, folder, options, words)
    except FolderNewer as why:
        raise EngineGone(str(why)) from why
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = await running(folder)
        if found is not None:
            return found, await asyncio.to_thread(_is_ours, found, child)
        code = child.poll()
        if code is not None and code != 3:
            raise EngineGone(f"the engine ended with {code}: {_last_words(folder)}")
        await asyncio.sleep(_POLL if look_up(folder) is None else _POLL_STALE)
    raise EngineGone(f"the engine did not come up in {within:g} s: {_last_words(folder)}")


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


def _last_words(folder: Path, size: int = 600) -> str:
    """What its log ends with; of a full disk we tell, since there it could not write even that."""
    try:
        said = (folder / LOG).read_bytes()[-size:].decode("utf-8", "replace").strip()
    except OSError:
        said = ""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(folder).free < _FULL:
            return f"磁盘满了 / the disk is full ({folder})" + (f": {said}" if said else "")
    return said or "(its log is empty)"
