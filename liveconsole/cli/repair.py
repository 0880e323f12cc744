"""``liveconsole repair --clock``: the room goes on at this computer's time where its log stands ahead."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import complain
from liveconsole.connectors.borrowed import engine_of
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.paths import data_folder


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole repair", description=described(__doc__))
    words.add_argument("--clock", action="store_true", required=True, help="set the room's time right")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0: the time is right now; 1: it was, or the engine could not be asked."""
    args = parser().parse_args(argv)
    try:
        said = asyncio.run(_repair(data_folder(args.data)))
    except (BusError, OSError) as error:
        return complain(error)
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return Exit.OK if said["ok"] else Exit.FAILED


async def _repair(folder: Path) -> dict[str, object]:
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["host"], found.proof_key) as client,
    ):
        said: dict[str, object] = await client.command("clock.repair", {})
        return said
