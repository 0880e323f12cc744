"""``liveconsole replay FILE``: play a recording into the engine of a data folder."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from liveconsole.bus.client import BusError, Client
from liveconsole.bus.discovery import FILE
from liveconsole.bus.launch import find_or_start
from liveconsole.connectors.tape.player import Player
from liveconsole.connectors.tape.reader import name_of, read
from liveconsole.paths import ENV, data_folder, tape_folder

_STOP_WITHIN = 20.0


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(
        prog="liveconsole replay",
        description="Play a recorded room (JSON lines) or an order export (CSV) into an engine.",
    )
    words.add_argument("file", type=Path, metavar="FILE")
    words.add_argument(
        "--speed", type=_speed, default=None, metavar="X|max", help="1 is the tape's own pace (default: max)"
    )
    words.add_argument("--take", default="", metavar="NAME", help="play it anew under another name")
    words.add_argument(
        "--data", type=Path, metavar="DIR", help=f"default: ${ENV}, else a folder of its own for tapes"
    )
    return words


def run(argv: Sequence[str]) -> int:
    """0: played to its end, whatever was refused; 1: the engine or the file could not be used."""
    args = parser().parse_args(argv)
    if args.data is None and not os.environ.get(ENV):
        folder = tape_folder()  # by default never into a real room
    else:
        folder = data_folder(args.data)
    try:
        return asyncio.run(_replay(args.file, folder, args.take, args.speed))
    except KeyboardInterrupt:
        return 130


async def _replay(file: Path, folder: Path, take: str, speed: float | None) -> int:
    try:
        tape = await asyncio.to_thread(name_of, file, take)
        found, ours = await find_or_start(folder)
    except (OSError, BusError) as why:
        _say(str(why))
        return 1
    code = 0
    async with Client(found.url, found.tokens["producer"], found.proof_key) as client:
        player = Player(client.post_events, speed=speed)
        try:
            await player.play(read(file, tape))
        except (OSError, BusError) as why:
            _say(f"stopped: {why}")
            code = 1
        finally:
            for line in player.tally.report():
                _say(f"refused: {line}")
            if ours:
                await _stop(found.url, found.tokens["host"], found.proof_key, folder)
            sys.stdout.write(json.dumps(player.tally.summary()) + "\n")
            sys.stdout.flush()
    return code


async def _stop(url: str, token: str, proof_key: str, folder: Path) -> None:
    """End the engine that was started for this replay, and wait until it has."""
    try:
        async with Client(url, token, proof_key) as host:
            await host.stop()
    except BusError as why:
        _say(f"the engine could not be stopped: {why}")
        return
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _STOP_WITHIN
    while (folder / FILE).exists() and loop.time() < deadline:  # noqa: ASYNC110  # another process's file
        await asyncio.sleep(0.05)


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    speed = float(text)
    if not math.isfinite(speed) or speed <= 0:
        raise ValueError(text)
    return speed


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")
