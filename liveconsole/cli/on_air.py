"""``liveconsole on-air``: whether a real room of this machine is on air; as packages ask before they act."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from liveconsole.bus.rooms.engines import RunningEngines
from liveconsole.bus.rooms.listed import BadRooms, FolderRooms, RoomList
from liveconsole.bus.rooms.watching import WatchedRooms
from liveconsole.cli.joining import complain
from liveconsole.cli.rooms import table
from liveconsole.described import described
from liveconsole.engine.lease import is_taken
from liveconsole.exits import Exit
from liveconsole.messages.wall import Wall
from liveconsole.paths import data_folder


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole on-air", description=described(__doc__))
    words.add_argument("--folder", type=Path, metavar="F", help="these rooms alone, as `rooms` takes it")
    words.add_argument(
        "--program", type=Path, metavar="DIR", help="on Linux: engines whose program lies in DIR alone"
    )
    words.add_argument("--json", action="store_true", help="as the wall's page is told")
    words.add_argument("--english", action="store_true", help="in English")
    return words


def run(argv: Sequence[str]) -> int:
    """0: none is; 3: one is; 5: an engine runs and could not be asked; 1: the file of rooms cannot be used.

    Off Linux, and with ``--folder``, the rooms of a data folder are asked: one whose engine holds its folder
    and does not answer is unknown, as it is where the kernel tells of it. A rehearsal is never on air.
    """
    args = parser().parse_args(argv)
    everyone = args.folder is None and sys.platform == "linux"
    listed: RoomList = RunningEngines(args.program) if everyone else FolderRooms(data_folder(args.folder))
    try:
        wall = asyncio.run(_look(listed))
        silent = {room.id for room in wall.rooms if room.stands == "gone"}
        if not everyone:
            rooms = listed.rooms() if silent else ()
            silent &= {room.id for room in rooms if room.id in silent and is_taken(room.folder)}
    except (BadRooms, OSError) as error:
        return complain(error)
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(wall) + b"\n")
    else:
        sys.stdout.write(table(wall, english=args.english))
    return verdict(wall, unanswered=bool(silent))


async def _look(listed: RoomList) -> Wall:
    rooms = WatchedRooms(listed)
    try:
        await rooms.look()
        return rooms.wall()
    finally:
        await rooms.close()


def verdict(wall: Wall, *, unanswered: bool) -> Exit:
    """Return what the exit code says. ``unanswered``: an engine runs and does not answer, so that its room is
    unknown and not gone."""
    if any(room.stands == "on_air" and not room.simulated for room in wall.rooms):
        return Exit.TAKEN
    unknown = unanswered or any(room.stands == "unread" for room in wall.rooms)
    return Exit.UNVERIFIED if wall.left_out or unknown else Exit.OK
