"""The part of ``verify_draw`` that needs a library: whether a value is a round of a drand chain.

A second implementation like that one, of drand's scheme ``bls-unchained-g1-rfc9380`` over pyblst (MIT).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from pyblst import BlstP1Element, BlstP2Element, final_verify, miller_loop

PUBLIC = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
_PUBLIC_INFO = {
    "schemeID": "bls-unchained-g1-rfc9380",
    "public_key": (
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec75"
        "8c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    "period": 3,
    "genesis_time": 1692803367,
    "groupHash": "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
    "metadata": {"beaconID": "quicknet"},
}
"""What https://api.drand.sh/PUBLIC/info says."""
_G2 = (
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)


class DrandChain(NamedTuple):
    key: bytes
    genesis: int
    """Unix seconds of round 1."""
    period: int


def chains(infos: Sequence[Any] = ()) -> dict[str, DrandChain]:
    """Chains by their hash, which is worked out: the public one, and what ``/info`` of others says.

    Raises:
        ValueError: one of them describes no chain of this scheme.
    """
    return dict(_chain(info) for info in (_PUBLIC_INFO, *infos))


def _chain(info: Any) -> tuple[str, DrandChain]:
    try:
        if info["schemeID"] != _PUBLIC_INFO["schemeID"]:
            raise ValueError(f"scheme {info['schemeID']} is not verified here")
        key = bytes.fromhex(info["public_key"])
        whole = info["period"].to_bytes(4, "big") + info["genesis_time"].to_bytes(8, "big") + key
        name = (info.get("metadata") or {}).get("beaconID", "")
        whole += bytes.fromhex(info["groupHash"]) + (name.encode() if name != "default" else b"")
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"no info of a chain: {error!r}") from error
    return hashlib.sha256(whole).hexdigest(), DrandChain(key, info["genesis_time"], info["period"])


def is_signed(key: bytes, number: int, signature: bytes) -> bool:
    """Whether e(signature, G2) = e(H(SHA-256(round)), key): False for anything malformed."""
    if type(number) is not int or not 0 < number < 2**64 or len(signature) != 48 or len(key) != 96:
        return False
    if signature[0] & 0x40 or key[0] & 0x40:  # the point at infinity fits every round
        return False
    try:
        point = BlstP1Element().uncompress(signature)  # no to what is outside of the curve or its group
        by = BlstP2Element().uncompress(key)
    except ValueError:
        return False
    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    hashed = BlstP1Element().hash_to_group(message, b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_")
    one = miller_loop(point, BlstP2Element().uncompress(bytes.fromhex(_G2)))
    return bool(final_verify(one, miller_loop(hashed, by)))
