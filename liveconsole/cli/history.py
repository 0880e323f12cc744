"""``liveconsole history``: the broadcasts of a room with what they came to, or one of them."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.bus.launch import running
from liveconsole.cli.joining import complain
from liveconsole.cli.stores import fill_books, open_kept
from liveconsole.described import described
from liveconsole.engine import history
from liveconsole.exits import Exit
from liveconsole.messages.broadcasts import BroadcastSummary
from liveconsole.messages.inputs import NotTaken
from liveconsole.paths import data_folder
from liveconsole.store.errors import StoreError
from liveconsole.views.money import yuan
from liveconsole.views.report import NoBroadcast, Report, handover_text


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole history", description=described(__doc__))
    words.add_argument("number", type=int, nargs="?", metavar="N", help="this one, with what is left to do")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    words.add_argument("--json", action="store_true", help="as GET /v1/broadcasts answers")
    words.add_argument("--english", action="store_true", help="in English")
    return words


def run(argv: Sequence[str]) -> int:
    """0: it stands on stdout; 1: no log, or no such broadcast; 4: the store's key is not to be had."""
    args = parser().parse_args(argv)
    folder = data_folder(args.data)
    try:
        found = asyncio.run(_from_engine(folder, args.number))
        if found is None:
            found = _from_store(folder, args.number)
    except (BusError, StoreError, NoBroadcast, NotTaken, OSError) as error:
        return complain(error)
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
    elif isinstance(found, Report):
        sys.stdout.write(handover_text(found, args.english))
    else:
        sys.stdout.writelines(_line(one, english=args.english) for one in found)
    return Exit.OK


async def _from_engine(folder: Path, number: int | None) -> Report | list[BroadcastSummary] | None:
    engine = await running(folder)
    if engine is None:
        return None
    async with Client(engine.url, engine.tokens["viewer"], engine.proof_key) as client:
        if number is None:
            return msgspec.convert(await client.broadcasts(), list[BroadcastSummary])
        return msgspec.convert(await client.broadcast(number), Report)


def _from_store(folder: Path, number: int | None) -> Report | list[BroadcastSummary]:
    store = open_kept(folder)
    try:
        fill_books(store)
        simulated = store.meta.simulated
        if number is None:
            return history.summaries(store, simulated=simulated)
        return history.report(store, number, simulated=simulated)
    finally:
        store.close()


def _line(one: BroadcastSummary, *, english: bool) -> str:
    """Number, when, what it came to, title; what nobody told of is a dash."""
    begun = one.opened_at.astimezone().strftime("%Y-%m-%d %H:%M")
    ended = one.closed_at.astimezone().strftime("%H:%M") if one.closed_at is not None else "…"
    orders = "—" if one.paid is None else f"{one.paid}"
    gmv = "—" if one.gmv_fen is None else yuan(one.gmv_fen)
    back = "" if not one.refund_fen else f" ({'refunded' if english else '退'} {yuan(one.refund_fen)})"
    said = f"{orders} paid, {gmv}{back}" if english else f"{orders} 单已付 {gmv}{back}"
    mark = ("rehearsal " if english else "排练 ") if one.simulated else ""
    return f"{one.number:>4}  {begun}–{ended}  {said}  {mark}{one.title}".rstrip() + "\n"
