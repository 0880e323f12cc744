"""The user's own copies of the word lists: what the feed reads by, and what is looked at before it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from liveconsole import paths
from liveconsole.respath import resources

FEED: Final = ("questions.toml", "highlights.toml")
"""Read by the desk when it starts, and again when somebody comes back to it."""
WORDS: Final = ("words/absolute.txt", "words/sensitive.txt", "words/luring.txt", "words/allow.txt")
"""Read by the engine whenever they have changed (`liveconsole.words.lists`)."""


def own_copy(base: Path, name: str) -> Path:
    """The copy in the data folder, made from the program's list if it is not there yet. Raises OSError."""
    if name not in FEED + WORDS:
        raise FileNotFoundError(name)
    own = base / name
    if not own.exists():
        ours = resources() / (name if name in WORDS else f"{name.removesuffix('.toml')}/{name}")
        paths.own_folder(base)
        paths.own_folder(own.parent)
        paths.write_own(own, ours.read_bytes())
    return own
