"""A backup is worth what a restore of it is: it is tried in a folder of its own before it counts."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from liveconsole.store import keys
from liveconsole.store.backup import head_of, restore
from liveconsole.store.cipher import CipherFile
from liveconsole.store.errors import BackupDamaged
from liveconsole.store.linking import LogCheck, check_log
from liveconsole.store.opening import DATABASE
from liveconsole.store.reader import Reader


class KeyInHand:
    """A key that is kept nowhere: that of a store which is gone in a moment."""

    place = "file"

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}

    def fetch(self, store_id: str) -> bytes | None:
        return self._keys.get(store_id)

    def keep(self, store_id: str, key: bytes) -> None:
        self._keys[store_id] = key

    def replace(self, store_id: str, key: bytes) -> None:
        self._keys[store_id] = key

    def drop(self, store_id: str) -> None:
        self._keys.pop(store_id, None)


def tried(file: Path, code: str) -> LogCheck:
    """Restore a backup beside it and verify the chain of its log up to the head that the backup names; the
    restored store is gone when this returns.

    Raises:
        BackupDamaged: it would not come back whole.
        WrongCode, CannotWrite: as `restore`.
    """
    folder = Path(tempfile.mkdtemp(prefix=".trial-", dir=file.parent))
    in_hand = KeyInHand()
    try:
        restore(file, code, folder / "room", key_source=in_hand)
        _, key = keys.key_of(folder / "room", in_hand)
        head = head_of(file, code)
        with closing(Reader(CipherFile(folder / "room" / DATABASE, key, readonly=True))) as reader:
            found = check_log(reader, {head.seq: {head.link}} if head.seq else {})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if found.differs is not None:
        raise BackupDamaged(f"event {found.differs} is {found.why}")
    return found
