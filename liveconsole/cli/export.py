"""``liveconsole export --orders``: orders of all the years as a CSV or a workbook, without names."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from liveconsole.books import orders
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.cli.joining import complain
from liveconsole.cli.stores import fill_books, open_kept
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.order_pages import ORDER_STATES
from liveconsole.paths import data_folder, write_own
from liveconsole.reports.orders_file import columns, orders_csv, orders_xlsx, values
from liveconsole.store.errors import StoreError, TookTooLong

ORDERS_MOST: Final = 200_000
"""Orders of one file; of more, say fewer days."""
SECONDS: Final = 60.0
_FILTERS: Final = ("q", "buyer", "from", "to", "broadcast", "scene", "payment", "province", "tag")


def run(argv: Sequence[str]) -> int:
    """0: the file is written, the last line on stdout is JSON; 1: no log, too many orders, or it cannot be
    written; 2: it was asked wrongly; 4: the store's key is not to be had."""
    args = parser().parse_args(argv)
    query = {name: said for name in _FILTERS if (said := getattr(args, f"by_{name}")) is not None}
    query |= {"state": args.state} if args.state else {}
    write = {".csv": orders_csv, ".xlsx": orders_xlsx}.get(args.orders.suffix.lower())
    if write is None:
        sys.stderr.write("liveconsole export: the file is called .csv or .xlsx\n")
        return Exit.USAGE
    try:
        with closing(open_kept(data_folder(args.data))) as store:
            fill_books(store)
            reader = BookReader(
                store.beside(), simulated=store.meta.simulated, now=lambda: datetime.now(UTC), seconds=SECONDS
            )
            with closing(reader):
                found = list(islice(_rows(reader, query, args), ORDERS_MOST + 1))
        if len(found) > ORDERS_MOST:
            return complain(ValueError(f"more than {ORDERS_MOST} orders: say fewer days (--from, --to)"))
        write_own(args.orders, write(found, columns(personal=args.names), english=args.english))
    except BadQuery as error:
        sys.stderr.write(f"liveconsole export: {error.field}\n")
        return Exit.USAGE
    except (StoreError, TookTooLong, OSError) as error:
        return complain(error)
    sys.stdout.write(json.dumps({"orders": len(found), "names": args.names}) + "\n")
    return Exit.OK


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole export", description=described(__doc__))
    words.add_argument("--orders", type=Path, required=True, metavar="FILE", help=".csv or .xlsx")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    words.add_argument("--state", choices=ORDER_STATES, metavar="STATE", help=", ".join(ORDER_STATES))
    for name in _FILTERS:
        words.add_argument(
            f"--{name}", dest=f"by_{name}", metavar="DATE" if name in ("from", "to") else "TEXT"
        )
    words.add_argument(
        "--names", action="store_true", help="buyers, waybills and what was noted, which else are left out"
    )
    words.add_argument("--english", action="store_true", help="in English")
    return words


def _rows(reader: BookReader, query: Mapping[str, str], args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield every order, page after page, the oldest first."""
    after = ""
    while True:
        page = orders.page(reader, {**query, "sort": "oldest", "after": after})
        buyers = _buyers(reader, [order.order_id for order in page.orders]) if args.names else {}
        for order in page.orders:
            yield values(order, buyers.get(order.order_id), english=args.english)
        after = page.after
        if not after:
            return


def _buyers(reader: BookReader, order_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return who bought what, with whole names; nobody where he was forgotten."""
    pids = {order_id: row.buyer for order_id, row in reader.orders_of(order_ids).items() if row.buyer}
    names = reader.names(list(set(pids.values())))
    return {order_id: names[pid] for order_id, pid in pids.items() if pid in names}
