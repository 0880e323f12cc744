"""``liveconsole receipt ID``: the receipt of a draw as a file, with all of its entrants."""

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
from liveconsole.bus.receipts import void_because, whole_receipt
from liveconsole.cli.joining import add_engine_words, client_of, complain
from liveconsole.messages.refusals import TEXTS


def run(argv: Sequence[str]) -> int:
    """0: written; 1: no such draw was drawn, its entrants do not add up, or no engine answers."""
    words = argparse.ArgumentParser(prog="liveconsole receipt", description=(__doc__ or "").split("\n")[0])
    words.add_argument("id", metavar="ID", help="the draw's id, or that of its promotion")
    words.add_argument("--out", metavar="FILE", help="where to (default receipt-ID.json; - is stdout)")
    add_engine_words(words)
    args = words.parse_args(argv)
    try:
        receipt = asyncio.run(_whole(args))
        if isinstance(receipt, str):
            sys.stderr.write(f"liveconsole: {receipt}\n")
            return 1
        body = msgspec.json.encode(receipt) + b"\n"
        if args.out == "-":
            sys.stdout.buffer.write(body)
            return 0
        file = Path(args.out or f"receipt-{re.sub(r'[^A-Za-z0-9._-]', '_', args.id)[:80]}.json")
        file.write_bytes(body)
    except (BusError, OSError, ValueError) as error:
        return complain(error)
    sys.stdout.write(f"{file}\n")
    return 0


async def _whole(args: argparse.Namespace) -> dict[str, Any] | str:
    """The receipt, or why there is none."""
    async with await client_of(args, "viewer") as client:
        found = await whole_receipt(client, args.id)
        if found is not None:
            return found
        reason = await void_because(client, args.id)
    if reason is None:
        return f"no draw {args.id} was drawn here"
    said = " / ".join(TEXTS[reason]) if reason in TEXTS else reason
    return f"the draw {args.id} is void, nothing was drawn: {said}"
