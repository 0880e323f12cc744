"""The shop's callbacks: wrapped and signed as the platform does, and said again until somebody says success.

Written apart from the product's own way of opening them, so that both are not wrong in the same way.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

AGAIN: Final = (0, 0, 10, 60, 300, 1800, 3600, 3600, 3600)
"""Seconds until a push that nobody took is said again."""

_WITHIN: Final = 5.0
_BLOCK: Final = 32


@dataclass(frozen=True, slots=True)
class Keys:
    token: str = "QDG6eK"
    aes_key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    appid: str = "wx0000000000000001"


def sign(*words: str) -> str:
    return hashlib.sha1("".join(sorted(words)).encode(), usedforsecurity=False).hexdigest()


def encrypt(keys: Keys, message: bytes, noise: bytes) -> str:
    """``noise``: the 16 bytes at the front."""
    key = base64.b64decode(keys.aes_key + "=")
    plain = noise + len(message).to_bytes(4, "big") + message + keys.appid.encode()
    fill = _BLOCK - len(plain) % _BLOCK
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain + bytes([fill]) * fill) + cipher.finalize()).decode()


@dataclass(slots=True)
class _Waiting:
    at: int
    tries: int
    openid: str
    body: bytes


@dataclass(slots=True)
class Pusher:
    """Takes what a shop pushes (``shop.push = pusher.take``) and says it when `deliver` is called."""

    url: str
    keys: Keys = field(default_factory=Keys)
    seed: int = 0
    waiting: list[_Waiting] = field(default_factory=list)
    given_up: int = 0

    def take(self, envelope: dict[str, Any]) -> None:
        body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
        self.waiting.append(_Waiting(envelope["CreateTime"], 0, envelope["FromUserName"], body))

    async def check(self, session: aiohttp.ClientSession, echo: str = "4375120948345356249") -> bool:
        """Whether the address proves that it knows the token, as it must before anything is pushed to it."""
        query = {"timestamp": "1714036504", "nonce": "1514711492", "echostr": echo}
        query["signature"] = sign(self.keys.token, query["timestamp"], query["nonce"])
        async with session.get(self.url, params=query) as response:
            return response.status == 200 and await response.text() == echo

    async def deliver(self, session: aiohttp.ClientSession, now: int) -> int:
        """Say all that is due by now; return how many were taken."""
        due = [one for one in self.waiting if one.at <= now]
        taken = 0
        for one in due:
            self.waiting.remove(one)
            if await self._taken(session, one, now):
                taken += 1
            elif one.tries < len(AGAIN):
                self.waiting.append(_Waiting(now + AGAIN[one.tries], one.tries + 1, one.openid, one.body))
            else:
                self.given_up += 1
        return taken

    def request(self, openid: str, message: bytes, now: int) -> tuple[dict[str, str], bytes]:
        """The query and the body of one push."""
        dice = Random(f"push/{self.seed}/{now}/{len(message)}")
        wrapped = encrypt(self.keys, message, dice.randbytes(16))
        stamp, nonce = str(now), str(dice.randint(10**8, 10**9))
        query = {
            "signature": sign(self.keys.token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "openid": openid,
            "encrypt_type": "aes",
            "msg_signature": sign(self.keys.token, stamp, nonce, wrapped),
        }
        return query, json.dumps({"ToUserName": "gh_000000000001", "Encrypt": wrapped}).encode()

    async def _taken(self, session: aiohttp.ClientSession, one: _Waiting, now: int) -> bool:
        query, body = self.request(one.openid, one.body, now)
        headers = {"Content-Type": "application/json"}
        limit = aiohttp.ClientTimeout(total=_WITHIN)
        try:
            async with session.post(
                self.url, params=query, data=body, headers=headers, timeout=limit
            ) as response:
                return response.status == 200 and await response.text() in ("success", "")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False


def pushed(pusher: Pusher) -> Sequence[dict[str, Any]]:
    """What waits to be said, in clear."""
    return [json.loads(one.body) for one in pusher.waiting]
