"""``liveconsole import --orders``: orders of the past from a file into the books (订单号 下单时间 金额 …)."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import complain
from liveconsole.connectors.borrowed import engine_of
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.intake.orders import COLUMN_NAMES, ORDER_ROWS, OrderTable, batches, is_orders, read_orders
from liveconsole.intake.tables import FILE_LIMIT, BadChoice, TableRefused, read_choice, read_table
from liveconsole.messages.order_books import PAST_ORDERS_MOST, PastOrder
from liveconsole.paths import data_folder

_BATCH_BYTES: Final = 600_000
"""Of the door's MiB."""


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole import --orders", description=described(__doc__))
    words.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8 or GB 18030), .xlsx, .xls, .ods")
    words.add_argument("--orders", action="store_true", required=True, help=argparse.SUPPRESS)
    words.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook; else the first with orders")
    words.add_argument(
        "--columns",
        metavar="NAME=COLUMN,…",
        default="",
        help="what columns are, by their header or their letters, as order=单号,total=D,none=备注; "
        f"names: {', '.join(COLUMN_NAMES)}",
    )
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    words.add_argument("--check", action="store_true", help="only say what is wrong, and ask no engine")
    return words


def run(argv: Sequence[str]) -> int:
    """0 when every row was taken or known; 1 when some were not, or nothing could be done. Rows that are not
    taken are named on stderr with their reasons; the last line on stdout is JSON."""
    args = parser().parse_args(argv)
    try:
        found = _read(args.file, args.sheet, args.columns)
        accepted, duplicates = 0, 0
        if not args.check and found.orders:
            accepted, duplicates = asyncio.run(_put(data_folder(args.data), found.orders))
    except TableRefused as why:
        return complain(ValueError(f"{args.file}: {why.reason(english=True)} ({why.reason()})"))
    except (BadChoice, BusError, OSError) as error:
        return complain(error)
    _tell(found)
    counts = {"accepted": accepted, "duplicates": duplicates + found.doubles, "refused": len(found.bad)}
    if args.check:
        counts = {"good": len(found.orders), "doubles": found.doubles, "refused": len(found.bad)}
    sys.stdout.write(json.dumps(counts) + "\n")
    return Exit.FAILED if found.bad or found.refusal else Exit.OK


def _read(file: Path, sheet: str | None, columns: str) -> OrderTable:
    with file.open("rb") as opened:
        content = opened.read(FILE_LIMIT + 1)
    table = read_table(content, file.name, sheet, is_orders, ORDER_ROWS)
    found = read_orders(table, content)
    if not columns:
        return found
    return read_orders(table, content, read_choice(columns, COLUMN_NAMES, found.columns))


def _tell(found: OrderTable) -> None:
    if found.net:
        _say("note: what was paid stands there less refunds; they are put back in (实付已扣退款，按退款前记)")
    for one in found.bad:
        _say(f"line {one.line}: {one.reason(english=True)} ({one.reason()})")
    if found.refusal:
        _say(f"{found.refused(english=True)} ({found.refused()})")
        for label, sample in zip(found.columns.labels, found.columns.samples, strict=True):
            _say(f"column {label}: {sample}")
        _say("say what the columns are with --columns, as --columns placed=COLUMN,total=COLUMN")


def _say(words: str) -> None:
    """Write one line on stderr; what a cell holds never steers the terminal."""
    sys.stderr.write("".join(letter if letter.isprintable() else " " for letter in words) + "\n")


class _Refused(BusError):
    """The rules said no, and to no one order."""


async def _put(folder: Path, orders: Sequence[PastOrder]) -> tuple[int, int]:
    """Return how many were new and how many were known before. Broken off, it may be done again."""
    accepted = duplicates = 0
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["host"], found.proof_key) as host,
    ):
        for batch in batches(orders, PAST_ORDERS_MOST, _BATCH_BYTES):
            answer = await host.command("orders.import", {"orders": msgspec.to_builtins(batch)})
            if not answer["ok"]:
                raise _Refused(answer["code"], answer["text"])
            accepted += answer["result"]["accepted"]
            duplicates += answer["result"]["duplicates"]
    return accepted, duplicates
