"""``liveconsole customers``: who bought, in segments or tiers; one person's file; what one is worth."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import msgspec

from liveconsole.books import customers
from liveconsole.books.person import person
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.books.value import value
from liveconsole.cli.joining import complain
from liveconsole.cli.stores import fill_books, open_kept
from liveconsole.described import described
from liveconsole.domain.china import day_of
from liveconsole.exits import Exit
from liveconsole.messages.customers import GROUPINGS, CustomerGroup, CustomerValue
from liveconsole.paths import data_folder, write_own
from liveconsole.store.errors import StoreError, TookTooLong
from liveconsole.views.money import yuan
from liveconsole.views.report.guard import guarded

HEAD: Final = ("customer", "segment", "rfm_score", "orders", "recency_days", "amount_fen")
SECONDS: Final = 60.0
"""Nobody waits beside it, as somebody does at the door."""
_NAMED: Final = 5_000


def run(argv: Sequence[str]) -> int:
    """0: it stands on stdout, or in the file; 1: no log, nobody of that id, or it cannot be written; 2: it
    was asked wrongly; 4: the store's key is not to be had."""
    args = parser().parse_args(argv)
    try:
        with closing(open_kept(data_folder(args.data))) as store:
            fill_books(store)
            reader = BookReader(
                store.beside(), simulated=store.meta.simulated, now=lambda: datetime.now(UTC), seconds=SECONDS
            )
            with closing(reader):
                return _answer(reader, args)
    except BadQuery as error:
        sys.stderr.write(f"liveconsole customers: {error.field}\n")
        return Exit.USAGE
    except (StoreError, TookTooLong, OSError) as error:
        return complain(error)


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole customers", description=described(__doc__))
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    words.add_argument(
        "--rfm", choices=GROUPINGS, default="quintiles", help="by quintiles, or by the figures of the file"
    )
    words.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="as of the end of this day of China"
    )
    words.add_argument(
        "--csv", metavar="FILE", help=f"every customer with his whole name; - is stdout: {', '.join(HEAD)}"
    )
    words.add_argument("--person", metavar="ID", help="all that is kept of one person, as JSON")
    words.add_argument("--value", action="store_true", help="what a customer is worth, by cohorts")
    words.add_argument("--months", type=int, default=12, metavar="N", help="over so many months")
    words.add_argument("--margin", type=int, metavar="PERCENT", help="of revenue; without it revenue is told")
    words.add_argument("--cost", type=int, metavar="FEN", help="what all first orders cost")
    words.add_argument("--json", action="store_true", help="as GET /v1/customers answers")
    words.add_argument("--english", action="store_true", help="in English")
    return words


def _answer(reader: BookReader, args: argparse.Namespace) -> int:
    on = args.on or day_of(reader.now())
    if args.person is not None:
        told = person(reader, args.person, masked=False)
        if told.person is None:
            return complain(LookupError(f"nobody is known as {args.person}"))
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(told.person), indent=1) + b"\n")
        return Exit.OK
    if args.value:
        return _value(reader, args, on)
    if args.csv is not None:
        found = customers.everybody(reader, args.rfm, on)
        text = "".join(_csv(reader, found.rows)).encode()
        if args.csv == "-":
            sys.stdout.buffer.write(text)
        else:
            write_own(Path(args.csv), text)
        return Exit.OK
    page = customers.page(reader, {"rfm": args.rfm, "on": on.isoformat(), "limit": "1"})
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(page) + b"\n")
    else:
        sys.stdout.writelines(_line(group, english=args.english) for group in page.groups)
    return Exit.OK


def _value(reader: BookReader, args: argparse.Namespace, on: date) -> int:
    asked = {"on": on.isoformat(), "months": str(args.months)}
    if args.margin is not None:
        asked["margin_percent"] = str(args.margin)
    if args.cost is not None:
        asked["cost_fen"] = str(args.cost)
    told = value(reader, asked)
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    else:
        sys.stdout.writelines(_worth(told, english=args.english))
    return Exit.OK


def _csv(reader: BookReader, rows: Sequence[customers.Grouped]) -> Iterator[str]:
    """Lines; of somebody who was forgotten the name is empty."""
    yield ",".join(HEAD) + "\n"
    for start in range(0, len(rows), _NAMED):
        part = rows[start : start + _NAMED]
        names = reader.names([row.pid for row in part])
        out = io.StringIO(newline="")
        write = csv.writer(out, lineterminator="\n")
        for row in part:
            outside = names.get(row.pid, ("", ""))[0]
            figures = (row.rfm_score or "", row.orders, row.recency_days, row.amount_fen)
            write.writerow([guarded(outside), row.group, *figures])
        yield out.getvalue()


def _line(group: CustomerGroup, *, english: bool) -> str:
    share = "—" if group.share is None else f"{group.share:.1%}"
    if group.expected is not None:
        share += f" ({'expected' if english else '预期'} {group.expected}%)"
    name, does = (group.en, group.do_en) if english else (group.zh, group.do_zh)
    orders = f"{group.orders:>8} {'orders' if english else '单'}"
    return f"{name:<20} {group.customers:>8}  {share:<18} {orders}  {yuan(group.amount_fen):>14}  {does}\n"


def _worth(told: CustomerValue, *, english: bool) -> Iterator[str]:
    """One line a figure; what nobody can know is a dash."""

    def fen(amount: int | None) -> str:
        return "—" if amount is None else yuan(amount)

    margin = told.margin_percent
    if english:
        of = "revenue, no margin was typed" if margin is None else f"margin {margin}%"
        yield f"LTV over {told.horizon_months} months ({of}): {fen(told.ltv_fen)}\n"
        yield f"cost of a first order: {fen(told.cpa_fen)} ({told.first_orders} first orders)\n"
        gap = _days(told.median_gap_days)
        yield f"bought again: {_share(told.repeat_rate)}, median days between orders: {gap}\n"
        yield f"a member: {fen(told.arpu_members_fen)}, another customer: {fen(told.arpu_others_fen)}\n"
    else:
        of = "按收入，没有填毛利率" if margin is None else f"毛利率 {margin}%"
        yield f"{told.horizon_months} 个月 LTV（{of}）：{fen(told.ltv_fen)}\n"
        yield f"首单成本 CPA：{fen(told.cpa_fen)}（{told.first_orders} 个首单）\n"
        yield f"复购率：{_share(told.repeat_rate)}，两单间隔中位数（天）：{_days(told.median_gap_days)}\n"
        yield f"会员人均：{fen(told.arpu_members_fen)}，其他客户：{fen(told.arpu_others_fen)}\n"


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _days(days: float | None) -> str:
    return "—" if days is None else f"{days:g}"
