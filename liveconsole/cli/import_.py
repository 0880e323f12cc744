"""``liveconsole import``: products from a CSV or a workbook into the catalogue (编号 名称 价格 库存 …)."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from liveconsole.advice.judged import words_in
from liveconsole.advice.words import lists
from liveconsole.advice.words.check import Checker
from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError, Rejected
from liveconsole.cli.joining import complain
from liveconsole.connectors.borrowed import engine_of
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.intake.products import (
    ProductImport,
    ProductTable,
    RowChange,
    compare,
    is_goods,
    read_products,
    refuse,
    shops,
)
from liveconsole.intake.products.pictures import pictures_of, with_pictures
from liveconsole.intake.products.shops import BadShops
from liveconsole.intake.products.words import COLUMN_NAMES
from liveconsole.intake.tables import (
    FILE_LIMIT,
    BadChoice,
    Table,
    TableRefused,
    read_choice,
    read_table,
)
from liveconsole.intake.tables.drawn import drawn_in
from liveconsole.paths import data_folder


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole import", description=described(__doc__))
    words.add_argument(
        "file", type=Path, metavar="FILE", help="CSV (UTF-8 or GB 18030), .xlsx, .xls, .xlsb, .ods, HTML"
    )
    words.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook; else the first with rows")
    words.add_argument(
        "--columns",
        metavar="NAME=COLUMN,…",
        default="",
        help="what columns are, by their header or their letters, as price=售卖价,stock=D,none=备注; "
        f"names: {', '.join(COLUMN_NAMES)}",
    )
    words.add_argument("--orders", action="store_true", help="orders of the past, with words of its own")
    words.add_argument("--settled", action="store_true", help="a shop's bill, with words of its own")
    words.add_argument("--rivals", action="store_true", help="rivals' best sellers, with words of its own")
    words.add_argument("--clips", action="store_true", help="what short videos brought, words of its own")
    words.add_argument("--shipments", action="store_true", help="where parcels are, with words of its own")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    words.add_argument("--cart", action="store_true", help="into the cart as well, in the order of the file")
    words.add_argument("--check", action="store_true", help="only say what is wrong, and ask no engine")
    return words


def run(argv: Sequence[str]) -> int:
    """0 when every row was taken; 1 when some were not, or nothing could be done. Good rows are put, bad
    rows are named on stderr with their reasons; the last line on stdout is JSON."""
    if "--orders" in argv:
        from liveconsole.cli import import_orders

        return import_orders.run(argv)
    if "--settled" in argv:
        from liveconsole.cli import import_bill

        return import_bill.run(argv)
    if "--rivals" in argv:
        from liveconsole.cli import import_rivals

        return import_rivals.run(argv)
    if "--clips" in argv:
        from liveconsole.cli import import_clips

        return import_clips.run(argv)
    if "--shipments" in argv:
        from liveconsole.cli import import_shipments

        return import_shipments.run(argv)
    args = parser().parse_args(argv)
    try:
        with args.file.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
        table = read_table(content, args.file.name, args.sheet, is_goods)
        products = _read(table, args.columns, args.data)
        checker = Checker(lists.load(data_folder(args.data)))
        if args.check or not products.good:
            seen = compare(products, ())
        else:
            pictures = pictures_of(products, drawn_in(content, table.sheet), args.file.parent)
            seen = asyncio.run(_put(data_folder(args.data), products, pictures, cart=args.cart))
    except TableRefused as why:
        return complain(ValueError(f"{args.file}: {why.reason(english=True)} ({why.reason()})"))
    except (BadChoice, BadShops, BusError, OSError) as error:
        return complain(error)
    return _tell(products, seen, checker, counted=not args.check)


def _read(table: Table, columns: str, data: Path | None) -> ProductTable:
    known = shops.load(data_folder(data))
    products = read_products(table, words=known)
    if not columns:
        return products
    return read_products(table, read_choice(columns, COLUMN_NAMES, products.columns), known)


def _tell(products: ProductTable, seen: Sequence[RowChange], checker: Checker, *, counted: bool) -> int:
    for remark in products.remarks():
        _say(f"note: {remark.said(english=True)} ({remark.said()})")
    for each in seen:
        if each.bad is not None:
            where = f"line {each.line}" + (f" ({each.bad.cell})" if each.bad.cell else "")
            _say(f"{where}: {each.bad.reason(english=True)} ({each.bad.reason()})")
        for remark in each.remarks:
            _say(f"line {each.line}: note: {remark.said(english=True)} ({remark.said()})")
        for hint in _words(each, checker):
            _say(f"line {each.line}: note: {hint}")
    if products.refusal is not None:
        _say(f"{products.refusal.reason(english=True)} ({products.refusal.reason()})")
        columns = products.columns
        for label, sample in zip(columns.labels, columns.samples, strict=True):
            _say(f"column {label}: {sample}")
        _say("say what the columns are with --columns, as --columns price=COLUMN,none=COLUMN")
    states = Counter(each.state for each in seen)
    counts = {"rows": len(seen), "good": len(seen) - states["wrong"], "bad": states["wrong"]}
    if counted:
        counts |= {state: states[state] for state in ("new", "changed", "same")}
    sys.stdout.write(json.dumps(counts) + "\n")
    return Exit.FAILED if states["wrong"] or products.refusal is not None else Exit.OK


def _words(seen: RowChange, checker: Checker) -> Iterator[str]:
    """What viewers would read of a row that goes in and should be looked at; nothing is refused for it."""
    if seen.row is None or seen.state not in ("new", "changed"):
        return
    for word in words_in("catalogue.put", {"products": [seen.row.product()]}, "", None, checker):
        instead = word["suggestion"]
        english = f", better “{instead}”" if instead else ""
        chinese = f"，可以说「{instead}」" if instead else ""
        yield f"“{word['text']}”: {word['en']}{english} ({word['zh']}{chinese})"


def _say(words: str) -> None:
    """One line on stderr; what a cell holds never steers the terminal."""
    sys.stderr.write("".join(letter if letter.isprintable() else " " for letter in words) + "\n")


class _Refused(BusError):
    """The rules said no, and to no one product."""


async def _keep(host: Client, pictures: Mapping[str, bytes | str]) -> dict[str, str]:
    """Product → the hash of its picture. One that is not to be had is named with its reason; the product goes
    in without it, and the file may be imported again."""
    kept: dict[str, str] = {}
    for product_id, picture in pictures.items():
        try:
            if isinstance(picture, bytes):
                kept[product_id] = await host.keep_picture(picture)
            else:
                kept[product_id] = await host.keep_picture_from(picture)
        except Rejected as why:
            _say(f"{product_id}: no picture: {why.text or why.code}")
    return kept


async def _put(
    folder: Path, products: ProductTable, pictures: Mapping[str, bytes | str], *, cart: bool
) -> list[RowChange]:
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["host"], found.proof_key) as host,
    ):
        products = with_pictures(products, await _keep(host, pictures))
        state = await host.state()
        seen = compare(products, state.catalogue.products)
        putting = ProductImport(seen)
        while (data := putting.next()) is not None:
            answer = await host.command("catalogue.put", data)
            if not putting.told(answer["ok"], answer.get("params") or {}, answer.get("text", "")):
                raise _Refused(answer["code"], answer["text"])
        there = [item.product_id for item in state.cart.items]
        for product_ids in putting.for_cart(there) if cart else ():
            answer = await host.command("cart.add", {"product_ids": product_ids})
            if not answer["ok"]:
                raise _Refused(answer["code"], answer["text"])
    for product_id, reason in putting.refused.items():
        seen = refuse(seen, product_id, reason, products)
    return seen
