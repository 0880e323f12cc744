"""The other side of joining: another computer asks for a seat, keeps what it was given, and comes back by it.

A seat's credential (address, token, the studio's certificate) lies in the user's own data folder, readable by
its owner alone. Nothing but that certificate is trusted, and no token goes out before it was found.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import ssl
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar

import aiohttp
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from liveconsole import __version__
from liveconsole.bus.client import Client, Rejected
from liveconsole.bus.errors import BusError
from liveconsole.bus.out_of_time import CLOCK, is_out_of_time
from liveconsole.messages.joining import (
    CERTIFICATE,
    JOIN,
    NATS_KEY,
    NONCE_BYTES,
    WAIT_SECONDS,
    JoinAnswer,
    JoinAsk,
    JoinAsked,
    JoinCode,
    JoinReveal,
    JoinShown,
    NatsKey,
    NatsOffer,
    commitment,
    digits,
    label_of,
    read_code,
)
from liveconsole.messages.refusals import TEXTS, word
from liveconsole.messages.rights import seat_role
from liveconsole.messages.sharing import SeatKind
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import data_folder, own_folder, write_own

T = TypeVar("T")

FOLDER: Final = "seats"
_NAME: Final = re.compile(r"[\w][\w .-]{0,39}")
_CERTIFICATE_MOST: Final = 8_192
_ANSWER_MOST: Final = 16_384
_BROKER_SECONDS: Final = 6.0
"""So long a broker has to let a new seat in."""
_AGAIN_SECONDS: Final = 0.2
_TIMEOUT: Final = aiohttp.ClientTimeout(total=WAIT_SECONDS + 10, connect=8)


class NotJoined(Exception):
    """``why``: ``unreachable`` (nobody answers there), ``stranger`` (who answers is not the one of the code),
    ``digits`` (the two sides do not agree), or a code of `refusals.TEXTS` (``wrong_code``, …)."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why


class SeatCredential(Struct, frozen=True):
    """What a computer keeps of a seat."""

    name: str
    url: str
    token: str
    certificate: str
    """PEM: the studio's authority."""
    seat_id: str
    role: str
    may_fire: bool
    room: str
    label: str = ""
    nats: str = ""
    """Addresses of the broker that it goes over; empty: by HTTP at ``url``."""
    nats_authority: str = ""
    """PEM: what the broker is known by."""
    nats_seed: str = ""

    def __repr__(self) -> str:
        return f"SeatCredential({self.name!r}, {self.url!r})"  # a log gets no token

    def client(self) -> Client:
        """Return a client of that room; `Denied` with ``seat_removed`` says that the host took the seat."""
        if self.nats:
            return self._over_broker()
        return Client(self.url, self.token, trusted=trusted(self.certificate))

    def over(self, nats: str) -> SeatCredential:
        """Return it with other addresses of its broker; ``off``: by HTTP."""
        return replace(self, nats="" if nats == "off" else nats)

    def _over_broker(self) -> Client:
        from liveconsole.bus.nats.dialing import BadUrl, BrokerAt, read_urls
        from liveconsole.bus.nats.wire import NatsWire

        try:
            at = BrokerAt(read_urls(self.nats), self.nats_seed, self.nats_authority)
        except BadUrl as error:
            raise Rejected(error.why, word(error.why, {})) from error
        role = seat_role(self.role, may_fire=self.may_fire, proved=True)
        return Client(wire=NatsWire(at, room=self.room, role=role, seat=self.seat_id))


