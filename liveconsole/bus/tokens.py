"""Tokens and port of a data folder: made once, kept over restarts, so that an OBS source keeps working.

They live in ``bus.json``, readable by its owner alone, which stays when engine.json goes.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.paths import write_own

FILE: Final = "bus.json"
ROLES: Final = ("host", "operator", "assistant", "viewer", "producer", "overlay", "keys", "metrics")


class Access(Struct, frozen=True):
    """Content of bus.json."""

    tokens: dict[str, str]
    proof_key: str
    port: int = 0

    def __repr__(self) -> str:
        return f"Access({sorted(self.tokens)!r}, port={self.port})"  # a log gets no token


def load(folder: Path) -> Access:
    """Load the folder's access, made at the first time; roles that a newer version added get their token
    now."""
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=Access)
    except FileNotFoundError:
        found = Access(tokens={}, proof_key=secrets.token_urlsafe(32))
    missing = [role for role in ROLES if role not in found.tokens]
    if missing:
        tokens = found.tokens | {role: secrets.token_urlsafe(32) for role in missing}
        found = Access(tokens, found.proof_key, found.port)
        _save(folder, found)
    return found


def keep_port(folder: Path, access: Access, port: int) -> Access:
    """Remember the port that the server got."""
    if access.port == port:
        return access
    kept = Access(access.tokens, access.proof_key, port)
    _save(folder, kept)
    return kept


def renew(folder: Path, role: str) -> str:
    """Make a new token for ``role`` and return it; the old one is worth nothing from the next start on."""
    if role not in ROLES:
        raise ValueError(f"no such role: {role}")
    access = load(folder)
    token = secrets.token_urlsafe(32)
    _save(folder, Access(access.tokens | {role: token}, access.proof_key, access.port))
    return token


def role_of(tokens: Mapping[str, str], token: str) -> str | None:
    """Tell whose token it is. Every known token is compared, in constant time each."""
    found: str | None = None
    given = token.encode("utf-8", "surrogateescape")
    for role, known in tokens.items():
        if hmac.compare_digest(known.encode(), given):
            found = role
    return found


def _save(folder: Path, access: Access) -> None:
    write_own(folder / FILE, msgspec.json.encode(access))
