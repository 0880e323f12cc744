"""Which chain rounds come from: the public one, or one that a file describes as drand's ``/info`` does."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from liveconsole.connectors.drand.signature import KEY_BYTES, can_verify
from liveconsole.domain.drand import QUICKNET, Chain

SCHEME: Final = "bls-unchained-g1-rfc9380"
CHAIN_FILE: Final = "LIVECONSOLE_DRAND_CHAIN"
"""Names a file with another chain: for tests, and for those who run one."""


class BadChain(ValueError):
    """The file describes no chain that can be used; the text says why."""


def chain_in_use() -> Chain | None:
    """Return the chain of this program; None where no signature can be verified.

    Raises:
        BadChain: the file that names another one cannot be used.
    """
    if not can_verify():
        return None
    named = os.environ.get(CHAIN_FILE)
    if not named:
        return QUICKNET
    try:
        return chain_of(json.loads(Path(named).read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise BadChain(f"{CHAIN_FILE}: {error}") from error


def chain_of(info: Any) -> Chain:
    """Return the chain that an ``/info`` describes; its hash is worked out, and must be the one it says.

    Raises:
        BadChain: not of the one scheme that is verified here, or no such chain.
    """
    try:
        key, period, genesis = bytes.fromhex(info["public_key"]), info["period"], info["genesis_time"]
        seed, name = bytes.fromhex(info["groupHash"]), (info.get("metadata") or {}).get("beaconID", "")
        whole = period.to_bytes(4, "big") + genesis.to_bytes(8, "big") + key + seed
        whole += name.encode() if name != "default" else b""
        scheme, said = info["schemeID"], info["hash"]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadChain(f"no chain info: {error!r}") from error
    if scheme != SCHEME:
        raise BadChain(f"scheme {scheme}: only {SCHEME} is verified here")
    if len(key) != KEY_BYTES or period < 1:
        raise BadChain("no chain info: its key or its period is none")
    if sha256(whole).hexdigest() != said:
        raise BadChain(f"the hash {said} is not this chain's")
    return Chain(said, key.hex(), genesis, period)
