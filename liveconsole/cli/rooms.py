"""``liveconsole rooms``: the rooms of this machine or of a database and how each does, or a page of them to
look at."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from liveconsole.bus.rooms.database import DatabaseRooms, RoomsInDatabase
from liveconsole.bus.rooms.listed import BadRooms, FolderRooms, RoomList
from liveconsole.bus.rooms.server import FILE, WallServer
from liveconsole.bus.rooms.watching import BEAT, WatchedRooms
from liveconsole.cli.joining import complain
from liveconsole.cli.stores import password_in
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.wall import Wall, WallLead, WallRoom
from liveconsole.paths import data_folder, own_folder
from liveconsole.store.errors import StoreError
from liveconsole.store.kept_at import InDatabase, address_in
from liveconsole.tasks import cancel_all, spawn
from liveconsole.views.money import yuan

log = logging.getLogger(__name__)

_STANDS: Final = {
    "on_air": ("直播中", "on air"),
    "off_air": ("没有开播", "off air"),
    "gone": ("引擎不在", "no engine"),
    "unread": ("读不了", "cannot be read"),
}
_NO_GMV: Final = {"untold": ("没有来源报订单", "no source reports orders"), "gone": ("引擎不在", "no engine")}
_HEADS: Final = (("房间", "状态", "从", "告警", "GMV", "版本", "地址"),
                 ("Room", "Stands", "Since", "Alarms", "GMV", "Version", "Address"))  # fmt: skip

_LEADS: Final = (("引擎", "任期", "备用引擎", "租约"), ("Engine", "Epoch", "Standing by", "Lease"))
"""In place of an address, of rooms in a database."""


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole rooms", description=described(__doc__))
    words.add_argument("--folder", type=Path, metavar="F", help="holds rooms.json, or the data folders")
    words.add_argument(
        "--database", metavar="URL", help="the rooms of a PostgreSQL database: postgresql://USER@HOST/DB"
    )
    words.add_argument("--json", action="store_true", help="as the wall's page is told")
    words.add_argument("--english", action="store_true", help="in English")
    words.add_argument("--serve", action="store_true", help=f"a page on loopback; its tokens are in F/{FILE}")
    words.add_argument("--port", type=int, metavar="N", help="of the page; default: the one it had before")
    return words


def run(argv: Sequence[str]) -> int:
    """0: they stand on stdout, or the page was served until a signal; 1: the file of rooms cannot be used, or
    the port is taken."""
    args = parser().parse_args(argv)
    folder = data_folder(args.folder)
    try:
        if args.serve:
            folder = own_folder(folder)
        listed, rooms = _rooms(folder, args.database)
        if args.serve:
            asyncio.run(_serve(folder, args.port, listed, rooms))
            return Exit.OK
        wall = asyncio.run(_look(rooms))
    except (BadRooms, StoreError, OSError) as error:
        return complain(error)
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(wall) + b"\n")
    else:
        sys.stdout.write(table(wall, english=args.english))
    return Exit.OK


def _rooms(folder: Path, database: str | None) -> tuple[RoomList, WatchedRooms | RoomsInDatabase]:
    """Return which rooms there are, and what asks them. Raises StoreError where there is no driver, or the
    address is none."""
    if database is None:
        listed = FolderRooms(folder)
        return listed, WatchedRooms(listed)
    address = address_in(InDatabase(database, "rooms"), password_in(folder))
    from liveconsole.store.postgres.wall import WallReader

    # Who asks for the page's rooms does so on a thread of its own: a connection for each.
    return DatabaseRooms(folder, WallReader(address)), RoomsInDatabase(WallReader(address))


async def _look(rooms: WatchedRooms | RoomsInDatabase) -> Wall:
    try:
        await rooms.look()
        return rooms.wall()
    finally:
        await rooms.close()


async def _serve(
    folder: Path, port: int | None, listed: RoomList, rooms: WatchedRooms | RoomsInDatabase
) -> None:
    server = WallServer(folder, listed, rooms)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM"):
        if (number := getattr(signal, name, None)) is not None:
            try:
                loop.add_signal_handler(number, stopping.set)
            except NotImplementedError:  # Windows: Ctrl+C ends it as an exception
                break
    got = await server.open(port)
    tasks = [spawn(rooms.follow(), name="rooms"), spawn(_refresh(server), name="who may see the rooms")]
    ready = {"ready": True, "url": f"http://127.0.0.1:{got}/wall", "tokens": str(folder / FILE)}
    sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
    sys.stdout.flush()
    try:
        await stopping.wait()
    finally:
        await cancel_all(tasks)
        await rooms.close()
        await server.close()


async def _refresh(server: WallServer) -> None:
    while True:
        await asyncio.sleep(BEAT)
        try:
            server.refresh()
        except (BadRooms, OSError) as error:
            log.warning("who may see which room stays as it was: %s", error)


def table(wall: Wall, *, english: bool) -> str:
    """Return the rooms as lines; what nobody knows is — with why."""
    rows = [_HEADS[english], *(_row(room, english=english) for room in wall.rooms)]
    if any(room.lead is not None for room in wall.rooms):
        leads = [_LEADS[english], *(_lead(room.lead, english=english) for room in wall.rooms)]
        rows = [(*row[:-1], *lead) for row, lead in zip(rows, leads, strict=True)]
    widths = [max(_wide(row[at]) for row in rows) for at in range(len(rows[0]))]
    padded = [[cell + " " * (w - _wide(cell)) for cell, w in zip(row, widths, strict=True)] for row in rows]
    lines = ["  ".join(cells).rstrip() for cells in padded]
    if wall.left_out:
        said = "more are not asked" if english else "个房间没有问"
        lines.append(f"+{wall.left_out} {said}")
    return "\n".join(lines) + "\n"


def _row(room: WallRoom, *, english: bool) -> tuple[str, ...]:
    stands = _STANDS[room.stands][english]
    if room.simulated:
        stands += " (rehearsal)" if english else "（排练）"
    gmv = yuan(room.gmv_fen) if room.gmv_fen is not None else f"— {_NO_GMV[room.gmv_why][english]}"
    alarms = "—"
    if room.alarms is not None:
        first = room.alarms[0] if room.alarms else None
        text = (first.text_en if english else first.text) if first is not None else ""
        alarms = f"{len(room.alarms) + room.alarms_more} {text}".strip()
    return (room.name, stands, _when(room.since), alarms, gmv, room.version or "—", room.url or "—")


def _lead(lead: WallLead | None, *, english: bool) -> tuple[str, ...]:
    if lead is None:
        return ("—", "—", "—", "—")
    never = "never led" if english else "没有引擎带过"
    given = "handed over" if english else "已交出"
    age = f"{lead.lease_seconds:.1f} s" if lead.lease_seconds is not None else f"— {given}"
    return (lead.engine or f"— {never}", str(lead.epoch), str(lead.standing_by), age)


def _when(at: datetime | None) -> str:
    return at.astimezone().strftime("%m-%d %H:%M:%S") if at is not None else "—"


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
