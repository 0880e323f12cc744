"""``liveconsole settlement``: what a broadcast brings, a range until it is settled, and who gets what."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.books import ask_book
from liveconsole.cli.joining import complain
from liveconsole.connectors.borrowed import engine_of
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.settlements import SettlementTold
from liveconsole.paths import data_folder
from liveconsole.store.errors import StoreError
from liveconsole.views.settlement import settlement_text


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole settlement", description=described(__doc__))
    words.add_argument("number", type=int, nargs="?", default=0, metavar="N", help="else the newest")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    words.add_argument("--json", action="store_true", help="as GET /v1/settlement answers")
    words.add_argument("--english", action="store_true", help="in English")
    words.add_argument(
        "--parts",
        metavar="WHO=PERCENT,…",
        help="say who gets which part from --since on, as host=30,agency=12.5; the rest is the shop's",
    )
    words.add_argument("--since", metavar="DATE", help="with --parts: a day of China; else today")
    return words


def run(argv: Sequence[str]) -> int:
    """0: it stands on stdout; 1: no log, or no such broadcast; 4: the store's key is not to be had."""
    args = parser().parse_args(argv)
    if args.parts is not None:
        return _put_parts(data_folder(args.data), args.parts, args.since)
    query = {"broadcast": str(args.number)} if args.number else {}
    try:
        told = ask_book(data_folder(args.data), "settlement", query)
    except (BusError, StoreError, NotTaken, OSError) as error:
        return complain(error)
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    else:
        sys.stdout.write(settlement_text(msgspec.convert(told, SettlementTold), args.english) + "\n")
    return Exit.OK


def _put_parts(folder: Path, said: str, since: str | None) -> int:
    parts = [dict(zip(("who", "percent"), one.rpartition("=")[::2], strict=True)) for one in said.split(",")]
    data: dict[str, Any] = {"parts": parts if said else []} | ({"since": since} if since else {})
    try:
        answer = asyncio.run(_asked(folder, data))
    except (BusError, OSError) as error:
        return complain(error)
    if not answer["ok"]:
        return complain(ValueError(answer["text"]))
    sys.stdout.write(msgspec.json.encode(answer["result"]).decode() + "\n")
    return Exit.OK


async def _asked(folder: Path, data: dict[str, Any]) -> dict[str, Any]:
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["host"], found.proof_key) as host,
    ):
        return await host.command("parts.put", data)
