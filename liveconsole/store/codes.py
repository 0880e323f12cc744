"""The recovery code of a backup: 120 random bits and a checksum, for a person to write down and type again.

Seven groups of four from Crockford's alphabet (no I, L, O, U); reading forgives case, blanks, hyphens,
full-width letters, and I, L, O for 1, 1, 0. The code itself, its 28 letters without hyphens, is the
passphrase of the backup file; SQLCipher derives the key: PBKDF2-HMAC-SHA512, 256,000 rounds, salt in the
file's first 16 bytes. So any SQLCipher 4 opens a backup without this program.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from typing import Final

from liveconsole.store.errors import WrongCode

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM, _CHECK, _GROUP = 24, 4, 4
_FORGIVEN: Final = str.maketrans(
    {"O": "0", "I": "1", "L": "1", "-": None, " ": None, "–": None, "\u2014": None}
)


def new_code() -> str:
    """Return a code as it is shown, once: ``XXXX-XXXX-…``."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    whole = letters + _check(letters)
    return "-".join(whole[i : i + _GROUP] for i in range(0, len(whole), _GROUP))


def passphrase(code: str) -> str:
    """Return the 28 letters behind what a person typed; WrongCode if that cannot be one of our codes."""
    letters = "".join(unicodedata.normalize("NFKC", code).upper().translate(_FORGIVEN).split())
    if len(letters) != _RANDOM + _CHECK or not set(letters) <= set(_ALPHABET):
        raise WrongCode(f"a recovery code has {_RANDOM + _CHECK} letters and digits")
    if _check(letters[:_RANDOM]) != letters[_RANDOM:]:
        raise WrongCode("one of the letters is not right")
    return letters


def _check(letters: str) -> str:
    number = int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=4, person=b"code").digest(), "big")
    return "".join(_ALPHABET[number >> 5 * i & 31] for i in range(_CHECK))
