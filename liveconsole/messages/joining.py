"""How another computer or phone joins: the code that is shown and typed, six digits, and what goes over the
wire.

The code says address, port, the studio's certificate (80 bits of its SHA-256) and a one-time token (40 bits),
with 10 bits against mistyping, in Crockford's base32. Both screens show six digits made of what both sides
chose: the one who asks commits to its nonce before it sees the other, so that nobody in between can choose
digits that agree. Pure.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.messages.sharing import LABEL_LONG, SeatKind, SharedRole
from liveconsole.messages.text import without_unseen

JOIN: Final = "/v1/join"
"""``POST`` `JoinAsk` → `JoinAsked`; ``POST /v1/join/ID`` `JoinReveal` → `JoinShown`; ``GET /v1/join/ID``
waits 25 s at most → `JoinAnswer`. No bearer; on the shared address alone."""
JOIN_PAGE: Final = "/join"
PHONE_PAGE: Final = "/phone"
CERTIFICATE: Final = "/studio.crt"
TRUST: Final = "/v1/trust"
"""``GET`` says where the word is (`TrustAsked`); ``POST`` `TrustWord` proves that the certificate is
installed."""
NATS_KEY: Final = "/v1/seat/key"
"""``POST`` `NatsKey` → `NatsOffer`: a desk's seat hands in the key by which the broker is to know it."""
EVENTS: Final = "/v1/events"
CHECKPOINT: Final = "/v1/checkpoint"
"""``GET ?source=S`` → `Checkpoint`: with `EVENTS` all that a tool's seat may ask."""
OF_TOOLS: Final = frozenset({EVENTS, CHECKPOINT})
WAIT_SECONDS: Final = 25.0
NONCE_BYTES: Final = 16
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ: Final = {letter: n for n, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_FINGERPRINT_BYTES: Final = 10
_TOKEN_BYTES: Final = 5
_BODY_BYTES: Final = 4 + 2 + _FINGERPRINT_BYTES + _TOKEN_BYTES
_CHECK_BITS: Final = 10
_VERSION_BITS: Final = 2
_VERSION: Final = 0
_LETTERS: Final = (_BODY_BYTES * 8 + _VERSION_BITS + _CHECK_BITS) // 5
"""36 of them."""
_GROUP: Final = 4
_TYPED_MOST: Final = 200
_Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
_Nonce = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]


class BadCode(ValueError):
    """What was typed is no code; ``why``: ``typo`` (letters are wrong or missing), ``version`` (of a newer
    program)."""

    def __init__(self, why: Literal["typo", "version"]) -> None:
        super().__init__(why)
        self.why = why


class JoinCode(Struct, frozen=True):
    """What a code says. ``fingerprint``: the first 80 bits of the SHA-256 of the certificate (DER)."""

    address: str
    port: int
    fingerprint: bytes
    token: bytes

    def __repr__(self) -> str:
        return f"JoinCode({self.address!r}, {self.port})"  # a log gets no token


def code_text(code: JoinCode) -> str:
    """Return the code as it is shown: groups of four letters."""
    body = ipaddress.IPv4Address(code.address).packed + code.port.to_bytes(2, "big")
    body += code.fingerprint[:_FINGERPRINT_BYTES] + code.token
    if len(body) != _BODY_BYTES:
        raise ValueError("fingerprint or token is too short")
    number = ((_VERSION << 8 * _BODY_BYTES) | int.from_bytes(body, "big")) << _CHECK_BITS | _check(body)
    letters = "".join(_ALPHABET[number >> 5 * n & 31] for n in reversed(range(_LETTERS)))
    return "-".join(letters[n : n + _GROUP] for n in range(0, _LETTERS, _GROUP))


def read_code(typed: str) -> JoinCode:
    """Read a code as it was typed, pasted or scanned (also the whole link).

    Raises:
        BadCode: it is none, or of a newer program.
    """
    letters = "".join(ch for ch in typed[:_TYPED_MOST].rpartition("#")[2].upper() if ch.isalnum())
    if len(letters) != _LETTERS or any(ch not in _READ for ch in letters):
        raise BadCode("typo")
    number = 0
    for ch in letters:
        number = number << 5 | _READ[ch]
    check = number & (1 << _CHECK_BITS) - 1
    number >>= _CHECK_BITS
    version = number >> 8 * _BODY_BYTES
    body = (number & (1 << 8 * _BODY_BYTES) - 1).to_bytes(_BODY_BYTES, "big")
    if check != _check(body):
        raise BadCode("typo")
    if version != _VERSION:
        raise BadCode("version")
    address, rest = str(ipaddress.IPv4Address(body[:4])), body[6:]
    port = int.from_bytes(body[4:6], "big")
    return JoinCode(address, port, rest[:_FINGERPRINT_BYTES], rest[_FINGERPRINT_BYTES:])


