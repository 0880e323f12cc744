"""Keys by which a broker knows who connects (nkeys: Ed25519, in letters with a checksum).

The seed is made where it is used and never leaves that computer; the public key is what others are told.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liveconsole.paths import write_own

_SEED_LONG: Final = 58
_FILE_LIMIT: Final = 4_096
_SEED: Final = re.compile(rf"SU[A-Z2-7]{{{_SEED_LONG - 2}}}")
_PUBLIC: Final = re.compile(r"U[A-Z2-7]{55}")
MISSING: Final = "nats_missing"


class NatsMissing(Exception):
    """The extra ``nats`` (nats-py and nkeys) is not installed."""


class BadKey(ValueError):
    """What should hold a seed or a public key holds none."""


def new_seed() -> str:
    """Return a new seed. Raises `NatsMissing`."""
    try:
        import nkeys
    except ImportError as error:
        raise NatsMissing from error
    made: bytes = nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER)
    return made.decode("ascii")


def public_of(seed: str) -> str:
    """Return the public key of a seed. Raises `BadKey`, `NatsMissing`."""
    try:
        import nkeys
    except ImportError as error:
        raise NatsMissing from error
    try:
        pair = nkeys.from_seed(bytearray(seed, "ascii"))
        found: bytes = pair.public_key
        pair.wipe()
    except (nkeys.NkeysError, ValueError, binascii.Error) as error:
        raise BadKey("that is no seed of a key") from error
    return found.decode("ascii")


def is_public(text: str) -> bool:
    """Tell whether it is the public key of a user, down to its checksum."""
    if not _PUBLIC.fullmatch(text):
        return False
    raw = base64.b32decode(text)
    return binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little")


def signed(seed: str, words: str) -> str:
    """Return the signature over words, hex. Raises `BadKey`, `NatsMissing`."""
    try:
        import nkeys
    except ImportError as error:
        raise NatsMissing from error
    try:
        made: bytes = nkeys.from_seed(bytearray(seed, "ascii")).sign(words.encode())
    except (nkeys.NkeysError, ValueError) as error:
        raise BadKey("that is no seed of a key") from error
    return made.hex()


def is_signed(key: str, words: str, signature: str) -> bool:
    """Tell whether who holds a public key's seed signed the words."""
    if not is_public(key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(base64.b32decode(key)[1:-2]).verify(
            bytes.fromhex(signature), words.encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def owner_words(seat: str) -> str:
    """Return what a seat signs to show that a key is its own."""
    return f"liveconsole seat {seat}"


def read_seed(path: Path) -> str:
    """Return the seed in a file (alone, or among lines of a ``.nk`` or ``.creds`` file); blocks.

    Raises:
        BadKey: there is none in it.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        text = file.read(_FILE_LIMIT).decode("ascii", "replace")
    for line in text.splitlines():
        if _SEED.fullmatch(line.strip()):
            return line.strip()
    raise BadKey(f"{path.name} holds no seed of a key")


def kept_seed(path: Path) -> str:
    """Return the seed of a file, made with it where there is none, for its owner alone; blocks.

    Raises:
        BadKey, NatsMissing, OSError: as `read_seed` and `new_seed`.
    """
    try:
        return read_seed(path)
    except FileNotFoundError:
        seed = new_seed()
        write_own(path, seed.encode("ascii") + b"\n")
        return seed
