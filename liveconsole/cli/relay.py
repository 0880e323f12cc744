"""``liveconsole relay``: this program at a public address, to which the platform pushes what moves in a shop.

It listens on one computer's own address unless told otherwise: TLS and the name are those of the web server
in front of it (docs/shop.md).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from liveconsole import credentials
from liveconsole.cli.serve import on_signals, say_ready
from liveconsole.connectors.relay.inbox import PushInbox
from liveconsole.connectors.relay.server import RelayServer
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.logs import set_up
from liveconsole.paths import data_folder, log_folder, own_folder

log = logging.getLogger(__name__)

PORT: Final = 8750


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole relay", description=described(__doc__))
    words.add_argument("--data", type=Path, metavar="DIR", help="where pushes and secrets.json lie")
    words.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="default 127.0.0.1")
    words.add_argument("--port", type=int, default=PORT, metavar="N", help=f"default {PORT}")
    return words


def run(argv: Sequence[str]) -> int:
    """0: ended as asked; 3: another relay runs there, or the port is taken; 4: there is no token; 1: the
    rest."""
    args = parser().parse_args(argv)
    try:
        folder = own_folder(data_folder(args.data) if args.data else data_folder() / "relay")
        lock = FileLock(folder / "relay.lock")
        lock.acquire(timeout=2)
    except Timeout:
        sys.stderr.write("another relay runs there\n")
        return Exit.TAKEN
    except OSError as error:
        sys.stderr.write(f"cannot use the folder: {error}\n")
        return Exit.FAILED
    try:
        set_up(log_folder(folder), "relay")
        token, key = _secrets(folder)
        if not token:
            sys.stderr.write(
                f"no token: put the one of 消息推送 into {folder / credentials.FILE}\n"
                '  {"wechat_shop": {"token": "…"}}\n'
            )
            return Exit.NO_KEY
        return asyncio.run(_serve(folder, token, key, args.listen, args.port))
    except (credentials.SecretsUnreadable, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return Exit.FAILED
    finally:
        lock.release()


def _secrets(folder: Path) -> tuple[str, str]:
    """Return the platform's token and the room's key; a key that is not there yet is made and kept."""
    token = credentials.read(folder, "wechat_shop").get("token", "")
    key = credentials.read(folder, "relay").get("key", "")
    if not key:
        key = secrets.token_urlsafe(32)
        where = credentials.keep(folder, "relay", {"key": key})
        place = folder / credentials.FILE if where == "file" else "the keyring"
        sys.stderr.write(f"a key for the room was made; it lies in {place}\n")
    return token, key


async def _serve(folder: Path, token: str, key: str, host: str, port: int) -> int:
    stopped = asyncio.Event()
    on_signals(stopped.set)
    inbox = PushInbox(folder)
    await inbox.open()
    served = RelayServer(inbox, token=token, key=key, now=lambda: datetime.now(UTC))
    try:
        try:
            got = await served.open(host, port)
        except OSError as error:
            sys.stderr.write(f"cannot listen on {host}:{port}: {error.strerror}\n")
            return Exit.TAKEN
        say_ready(f"http://{host}:{got}")
        await stopped.wait()
    finally:
        await served.close()
        await inbox.close()
    return Exit.OK
