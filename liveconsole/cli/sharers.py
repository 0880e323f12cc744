"""``liveconsole sharers``: who brought how many in thirty days, and what it came to, as a table."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from liveconsole.bus.errors import BusError
from liveconsole.cli.books import ask_book
from liveconsole.cli.joining import complain
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.sharers import SharerRow, SharersPage
from liveconsole.paths import data_folder
from liveconsole.store.errors import StoreError
from liveconsole.views.money import plain_yuan
from liveconsole.views.report.guard import guarded

COLUMNS: Final = (
    "sharer", "name", "visits", "orders", "amount_yuan", "commission_yuan", "days", "influence",
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole sharers", description=described(__doc__))
    words.add_argument("--sharer", metavar="ID", help="only this one: what may be handed to him")
    words.add_argument("--csv", metavar="FILE", help="into a file; - for stdout")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    return words


def run(argv: Sequence[str]) -> int:
    """0: it stands on stdout or in the file; 1: no log, or no such sharer; 4: the store's key is not to be
    had. Nothing of a buyer is ever in it."""
    args = parser().parse_args(argv)
    query = {"sharer": args.sharer} if args.sharer else {}
    try:
        page = msgspec.convert(ask_book(data_folder(args.data), "sharers", query), SharersPage)
        if args.sharer and not page.rows:
            return complain(ValueError(f"no such sharer: {args.sharer}"))
        table = table_of(page.rows)
        if args.csv and args.csv != "-":
            Path(args.csv).write_bytes(table)
        else:
            sys.stdout.buffer.write(table)
    except (BusError, StoreError, NotTaken, OSError) as error:
        return complain(error)
    return Exit.OK


def table_of(rows: Sequence[SharerRow]) -> bytes:
    """Return a row for each sharer, with a byte order mark; an unknown commission is an empty cell."""
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(COLUMNS)
    for row in rows:
        commission = "" if row.commission_fen is None else plain_yuan(row.commission_fen)
        cells = (
            row.sharer, row.name, row.visits, row.orders, plain_yuan(row.amount_fen), commission, row.days,
            row.influence,
        )  # fmt: skip
        write.writerow([guarded(str(cell)) for cell in cells])
    return out.getvalue().encode("utf-8-sig")
