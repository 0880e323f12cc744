"""``liveconsole import --clips``: what short videos brought, for the boards (场次 人数 花费 成交)."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import complain
from liveconsole.connectors.borrowed import engine_of
from liveconsole.described import described
from liveconsole.domain.china import day_of
from liveconsole.exits import Exit
from liveconsole.intake.clip_rows import ClipTable, is_clips, read_clips
from liveconsole.intake.tables import FILE_LIMIT, Table, TableRefused, read_table
from liveconsole.paths import data_folder


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole import --clips", description=described(__doc__))
    words.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8 or GB 18030), .xlsx, .xls, .ods")
    words.add_argument("--clips", action="store_true", required=True, help=argparse.SUPPRESS)
    words.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0 when every row was taken; 1 when some were not, or nothing could be done. Rows that are not taken are
    named on stderr with their reasons; the last line on stdout is JSON."""
    args = parser().parse_args(argv)
    try:
        with args.file.open("rb") as opened:
            content = opened.read(FILE_LIMIT + 1)
        table = read_table(content, args.file.name, args.sheet, is_clips)
        found = asyncio.run(_put(data_folder(args.data), table))
    except TableRefused as why:
        return complain(ValueError(f"{args.file}: {why.reason(english=True)} ({why.reason()})"))
    except (BusError, OSError) as error:
        return complain(error)
    for one in found.bad:
        said = f"line {one.line}: {one.reason(english=True)} ({one.reason()})"
        sys.stderr.write("".join(letter if letter.isprintable() else " " for letter in said) + "\n")
    counts = {"accepted": found.taken, "refused": len(found.bad), "broadcasts": sorted(found.figures)}
    sys.stdout.write(json.dumps(counts) + "\n")
    return Exit.FAILED if found.bad else Exit.OK


class _Refused(BusError):
    """The rules said no."""


async def _put(folder: Path, table: Table) -> ClipTable:
    """Which broadcasts there are the engine says; a figure that is typed again is corrected, so that a file
    may be imported twice."""
    async with (
        engine_of(folder) as engine,
        Client(engine.url, engine.tokens["host"], engine.proof_key) as host,
    ):
        broadcasts = await host.broadcasts()
        days = {int(one["number"]): day_of(datetime.fromisoformat(one["opened_at"])) for one in broadcasts}
        found = read_clips(table, days)
        for number, figures in found.figures.items():
            for name, value in figures.items():
                answer = await host.command("board.type", {"name": name, "value": value, "broadcast": number})
                if not answer["ok"]:
                    raise _Refused(answer["code"], answer["text"])
    return found
