"""One question to a drand relay: the signature of a round. What it answers is verified before it is used."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Final

import aiohttp

from liveconsole.connectors.drand.signature import SIGNATURE_BYTES, is_signed
from liveconsole.domain.drand import Chain

RELAY: Final = "LIVECONSOLE_DRAND"
"""Base address of another relay, in place of the public ones."""
PUBLIC: Final = (
    "https://api.drand.sh",
    "https://api2.drand.sh",
    "https://api3.drand.sh",
    "https://drand.cloudflare.com",
)
ASK_SECONDS: Final = 4.0
_ANSWER_BYTES: Final = 4096
"""A round takes some 300; what is longer is no round."""


class NotServed(Exception):
    """This relay gave no value of that round; the text says what came instead."""


def relays() -> Sequence[str]:
    named = os.environ.get(RELAY, "").strip()
    return (named.rstrip("/"),) if named else PUBLIC


async def fetch(session: aiohttp.ClientSession, relay: str, chain: Chain, number: int) -> bytes:
    """Return the verified signature of a round.

    Raises:
        NotServed: it is not there yet, the relay is not reached in time, or its signature is another's.
    """
    timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
    try:
        async with session.get(
            f"{relay}/{chain.hash}/public/{number}", timeout=timeout, allow_redirects=False
        ) as answer:
            if answer.status != 200:
                raise NotServed(f"status {answer.status}")
            body = await answer.content.read(_ANSWER_BYTES + 1)
            while len(body) <= _ANSWER_BYTES and (more := await answer.content.read(_ANSWER_BYTES)):
                body += more
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise NotServed(f"not reached: {type(error).__name__}") from error
    if len(body) > _ANSWER_BYTES:
        raise NotServed("its answer is too long")
    signature = _signature_in(body, number)
    if not is_signed(chain, number, signature):
        raise NotServed("its signature is not the chain's")
    return signature


def _signature_in(body: bytes, number: int) -> bytes:
    try:
        told = json.loads(body)
        signature = bytes.fromhex(told["signature"])
        named = told["round"]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise NotServed("no round in its answer") from error
    if named != number or len(signature) != SIGNATURE_BYTES:
        raise NotServed("another round than asked for")
    return signature
