"""``liveconsole import --shipments``: where parcels are, from a file (订单号 快递公司 运单号 状态 时间 …)."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.cli.joining import complain
from liveconsole.connectors.borrowed import engine_of
from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.intake.shipment_rows import ShipmentTable, is_shipments, read_shipments
from liveconsole.intake.tables import FILE_LIMIT, TableRefused, read_table
from liveconsole.paths import data_folder

SOURCE: Final = "/file/shipments"
_AT_ONCE: Final = 500


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole import --shipments", description=described(__doc__))
    words.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8 or GB 18030), .xlsx, .xls, .ods")
    words.add_argument("--shipments", action="store_true", required=True, help=argparse.SUPPRESS)
    words.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook; else the first with parcels")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0 when every row was taken or known; 1 when some were not, or nothing could be done. Rows that are not
    taken are named on stderr with their reasons; the last line on stdout is JSON."""
    args = parser().parse_args(argv)
    try:
        with args.file.open("rb") as opened:
            content = opened.read(FILE_LIMIT + 1)
        found = read_shipments(read_table(content, args.file.name, args.sheet, is_shipments))
        accepted, duplicates = asyncio.run(_post(data_folder(args.data), found)) if found.facts else (0, 0)
    except TableRefused as why:
        return complain(ValueError(f"{args.file}: {why.reason(english=True)} ({why.reason()})"))
    except (BusError, OSError) as error:
        return complain(error)
    for one in found.bad:
        said = f"line {one.line}: {one.reason(english=True)} ({one.reason()})"
        sys.stderr.write("".join(letter if letter.isprintable() else " " for letter in said) + "\n")
    counts = {"accepted": accepted, "duplicates": duplicates, "refused": len(found.bad)}
    sys.stdout.write(json.dumps(counts) + "\n")
    return Exit.FAILED if found.bad else Exit.OK


def _events(found: ShipmentTable) -> list[CloudEvent]:
    return [
        cloudevent(SOURCE, id_, "order.shipment", data, at.isoformat() if at is not None else None)
        for id_, at, data in found.facts
    ]


async def _post(folder: Path, found: ShipmentTable) -> tuple[int, int]:
    """Return how many were new and how many were known before. Broken off, it may be done again."""
    accepted = duplicates = 0
    events = _events(found)
    async with (
        engine_of(folder) as engine,
        Client(engine.url, engine.tokens["producer"], engine.proof_key) as producer,
    ):
        for first in range(0, len(events), _AT_ONCE):
            batch: list[dict[str, Any]] = [dict(event) for event in events[first : first + _AT_ONCE]]
            answer = await producer.post_events(batch)
            accepted += answer["accepted"]
            duplicates += answer["duplicates"]
    return accepted, duplicates