class Joining:
    """One try to join by a code. Use as ``async with``: `ask`, show the digits, then `answer` until it is no
    longer ``waiting``.

    Raises:
        BadCode: what was typed is no code.
        NotJoined: from `ask` and `answer`.
    """

    def __init__(self, typed: str, label: str, kind: SeatKind = "desk") -> None:
        self._kind: SeatKind = kind
        self.code: JoinCode = read_code(typed)
        self._sent_label = label_of(label)
        self._url = f"https://{self.code.address}:{self.code.port}"
        self._pem = ""
        self._ask_id = ""
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Joining:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self) -> JoinShown:
        """Ask for a seat and return the six digits that the host compares."""
        certificate = await self._certificate()
        self._pem = ssl.DER_cert_to_PEM_cert(certificate)
        connector = aiohttp.TCPConnector(ssl=trusted(self._pem))
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=False, connector=connector)
        nonce = secrets.token_bytes(NONCE_BYTES)
        committed = commitment(nonce, self._sent_label, self._kind)
        ask = JoinAsk(self.code.token.hex(), committed, self._sent_label, self._kind, __version__)
        asked = await self._call("POST", JOIN, ask, JoinAsked)
        self._ask_id = asked.id
        shown = await self._call("POST", f"{JOIN}/{asked.id}", JoinReveal(nonce.hex()), JoinShown)
        theirs = bytes.fromhex(asked.nonce)
        own = digits(nonce, theirs, sha256(certificate).digest(), self._sent_label, self._kind)
        if own != shown.digits:
            raise NotJoined("digits")
        return shown

    async def answer(self) -> JoinAnswer:
        """Wait for the host's answer, 25 s at most; ``waiting``: ask again."""
        return await self._call("GET", f"{JOIN}/{self._ask_id}", None, JoinAnswer)

    def credential(self, name: str, answer: JoinAnswer) -> SeatCredential:
        """Return what to keep of a seat that was allowed."""
        return SeatCredential(
            *(name, self._url, answer.token, self._pem, answer.seat_id, answer.role or "viewer"),
            *(answer.may_fire, answer.room, self._sent_label),
        )

    async def _certificate(self) -> bytes:
        """Fetch the studio's certificate and hold it against the code; nothing is said meanwhile."""
        unknown = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        unknown.check_hostname = False
        unknown.verify_mode = ssl.CERT_NONE
        connector = aiohttp.TCPConnector(ssl=unknown)
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=False, connector=connector) as session,
                session.get(self._url + CERTIFICATE, allow_redirects=False) as response,
            ):
                found = await _body(response, _CERTIFICATE_MOST)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotJoined("unreachable", type(error).__name__) from error
        if sha256(found).digest()[: len(self.code.fingerprint)] != self.code.fingerprint:
            raise NotJoined("stranger")
        return found

    async def _call(self, method: str, path: str, body: Any, shape: type[T]) -> T:
        assert self._session is not None, "ask() comes first"
        return await _called(self._session, method, self._url + path, body, shape)


async def enrolled(credential: SeatCredential) -> SeatCredential:
    """Make a key for a seat, hand it in at the seat's own door, and return what to keep: from then on it goes
    over the broker.

    Raises:
        NotJoined: the door is not reached, or there is no broker that this computer could reach.
        NatsMissing: the extra is not installed.
    """
    from liveconsole.bus.nats.dialing import BadUrl, are_here, read_urls
    from liveconsole.bus.nats.keys import new_seed, owner_words, public_of, signed

    seed = credential.nats_seed or new_seed()
    asked = NatsKey(public_of(seed), signed(seed, owner_words(credential.seat_id)))
    connector = aiohttp.TCPConnector(ssl=trusted(credential.certificate))
    headers = {"Authorization": f"Bearer {credential.token}"}
    async with aiohttp.ClientSession(
        timeout=_TIMEOUT, trust_env=False, connector=connector, headers=headers
    ) as session:
        offer = await _called(session, "POST", credential.url + NATS_KEY, asked, NatsOffer)
    try:
        urls = read_urls(offer.url)
    except BadUrl as error:
        raise NotJoined(error.why) from error
    if are_here(urls) and not are_here((credential.url,)):
        raise NotJoined("no_broker")  # it listens on the engine's computer alone: on ours there is none
    return replace(credential, nats=offer.url, nats_authority=offer.authority, nats_seed=seed)


