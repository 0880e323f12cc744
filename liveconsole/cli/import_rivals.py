"""``liveconsole import --rivals``: what rivals sold best in a week, for 开播前 (店铺 商品 价格 …)."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import complain
from liveconsole.connectors.borrowed import engine_of
from liveconsole.described import described
from liveconsole.domain.china import day_of
from liveconsole.exits import Exit
from liveconsole.intake.rival_rows import is_rivals, read_rivals
from liveconsole.intake.tables import FILE_LIMIT, TableRefused, read_table
from liveconsole.paths import data_folder


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole import --rivals", description=described(__doc__))
    words.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8 or GB 18030), .xlsx, .xls, .ods")
    words.add_argument("--rivals", action="store_true", required=True, help=argparse.SUPPRESS)
    words.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook")
    words.add_argument(
        "--week", type=date.fromisoformat, metavar="DATE", help="a day of the week; else today"
    )
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0 when every row was taken; 1 when some were not, or nothing could be done. Rows that are not taken are
    named on stderr with their reasons; the last line on stdout is JSON."""
    args = parser().parse_args(argv)
    try:
        with args.file.open("rb") as opened:
            content = opened.read(FILE_LIMIT + 1)
        found = read_rivals(read_table(content, args.file.name, args.sheet, is_rivals))
        week = args.week or day_of(datetime.now(UTC))
        if found.rows:
            asyncio.run(_put(data_folder(args.data), week, found.rows))
    except TableRefused as why:
        return complain(ValueError(f"{args.file}: {why.reason(english=True)} ({why.reason()})"))
    except (BusError, OSError) as error:
        return complain(error)
    for one in found.bad:
        said = f"line {one.line}: {one.reason(english=True)} ({one.reason()})"
        sys.stderr.write("".join(letter if letter.isprintable() else " " for letter in said) + "\n")
    sys.stdout.write(json.dumps({"accepted": len(found.rows), "refused": len(found.bad)}) + "\n")
    return Exit.FAILED if found.bad else Exit.OK


class _Refused(BusError):
    """The rules said no."""


async def _put(folder: Path, week: date, rows: list[dict[str, Any]]) -> None:
    async with (
        engine_of(folder) as found,
        Client(found.url, found.tokens["host"], found.proof_key) as host,
    ):
        answer = await host.command("rivals.put", {"week": str(week), "rows": rows})
        if not answer["ok"]:
            raise _Refused(answer["code"], answer["text"])
