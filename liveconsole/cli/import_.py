"""``liveconsole import``: products from a CSV (编号 名称 价格 库存 底价) into the catalogue."""

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
from liveconsole.paths import data_folder
from liveconsole.views.products import BadRow, Row, parse_rows
from liveconsole.views.tables import decode

_LIMIT = 32 << 20


def run(argv: Sequence[str]) -> int:
    """0 when every row was taken; 1 when some were not, or nothing could be done. Good rows are put, bad
    rows are named on stderr with their reasons; the last line on stdout is JSON."""
    words = argparse.ArgumentParser(prog="liveconsole import", description=(__doc__ or "").split("\n")[0])
    words.add_argument("file", type=Path, metavar="FILE", help="CSV, UTF-8 or GB 18030")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    words.add_argument("--cart", action="store_true", help="into the cart as well, in the order of the file")
    words.add_argument("--check", action="store_true", help="only say what is wrong")
    args = words.parse_args(argv)
    try:
        if args.file.stat().st_size > _LIMIT:
            raise OSError(f"{args.file} is over 32 MiB")
        rows = parse_rows(decode(args.file.read_bytes()))
        good = [row for row in rows if isinstance(row, Row)]
        bad = [row for row in rows if isinstance(row, BadRow)]
        for row in bad:
            sys.stderr.write(f"line {row.line}: {row.reason(english=True)} ({row.reason()})\n")
        if good and not args.check:
            asyncio.run(_put(data_folder(args.data), good, cart=args.cart))
    except (BusError, OSError) as error:
        return complain(error)
    sys.stdout.write(json.dumps({"rows": len(rows), "good": len(good), "bad": len(bad)}) + "\n")
    return 1 if bad else 0


class _Refused(BusError):
    """The rules said no to the whole table."""


async def _put(folder: Path, rows: list[Row], *, cart: bool) -> None:
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["host"], found.proof_key) as host,
    ):
        answer = await host.command("catalogue.put", {"products": [row.product() for row in rows]})
        if answer["ok"] and cart:
            answer = await host.command("cart.add", {"product_ids": [row.product_id for row in rows]})
        if not answer["ok"]:
            raise _Refused(answer["code"], answer["text"])
