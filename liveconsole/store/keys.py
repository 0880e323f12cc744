"""The one key of a store: 32 random bytes in the keyring of the system, or in a file that only its owner
reads.

``store.json`` beside the database says where the key was put, so that a machine whose keyring is silent
today does not quietly get a second key: a store without its key is ``KeyUnavailable``, for ever.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import queue
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from liveconsole.failpoints import failpoint
from liveconsole.paths import write_own
from liveconsole.store.errors import KeyUnavailable

ENV: Final = "LIVECONSOLE_KEYRING"
"""Set to ``off``, no keyring is asked."""
ASK_SECONDS: Final = 5.0
STORE_FILE: Final = "store.json"
KEY_FILE: Final = "room.key"
NEXT_FILE: Final = "room.key.next"
_DATABASE: Final = "room.db"
FORMAT: Final = 1
_SERVICE: Final = "LiveConsole"

# Only these: an installed keyrings.alt would otherwise win silently with a plaintext file.
_ALLOWED: Final = (
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.libsecret", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class KeySource(Protocol):
    """A place that keeps keys; all but ``drop`` may raise KeyUnavailable. ``keep`` writes over no key."""

    place: str

    def fetch(self, store_id: str) -> bytes | None: ...

    def keep(self, store_id: str, key: bytes) -> None: ...

    def replace(self, store_id: str, key: bytes) -> None: ...

    def drop(self, store_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """What ``store.json`` says."""

    store_id: str
    place: str
    making: bool = False
    """The database that it is for has not come to be yet; without this it is there, or it was lost."""
    next: bool = False
    """Another key is kept beside it, and the database may have that one (`rotation`)."""


class KeyFile:
    """``room.key`` in the store's folder, hex, 0600. On Windows the access list of the user's folder
    protects it."""

    place = "file"

    def __init__(self, folder: Path, name: str = KEY_FILE) -> None:
        self._path = folder / name

    def fetch(self, store_id: str) -> bytes | None:
        try:
            self._narrow()
            return bytes.fromhex(self._path.read_text("ascii").strip())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as e:
            raise KeyUnavailable(f"{self._path.name} cannot be read: {e}") from e

    def keep(self, store_id: str, key: bytes) -> None:
        if self._path.exists():
            raise KeyUnavailable(f"{self._path.name} is there already and is not written over")
        try:
            write_own(self._path, key.hex().encode() + b"\n")
        except OSError as e:
            raise KeyUnavailable(f"{self._path.name} cannot be written: {e}") from e

    def replace(self, store_id: str, key: bytes) -> None:
        try:
            write_own(self._path, key.hex().encode() + b"\n")
        except OSError as e:
            raise KeyUnavailable(f"{self._path.name} cannot be written: {e}") from e

    def drop(self, store_id: str) -> None:
        self._path.unlink(missing_ok=True)

    def _narrow(self) -> None:
        if os.name != "posix":
            return
        found = self._path.stat()
        if found.st_uid not in (os.geteuid(), 0):
            raise KeyUnavailable(f"{self._path.name} belongs to another user")
        if found.st_mode & 0o077:
            _log.warning("%s could be read by others; narrowed to its owner", self._path.name)
            self._path.chmod(0o600)


class SystemKeyring:
    """The first usable one of the allowed keyrings, asked `seconds` at most: a locked one may wait for a
    person."""

    place = "keyring"

    def __init__(self, backend: Callable[[], Any] | None = None, seconds: float = ASK_SECONDS) -> None:
        self._backend, self._seconds = backend or allowed_backend, seconds

    def fetch(self, store_id: str) -> bytes | None:
        text = within(self._seconds, lambda: self._require().get_password(_SERVICE, store_id))
        try:
            return bytes.fromhex(text) if text else None
        except ValueError as e:
            raise KeyUnavailable("what the keyring has under this store's id is no key") from e

    def keep(self, store_id: str, key: bytes) -> None:
        within(self._seconds, lambda: self._require().set_password(_SERVICE, store_id, key.hex()))
        if self.fetch(store_id) != key:
            raise KeyUnavailable("the keyring did not keep the key")

    replace = keep

    def drop(self, store_id: str) -> None:
        with suppress(Exception):  # some cannot: what stays there opens nothing
            within(self._seconds, lambda: self._require().delete_password(_SERVICE, store_id))

    def _require(self) -> Any:
        backend = self._backend()
        if backend is None:
            raise KeyUnavailable("this machine has no keyring that can be trusted")
        return backend


def allowed_backend() -> Any:
    """Return a usable keyring backend from the allow-list, or None. Slow (imports, D-Bus): call in a
    thread."""
    if os.environ.get(ENV, "").lower() == "off":
        return None
    for module, name in _ALLOWED:
        with suppress(Exception):  # a backend tells that it is not usable by raising whatever it likes
            backend = getattr(importlib.import_module(module), name)
            if backend.priority >= 1:
                return backend()
    return None


def key_of(folder: Path, source: KeySource | None = None) -> tuple[str, bytes]:
    """(store id, key) of the store that is in `folder`; raises KeyUnavailable, makes nothing.

    `source` stands in for keyring and file. Without ``store.json`` (lost) the key file alone is tried,
    under the store id "".
    """
    placed = placed_in(folder) or KeyPlace("", KeyFile.place)
    found = _kept_by(folder, placed, source).fetch(placed.store_id)
    if placed.next and has_next(folder, folder / _DATABASE, source):
        found = _next_of(folder, placed, source).fetch(_next_id(placed))
    if found is None or len(found) != 32:
        raise KeyUnavailable(f"the key of this store is not where it was put ({placed.place})")
    return placed.store_id, found


def placed_in(folder: Path) -> KeyPlace | None:
    """Return what ``store.json`` says, or None without one."""
    try:
        said = json.loads((folder / STORE_FILE).read_text("utf-8"))
        if said["format"] != FORMAT:
            raise KeyUnavailable(f"{STORE_FILE} has format {said['format']}, this program knows {FORMAT}")
        making, other = said.get("making") is True, said.get("next") is True
        return KeyPlace(str(said["store_id"]), str(said["key"]), making, other)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise KeyUnavailable(f"{STORE_FILE} cannot be read: {e}") from e


def note(folder: Path, placed: KeyPlace) -> None:
    """Write ``store.json``, on disk when this returns."""
    said: dict[str, object] = {"format": FORMAT, "store_id": placed.store_id, "key": placed.place}
    if placed.making:
        said["making"] = True
    if placed.next:
        said["next"] = True
    write_own(folder / STORE_FILE, json.dumps(said).encode() + b"\n")


def place_new_key(folder: Path, source: KeySource | None = None) -> KeyPlace:
    """Make a key for a store that does not exist yet, put it where it can stay, and note that.

    Only with no database in `folder`. A key that a crash left behind there is used, never written over.
    """
    store_id = secrets.token_hex(8)
    if source is None and KeyFile(folder).fetch(store_id) is not None:
        place = KeyFile.place
    else:
        place = _kept(store_id, [source] if source else [SystemKeyring(), KeyFile(folder)])
    placed = KeyPlace(store_id, place, making=True)
    note(folder, placed)
    return placed


def made(folder: Path) -> None:
    """The database is there: from now on it can only be lost, never made anew."""
    placed = placed_in(folder)
    if placed is not None and placed.making:
        note(folder, KeyPlace(placed.store_id, placed.place))


def keep_next(folder: Path, key: bytes, source: KeySource | None = None) -> None:
    """Keep another key beside the one there is, and note that the database may have it."""
    placed = _placed(folder)
    kept_by = _next_of(folder, placed, source)
    kept_by.drop(_next_id(placed))
    kept_by.keep(_next_id(placed), key)
    note(folder, replace(placed, next=True))


def has_next(folder: Path, database: Path, source: KeySource | None = None) -> bool:
    """Tell whether the database has the key that was kept beside its own."""
    from liveconsole.store.cipher import opens  # doctor tells of a key where there is no cipher, too

    placed = _placed(folder)
    key = _next_of(folder, placed, source).fetch(_next_id(placed))
    return key is not None and len(key) == 32 and opens(database, key)


def take_next(folder: Path, source: KeySource | None = None) -> None:
    """The key that was kept beside is the store's: the one before it goes."""
    placed = _placed(folder)
    key = _next_of(folder, placed, source).fetch(_next_id(placed))
    if key is None:
        raise KeyUnavailable("the new key of this store is not where it was put")
    _kept_by(folder, placed, source).replace(placed.store_id, key)
    failpoint("next key taken")
    drop_next(folder, source)


