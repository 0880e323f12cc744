"""How the platform signs and wraps a push: SHA-1 over sorted words, AES-256-CBC with the appid at its end.

SHA-1 and the padding to 32 bytes are the platform's. A push is believed by its signature and its appid alone;
why one is not believed no stranger is told. Pure.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from hashlib import sha1
from typing import Final

from msgspec import Struct

_BLOCK: Final = 32
_AES_BLOCK: Final = 16
_RANDOM: Final = 16
_HEAD: Final = _RANDOM + 4
_KEY_LETTERS: Final = 43


class BadPush(Exception):
    """This is no push of the shop. ``code``: ``signature, key, shape, appid``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Wrapped(Struct, frozen=True):
    """A push as it came: signed, and not opened."""

    timestamp: str
    nonce: str
    signature: str
    encrypt: str


def signature_of(token: str, *words: str) -> str:
    """Return the signature over these words, in hex."""
    return sha1(
        "".join(sorted((token, *words))).encode("utf-8", "replace"), usedforsecurity=False
    ).hexdigest()


def is_signed(token: str, signature: str, *words: str) -> bool:
    """Tell whether the platform signed these words; an empty token signs nothing."""
    expected = signature_of(token, *words).encode()
    return hmac.compare_digest(expected, signature.lower().encode("utf-8", "replace")) and bool(token)


def aes_key_of(letters: str) -> bytes:
    """Return the 32 bytes behind an EncodingAESKey.

    Raises:
        BadPush: ``key``, these are none.
    """
    letters = letters.strip()
    try:
        key = base64.b64decode(letters + "=", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPush("key") from error
    if len(letters) != _KEY_LETTERS or len(key) != _BLOCK:
        raise BadPush("key")
    return key


def opened(push: Wrapped, *, token: str, aes_key: str, appid: str) -> bytes:
    """Return the message of a push that this shop's platform signed and wrapped for this appid.

    Raises:
        BadPush: it did not.
    """
    if not is_signed(token, push.signature, push.timestamp, push.nonce, push.encrypt):
        raise BadPush("signature")
    return unwrapped(push.encrypt, aes_key=aes_key, appid=appid)


def unwrapped(encrypt: str, *, aes_key: str, appid: str) -> bytes:
    """Return what stands in ``Encrypt``, its appid checked; as `opened`, without the signature."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = aes_key_of(aes_key)
    try:
        wrapped = base64.b64decode(encrypt, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPush("shape") from error
    if not wrapped or len(wrapped) % _AES_BLOCK:
        raise BadPush("shape")
    opening = Cipher(algorithms.AES(key), modes.CBC(key[:_AES_BLOCK])).decryptor()
    plain = opening.update(wrapped) + opening.finalize()
    pad = plain[-1]
    if not 1 <= pad <= _BLOCK or len(plain) - pad < _HEAD or plain[-pad:] != bytes((pad,)) * pad:
        raise BadPush("shape")
    plain = plain[:-pad]
    (length,) = struct.unpack_from(">I", plain, _RANDOM)
    message, for_whom = plain[_HEAD : _HEAD + length], plain[_HEAD + length :]
    if len(message) != length:
        raise BadPush("shape")
    if not appid or not hmac.compare_digest(for_whom, appid.encode()):
        raise BadPush("appid")
    return message


def wrapped(message: bytes, *, aes_key: str, appid: str, random: bytes) -> str:
    """Return ``Encrypt`` of a message, as the platform makes it; ``random``: 16 bytes."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = aes_key_of(aes_key)
    plain = random[:_RANDOM] + struct.pack(">I", len(message)) + message + appid.encode()
    pad = _BLOCK - len(plain) % _BLOCK
    closing = Cipher(algorithms.AES(key), modes.CBC(key[:_AES_BLOCK])).encryptor()
    return base64.b64encode(closing.update(plain + bytes((pad,)) * pad) + closing.finalize()).decode()
