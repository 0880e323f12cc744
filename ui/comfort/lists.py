"""The user's own copies of the feed's word lists."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from liveconsole import paths
from liveconsole.respath import resources

FILES: Final = ("questions.toml", "highlights.toml")


def own_copy(base: Path, name: str) -> Path:
    """The copy in the data folder, made from the program's list if it is not there yet. Raises OSError."""
    if name not in FILES:
        raise FileNotFoundError(name)
    own = base / name
    if not own.exists():
        paths.own_folder(base)
        paths.write_own(own, (resources() / name.removesuffix(".toml") / name).read_bytes())
    return own
