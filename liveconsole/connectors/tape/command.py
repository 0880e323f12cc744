"""``liveconsole replay FILE``: play a recording into the engine of a data folder."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from liveconsole.bus.client import BusError, Client
from liveconsole.connectors.borrowed import engine_of
from liveconsole.connectors.tape.player import Player
from liveconsole.connectors.tape.reader import name_of, read
from liveconsole.exits import Exit
from liveconsole.paths import ENV, data_folder, tape_folder


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
    # So that an engine that was started for this is stopped on SIGTERM as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return asyncio.run(_replay(args.file, folder, args.take, args.speed))
    except (OSError, BusError) as why:
        _say(str(why))
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


async def _replay(file: Path, folder: Path, take: str, speed: float | None) -> int:
    tape = await asyncio.to_thread(name_of, file, take)
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["producer"], found.proof_key) as client,
    ):
        player = Player(client.post_events, speed=speed)
        code = 0
        try:
            await player.play(read(file, tape))
        except (OSError, BusError) as why:
            _say(f"stopped: {why}")
            code = 1
        finally:
            if passed_over := player.tally.passed_over.most_common():
                told = ", ".join(f"{count} × {type_}" for type_, count in passed_over)
                _say(f"passed over, as decided by the engine that wrote it: {told}")
            for line in player.tally.report():
                _say(f"refused: {line}")
            sys.stdout.write(json.dumps(player.tally.summary()) + "\n")
            sys.stdout.flush()
    return code


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    speed = float(text)
    if not math.isfinite(speed) or speed <= 0:
        raise ValueError(text)
    return speed


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")
