"""Secrets of the outside worlds: in the keyring of the system, else in a file that only its owner reads.

They come in by ``PUT /v1/secrets/NAME`` or at a prompt, never by ``room.set`` and never on a command line,
and go out to the connection alone: not to the state, the log, a backup or a report. All calls block (a locked
keyring may wait for a person): call them in a thread.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import write_own
from liveconsole.store.errors import KeyUnavailable
from liveconsole.store.keys import ASK_SECONDS, allowed_backend, placed_in, within

log = logging.getLogger(__name__)

ENV: Final = "LIVECONSOLE_SECRETS"
"""Names a file that is read in place of DATA/secrets.json."""
FILE: Final = "secrets.json"
FILE_LIMIT: Final = 64 * 1024
VALUE_LIMIT: Final = 1_000
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "wechat_shop": ("secret", "assistant_secret", "token", "aes_key"),
    "obs": ("password",),
    "relay": ("key",),
    "backup": ("code", "password"),
    "database": ("password",),
    "bilibili": ("access_key", "access_secret", "app_id", "code", "room"),
}
"""Whose secrets there are, and what they are called."""
_SERVICE: Final = "LiveConsole secrets"
_Kept = dict[str, dict[str, str]]


class SecretsUnreadable(Exception):
    """The file is there and cannot be used; ``str`` says why."""


def read(
    folder: Path, name: str, *, backend: Callable[[], Any] = allowed_backend, seconds: float = ASK_SECONDS
) -> dict[str, str]:
    """Return the secrets of one world that are kept, what the keyring has over what stands in the file.

    Raises:
        SecretsUnreadable: the file cannot be used.
    """
    return _of_file(_path(folder)).get(name, {}) | _of_keyring(folder, name, backend, seconds)


def keep(
    folder: Path,
    name: str,
    values: Mapping[str, str],
    *,
    backend: Callable[[], Any] = allowed_backend,
    seconds: float = ASK_SECONDS,
) -> str:
    """Keep secrets of one world, an empty one taken away; return where: ``keyring`` or ``file``.

    Raises:
        SecretsUnreadable: the file that has to be written cannot be read first.
        OSError: it cannot be written.
        ValueError: a name or a field that there is not, or a value that is too long.
    """
    if name not in FIELDS or not set(values) <= set(FIELDS[name]):
        raise ValueError("no such secret")
    if any(len(value) > VALUE_LIMIT for value in values.values()):
        raise ValueError("too long")
    now = {**read(folder, name, backend=backend, seconds=seconds), **values}
    now = {field: value for field, value in now.items() if value}
    try:
        within(seconds, lambda: _write_keyring(backend(), _account(folder, name), now))
    except KeyUnavailable as why:
        log.info("secrets of %s go to a file: %s", name, why)
        path = _path(folder)
        _write_file(path, {**_of_file(path), name: now})
        return "file"
    path = _path(folder)
    if name in (there := _of_file(path)):  # one place knows it
        _write_file(path, {other: kept for other, kept in there.items() if other != name})
    return "keyring"


def fields(folder: Path, *, backend: Callable[[], Any] = allowed_backend) -> dict[str, list[str]]:
    """Return whose secrets are kept and which of them, without a value."""
    return {name: sorted(read(folder, name, backend=backend)) for name in FIELDS}


def _path(folder: Path) -> Path:
    named = os.environ.get(ENV, "")
    return Path(named).expanduser() if named else folder / FILE


def _of_file(path: Path) -> _Kept:
    try:
        if os.name == "posix":
            _narrow(path)
        if path.stat().st_size > FILE_LIMIT:
            raise SecretsUnreadable(f"{path.name} is too large")
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except FileNotFoundError:
        return {}
    except (OSError, *UNREADABLE) as why:
        raise SecretsUnreadable(f"{path.name} cannot be read: {type(why).__name__}") from why


def _narrow(path: Path) -> None:
    found = path.stat()
    if found.st_uid not in (os.geteuid(), 0):
        raise SecretsUnreadable(f"{path.name} belongs to another user")
    if found.st_mode & 0o077:
        log.warning("%s could be read by others; narrowed to its owner", path.name)
        path.chmod(0o600)


def _write_file(path: Path, kept: _Kept) -> None:
    whole = {name: values for name, values in kept.items() if values}
    write_own(path, msgspec.json.format(msgspec.json.encode(whole)) + b"\n")


def _of_keyring(folder: Path, name: str, backend: Callable[[], Any], seconds: float) -> dict[str, str]:
    try:
        text = within(seconds, lambda: _ask_keyring(backend(), _account(folder, name)))
        return msgspec.json.decode(text, type=dict[str, str]) if text else {}
    except (KeyUnavailable, *UNREADABLE) as why:
        log.warning("the keyring tells nothing of %s: %s", name, type(why).__name__)
        return {}


def _ask_keyring(keyring: Any, account: str) -> str | None:
    return keyring.get_password(_SERVICE, account) if keyring is not None else None


def _write_keyring(keyring: Any, account: str, values: dict[str, str]) -> None:
    if keyring is None:
        raise KeyUnavailable("this machine has no keyring that can be trusted")
    if not values:
        with suppress(Exception):  # nothing was there, or it cannot: an empty one says the same
            keyring.delete_password(_SERVICE, account)
            return
    text = msgspec.json.encode(values).decode()
    keyring.set_password(_SERVICE, account, text)
    if keyring.get_password(_SERVICE, account) != text:
        raise KeyUnavailable("the keyring did not keep it")


def _account(folder: Path, name: str) -> str:
    """Of one data folder: a rehearsal beside a real room has no secret of it."""
    try:
        placed = placed_in(folder)
    except KeyUnavailable:
        placed = None
    return f"{placed.store_id if placed is not None else folder.absolute()}/{name}"
