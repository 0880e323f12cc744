"""rehearsal.json: which rehearsal a data folder holds, for the platform and the world that belong to it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.connectors.rehearsal import scenario
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import own_folder, write_own

FILE: Final = "rehearsal.json"


class Rehearsal(Struct, frozen=True):
    seed: int = 1
    scenario: str = scenario.DEFAULT


def keep(folder: Path, rehearsal: Rehearsal) -> None:
    """Write it down, whole or not at all."""
    own_folder(folder)
    write_own(folder / FILE, msgspec.json.encode(rehearsal))


def of(folder: Path) -> Rehearsal:
    """What is written there, else the default one."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Rehearsal)
    except (OSError, *UNREADABLE):
        return Rehearsal()
