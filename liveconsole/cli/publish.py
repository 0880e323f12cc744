"""``liveconsole publish``: CloudEvents from stdin, one JSON object a line, to a running engine."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError, Busy
from liveconsole.cli.joining import add_engine_words, client_of, complain

LINES: Final = 500
BYTES: Final = 512 * 1024
_TRIES: Final = 120


def run(argv: Sequence[str]) -> int:
    """0 when every line is on disk or known already; 1 when some were refused or no engine answers."""
    words = argparse.ArgumentParser(prog="liveconsole publish", description=(__doc__ or "").split("\n")[0])
    add_engine_words(words)
    args = words.parse_args(argv)
    try:
        return asyncio.run(_publish(args))
    except (BusError, OSError) as error:
        return complain(error)


async def _publish(args: argparse.Namespace) -> int:
    total = {"accepted": 0, "duplicates": 0, "refused": 0}
    async with await client_of(args, "producer") as client:
        blocks = _blocks(sys.stdin.buffer)
        line = 0
        while block := await asyncio.to_thread(next, blocks, None):
            answer = await _post(client, b"\n".join(block))
            total["accepted"] += answer["accepted"]
            total["duplicates"] += answer["duplicates"]
            total["refused"] += len(answer["refused"])
            for problem in answer["refused"]:
                sys.stderr.write(
                    f"line {line + problem['index'] + 1}: {problem['code']}: {problem['text']}\n"
                )
            line += len(block)
    sys.stdout.write(msgspec.json.encode(total).decode() + "\n")
    return 1 if total["refused"] else 0


async def _post(client: Client, lines: bytes) -> dict[str, Any]:
    for _ in range(_TRIES):
        try:
            return await client.post_lines(lines)
        except Busy as busy:
            await asyncio.sleep(busy.retry_after)
    return await client.post_lines(lines)


def _blocks(source: BinaryIO) -> Iterator[list[bytes]]:
    """Lines in groups for one post. What comes from a terminal or a slow pipe goes out line by line."""
    block: list[bytes] = []
    size = 0
    for raw in source:
        line = raw.rstrip(b"\r\n")
        if block and (len(block) >= LINES or size + len(line) > BYTES):
            yield block
            block, size = [], 0
        block.append(line)
        size += len(line) + 1
        if not _more_waits(source):
            yield block
            block, size = [], 0
    if block:
        yield block


def _more_waits(source: BinaryIO) -> bool:
    """Whether the buffer holds another whole line, so that reading on does not wait."""
    peek = getattr(source, "peek", None)
    return peek is not None and not source.isatty() and b"\n" in _buffered(source)


def _buffered(source: Any) -> bytes:
    import select

    if sys.platform == "win32":
        return bytes(source.peek(1))
    ready, _, _ = select.select([source], [], [], 0)
    return bytes(source.peek(1)) if ready else b""
