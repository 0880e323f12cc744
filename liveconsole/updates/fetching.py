"""The bytes of a notice, from the release host or a file: bounded in length and time, no way round."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from liveconsole.updates.notice import NOTICE_BYTES, UpdateRefused

T = TypeVar("T")
PATIENCE: Final = 10.0
"""Seconds for the whole question: a server that dribbles is as slow as one that says nothing."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def is_address(said: str) -> bool:
    """Tell whether what was typed is an address rather than a file."""
    return said.startswith(("http://", "https://"))


def read_file(path: Path) -> bytes:
    """Return a file's bytes, of one that is too long only its beginning. Raises OSError."""
    with open(path, "rb") as file:
        return file.read(NOTICE_BYTES + 1)


async def fetch(address: str, *, patience: float = PATIENCE) -> bytes:
    """Ask for a notice. Nothing but the address is told: no version, no name, no cookie.

    Goes by the system's proxy where there is one. Follows no other address: who sends us on is not believed.

    Raises:
        UpdateRefused: there is no such address, nobody answered in time, or something else came.
    """
    import aiohttp

    begun = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(patience):
            proxy = await _beside(lambda: _proxy_for(checked(address)))
    except TimeoutError as error:
        raise UpdateRefused("too_slow", seconds=f"{patience:g}") from error
    left = patience - (asyncio.get_running_loop().time() - begun)
    timeout = aiohttp.ClientTimeout(total=max(0.001, left))  # 0 would be no bound at all
    headers = {"User-Agent": "LiveConsole", "Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False, auto_decompress=False) as session,
            session.get(address, headers=headers, proxy=proxy, allow_redirects=False) as answer,
        ):
            if 300 <= answer.status < 400:
                raise UpdateRefused("sent_on")
            if answer.status != 200:
                raise UpdateRefused("status", status=answer.status)
            body = b""
            while more := await answer.content.read(NOTICE_BYTES + 1 - len(body)):
                body += more
                if len(body) > NOTICE_BYTES:
                    raise UpdateRefused("too_long")
            return body
    except TimeoutError as error:
        raise UpdateRefused("too_slow", seconds=f"{patience:g}") from error
    except (aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError) as error:
        raise UpdateRefused("proxy") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise UpdateRefused("no_network") from error


async def _beside(ask: Callable[[], T]) -> T:
    """Run what may take the system long in a thread that nobody waits for: one of the loop's own would hold
    up the end of the program."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def tell(set_it: Callable[[Any], None], what: object) -> None:
        if not answer.done():
            set_it(what)

    def run() -> None:
        try:
            found = ask()
        except Exception as error:  # noqa: BLE001  # it is raised where it is awaited
            told: tuple[Callable[[Any], None], object] = answer.set_exception, error
        else:
            told = answer.set_result, found
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, *told)

    Thread(target=run, name="the system's proxy", daemon=True).start()
    return await answer


def checked(address: str) -> str:
    """Return an address that may be asked: https, or this computer's own.

    Raises:
        UpdateRefused: it is another one.
    """
    try:
        parts = urlsplit(address)
        good = bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        )
    except ValueError:
        good = False
    if not good or not address.isprintable():
        raise UpdateRefused("bad_address")
    return address


def _proxy_for(address: str) -> str | None:
    """As the system says: the environment, on Windows its settings, on macOS those of the network."""
    parts = urlsplit(address)
    if parts.hostname in _LOOPBACK or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    told = urllib.request.getproxies().get(parts.scheme)
    if told and not told.startswith(("http://", "https://")):
        if "://" in told:  # SOCKS and the like
            raise UpdateRefused("proxy")
        told = f"http://{told}"
    return told or None