def _check(body: bytes) -> int:
    return int.from_bytes(sha256(b"liveconsole join code\0" + body).digest()[:2], "big") >> 16 - _CHECK_BITS


def code_token(token: bytes) -> str:
    """Return the one-time token as the wire has it."""
    return token.hex()


def commitment(nonce: bytes, label: str, kind: str) -> str:
    """Return what the one who asks commits to, hex: its nonce, and what it says of itself."""
    return _hashed(b"liveconsole join commitment", nonce, label.encode(), kind.encode()).hex()


def digits(seat_nonce: bytes, engine_nonce: bytes, certificate: bytes, label: str, kind: str) -> str:
    """Return the six digits that both screens show. ``certificate``: SHA-256 of the studio's, whole."""
    made = _hashed(
        b"liveconsole join digits", seat_nonce, engine_nonce, certificate, label.encode(), kind.encode()
    )
    return f"{int.from_bytes(made[:8], 'big') % 1_000_000:06d}"


def _hashed(*parts: bytes) -> bytes:
    """Hash parts of any length, each behind its length: no two lists of parts look alike."""
    return sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def label_of(text: str) -> str:
    """Return what a seat may call itself: one short line without anything unseen."""
    return without_unseen(" ".join(text.split()))[:LABEL_LONG].strip()


class JoinAsk(Struct, frozen=True):
    """``commit``: `commitment` of the nonce that is revealed next."""

    token: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{10}$")]
    commit: _Hex
    label: Annotated[str, msgspec.Meta(max_length=80)] = ""
    kind: SeatKind = "desk"
    version: str = ""
    """Of the program that asks; for the host to see where it is another."""

    def __repr__(self) -> str:
        return f"JoinAsk({self.kind!r}, {self.version!r})"  # a log gets no token


class JoinAsked(Struct, frozen=True):
    """``label`` is what the host is shown, and what goes into the digits. ``id`` is a secret of the asker."""

    id: str
    nonce: str
    label: str

    def __repr__(self) -> str:
        return "JoinAsked()"  # its address is a secret of the one who asks


class JoinReveal(Struct, frozen=True):
    """The nonce that was committed to. The commitment is over the label as it was sent."""

    nonce: _Nonce


class JoinShown(Struct, frozen=True):
    """``digits``: the asker reckons them itself and must find the same."""

    digits: str
    seconds: int
    """So long the host has to answer."""


class JoinAnswer(Struct, frozen=True, omit_defaults=True):
    """``waiting``: ask again. ``allowed`` brings the token until it is used, for 60 s at most."""

    status: Literal["waiting", "refused", "expired", "allowed"]
    token: str = ""
    seat_id: str = ""
    role: SharedRole | None = None
    may_fire: bool = False
    room: str = ""
    """The room's id, to know it again."""
    certificate: str = ""
    """The studio's certificate, PEM: what a desk trusts from now on, and nothing else."""
    broker: bool = False
    """The room is at a broker as well: a desk or a tool hands in its key (`NATS_KEY`)."""

    def __repr__(self) -> str:
        return f"JoinAnswer({self.status!r}, {self.seat_id!r})"  # a log gets no token


class TrustAsked(Struct, frozen=True):
    """Where a phone fetches the word: an address with a certificate of its own, which no click accepts."""

    url: str
    proved: bool


class TrustWord(Struct, frozen=True):
    word: Annotated[str, msgspec.Meta(max_length=64)]


class Checkpoint(Struct, frozen=True):
    """Up to where the log has a source: its newest event there, by which a tool knows where to go on.

    Nothing is there (null): ``why`` says ``never`` (the room never had anything of this source) or
    ``long_ago`` (nothing since the seq ``looked_from``; before it nobody looked).
    """

    source: str
    seq: int | None = None
    id: str | None = None
    at: datetime | None = None
    why: Literal["", "never", "long_ago"] = ""
    looked_from: int = 0


class NatsKey(Struct, frozen=True):
    """The public key of a seat (an nkey); its seed never leaves the seat's computer."""

    key: Annotated[str, msgspec.Meta(pattern=r"^U[A-Z2-7]{55}$")]
    proof: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}$")]
    """Signature over `bus.nats.keys.owner_words`: the key is its own."""


class NatsOffer(Struct, frozen=True):
    """Where a seat finds its room's broker, and by which certificate it knows it (PEM)."""

    url: str
    authority: str
