"""Text from outside in a spreadsheet: it must never be taken for a formula."""

from __future__ import annotations

from typing import Final

_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def is_risky(text: str) -> bool:
    """Tell whether some spreadsheet may read this text as a formula, full-width signs included."""
    return text.lstrip(" \u3000").startswith(_BEGINS)


def guarded(text: str) -> str:
    """For a CSV: an apostrophe before what a spreadsheet might carry out."""
    return f"'{text}" if is_risky(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if text.startswith("'") and is_risky(text[1:]) else text
