"""What a person set for eyes and ears, kept in the data folder beside the desk's other answers."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final, Literal

import msgspec

from liveconsole import paths
from liveconsole.messages.unreadable import UNREADABLE

ThemeName = Literal["dark", "light", "high_contrast"]

THEME_NAMES: Final[tuple[ThemeName, ...]] = ("dark", "light", "high_contrast")
SCALES: Final = (1.0, 1.25, 1.5, 1.75, 2.0)
_FILE: Final = "comfort.json"


class WindowLayout(msgspec.Struct, frozen=True):
    """How one role left its window."""

    geometry: str = ""
    """QWidget.saveGeometry() as hex."""
    columns: list[int] = []
    """Widths of the desk's columns."""


class DeskSettings(msgspec.Struct, frozen=True):
    """The whole file. Unknown fields of a newer desk are ignored, an unreadable file means the defaults."""

    theme: ThemeName = "dark"
    text_scale: float = 1.0
    sounds: bool = True
    less_motion: bool = False
    layouts: dict[str, WindowLayout] = {}
    """By role."""
    columns: dict[str, dict[str, str]] = {}
    """What was said of the columns of tables, by their header (`liveconsole.intake.tables.key_of`)."""
    toured: list[str] = []
    """Roles that were shown round a rehearsal on this machine, or did not want to be."""


def load(base: Path) -> DeskSettings:
    """What this data folder remembers; the defaults where there is nothing that can be read."""
    try:
        return msgspec.json.decode((base / _FILE).read_bytes(), type=DeskSettings)
    except (OSError, *UNREADABLE):
        return DeskSettings()


def save(base: Path, settings: DeskSettings) -> None:
    """Write it whole, owner-only. A folder that cannot be written only means setting it again."""
    with contextlib.suppress(OSError):
        paths.own_folder(base)
        paths.write_own(base / _FILE, msgspec.json.encode(settings))
