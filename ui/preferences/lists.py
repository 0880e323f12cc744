"""The user's own copies of lists and figures: what the feed reads by, what is looked at before it leaves, and
what the platform allows."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from liveconsole import paths
from liveconsole.advice import seller_files
from liveconsole.advice.words import marked
from liveconsole.intake.products import shops
from liveconsole.messages.state import ListState
from liveconsole.respath import resources
from liveconsole.views import highlights, questions

MARKS: Final = ("words/marked.txt", "words/let_be.txt", "words/good.txt")
"""What comments are marked by at the desk, which need no mark (`liveconsole.advice.words.marked`), and which
words are good (`liveconsole.views.good_words`)."""
FEED: Final = ("questions.toml", "highlights.toml", *MARKS)
"""Read by the desk when it starts, and again when somebody comes back to it."""
WORDS: Final = ("words/absolute.txt", "words/sensitive.txt", "words/luring.txt", "words/allow.txt")
"""Read by the engine whenever they have changed (`liveconsole.advice.words.lists`)."""
LIMITS: Final = ("limits/wechat.toml",)
"""What the platform allows; read by the engine as the words are (`liveconsole.advice.limits`)."""
LAW: Final = ("law/categories.toml", "law/articles.toml")
"""What the law asks; read by the engine as the words are (`liveconsole.advice.law_files`)."""

SELLER: Final = (
    "seller/aftersale.toml",
    "seller/boards.toml",
    "seller/calendar.toml",
    "seller/cases.toml",
    "seller/customers.toml",
    "seller/fees.toml",
    "seller/provinces.toml",
    "seller/reviews.toml",
)
"""What sellers go by; read by the engine each time that it counts with them (`advice.seller_files`)."""
TABLES: Final = ("tables/shops.toml",)
"""What columns of product tables are called; read each time products are brought in
(`liveconsole.intake.products.shops`)."""


def own_copy(base: Path, name: str) -> Path:
    """The copy in the data folder, made from the program's file if it is not there yet. Raises OSError."""
    if name not in FEED + WORDS + LIMITS + LAW + SELLER + TABLES:
        raise FileNotFoundError(name)
    own = base / name
    if not own.exists():
        paths.own_folder(base)
        paths.own_folder(own.parent)
        paths.write_own(own, _ours(name).read_bytes())
    return own


def desk_list(base: Path, name: str) -> ListState:
    """What the desk itself reads, as the engine says it of its own lists. Reads the disk."""
    own = base / name
    there = own.is_file()
    wrong = ""
    try:
        _LOADED[name](base)
    except (ValueError, OSError) as error:
        wrong = (error.strerror or "") if isinstance(error, OSError) else str(error)
    try:
        text = (own if there and not wrong else _ours(name)).read_text("utf-8-sig", errors="replace")
        found = {"lines": marked.lines_of(text)} if name in MARKS else tomllib.loads(text)
        changed = datetime.fromtimestamp(own.stat().st_mtime, UTC) if there else None
    except (ValueError, OSError):
        found, changed = {}, None
    entries = sum(len(part) for part in found.values() if isinstance(part, list))
    return ListState(name, entries, there, changed, wrong=wrong)


def _ours(name: str) -> Path:
    of_desk = name in FEED and name not in MARKS
    return resources() / (f"{name.removesuffix('.toml')}/{name}" if of_desk else name)


def _as_toml(name: str, base: Path) -> object:
    """What is wrong with a figure in it is said where it is counted with."""
    return tomllib.loads(seller_files.text_of(name.partition("/")[2], base))


_LOADED: Final[dict[str, Callable[[Path], object]]] = {
    "questions.toml": questions.load,
    "highlights.toml": highlights.load,
    "tables/shops.toml": shops.load,
    **dict.fromkeys(MARKS, marked.load),
    **{name: partial(_as_toml, name) for name in SELLER},
}
