"""``liveconsole nats``: write the files of a broker between machines, with the keys of seats and engines.

The broker itself is nats-server (>= 2.10.4), started with the file that is written here.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from liveconsole.bus.joining import NotJoined, enrolled, keep, load
from liveconsole.bus.nats.dialing import PORT
from liveconsole.bus.nats.folder import (
    OWN,
    BrokerFiles,
    ListensElsewhere,
    NatsPlace,
    folder_of,
    own_key,
    place_of,
    with_engines,
)
from liveconsole.bus.nats.keys import MISSING, BadKey, NatsMissing, is_public
from liveconsole.bus.sharing.addresses import may_listen
from liveconsole.bus.sharing.certificates import NoCertificate
from liveconsole.bus.sharing.seats_kept import SeatRecord, SeatsInDatabase, SeatsInFolder
from liveconsole.cli.stores import open_kept
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.refusals import TEXTS, word
from liveconsole.paths import data_folder, own_folder
from liveconsole.store.errors import StoreError
from liveconsole.store.kept_at import in_database

_WORDS: Final = {
    "written": ("写好了：{file}", "Written: {file}"),
    "start": ("启动消息代理：nats-server -c {file}", "Start the broker: nats-server -c {file}"),
    "serve": (
        "再启动引擎：liveconsole serve --nats {url}",
        "Then the engine: liveconsole serve --nats {url}",
    ),
    "key": ("这台引擎的公钥：{key}", "This engine's public key: {key}"),
    "bad_key": ("这不是引擎的公钥：{key}", "That is no engine's public key: {key}"),
    "no_seat": ("这台电脑没有叫 {name} 的席位", "This computer has no seat {name}"),
    "over": (
        "好了：席位 {name} 从现在起走消息代理 {url}",
        "Done: from now on the seat {name} goes over the broker {url}",
    ),
    "elsewhere": (
        "那里是另一个直播间的消息代理，它在 {url}",
        "That is another room's broker, which listens at {url}",
    ),
    "none": (
        "这里没有消息代理的文件：liveconsole nats write --address …",
        "No broker's files here: liveconsole nats write --address …",
    ),
    "with_key": ("有钥匙", "has a key"),
    "without": ("没有钥匙（在那台电脑上：liveconsole nats seat）", "no key (there: liveconsole nats seat)"),
}


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole nats", description=described(__doc__))
    deeds = words.add_subparsers(dest="deed", required=True)
    write = deeds.add_parser("write", help="write the broker's files, for the seats that the host allowed")
    write.add_argument("--address", required=True, metavar="A", help="private address where it listens")
    write.add_argument("--port", type=int, default=PORT, metavar="N")
    write.add_argument("--room", metavar="ID", help="the room's name; else that of the data folder")
    write.add_argument("--folder", type=Path, metavar="DIR", help="of a broker that serves several rooms")
    write.add_argument(
        "--engine", action="append", default=[], metavar="KEY", help="another engine that may lead the room"
    )
    key = deeds.add_parser("key", help="this engine's public key, for `write --engine` on another machine")
    seat = deeds.add_parser("seat", help="let a seat that this computer has go over its room's broker")
    seat.add_argument("name", metavar="NAME", help="as in liveconsole --seat NAME")
    show = deeds.add_parser("show", help="where the files are, and whose keys stand in them")
    for deed in (write, key, seat, show):
        deed.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
        deed.add_argument("--english", action="store_true", help="in English")
    return words


def run(argv: Sequence[str]) -> int:
    """0: done; 1: it could not be."""
    args = parser().parse_args(argv)
    data, say = data_folder(args.data), _Saying(args.english)
    try:
        own_folder(data)
        return {"write": _write, "key": _key, "seat": _seat, "show": _show}[args.deed](args, data, say)
    except NatsMissing:
        return say.no(MISSING)
    except (NotJoined, NoCertificate, BadKey, StoreError, OSError) as error:
        why = getattr(error, "why", "")
        return say.no(why) if why in TEXTS else say.line(str(error), failed=True)


class _Saying:
    def __init__(self, english: bool) -> None:
        self._english = english

    def __call__(self, what: str, **params: object) -> None:
        self.line(_WORDS[what][self._english].format(**params))

    def words(self, name: str) -> str:
        return _WORDS[name][self._english]

    def line(self, text: str, *, failed: bool = False) -> int:
        (sys.stderr if failed else sys.stdout).write(text + "\n")
        return Exit.FAILED if failed else Exit.OK

    def no(self, code: str, **params: str) -> int:
        text = _WORDS[code][self._english].format(**params) if code in _WORDS else ""
        text = text or word(code, dict(params), english=self._english)
        return self.line(f"liveconsole: {text}", failed=True)


def _write(args: argparse.Namespace, data: Path, say: _Saying) -> int:
    if not may_listen(args.address):
        return say.no("not_an_address", address=args.address[:45])
    wrong = next((key for key in args.engine if not is_public(key)), None)
    if wrong is not None:
        return say.no("bad_key", key=wrong[:60])
    before = place_of(data)
    folder = args.folder or (folder_of(data, before) if before is not None else data / OWN)
    place = with_engines(data, before, folder, [own_key(data), *args.engine])
    files = BrokerFiles(data, place, args.room or _room(data, before))
    seats = _seats(data)
    try:
        files.set_up(args.address, args.port)
    except ListensElsewhere as error:
        return say.no("elsewhere", url=str(error))
    files.write(seats)
    say("written", file=files.file)
    say("start", file=files.file)
    listens = files.listens
    say("serve", url=listens.url if listens is not None else "")
    return Exit.OK


def _room(data: Path, before: NatsPlace | None) -> str:
    """Return the room that this folder most likely holds; its engine knows, and writes the file anew."""
    kept = in_database(data)
    return kept.room if kept is not None else before.room if before is not None and before.room else "room"


def _seats(data: Path) -> list[SeatRecord]:
    """Return those of this folder's room, wherever they lie; of one that is away StoreError says so: a file
    without them would lock them all out."""
    if in_database(data) is None:
        return SeatsInFolder(data).read().present
    with open_kept(data) as store:
        kept = store.seats()
        return [] if kept is None else SeatsInDatabase(kept).read().present


def _key(args: argparse.Namespace, data: Path, say: _Saying) -> int:
    say("key", key=own_key(data))
    return Exit.OK


def _seat(args: argparse.Namespace, data: Path, say: _Saying) -> int:
    try:
        credential = load(args.name, data)
    except ValueError:
        credential = None
    if credential is None:
        return say.no("no_seat", name=args.name[:40])
    found = asyncio.run(enrolled(credential))
    keep(found, data)
    say("over", name=found.name, url=found.nats)
    return Exit.OK


def _show(args: argparse.Namespace, data: Path, say: _Saying) -> int:
    place = place_of(data)
    if place is None:
        return say.no("none")
    files = BrokerFiles(data, place, "")
    say("start", file=files.file)
    for key in place.engines:
        say.line(key)
    for seat in _seats(data):
        say.line(f"{seat.id}  {seat.right}  {say.words('with_key' if seat.nats_key else 'without')}")
    return Exit.OK
