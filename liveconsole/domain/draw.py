"""The draw: the published algorithm ``fair_pick``, so that anybody can derive the winners again.

Source: github electric-lump-software/wallop, spec/protocol.md sections 1 and 2 (MIT): sort by id, expand by
weight, full Durstenfeld shuffle driven by SHA-256 in counter mode with rejection, first distinct ids win.
The entry hash and the seed are SHA-256 of JCS (RFC 8785). Nothing here knows a room;
``liveconsole.verify_draw`` is a second implementation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final

ALGORITHM: Final = "fair_pick"
RECEIPT_VERSION: Final = 1

PROMISE_LETTERS: Final = 16
_RECEIPT_LETTERS: Final = 8
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_MAX_POOL: Final = 2**32
"""Blocks are counted in 32 bits, so a pool cannot be larger."""
_SAFE: Final = 2**256 - _MAX_POOL
"""Below it no rejection is possible for any pool: the exact test is made above it only."""
_JCS_INT: Final = 2**53 - 1


def jcs(value: Any) -> bytes:
    """RFC 8785 for what rules and entries are made of: objects, lists, text, integers to 2^53 − 1, literals.

    Raises:
        TypeError: a float, or anything else that is not one of these.
        ValueError: an integer that JSON readers would round.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        # RFC 8785 sorts keys by UTF-16 code units, which is not the order of code points.
        return {k: _ordered(value[k]) for k in sorted(value, key=lambda k: str(k).encode("utf-16-be"))}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        if abs(value) > _JCS_INT:
            raise ValueError(f"{value} is not exact in JSON")
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form here")


def rules_hash(rules: dict[str, Any]) -> str:
    return sha256(jcs(rules)).hexdigest()


def commitment(value: bytes) -> str:
    """Return what is shown before the draw of the value that is revealed after it."""
    return sha256(value).hexdigest()


def receipt_code(receipt: dict[str, Any]) -> str:
    """Return the short code of a receipt: of all of it but its entrants, for whom the root stands, so that it
    is the same where they are not in it."""
    said = {name: value for name, value in receipt.items() if name not in ("entries", "count", "code")}
    return short_code(sha256(jcs(said)).hexdigest(), _RECEIPT_LETTERS)


def promise_code(rules_sha256: str) -> str:
    """Return what viewers see of the rules, commitment included, while they enter. Twice as long as a
    receipt's, since who chose it had all the time in the world to look for other rules with the same one."""
    return short_code(rules_sha256, PROMISE_LETTERS)


def short_code(digest: str, letters: int) -> str:
    """Return the first bits of a SHA-256 (hex) in Crockford's base 32, in fours: ``7K2M-9QXR``."""
    bits = int(digest, 16) >> (256 - 5 * letters)
    text = "".join(_CROCKFORD[bits >> (5 * place) & 31] for place in reversed(range(letters)))
    return "-".join(text[start : start + 4] for start in range(0, letters, 4))


def uuid_shaped(raw: bytes) -> str:
    """16 bytes as a lowercase hyphenated UUID, version and variant bits set: the published form of an id."""
    octets = bytearray(raw[:16])
    octets[6] = octets[6] & 0x0F | 0x40
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def entry_id(draw_id: str, salt: str, pid: str) -> str:
    """Return the public name of one entrant in one draw: who knows his pid finds himself; no other draw uses
    it."""
    return uuid_shaped(sha256("\0".join(("liveconsole/entry/1", draw_id, salt, pid)).encode()).digest())


def entry_hash(draw_id: str, entries: Iterable[tuple[str, int]]) -> str:
    """Return the root: SHA-256 of the canonical draw id and entries (uuid, weight), in any order given."""
    listed = [{"uuid": uuid, "weight": weight} for uuid, weight in _sorted(entries)]
    return sha256(jcs({"draw_id": draw_id, "entries": listed})).hexdigest()


def compute_seed(root: str, value: bytes) -> bytes:
    """Return the seed, in the published form with one source of randomness: it binds the value to the
    entrants."""
    return sha256(jcs({"drand_randomness": value.hex(), "entry_hash": root})).digest()


def fair_pick(entries: Iterable[tuple[str, int]], seed: bytes, count: int) -> list[str]:
    """Return the first ``count`` distinct ids of the shuffled pool, in order; all of them when there are
    fewer.

    Raises:
        ValueError: a seed that is not 32 bytes, a weight below 1, an id twice, a pool over 2^32.
    """
    if len(seed) != 32:
        raise ValueError("the seed is 32 bytes")
    ordered = _sorted(entries)
    if any(weight < 1 for _, weight in ordered):
        raise ValueError("a weight is at least 1")
    if len({uuid for uuid, _ in ordered}) != len(ordered):
        raise ValueError("an id stands twice")
    if sum(weight for _, weight in ordered) > _MAX_POOL:
        raise ValueError("the pool is too large")
    pool = [uuid for uuid, weight in ordered for _ in range(weight)]
    _shuffle(pool, seed)
    return list(dict.fromkeys(pool))[: max(0, count)]


def _sorted(entries: Iterable[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    return sorted(entries)  # by code points, which is the byte order of UTF-8


def _shuffle(pool: list[str], seed: bytes) -> None:
    """The whole pool, whatever is asked of it: a partial shuffle would use other blocks."""
    hashed, number = sha256, int.from_bytes
    ctr = 0
    for i in range(len(pool) - 1, 0, -1):
        n = i + 1
        while True:
            v = number(hashed(seed + ctr.to_bytes(4, "big")).digest(), "big")
            ctr += 1
            j = v % n
            # v >= floor(2^256 / n) * n, without the division where it cannot be
            if v < _SAFE or v - j + n <= 2**256:
                break
        pool[i], pool[j] = pool[j], pool[i]
