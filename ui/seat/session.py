"""Who sits here and what is broadcast: asked once, remembered in the data folder."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final, Literal

import msgspec

from liveconsole import paths

Mode = Literal["rehearsal", "manual", "tape"]
Role = Literal["host", "operator", "assistant"]

ROLES: Final[tuple[Role, ...]] = ("host", "operator", "assistant")
ROLE_NAMES: Final[dict[str, str]] = {"host": "主播", "operator": "中控", "assistant": "助理"}

_FILE: Final = "desk.json"


class Choice(msgspec.Struct, frozen=True):
    """What the first run asked. Nothing in it is secret or personal."""

    mode: Mode = "rehearsal"
    role: Role = "host"
    sources: dict[str, bool] = {}
    """Capture sources to turn on in a real room."""
    tape: str = ""
    checked: bool = False
    """The check before the broadcast was seen once."""

    @property
    def ready(self) -> bool:
        """Whether the desk may join with it and ask nothing: a tape is looked at before it is played."""
        return self.mode != "tape" or self.checked


class Remembered(msgspec.Struct, frozen=True):
    """The whole file. Unknown fields of a newer desk are ignored, an unreadable file asks again."""

    choice: Choice | None = None
    language: Literal["zh", "en"] | None = None
    geometry: str = ""
    """QWidget.saveGeometry() as hex."""


def load(base: Path) -> Remembered:
    """What this data folder remembers; nothing when there is no file or it cannot be read."""
    try:
        return msgspec.json.decode((base / _FILE).read_bytes(), type=Remembered)
    except (OSError, msgspec.DecodeError):
        return Remembered()


def save(base: Path, remembered: Remembered) -> None:
    """Write it whole, owner-only. A folder that cannot be written only means being asked again."""
    with contextlib.suppress(OSError):
        paths.own_folder(base)
        paths.write_own(base / _FILE, msgspec.json.encode(remembered))


def serve_options(mode: Mode) -> list[str]:
    """Further words for ``serve`` when the desk starts the engine."""
    return ["--with-desk", *(["--rehearsal"] if mode == "rehearsal" else [])]


def folder(base: Path, mode: Mode) -> Path:
    """The room's own folder: simulated and taped rooms never share one with the real room."""
    if mode == "rehearsal":
        return paths.rehearsal_folder(base) / "desk"
    if mode == "tape":
        return paths.tape_folder(base)
    return base
