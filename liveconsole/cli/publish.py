"""``liveconsole publish``: CloudEvents from stdin, one JSON object a line, to a running engine.

Reading goes on while posts are on their way, and a few posts are at once; the engine takes them in their
order (`bus.turns`). What comes from a terminal or a slow pipe goes out as it comes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import threading
import uuid
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError, Busy
from liveconsole.cli.joining import add_engine_words, client_of, complain
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.bounds import MIB, REFUSALS
from liveconsole.tasks import cancel_all, spawn

LINES: Final = REFUSALS
"""Lines of one post: an answer holds no more refusals than that, and each is told."""
BYTES: Final = 512 * 1024
IN_FLIGHT: Final = 3
"""Posts on their way at once: the engine reads one while it commits another."""
_READ: Final = 256 * 1024
_AHEAD: Final = 4 * MIB
"""Bytes that are read ahead of the posts."""
_TRIES: Final = 120


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole publish", description=described(__doc__))
    add_engine_words(words)
    words.add_argument("--seat", metavar="NAME", help="as a tool that joined (liveconsole join --tool)")
    words.add_argument(
        "--checkpoint", metavar="SOURCE", help="post nothing: say up to where the room has this source"
    )
    return words


def run(argv: Sequence[str]) -> int:
    """0 when every line is on disk or known already; 1 when some were refused; 8 or 9 where no engine
    answers, or not to this token."""
    args = parser().parse_args(argv)
    try:
        return asyncio.run(_publish(args) if args.checkpoint is None else _checkpoint(args))
    except (BusError, OSError) as error:
        return complain(error)


async def _checkpoint(args: argparse.Namespace) -> int:
    async with await client_of(args, "producer") as client:
        found = await client.checkpoint(args.checkpoint)
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    return Exit.OK


async def _publish(args: argparse.Namespace) -> int:
    total = {"accepted": 0, "duplicates": 0, "refused": 0}
    line = 0

    def tell(block: _Block, answer: dict[str, Any] | BusError) -> None:
        nonlocal line
        if isinstance(answer, BusError):
            raise answer
        total["accepted"] += answer["accepted"]
        total["duplicates"] += answer["duplicates"]
        total["refused"] += len(answer["refused"]) + answer.get("refused_more", 0)
        for problem in answer["refused"]:
            sys.stderr.write(f"line {line + problem['index'] + 1}: {problem['code']}: {problem['text']}\n")
        line += block.lines

    flying: deque[tuple[_Block, asyncio.Task[dict[str, Any] | BusError]]] = deque()
    name, place = uuid.uuid4().hex, 0
    async with await client_of(args, "producer") as client:
        lines = _Lines(sys.stdin.fileno())
        try:
            async for block in lines.blocks():
                place += 1
                posting = spawn(_post(client, block.body, f"{name}/{place}"), name="publish posts")
                flying.append((block, posting))
                while flying and (len(flying) >= IN_FLIGHT or flying[0][1].done()):
                    done, asked = flying.popleft()
                    tell(done, await asked)
            while flying:
                done, asked = flying.popleft()
                tell(done, await asked)
        finally:
            await cancel_all([asked for _, asked in flying])
    sys.stdout.write(msgspec.json.encode(total).decode() + "\n")
    return Exit.FAILED if total["refused"] else Exit.OK


async def _post(client: Client, lines: bytes, order: str) -> dict[str, Any] | BusError:
    for _ in range(_TRIES):
        try:
            return await client.post_lines(lines, order)
        except Busy as busy:
            await asyncio.sleep(busy.retry_after)
        except BusError as error:
            return error
    return Busy("inbox_full", "", 429, 1.0)


class _Block(msgspec.Struct):
    body: bytes
    lines: int


class _Lines:
    """Reads ahead, within `_AHEAD`, and gives what is there in blocks for one post each.

    It reads on a thread of its own that nobody waits for: a pipe may be silent for as long as it likes.
    """

    def __init__(self, source: int) -> None:
        self._source = source
        self._held = bytearray()
        self._ended = False
        self._trouble: OSError | None = None
        self._came = asyncio.Event()
        self._has_room = threading.Event()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, name="publish reads", daemon=True).start()

    async def blocks(self) -> AsyncIterator[_Block]:
        """Whole lines; the last one may lack its end."""
        while True:
            end, count = self._whole_lines()
            if end:
                body = bytes(self._held[:end])
                del self._held[:end]
                if len(self._held) <= _AHEAD:
                    self._has_room.set()
                yield _Block(body, count)
            elif self._ended:
                if self._trouble is not None:
                    raise self._trouble
                return
            else:
                self._came.clear()
                await self._came.wait()

    def _whole_lines(self) -> tuple[int, int]:
        """Where the next block ends, and how many lines it has; 0 where no line is whole yet."""
        end = count = 0
        while count < LINES:
            found = self._held.find(b"\n", end) + 1
            if not found:
                # The last line, or one that is larger than any body may be: let the engine say so.
                if not count and self._held and (self._ended or len(self._held) > MIB):
                    return len(self._held), 1
                if self._ended and count and end < len(self._held):
                    return (end, count) if len(self._held) > BYTES else (len(self._held), count + 1)
                break
            if count and found > BYTES:
                break
            end, count = found, count + 1
        return end, count

    def _read(self) -> None:
        """On its thread."""
        chunk, trouble = b"-", None
        while chunk:
            try:
                chunk = os.read(self._source, _READ)
            except OSError as error:
                chunk, trouble = b"", error
            self._has_room.clear()
            try:
                self._loop.call_soon_threadsafe(self._got, chunk, trouble)
            except RuntimeError:  # the loop has ended: nobody wants it
                return
            self._has_room.wait()

    def _got(self, chunk: bytes, trouble: OSError | None) -> None:
        self._held += chunk
        self._ended, self._trouble = not chunk, trouble
        self._came.set()
        if len(self._held) <= _AHEAD:
            self._has_room.set()
