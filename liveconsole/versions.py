"""What the files of a data folder are written in: a number a format, raised by whoever changes one of them.

A program opens what has the same numbers or lower ones; a folder with a higher one, or with one that it does
not know, is of a newer program, and nothing of it is touched (`paths.data_folder`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

SCHEMA: Final = 19
"""The newest revision of the store's tables: ``rNNNN`` of ``store/migrations/versions``."""
FOLD: Final = 20
"""What a snapshot of a room is folded by; another one folds the log again."""
BOOKS: Final = 10
"""What the read tables hold; another one fills them again from the log."""
SETTINGS: Final = 1
"""The desk's own files beside the room: what a field in them means."""
OURS: Final[Mapping[str, int]] = {"schema": SCHEMA, "fold": FOLD, "books": BOOKS, "settings": SETTINGS}


def newer_than_ours(told: Mapping[str, Any]) -> list[str]:
    """Return what of a folder's numbers is beyond this program; a name that it does not know is."""
    return sorted(
        name for name, number in told.items() if not isinstance(number, int) or number > OURS.get(name, 0)
    )
