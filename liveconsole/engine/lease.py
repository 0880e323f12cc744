"""One engine per data folder, held by the operating system: it ends with the process, however that ends."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from liveconsole.paths import LOCK, own_folder


class FolderTaken(Exception):
    """Another engine runs on this folder."""


def is_taken(folder: Path) -> bool:
    """Tell whether an engine holds the folder; changes nothing, and makes no folder."""
    path = folder / LOCK
    if not path.exists():
        return False
    try:
        FileLock(path).acquire(timeout=0).lock.release()
    except Timeout:
        return True
    return False


class Lease:
    """The right to write one folder; raises `FolderTaken` at once where another process holds it."""

    def __init__(self, folder: Path) -> None:
        own_folder(folder)
        self._lock = FileLock(folder / LOCK)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise FolderTaken(str(folder)) from error

    def release(self) -> None:
        self._lock.release()
