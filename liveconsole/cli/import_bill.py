"""``liveconsole import --settled``: a shop's bill, what of each order was paid out (订单号 结算金额 …)."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import complain
from liveconsole.connectors.borrowed import engine_of
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.intake.bill_rows import is_bill, read_bill
from liveconsole.intake.tables import FILE_LIMIT, TableRefused, read_table
from liveconsole.paths import data_folder

_AT_ONCE: Final = 1_000


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole import --settled", description=described(__doc__))
    words.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8 or GB 18030), .xlsx, .xls, .ods")
    words.add_argument("--settled", action="store_true", required=True, help=argparse.SUPPRESS)
    words.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook; else the first with a bill")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0 when every row was taken or known; 1 when some were not, or nothing could be done. Rows that are not
    taken are named on stderr with their reasons; the last line on stdout is JSON."""
    args = parser().parse_args(argv)
    try:
        with args.file.open("rb") as opened:
            content = opened.read(FILE_LIMIT + 1)
        bill = read_bill(read_table(content, args.file.name, args.sheet, is_bill))
        told = asyncio.run(_post(data_folder(args.data), bill.events)) if bill.events else Counter[str]()
    except TableRefused as why:
        return complain(ValueError(f"{args.file}: {why.reason(english=True)} ({why.reason()})"))
    except (BusError, OSError) as error:
        return complain(error)
    for one in bill.bad:
        said = f"line {one.line}: {one.reason(english=True)} ({one.reason()})"
        sys.stderr.write("".join(letter if letter.isprintable() else " " for letter in said) + "\n")
    refused = told["refused"] + len(bill.bad)
    counts = {"accepted": told["accepted"], "duplicates": told["duplicates"] + bill.doubles}
    sys.stdout.write(json.dumps(counts | {"refused": refused}) + "\n")
    return Exit.FAILED if refused else Exit.OK


async def _post(folder: Path, events: Sequence[dict[str, Any]]) -> Counter[str]:
    told: Counter[str] = Counter()
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["producer"], found.proof_key) as producer,
    ):
        for start in range(0, len(events), _AT_ONCE):
            answer = await producer.post_events(events[start : start + _AT_ONCE])
            told.update(accepted=answer["accepted"], duplicates=answer["duplicates"])
            told.update(refused=len(answer["refused"]) + answer.get("refused_more", 0))
    return told
