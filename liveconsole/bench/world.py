"""What every row of the bench is given: how long it may take and where it may write."""

from __future__ import annotations

import itertools
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from liveconsole.bench import comments
from liveconsole.bench.wire import Wire


class World:
    """One run of the bench; its folder goes away at the end."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.quick = quick
        self._folder = folder
        self._numbers = itertools.count(1)

    def folder(self, name: str) -> Path:
        """A folder of one's own that is not there yet."""
        return self._folder / f"{name}-{next(self._numbers)}"

    def pick(self, quick: int, full: int) -> int:
        """A size: the smaller one under ``--quick``."""
        return quick if self.quick else full


class Asker:
    """A host who gives commands, each under an id of its own."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._ids = itertools.count(1)

    async def __call__(self, type_: str, **data: Any) -> dict[str, Any]:
        return await self._wire.command(f"bench-{next(self._ids)}", type_, data)


async def open_room(ask: Asker) -> None:
    """A room that is live: broadcast open, and a lucky bag with a keyword on air longer than any row."""
    await ask("broadcast.open", title="bench")
    await ask("room.set", recall_seconds=0)
    spec = {
        "prize": {"name": "保温杯", "value_fen": 5_900},
        "winners": 3,
        "entry": {"keyword": comments.KEYWORD},
        "seconds": 7_200,
    }
    bag = await ask("cue.add", kind="lucky_bag", spec=spec)
    await ask("cue.fire", cue_id=bag["cue_id"])


def resident(pid: int) -> float | None:
    """MB of memory that a process holds now, or None where this system does not tell."""
    system = platform.system()
    try:
        if system == "Linux":
            pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        if system == "Darwin":
            told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)
            return int(told.stdout) * 1024 / 1e6
    except (OSError, ValueError, subprocess.CalledProcessError):
        pass
    return None