def drop_next(folder: Path, source: KeySource | None = None) -> None:
    """There is one key again: the store's own."""
    placed = _placed(folder)
    note(folder, replace(placed, next=False))
    _next_of(folder, placed, source).drop(_next_id(placed))


def _placed(folder: Path) -> KeyPlace:
    """What ``store.json`` says; of a store that lost it, what the database does not contradict."""
    return placed_in(folder) or KeyPlace("", KeyFile.place)


def _kept_by(folder: Path, placed: KeyPlace, source: KeySource | None) -> KeySource:
    return source or (SystemKeyring() if placed.place == SystemKeyring.place else KeyFile(folder))


def _next_of(folder: Path, placed: KeyPlace, source: KeySource | None) -> KeySource:
    if source is None and placed.place != SystemKeyring.place:
        return KeyFile(folder, NEXT_FILE)
    return source or SystemKeyring()


def _next_id(placed: KeyPlace) -> str:
    return f"{placed.store_id}.next"


def take_back(folder: Path) -> None:
    """Undo ``place_new_key`` in a folder where no database came to be. What a keyring took stays there,
    unused."""
    (folder / STORE_FILE).unlink(missing_ok=True)
    (folder / KEY_FILE).unlink(missing_ok=True)


def _kept(store_id: str, sources: list[KeySource]) -> str:
    """The place of the first source that takes a new key."""
    key = secrets.token_bytes(32)
    reasons = []
    for candidate in sources:
        try:
            candidate.keep(store_id, key)
        except KeyUnavailable as e:
            reasons.append(str(e))
        else:
            if reasons:
                _log.info("the key of this store is kept in %s: %s", candidate.place, "; ".join(reasons))
            return candidate.place
    raise KeyUnavailable("; ".join(reasons))


