"""One connection to a broker, made once: who uses it dials again, with a client that holds nothing of before.

The library's own way of coming back is not used: it keeps what was published during an outage and sends it
late, gives up after sixty tries, and notices a frozen broker after minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from urllib.parse import urlsplit

from liveconsole.bus.errors import Denied, EngineGone
from liveconsole.bus.nats.keys import NatsMissing
from liveconsole.bus.nats.steady_client import SeatFlood, client_class
from liveconsole.bus.out_of_time import CLOCK, is_out_of_time
from liveconsole.messages.refusals import word

if TYPE_CHECKING:
    from nats.aio.client import Client as Broker

log = logging.getLogger(__name__)

AGAIN_SECONDS: Final = 0.2
"""Between two tries to reach a broker that was there."""
PING_SECONDS: Final = 2
PINGS_LOST: Final = 2
"""A broker that froze, or a cable that was pulled, is noticed after these many pings."""
DIAL_SECONDS: Final = 2.5
_HANG_UP_SECONDS: Final = 0.5
PORT: Final = 4222
WAITING_MESSAGES: Final = 4_096
WAITING_BYTES: Final = 64 * 1024 * 1024
"""What may wait in this process of one subscription; more is dropped, and the seq shows it."""
_URLS_MOST: Final = 4
_FORBIDDEN: Final = "permissions violation for "
_REFUSED: Final = "authorization violation"


class BadUrl(ValueError):
    """``why``: a code of `refusals.TEXTS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BadAuthority(ValueError):
    """What a broker should be known by holds no certificate."""


class BrokerAt(NamedTuple):
    """Where a broker is, who connects, and by what the broker is known (PEM; empty: without TLS, on this
    computer alone)."""

    urls: tuple[str, ...]
    seed: str
    authority: str = ""

    def __repr__(self) -> str:
        return f"BrokerAt({self.urls!r})"  # a log gets no seed


def read_urls(text: str) -> tuple[str, ...]:
    """Return the addresses in ``tls://HOST:PORT[,tls://…]``; ``nats://`` only for this computer.

    Raises:
        BadUrl: it is no such address, it holds a password, or it would go over a network in the clear.
    """
    found = []
    for part in text.split(","):
        try:
            url = urlsplit(part.strip())
            host, port = url.hostname or "", url.port or PORT
        except ValueError as error:
            raise BadUrl("bad_nats_url") from error
        if url.scheme not in ("tls", "nats") or not host or url.path or url.query or url.fragment:
            raise BadUrl("bad_nats_url")
        if url.username is not None or url.password is not None:
            raise BadUrl("nats_password")
        if url.scheme == "nats" and not _is_here(host):
            raise BadUrl("nats_in_clear")
        found.append(f"{url.scheme}://[{host}]:{port}" if ":" in host else f"{url.scheme}://{host}:{port}")
    if len(found) > _URLS_MOST or len({url.partition(":")[0] for url in found}) != 1:
        raise BadUrl("bad_nats_url")
    return tuple(found)


def are_here(urls: Iterable[str]) -> bool:
    """Tell whether all of these addresses are this computer's alone."""
    return all(_is_here(urlsplit(url).hostname or "") for url in urls)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def forbidden_subject(error: Exception) -> str:
    """Return the subject, in small letters, that the broker refused; empty: it was something else."""
    _, found, rest = str(error).partition(_FORBIDDEN)
    return rest.partition('"')[2].partition('"')[0].lower() if found else ""


async def dial(
    at: BrokerAt,
    inbox: str,
    *,
    refused: Callable[[str], None],
    closed: Callable[[], None],
    flooded: Callable[[str], None] | None = None,
) -> Broker:
    """Return a connection. ``refused``: hears of each subject that the broker lets it not use (in small
    letters). ``closed``: called once, when it has ended. ``flooded``: hears of a subject on which more comes
    than one seat has to say (`steady_client.SeatFlood`).

    Raises:
        NatsMissing: the extra is not installed.
        Denied: the broker does not know the key (``seat_removed``).
        EngineGone: no broker answers, or one that is not ours.
    """
    try:  # it takes a while to load: not on the loop's thread
        made = await asyncio.to_thread(client_class)
    except ImportError as error:
        raise NatsMissing from error
    last: list[Exception] = []

    async def on_error(error: Exception) -> None:
        last.append(error)
        del last[:-8]
        subject = forbidden_subject(error)
        if subject:
            refused(subject)

    async def on_closed() -> None:
        closed()

    broker = made()
    if flooded is not None:
        cast(Any, broker).flood = SeatFlood(flooded, asyncio.get_running_loop().time)
    options: dict[str, Any] = {
        "nkeys_seed_str": at.seed,
        "inbox_prefix": inbox,
        "error_cb": on_error,
        "closed_cb": on_closed,
        "allow_reconnect": False,
        "max_reconnect_attempts": 1,
        "reconnect_time_wait": 0,
        "connect_timeout": DIAL_SECONDS,
        "ping_interval": PING_SECONDS,
        "max_outstanding_pings": PINGS_LOST,
        "no_echo": True,
        "dont_randomize": True,
    }
    if at.urls[0].startswith("tls://"):
        # Before anything is said: else a stranger in between who says that TLS is not needed gets all of it.
        try:
            options |= {"tls": trusted_by(at.authority), "tls_handshake_first": True}
        except BadAuthority as error:
            raise EngineGone(f"no broker can be known at {at.urls[0]}: {error}") from error
    try:
        async with asyncio.timeout(DIAL_SECONDS):
            await broker.connect(list(at.urls), **options)
    except BaseException as error:
        await hang_up(broker)
        if not isinstance(error, Exception):
            raise
        said = [*last, error]
        if any(_REFUSED in str(one).lower() for one in said):
            raise Denied("seat_removed", "", 401) from error
        raise EngineGone(f"no broker answers at {at.urls[0]} ({_words(said)})") from error
    return broker


def trusted_by(authority: str) -> ssl.SSLContext:
    """Return what takes a broker for ours by a certificate (PEM) and by nothing else. Raises BadAuthority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=authority)
    except (ssl.SSLError, ValueError, TypeError) as error:  # TypeError: other letters than ASCII
        raise BadAuthority("里面没有能用的证书 / it holds no certificate that can be used") from error
    return context


def _words(errors: list[Exception]) -> str:
    for error in errors:
        if is_out_of_time(error):
            return word(CLOCK, {})
        if isinstance(error, ssl.SSLCertVerificationError):
            return "its certificate is not the one that is trusted"
        if isinstance(error, OSError) and error.strerror:
            return error.strerror
    return type(errors[-1]).__name__


async def hang_up(broker: Broker | None) -> None:
    """End a connection, whatever it thinks of that: after a handshake that failed the library would wait for
    ever."""
    if broker is not None and not broker.is_closed:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_HANG_UP_SECONDS):
                await broker.close()


Heard = Callable[[Any], Awaitable[None]]
"""What is done with a message (`nats.aio.msg.Msg`) of a subscription, in their order."""


async def listen(broker: Broker, subject: str, heard: Heard) -> Any:
    """Subscribe, with the bounds of what may wait here.

    Raises `EngineGone` where the connection has ended.
    """
    try:
        return await broker.subscribe(
            subject, cb=heard, pending_msgs_limit=WAITING_MESSAGES, pending_bytes_limit=WAITING_BYTES
        )
    except (_library().Error, OSError) as error:
        raise EngineGone("the connection to the broker has ended") from error


async def say(
    broker: Broker, subject: str, body: bytes, headers: Mapping[str, str] | None = None, reply: str = ""
) -> None:
    """Publish. Raises `EngineGone` where the connection has ended."""
    try:
        await broker.publish(subject, body, reply, dict(headers) if headers else None)
    except (_library().Error, OSError) as error:
        raise EngineGone("the connection to the broker has ended") from error


def _library() -> Any:
    """The library's errors; it is loaded once there is a connection."""
    import nats.errors

    return nats.errors
