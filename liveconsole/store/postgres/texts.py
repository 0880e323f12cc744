"""Text as PostgreSQL can keep it. It cannot hold U+0000, and ids and words from outside may: such a text is
kept with an escape (U+001A) that comes off on the way out. Equal texts stay equal, sought ones are found.
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.types.string import StrDumperUnknown

_MARK: Final = "\x1a"
_MARK_KEPT: Final = "\x1as"
_NUL_KEPT: Final = "\x1a0"
_UNKNOWN: Final = 705
"""The type of a literal that nothing gave a type."""
_TEXTS: Final = ("text", "varchar", "name", _UNKNOWN)


def kept(text: str) -> str:
    """Return a text as it stands in the database."""
    if "\0" not in text and _MARK not in text:
        return text
    return text.replace(_MARK, _MARK_KEPT).replace("\0", _NUL_KEPT)


def read(text: str) -> str:
    """Return the inverse of `kept`."""
    return text if _MARK not in text else text.replace(_NUL_KEPT, "\0").replace(_MARK_KEPT, _MARK)


class _TextDumper(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(kept(obj))


class _TextLoader(Loader):
    def load(self, data: Buffer) -> str:
        return read(str(data, "utf-8"))


class _TruthDumper(Dumper):
    """A truth goes into a column of whole numbers, as in SQLite."""

    oid = 20

    def dump(self, obj: bool) -> Buffer:
        return b"1" if obj else b"0"


class _NumberLoader(Loader):
    """Sums and means as SQLite gives them: whole numbers, or floats."""

    def load(self, data: Buffer) -> Any:
        text = str(data, "ascii")
        return int(text) if text.lstrip("-").isdigit() else float(text)


def adapt(connection: Connection[Any]) -> None:
    """Make a connection speak and read so."""
    connection.adapters.register_dumper(str, _TextDumper)
    for name in _TEXTS:
        connection.adapters.register_loader(name, _TextLoader)
    connection.adapters.register_dumper(bool, _TruthDumper)
    connection.adapters.register_loader("numeric", _NumberLoader)
