"""The command: which rows, and how they are told."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from liveconsole.bench import (
    books,
    desk,
    evenings,
    floor,
    hot,
    ingest,
    latency,
    long,
    pipe,
    polled,
    postgres,
    rooms,
    sweep,
    timers,
)
from liveconsole.bench.figures import BenchRow
from liveconsole.bench.table import machine, render
from liveconsole.bench.world import BenchRun
from liveconsole.described import described
from liveconsole.exits import Exit

Row = Callable[[BenchRun], Awaitable[list[BenchRow]]]

ROWS: Final[dict[str, Row]] = {
    ingest.NAME: ingest.measure,
    pipe.NAME: pipe.measure,
    desk.FEED: desk.feed,
    desk.PANELS: desk.panels,
    desk.STORM: desk.storm,
    desk.SHOP: desk.shop,
    polled.NAME: polled.measure,
    sweep.NAME: sweep.measure,
    desk.START: desk.start,
    hot.NAME: hot.measure,
    floor.NAME: floor.measure,
    latency.NAME: latency.measure,
    timers.FIRE: timers.fire,
    timers.TIMERS: timers.timers,
    long.NAME: long.measure,
    evenings.NAME: evenings.measure,
    books.NAME: books.measure,
    postgres.NAME: postgres.measure,
    rooms.NAME: rooms.measure,
}


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole bench", description=described(__doc__))
    words.add_argument("--quick", action="store_true", help="a minute instead of five; smaller sizes")
    words.add_argument("--only", action="append", choices=list(ROWS), metavar="ROW", help=", ".join(ROWS))
    words.add_argument(
        "--minutes", type=float, default=None, metavar="M", help="how long the rows feed and panels pour"
    )
    words.add_argument(
        "--database", metavar="URL", help="where the rows postgres and rooms make rooms, and take them out"
    )
    words.add_argument("--json", action="store_true", help="JSON instead of the table")
    words.add_argument("--check", action="store_true", help="end with 1 when a must is missed")
    return words


def run(argv: Sequence[str]) -> int:
    """0: measured; 1: a row could not be measured, or with ``--check`` a must was missed."""
    args = parser().parse_args(argv)
    if getattr(sys, "frozen", False):
        # Its rows start Python on modules of their own, which the packaged program has none of.
        sys.stderr.write("liveconsole: bench runs from a checkout: python dev.py bench\n")
        return Exit.FAILED
    # Stores of the bench are made and gone: none of them leaves a key in the user's keyring.
    os.environ["LIVECONSOLE_KEYRING"] = "off"
    chosen = args.only or list(ROWS)
    began = time.perf_counter()
    facts = machine()
    with tempfile.TemporaryDirectory(prefix="liveconsole-bench-", ignore_cleanup_errors=True) as folder:
        figures, failed = asyncio.run(
            _measure(
                BenchRun(Path(folder), quick=args.quick, minutes=args.minutes, database=args.database), chosen
            )
        )
    facts["quick"] = args.quick
    facts["seconds"] = round(time.perf_counter() - began, 1)
    if args.json:
        body = {"machine": facts, "figures": [figure.as_json() for figure in figures], "failed": failed}
        sys.stdout.buffer.write(msgspec.json.encode(body) + b"\n")
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(render(facts, figures))
    missed = any(figure.verdict() == "miss" for figure in figures)
    return Exit.FAILED if failed or (args.check and missed) else Exit.OK


async def _measure(world: BenchRun, chosen: Sequence[str]) -> tuple[list[BenchRow], list[str]]:
    figures: list[BenchRow] = []
    failed: list[str] = []
    for name in chosen:
        sys.stderr.write(f"bench: {name}…\n")
        try:
            figures += await ROWS[name](world)
        except Exception:  # noqa: BLE001  # the other rows can still be measured
            traceback.print_exc()
            failed.append(name)
    return figures, failed
