"""The engines that run on this machine, whoever started them: told by the lock that each of them holds open.

Nothing is kept anywhere for this, so nothing can be left behind by one that died. Linux only, where /proc
tells it; root sees those of every user, anybody else his own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from liveconsole.bus.rooms.listed import ListedRoom
from liveconsole.paths import LOCK

_GONE: Final = " (deleted)"
"""What /proc says of a program whose file an update replaced."""


class RunningEngines:
    """A `RoomList` of them. ``program``: those alone whose program lies in that folder."""

    def __init__(self, program: Path | None = None, proc: Path = Path("/proc")) -> None:
        # As the kernel tells it: by a link to their folder its engines would be another program's.
        self._program, self._proc = None if program is None else program.resolve(), proc

    def rooms(self) -> list[ListedRoom]:
        found = {folder: pid for pid, folder in self._found()}
        return [ListedRoom(str(pid), f"{folder} (pid {pid})", folder) for folder, pid in found.items()]

    def watchers(self) -> Mapping[str, frozenset[str] | None]:
        return {}

    def _found(self) -> Iterator[tuple[int, Path]]:
        for process in self._proc.iterdir():
            if process.name.isdigit() and self._is_ours(process):
                for folder in _folders(process):
                    yield int(process.name), folder

    def _is_ours(self, process: Path) -> bool:
        if self._program is None:
            return True
        try:
            path = Path(os.readlink(process / "exe").removesuffix(_GONE))
        except OSError:  # another user's, or it ended just now
            return False
        return path.parent == self._program


def _folders(process: Path) -> Iterator[Path]:
    try:
        handles = list((process / "fd").iterdir())
    except OSError:
        return
    for handle in handles:
        try:
            path = Path(os.readlink(handle))
        except OSError:
            continue
        if path.name == LOCK and path.is_absolute():
            yield path.parent
