"""engine.json: how a program of the same user finds the engine of a data folder, and its tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.bus.starting import ANNOUNCED
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import write_own

FILE: Final = ANNOUNCED


class Discovery(Struct, frozen=True):
    """Content of engine.json. ``tokens``: role → token; ``proof_key``: see `client.proof_of`."""

    url: str
    pid: int
    version: str
    proof_key: str
    tokens: dict[str, str]

    def __repr__(self) -> str:
        # Whoever logs what a call gave back, as an event loop does when asked to, logs no token.
        return f"Discovery({self.url!r}, {self.pid}, {self.version!r})"


def announce(folder: Path, found: Discovery) -> None:
    """Write engine.json, whole or not at all, readable by its owner alone."""
    write_own(folder / FILE, msgspec.json.encode(found))


def withdraw(folder: Path, pid: int) -> None:
    """Remove engine.json at a clean stop, if it still is the one of process ``pid``: an engine that lost its
    folder to another one leaves that one's address alone."""
    found = look_up(folder)
    if found is not None and found.pid == pid:
        (folder / FILE).unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Remove what an engine that crashed left there; for who holds the folder, before he listens: nobody
    shall take his answer for the other one's."""
    (folder / FILE).unlink(missing_ok=True)


def look_up(folder: Path) -> Discovery | None:
    """Return what engine.json says, or None. After a crash it may be stale: only `Client.health` tells."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Discovery)
    except (OSError, *UNREADABLE):
        return None
