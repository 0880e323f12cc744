"""How the desk comes to its engine: a data folder's own, started when none runs, or one at an address."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liveconsole.bus.errors import Denied, EngineGone
from liveconsole.paths import playback_folder
from ui.seat.bus import Bus

if TYPE_CHECKING:
    from liveconsole.bus.joining import SeatCredential

Join = Callable[[], Awaitable[Bus]]
UP_WITHIN: Final = 20.0
MADE_WITHIN: Final = 90.0
"""Seconds until a recording is there: the sample is rehearsed first, on a slow machine half a minute."""


def recording(base: Path, role: str, broadcast: int, *, sample: bool = False) -> Join:
    """Join a past broadcast of the data folder `base`, or the sample; who plays it is started if need be."""
    which = ["--sample"] if sample else ["--broadcast", str(broadcast)]
    words = ("playback", "--data", str(base), *which, "--with-desk")
    return local(playback_folder(base, broadcast, sample=sample), role, words=words)


def local(
    folder: Path, role: str, options: Sequence[str] = ("--with-desk",), *, words: Sequence[str] = ()
) -> Join:
    """Join the engine of `folder`; when none answers start one: `serve` with further `options`, or `words`.

    Asked again after a loss, it finds the engine where it is now, or brings it back: the folder's log
    holds everything that was ever answered.
    """

    async def join() -> Bus:
        # aiohttp takes a while to import: not on the Qt thread, and not before the window is painted.
        await asyncio.to_thread(importlib.import_module, "liveconsole.bus.launch")
        from liveconsole.bus.client import Client
        from liveconsole.bus.launch import find_or_start

        within = MADE_WITHIN if words else UP_WITHIN
        found, _ = await find_or_start(folder, options=options, words=words, within=within)
        token = found.tokens.get(role)
        if token is None:
            raise EngineGone(f"that engine has no token for {role}")
        return await _greeted(Client(found.url, token, found.proof_key))

    return join


def at(credential: SeatCredential) -> Join:
    """Join another computer's room by what this one keeps of its seat there."""

    async def join() -> Bus:
        return await _greeted(credential.client())

    return join


def remote(url: str, token_file: Path) -> Join:
    """Join the engine at `url`; the file holds the token alone and is read anew at every try."""

    async def join() -> Bus:
        await asyncio.to_thread(importlib.import_module, "liveconsole.bus.client")
        from liveconsole.bus.client import Client

        token = (await asyncio.to_thread(token_file.read_text, "utf-8")).strip()
        if not token:
            raise Denied("unauthorized", f"{token_file.name} is empty", 401)
        return await _greeted(Client(url, token))

    return join


async def _greeted(client: Bus) -> Bus:
    """The client, once the engine has let it in; a client that is not let in is closed."""
    try:
        await client.state_part()
    except BaseException:
        await client.close()
        raise
    return client
