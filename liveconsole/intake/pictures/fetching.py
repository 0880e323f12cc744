"""A picture from an address in the web: asked once, from public addresses alone, within bounds.

Where a name leads is looked up here and the connection goes to just that address: a name that means another
machine a moment later, or a redirection inwards, reaches nothing of this computer or its network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Final
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from liveconsole.intake.pictures.reading import NoPicture
from liveconsole.messages.bounds import PICTURE_BYTES

SECONDS: Final = 6.0
"""For one picture, with every redirection."""
REDIRECTS: Final = 3
_PORTS: Final = frozenset({80, 443})
_HEADERS: Final = {"Accept": "image/png, image/jpeg, image/webp", "User-Agent": "LiveConsole"}


def is_address(text: str) -> bool:
    """Whether a text wants to be fetched."""
    return text[:8].lower().startswith(("http://", "https://"))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, also where it is wrapped in IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
    return ip.is_global and not ip.is_multicast


class PublicResolver(AbstractResolver):
    """Names → public addresses; a name that leads to any other one leads nowhere."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        addresses = [(kind, where[0]) for kind, _, _, _, where in found]
        if not addresses or not all(is_public(str(address)) for _, address in addresses):
            raise NoPicture("not_public", host=host[:100])
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=kind,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, address in addresses
        ]

    async def close(self) -> None:
        pass


async def fetch(url: str, *, seconds: float = SECONDS) -> bytes:
    """Return what lies at ``url``, at most `PICTURE_BYTES`; nothing of it was looked at.

    Raises:
        NoPicture: the address is none of the open web, nobody answers in time, or what comes is too large.
    """
    connector = aiohttp.TCPConnector(resolver=PublicResolver(), use_dns_cache=False, limit=1)
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
        ) as session:
            async with asyncio.timeout(seconds):
                return await _follow(session, url)
    except NoPicture:
        raise
    except TimeoutError as error:
        raise NoPicture("fetch_failed", why=f"{seconds:g} s") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NoPicture("fetch_failed", why=type(error).__name__) from error


async def _follow(session: aiohttp.ClientSession, url: str) -> bytes:
    for _ in range(REDIRECTS + 1):
        _check(url)
        async with session.get(url, allow_redirects=False, headers=_HEADERS) as answer:
            where = answer.headers.get("Location")
            if answer.status in (301, 302, 303, 307, 308) and where:
                url = urljoin(url, where)
                continue
            if answer.status != 200:
                raise NoPicture("fetch_failed", why=f"HTTP {answer.status}")
            return await _body(answer)
    raise NoPicture("fetch_failed", why="redirects")


def _check(url: str) -> None:
    """An address written as numbers never sees the resolver, so it is looked at here; the rest there."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise NoPicture("not_public", host=host[:100])
    if (parts.port or (443 if parts.scheme == "https" else 80)) not in _PORTS:
        raise NoPicture("not_public", host=host[:100])
    numbers = host.replace(".", "").replace("x", "").isdigit() or ":" in host
    if numbers and not is_public(host):
        raise NoPicture("not_public", host=host[:100])


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_chunked(64 * 1024):
        body += part
        if len(body) > PICTURE_BYTES:
            raise NoPicture("picture_too_large", limit=PICTURE_BYTES // (1024 * 1024))
    return bytes(body)