async def settled(credential: SeatCredential, answer: JoinAnswer) -> tuple[SeatCredential, str]:
    """Let a seat that was just allowed go over its room's broker, where that has one.

    Return what to keep, and why it goes by the studio's own door though there is a broker (a code of
    `refusals.TEXTS`): a seat that could not come over the broker would come no more.
    """
    if not answer.broker:
        return credential, ""
    from liveconsole.bus.nats.keys import MISSING, NatsMissing

    try:
        found = await enrolled(credential)
    except NatsMissing:
        return credential, MISSING
    except NotJoined as error:
        return credential, error.why if error.why in TEXTS else "broker_away"
    return (found, "") if await _answers(found) else (found.over("off"), "broker_away")


async def _answers(credential: SeatCredential) -> bool:
    """Tell whether an engine answers by the way that a seat goes, once its broker has read of it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _BROKER_SECONDS
    async with credential.client() as client:
        while True:
            try:
                await (client.checkpoint("/") if credential.role == "producer" else client.health())
                return True
            except BusError:
                if loop.time() >= until:
                    return False
                await asyncio.sleep(_AGAIN_SECONDS)


async def _called(session: aiohttp.ClientSession, method: str, url: str, body: Any, shape: type[T]) -> T:
    data = None if body is None else msgspec.json.encode(body)
    headers = {"Content-Type": "application/json"} if data is not None else {}
    try:
        async with session.request(
            method, url, data=data, headers=headers, allow_redirects=False
        ) as response:
            said = await _body(response, _ANSWER_MOST)
            status = response.status
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        why = CLOCK if is_out_of_time(error) else "unreachable"
        raise NotJoined(why, type(error).__name__) from error
    try:
        if status == 200:
            return msgspec.json.decode(said, type=shape)
        raise NotJoined(str(msgspec.json.decode(said, type=dict[str, Any]).get("code", "unreachable")))
    except UNREADABLE as error:
        raise NotJoined("unreachable", f"HTTP {status}") from error


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Read a whole body; of one that is too long, the beginning, which will then be nothing of ours."""
    found = b""
    async for chunk in response.content.iter_any():
        found += chunk
        if len(found) > most:
            break
    return found


def trusted(certificate: str) -> ssl.SSLContext:
    """Return what trusts this authority (PEM) and no other.

    Raises:
        ssl.SSLError: it is none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=certificate)
    return context


def keep(credential: SeatCredential, base: Path | None = None) -> Path:
    """Keep a credential under its name, for its owner alone; blocks.

    Raises:
        ValueError: the name cannot be a file's.
        OSError: it cannot be written.
    """
    path = _path(credential.name, base)
    own_folder(path.parent)
    write_own(path, msgspec.json.encode(credential))
    return path


def load(name: str, base: Path | None = None) -> SeatCredential | None:
    """Return the credential that is kept under a name; None: there is none that can be read."""
    try:
        return msgspec.json.decode(_path(name, base).read_bytes(), type=SeatCredential)
    except (OSError, ValueError):
        return None


def kept(base: Path | None = None) -> list[SeatCredential]:
    """Return every seat that this computer has."""
    folder = (base or data_folder()) / FOLDER
    found = (load(path.stem, base) for path in sorted(folder.glob("*.json")))
    return [one for one in found if one is not None]


def free_name(wanted: str, base: Path | None = None, *, again: SeatCredential | None = None) -> str:
    """Return a name that no seat of this computer has: the wanted one, or the next (``studio-2``). ``again``:
    a seat of the same room and of the same kind may be had again under its name. Blocks."""
    taken = {one.name for one in kept(base) if again is None or _what(one) != _what(again)}
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def _what(credential: SeatCredential) -> tuple[str, str, bool]:
    return credential.room, credential.certificate, credential.role == "producer"


def forget(name: str, base: Path | None = None) -> None:
    """Throw a credential away."""
    _path(name, base).unlink(missing_ok=True)


def _path(name: str, base: Path | None) -> Path:
    if not _NAME.fullmatch(name) or name.endswith((" ", ".")):
        raise ValueError("letters, digits, blanks, - and _ are wanted, 40 at most")
    return (base or data_folder()) / FOLDER / f"{name}.json"
