"""What the seller's files and the word lists say, read anew when somebody saved one."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from msgspec import Struct

from liveconsole.advice import after_order
from liveconsole.advice.after_order import AfterOrder
from liveconsole.advice.seller_files import BadSellerFile, path
from liveconsole.advice.words import lists
from liveconsole.advice.words.check import Checker

log = logging.getLogger(__name__)

_FOLDERS: Final = 4
"""Data folders that are remembered: an engine has one."""

_Stamp = tuple[tuple[str, int], ...]


class CaseFiles(Struct, frozen=True):
    said: AfterOrder
    words: Checker

    def terms(self, text: str) -> list[str]:
        """Return the words of the lists that are found in a text, each once."""
        return list(dict.fromkeys(one.term for one in self.words.check(text)))


_kept: dict[Path, tuple[_Stamp, CaseFiles]] = {}


def case_files(folder: Path) -> CaseFiles:
    """Return what holds in a data folder; a file that cannot be used gives way to the program's own."""
    stamp = _stamp(folder)
    known = _kept.get(folder)
    if known is not None and known[0] == stamp:
        return known[1]
    found = CaseFiles(_said(folder), Checker(lists.load(folder)))
    while len(_kept) >= _FOLDERS:
        del _kept[next(iter(_kept))]
    _kept[folder] = stamp, found
    return found


def _said(folder: Path) -> AfterOrder:
    try:
        return after_order.load(folder)
    except (BadSellerFile, OSError) as error:
        log.warning("a file of the seller's cannot be used, the program's own are: %s", error)
        return after_order.load(None)


def _stamp(folder: Path) -> _Stamp:
    files = [path(name, folder) for name in after_order.FILES]
    files += [lists.path(name, folder) for name in (*lists.KINDS, lists.ALLOW)]
    return tuple((str(file), file.stat().st_mtime_ns) for file in files if file.is_file())
