"""``liveconsole receipt ID``: the receipt of a draw as a file, with all of its entrants; with ``--html`` as a
page that checks itself in any browser."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from liveconsole.bus.errors import BusError
from liveconsole.bus.receipts import entry_of, void_because, whole_receipt, whole_series
from liveconsole.cli.joining import add_engine_words, client_of, complain
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.refusals import TEXTS
from liveconsole.reports.receipt_page import receipt_page


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole receipt", description=described(__doc__))
    words.add_argument("id", metavar="ID", help="of the draw, or of its promotion; CUE-2: its second bag")
    words.add_argument("--out", metavar="FILE", help="where to (default receipt-ID.json; - is stdout)")
    words.add_argument(
        "--html", nargs="?", const="", metavar="FILE",
        help="a page that any viewer can check it with, offline (default receipt-ID.html; - is stdout)",
    )  # fmt: skip
    words.add_argument(
        "--series",
        action="store_true",
        help="of a series of bags, with those of its draws",
    )
    words.add_argument("--find", metavar="VIEWER", help="only say which entry is that viewer's (platform id)")
    add_engine_words(words)
    return words


def run(argv: Sequence[str]) -> int:
    """0: written; 1: no such draw was drawn, or its entrants do not add up; 8: no engine answers."""
    args = parser().parse_args(argv)
    try:
        receipt, entry = asyncio.run(_series(args) if args.series else _whole(args))
        if isinstance(receipt, str):
            sys.stderr.write(f"liveconsole: {receipt}\n")
            return Exit.FAILED
        if args.find is not None:
            sys.stdout.write(f"{entry or 'not among the entrants'}\n")
            return Exit.OK if entry else Exit.FAILED
        if args.html is None or args.out is not None:
            _write(msgspec.json.encode(receipt) + b"\n", args.out, args.id, "json")
        if args.html is not None:
            _write(receipt_page(receipt), args.html, args.id, "html")
    except (BusError, OSError, ValueError) as error:
        return complain(error)
    return Exit.OK


def _write(body: bytes, name: str | None, id_: str, ending: str) -> None:
    if name == "-":
        sys.stdout.buffer.write(body)
        return
    file = Path(name or f"receipt-{re.sub(r'[^A-Za-z0-9._-]', '_', id_)[:80]}.{ending}")
    file.write_bytes(body)
    sys.stdout.write(f"{file}\n")


async def _series(args: argparse.Namespace) -> tuple[dict[str, Any] | str, None]:
    async with await client_of(args, "viewer") as client:
        found = await whole_series(client, args.id)
    return found if found is not None else f"no series {args.id} is over here", None


async def _whole(args: argparse.Namespace) -> tuple[dict[str, Any] | str, str | None]:
    """The receipt, or why there is none; and the entry that is asked for."""
    async with await client_of(args, "viewer") as client:
        found = await whole_receipt(client, args.id)
        if found is not None:
            return found, await entry_of(client, found, args.find) if args.find is not None else None
        reason = await void_because(client, args.id)
    if reason is None:
        return f"no draw {args.id} was drawn here", None
    said = " / ".join(TEXTS[reason]) if reason in TEXTS else reason
    return f"the draw {args.id} is void, nothing was drawn: {said}", None
