"""``liveconsole forget VIEWER``: somebody's id and name go, and what people typed of him."""

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

_SHOWN = 10


class _NotOne(Exception):
    """Several people have the name."""


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole forget", description=described(__doc__))
    words.add_argument(
        "viewer", metavar="VIEWER", help="an id, or a name that one person has; - reads it from stdin"
    )
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0: he is forgotten; 1: nobody is known by that id or name, or several are."""
    args = parser().parse_args(argv)
    viewer = sys.stdin.readline().strip() if args.viewer == "-" else args.viewer
    try:
        said = asyncio.run(_forget(data_folder(args.data), viewer))
    except (BusError, OSError, _NotOne) as error:
        return complain(error)
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return Exit.OK if said["ok"] else Exit.FAILED


async def _forget(folder: Path, viewer: str) -> dict[str, object]:
    """By the engine of that folder, which is started where none runs."""
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["host"], found.proof_key) as client,
    ):
        people = (await client.viewers(viewer))["viewers"]
        ids = [one["viewer_id"] for one in people if one["viewer_id"] == viewer]
        ids = ids or [one["viewer_id"] for one in people if one["name"] == viewer]
        if len(ids) > 1:
            shown = ", ".join(ids[:_SHOWN])
            raise _NotOne(f"{len(ids)} people have that name; name one of these ids: {shown}")
        who = ids[0] if ids else viewer
        said: dict[str, object] = await client.command("viewer.forget", {"viewer_id": who})
        return said
