"""The user's own copies of lists and figures: what the feed reads by, what is looked at before it leaves, and
what the platform allows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from liveconsole import paths
from liveconsole.respath import resources

FEED: Final = ("questions.toml", "highlights.toml")
"""Read by the desk when it starts, and again when somebody comes back to it."""
WORDS: Final = ("words/absolute.txt", "words/sensitive.txt", "words/luring.txt", "words/allow.txt")
"""Read by the engine whenever they have changed (`liveconsole.advice.words.lists`)."""
LIMITS: Final = ("limits/wechat.toml",)
"""What the platform allows; read by the engine as the words are (`liveconsole.advice.limits`)."""

TABLES: Final = ("tables/shops.toml",)
"""What columns of product tables are called; read each time products are brought in
(`liveconsole.intake.products.shops`)."""


def own_copy(base: Path, name: str) -> Path:
    """The copy in the data folder, made from the program's file if it is not there yet. Raises OSError."""
    if name not in FEED + WORDS + LIMITS + TABLES:
        raise FileNotFoundError(name)
    own = base / name
    if not own.exists():
        ours = resources() / (f"{name.removesuffix('.toml')}/{name}" if name in FEED else name)
        paths.own_folder(base)
        paths.own_folder(own.parent)
        paths.write_own(own, ours.read_bytes())
    return own
