"""``liveconsole tail``: committed events to stdout, one JSON object a line, then live."""

from __future__ import annotations

import argparse
import asyncio
import select
import sys
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import add_engine_words, client_of, complain
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.tasks import spawn

_LOOK_SECONDS: Final = 0.25


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole tail", description=described(__doc__))
    words.add_argument(
        "--after", type=int, default=0, metavar="SEQ", help="begin behind this seq (default 0)"
    )
    words.add_argument("--once", action="store_true", help="end at the log's end instead of waiting for more")
    words.add_argument("--type", default="", metavar="A,B", help="with --once: only these types")
    add_engine_words(words)
    return words


def run(argv: Sequence[str]) -> int:
    """0 when ended by its reader or with ``--once``; 8 or 9 where no engine answers, or not to this
    token."""
    args = parser().parse_args(argv)
    try:
        asyncio.run(_tail(args))
    except (BusError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        return complain(error)
    return Exit.OK


async def _tail(args: argparse.Namespace) -> None:
    async with await client_of(args, "viewer") as client:
        if args.once:
            await _once(client, args.after, [name for name in args.type.split(",") if name])
            return
        await client.introduce("", "tail")
        leaving = spawn(_until_nobody_reads(asyncio.current_task()), name="tail watches its reader")
        try:
            async for batch in client.follow(args.after):
                _write(batch)
        except asyncio.CancelledError:
            if not leaving.done():
                raise
        finally:
            leaving.cancel()


async def _until_nobody_reads(tailing: asyncio.Task[Any] | None) -> None:
    """Ends the tail when the other end of its pipe is closed: ``tail | head`` waits for no further event.

    Where the system cannot be asked (Windows), the next write finds out.
    """
    if tailing is None or not hasattr(select, "poll"):
        return
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)  # an error or a hang-up is told without being asked for
    while not asked.poll(0):  # noqa: ASYNC110  # no event of ours: the system is asked
        await asyncio.sleep(_LOOK_SECONDS)
    tailing.cancel()


async def _once(client: Client, after: int, types: list[str]) -> None:
    while batch := await client.log(after, 10_000, types):
        _write(batch)
        after = batch[-1]["seq"]


def _write(batch: Sequence[object]) -> None:
    for event in batch:
        sys.stdout.buffer.write(msgspec.json.encode(event) + b"\n")
    sys.stdout.buffer.flush()