def describe(folder: Path) -> dict[str, object]:
    """Tell where the key is and what speaks against the folder, for ``doctor``; asks no keyring."""
    placed = placed_in(folder)
    said: dict[str, object] = {"key": placed.place if placed else "none", "warnings": warnings(folder)}
    path = folder / KEY_FILE
    if placed and placed.place == KeyFile.place and os.name == "posix" and path.exists():
        said["key_file_mode"] = f"{path.stat().st_mode & 0o777:04o}"
    return said


_SYNCED: Final = (
    "onedrive",
    "dropbox",
    "icloud",
    "google drive",
    "googledrive",
    "nextcloud",
    "坚果云",
    "nutstore",
)
_SYNCED_MAC: Final = "Library/Mobile Documents"


def warnings(folder: Path) -> list[str]:
    """Tell why a database may come to harm in this folder: codes ``sync_folder``, ``network_folder``. Cheap
    guesses."""
    path = folder.absolute().as_posix()
    found = []
    if _SYNCED_MAC in path or any(word in path.lower() for word in _SYNCED):
        found.append("sync_folder")
    if path.startswith("//") or _is_network_mount(folder.absolute()):
        found.append("network_folder")
    return found


def _is_network_mount(folder: Path) -> bool:
    try:
        lines = Path("/proc/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    best, kind = "", ""
    for line in lines:
        _, where, fs, *_ = line.split(" ")
        if len(where) >= len(best) and folder.is_relative_to(where.replace("\\040", " ")):
            best, kind = where, fs
    return kind.startswith(("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs"))


def within(seconds: float, ask: Callable[[], _T]) -> _T:
    """Ask in a thread of its own; raise KeyUnavailable when it takes longer or fails."""
    answered: queue.SimpleQueue[tuple[_T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answered.put((ask(), None))
        except Exception as e:  # noqa: BLE001  a keyring may raise anything, and it is told below
            answered.put((None, e))

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        value, error = answered.get(timeout=seconds)
    except queue.Empty:
        raise KeyUnavailable(f"the keyring did not answer within {seconds:g} s") from None
    if isinstance(error, KeyUnavailable):
        raise error
    if error is not None:
        raise KeyUnavailable(f"the keyring failed: {type(error).__name__}") from error
    return value  # type: ignore[return-value]
