"""The data folder, which program wrote it, and files in it that only their owner may read."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from liveconsole import __version__, versions

ENV = "LIVECONSOLE_DATA"
MARK: Final = "version.json"
"""In a data folder: what its files are written in, and by which program last."""
LOCK: Final = "engine.lock"
"""In a data folder: what its engine holds open and locked for as long as it runs (`engine.lease`)."""
_MARK_LIMIT: Final = 4096


class FolderNewer(Exception):
    """A newer program wrote this: nothing of it was touched, and this program must not use it.

    The command line says it and ends with `Exit.NEWER`; a command that catches its own errors lets it pass.
    """

    def __init__(self, what: str, by: str = "") -> None:
        self.what, self.by = what, by
        super().__init__(" / ".join(self.words))

    @property
    def words(self) -> tuple[str, str]:
        """What a person is told, in Chinese and in English."""
        zh, en = (f"（{self.by}）", f" ({self.by})") if self.by else ("", "")
        return (
            f"{self.what}：是更新版本的程序写的{zh}，这里是 {__version__}。什么都没有动；请装新版本再打开",
            f"{self.what}: written by a newer version of the program{en}; this is {__version__}."
            " Nothing of it was touched; install the newer version to open it",
        )


def data_folder(named: str | Path | None = None) -> Path:
    """`named` (the `--data` option), else `$LIVECONSOLE_DATA`, else the platform's user-data folder.

    The folder is not made here; see `own_folder`.

    Raises:
        FolderNewer: a newer program wrote it.
    """
    folder = folder_named(named)
    refuse_newer(folder)
    return folder


def folder_named(named: str | Path | None = None) -> Path:
    """Return the same folder whoever wrote it: for what only looks, and says so itself."""
    if named is not None:
        return Path(named).expanduser().absolute()
    from_env = os.environ.get(ENV, "")
    if from_env:
        return Path(from_env).expanduser().absolute()
    import platformdirs  # takes a while, and most programs are told their folder

    return Path(platformdirs.user_data_dir("LiveConsole", appauthor=False))


def refuse_newer(folder: Path) -> None:
    """Have a look at the mark in `folder`; one that is not there or cannot be read says nothing.

    Raises:
        FolderNewer: a newer program wrote it.
    """
    told = _mark_in(folder)
    by = told.pop("program", "")
    if versions.newer_than_ours(told):
        plain = isinstance(by, str) and by.isascii() and by.isprintable() and len(by) < 40
        raise FolderNewer(str(folder), by if plain else "")


def mark_folder(folder: Path) -> None:
    """Note in `folder`, which is there, that this program wrote it. One that cannot be written goes without:
    then nothing else is written in it either."""
    ours: dict[str, Any] = {"program": __version__, **versions.OURS}
    if _mark_in(folder) != ours:
        with suppress(OSError):
            write_own(folder / MARK, json.dumps(ours).encode() + b"\n")


def _mark_in(folder: Path) -> dict[str, Any]:
    try:
        with open(folder / MARK, "rb") as file:
            told = json.loads(file.read(_MARK_LIMIT))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def rehearsal_folder(base: Path | None = None) -> Path:
    """Where rehearsals live: never in a real room's folder, so that simulated facts cannot enter it."""
    return (base or data_folder()) / "rehearsal"


def tape_folder(base: Path | None = None) -> Path:
    """Where rooms played from a tape live."""
    return (base or data_folder()) / "tape"


def sample_folder(base: Path | None = None) -> Path:
    """Where the evening lies that is shown to who has none of his own yet."""
    return tape_folder(base) / "sample"


def playback_folder(base: Path | None = None, broadcast: int = 0, *, sample: bool = False) -> Path:
    """Where the door of a past broadcast of this folder is announced while it is looked at again."""
    return (base or data_folder()) / "playback" / ("sample" if sample else str(broadcast or "last"))


def own_folders(folder: Path) -> list[Path]:
    """Where the files lie that a person edits for this room: its own folder, then for a rehearsal or a tape
    the data folder it belongs to, so that one edit counts in all of them."""
    bases = [place.parent for place in (folder, *folder.parents) if place.name in ("rehearsal", "tape")]
    return [folder, *bases[:1]]


def log_folder(base: Path | None = None) -> Path:
    """Where the program's own log files and crash reports live."""
    return (base or data_folder()) / "logs"


def own_folder(folder: Path) -> Path:
    """Make `folder` (parents too) so that only its owner may enter it, and return it.

    On Windows the user-data folder's own access list already does that. An existing folder of
    ours is narrowed; one that belongs to somebody else raises PermissionError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def write_own(path: Path, content: bytes) -> None:
    """Replace `path` with `content`: whole or not at all, on disk when this returns, owner-only from
    the first byte."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    fd = os.open(beside, flags, 0o600)
    try:
        with os.fdopen(fd, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows has no such call and does not need it."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
