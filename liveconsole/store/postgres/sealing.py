"""What the database must not be able to read: outside ids and names, the key that makes pids, kept secrets.

AES-256-GCM under a key that is derived from the room's one (`store.keys`): a dump, a replica and the
database's own log hold nothing of them that anybody could read without it. Each value is bound to its place.
"""

from __future__ import annotations

import hashlib
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liveconsole.store.errors import KeyUnavailable

_NONCE: Final = 12


class Seal:
    """Seals and opens under one room's key. ``place``: table, column and row, so that no value can be put
    where another one was."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        """For who reads the same room in another process (`read_access`)."""
        self._cipher = AESGCM(_derived(key, b"seal"))
        self._marks = _derived(key, b"mark")

    def close(self, place: str, value: bytes) -> bytes:
        """Return it sealed; another time the same is sealed otherwise."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, value, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Return what was sealed; KeyUnavailable where key or place are others."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except InvalidTag as e:
            raise KeyUnavailable(f"the key of this room does not open {place.partition(':')[0]}") from e

    def mark(self, text: str) -> bytes:
        """Return 16 bytes that stand for an outside id, the same each time: to find it by."""
        return hashlib.blake2b(text.encode(), digest_size=16, key=self._marks, person=b"outside").digest()


def _derived(key: bytes, use: bytes) -> bytes:
    return hashlib.blake2b(b"", digest_size=32, key=key, person=use).digest()
