"""A port on 127.0.0.1 of a source's own, apart from the engine's door: a tool posts there, or follows."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Final

from aiohttp import web

from liveconsole.connectors.source import Health

log = logging.getLogger(__name__)

HOST: Final = "127.0.0.1"
TRY_AGAIN: Final = 5.0
"""Seconds until a port that somebody else has is tried again."""


def port_of(variable: str, usual: int) -> int:
    """Return the port that an environment variable names, ``usual`` where it names none."""
    text = os.environ.get(variable, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) < 65_536 else usual


async def listen(runner: web.AppRunner, port: int, health: Health, name: str, try_again: float) -> int:
    """Return the port that is listened to (0 takes a free one), waiting for it as long as it is taken."""
    while True:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as why:
            if health.state != "port_taken":
                log.warning("%s: port %d is not to be had: %s", name, port, why)
            health.state = "port_taken"
            await asyncio.sleep(try_again)
            continue
        health.state = "listening"
        return int(runner.addresses[0][1])
