"""The signature of one round, verified. A relay is believed nothing: what does not verify is not a value."""

from __future__ import annotations

import importlib.util
from hashlib import sha256
from typing import Final

from liveconsole.domain.drand import Chain

SIGNATURE_BYTES: Final = 48
KEY_BYTES: Final = 96
_DOMAIN: Final = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
"""Scheme ``bls-unchained-g1-rfc9380``: signatures in G1, keys in G2, the hash to the curve of RFC 9380."""
_GENERATOR: Final = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
"""Of G2, compressed."""


def can_verify() -> bool:
    """Tell whether the library is here; there is none for some Pythons on some systems."""
    return importlib.util.find_spec("pyblst") is not None


def is_signed(chain: Chain, number: int, signature: bytes) -> bool:
    """Tell whether ``signature`` is the chain's of that round, in some 2 ms; False for what is malformed."""
    from pyblst import BlstP1Element, BlstP2Element, final_verify, miller_loop

    key = bytes.fromhex(chain.public_key)
    if len(signature) != SIGNATURE_BYTES or len(key) != KEY_BYTES or not 0 < number < 1 << 64:
        return False
    if signature[0] & 0x40 or key[0] & 0x40:  # the point at infinity, which signs everything
        return False
    try:
        signed = BlstP1Element().uncompress(signature)
        by = BlstP2Element().uncompress(key)
    except ValueError:  # no point of the curve, or not of its group
        return False
    asked = BlstP1Element().hash_to_group(sha256(number.to_bytes(8, "big")).digest(), _DOMAIN)
    return bool(
        final_verify(miller_loop(signed, BlstP2Element().uncompress(_GENERATOR)), miller_loop(asked, by))
    )
