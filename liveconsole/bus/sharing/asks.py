"""Who asks for a seat: the code that is good once, the commitment, the six digits, the host's answer. Pure:
time and chance come in.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

from msgspec import Struct

from liveconsole.messages.joining import (
    NONCE_BYTES,
    JoinAsk,
    JoinAsked,
    JoinReveal,
    commitment,
    digits,
    label_of,
)
from liveconsole.messages.sharing import ASK_SECONDS, ASKS_MOST, CODE_SECONDS, AskState, SeatKind

GUESSES_MOST: Final = 50
"""Wrong codes, over all connections, after which the code counts no more: of 2⁴⁰ that is nothing."""
_ENDED_MOST: Final = 32
"""Asks that came to nothing and are still told so: who has the code makes one with each request."""
_TOKEN_BYTES: Final = 5
_SECRET_BYTES: Final = 16
_REVEAL_SECONDS: Final = 20.0
"""Between commitment and reveal no person acts."""
_FETCH_SECONDS: Final = 60.0
"""A seat that was allowed has so long to fetch its token."""
_KEPT_SECONDS: Final = 60.0
"""So long a refusal is remembered for who asks what became of it."""

Status = Literal["committed", "waiting", "refused", "expired", "allowed"]


class NotLetIn(Exception):
    """``code``: one of `refusals.TEXTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SeatAsk(Struct):
    """One that asks. ``id`` is what hosts call it, the secret in its address is its own."""

    id: str
    label: str
    sent_label: str
    kind: SeatKind
    address: str
    commit: str
    nonce: bytes
    token: bytes
    """Of the code that it came with."""
    status: Status
    since: datetime
    until: datetime
    digits: str = ""

    def __repr__(self) -> str:
        return f"SeatAsk({self.id!r}, {self.status!r})"  # a log gets neither the code nor a name


class Asks:
    """The code that counts now, and who came with it. ``chance``: that many random bytes."""

    def __init__(self, chance: Callable[[int], bytes]) -> None:
        self._chance = chance
        self._asks: dict[str, SeatAsk] = {}
        self.token = b""
        self.code_until: datetime | None = None
        self.guesses = 0
        self._guesses_of_code = 0

    def new_code(self, now: datetime) -> None:
        """Make a token; the one before counts no more."""
        self.token = self._chance(_TOKEN_BYTES)
        self.code_until = now + timedelta(seconds=CODE_SECONDS)
        self._guesses_of_code = 0

    def no_code(self) -> None:
        """Let no further one ask."""
        self.token, self.code_until = b"", None

    def ask(self, asked: JoinAsk, address: str, now: datetime, *, phones: bool) -> JoinAsked:
        """Take one that comes with the code; nobody is shown anything yet.

        Raises:
            NotLetIn: ``wrong_code``, ``no_phones``, ``too_many_asks``.
        """
        self.pass_time(now)
        if not self.token or not hmac.compare_digest(asked.token, self.token.hex()):
            self._wrong()
            raise NotLetIn("wrong_code")
        if asked.kind == "phone" and not phones:
            raise NotLetIn("no_phones")
        if sum(ask.status in ("committed", "waiting") for ask in self._asks.values()) >= ASKS_MOST:
            raise NotLetIn("too_many_asks")
        self._forget_ended()
        secret, nonce = self._chance(_SECRET_BYTES).hex(), self._chance(NONCE_BYTES)
        id_ = sha256(secret.encode()).hexdigest()[:12]
        label = label_of(asked.label)
        until = now + timedelta(seconds=_REVEAL_SECONDS)
        self._asks[secret] = SeatAsk(
            *(id_, label, asked.label, asked.kind, address, asked.commit, nonce, self.token),
            *("committed", now, until),
        )
        return JoinAsked(secret, nonce.hex(), label)

    def reveal(self, secret: str, said: JoinReveal, certificate: bytes, now: datetime) -> SeatAsk:
        """Take what was committed to; from here on the host sees it. A second reveal is none.

        Raises:
            NotLetIn: ``unknown_ask``; ``not_taken`` where it is not what was committed to: it is sent away.
        """
        ask = self.of_secret(secret, now)
        if ask is None or ask.status != "committed":
            raise NotLetIn("unknown_ask")
        nonce = bytes.fromhex(said.nonce)
        if not hmac.compare_digest(commitment(nonce, ask.sent_label, ask.kind), ask.commit):
            self._end(ask, "refused", now)
            raise NotLetIn("not_taken")
        ask.digits = digits(nonce, ask.nonce, certificate, ask.sent_label, ask.kind)
        ask.status, ask.until = "waiting", now + timedelta(seconds=ASK_SECONDS)
        return ask

    def of_secret(self, secret: str, now: datetime) -> SeatAsk | None:
        """Return the ask whose own address it is."""
        self.pass_time(now)
        return self._asks.get(secret)

    def waiting(self, id_: str, now: datetime) -> SeatAsk | None:
        """Return the ask that a host means, while it waits."""
        self.pass_time(now)
        return next((one for one in self._asks.values() if one.id == id_ and one.status == "waiting"), None)

    def allowed(self) -> list[SeatAsk]:
        """Return those that were let in a moment ago."""
        return [ask for ask in self._asks.values() if ask.status == "allowed"]

    def allow(self, ask: SeatAsk, now: datetime) -> None:
        """The host let it in: its code was good for one, and others who came with it are sent away."""
        self._end(ask, "allowed", now)
        ask.until = now + timedelta(seconds=_FETCH_SECONDS)
        for other in self._asks.values():
            if other is not ask and other.token == ask.token and other.status in ("committed", "waiting"):
                self._end(other, "refused", now)
        if ask.token == self.token:
            self.no_code()

    def refuse(self, ask: SeatAsk, now: datetime) -> None:
        """The host sent it away; the code counts on."""
        self._end(ask, "refused", now)

    def end_all(self, now: datetime) -> None:
        """It is shared no more."""
        self.no_code()
        for ask in self._asks.values():
            if ask.status in ("committed", "waiting"):
                self._end(ask, "expired", now)
        self.guesses = 0

    def states(self, now: datetime) -> list[AskState]:
        """Return those that wait for the host, the longest first."""
        self.pass_time(now)
        return [
            AskState(ask.id, ask.label, ask.digits, ask.kind, ask.since, ask.until, ask.address)
            for ask in self._asks.values()
            if ask.status == "waiting"
        ]

    def pass_time(self, now: datetime) -> bool:
        """End what is over; whether something was."""
        over = False
        if self.code_until is not None and now >= self.code_until:
            self.no_code()
            over = True
        for secret, ask in list(self._asks.items()):
            if now < ask.until:
                continue
            over = True
            if ask.status in ("committed", "waiting"):
                self._end(ask, "expired", now)
            else:
                del self._asks[secret]
        return over

    def _forget_ended(self) -> None:
        """What came of an ask is told for a while; of more than may be told the oldest goes before."""
        ended = [secret for secret, ask in self._asks.items() if ask.status in ("refused", "expired")]
        for secret in ended[: max(0, len(ended) - _ENDED_MOST)]:
            del self._asks[secret]

    def _wrong(self) -> None:
        self.guesses += 1
        self._guesses_of_code += 1
        if self._guesses_of_code >= GUESSES_MOST:
            self.no_code()

    def _end(self, ask: SeatAsk, status: Status, now: datetime) -> None:
        ask.status, ask.until = status, now + timedelta(seconds=_KEPT_SECONDS)
