"""The way to a room for a process that reads it beside its engine. It holds the room's key and goes through a
pipe alone; no text that it makes of itself says more than where the room is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from liveconsole.store.cipher import CipherFile
from liveconsole.store.port import Link


class FileAccess(Struct, frozen=True, tag="file"):
    """To a store in a file."""

    path: str
    key: bytes

    def open(self, cache_mib: int = 0) -> CipherFile:
        """Return a read-only connection that keeps so much of the file deciphered (0: as usual); raises what
        `CipherFile` does."""
        file = CipherFile(Path(self.path), self.key, readonly=True)
        if cache_mib:
            file.pragma(f"cache_size=-{cache_mib * 1_024}")
        return file

    def __repr__(self) -> str:
        return f"FileAccess({self.path!r})"


class DatabaseAccess(Struct, frozen=True, tag="database"):
    """To a room in a database: the words of its address and its password, its number, its key."""

    words: dict[str, str]
    password: str
    room: int
    folder: str
    key: bytes

    def open(self, cache_mib: int = 0) -> Link:
        """Return a read-only connection, whose server keeps what it likes; raises CannotWrite where the
        database cannot be reached."""
        from liveconsole.store.postgres.address import Address
        from liveconsole.store.postgres.link import PostgresLink
        from liveconsole.store.postgres.sealing import Seal

        words: dict[str, Any] = dict(self.words)
        return PostgresLink(Address(words, self.password), self.room, Path(self.folder), Seal(self.key))

    def __repr__(self) -> str:
        return f"DatabaseAccess({self.words.get('host', 'local')!r}, {self.room})"


ReadAccess = FileAccess | DatabaseAccess
