"""``liveconsole report``: one broadcast as HTML, PDF, XLSX, CSV, EDL and 交接单, folded from its log."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError, Rejected
from liveconsole.bus.launch import running
from liveconsole.cli.joining import complain
from liveconsole.cli.stores import open_kept
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.intake.pictures.reading import SMALL
from liveconsole.paths import data_folder, own_folder, write_own
from liveconsole.reports.edl import clips_csv, edl
from liveconsole.reports.html import html, print_form
from liveconsole.reports.pictures import Pictures, shown_in
from liveconsole.reports.xlsx import xlsx
from liveconsole.store.errors import StoreError
from liveconsole.views.questions import FILE, BadRulesFile, Questions, built_in, of_room
from liveconsole.views.report import NoBroadcast, Report, ReportFold, handover_text
from liveconsole.views.report.pledges import pledges_csv
from liveconsole.views.report.words import ReportWords

_PAGE: Final = 10_000
_lines: Final = msgspec.json.Decoder()


def run(argv: Sequence[str]) -> int:
    """0: every file is written and its path stands on stdout; 1: no log, no such broadcast, or no place to
    write; 4: the store's key is not to be had."""
    args = parser().parse_args(argv)
    wanted = [name for name in _WRITERS if getattr(args, name)]
    only_said = wanted == ["handover"] and args.out is None
    try:
        report, pictures = _read(data_folder(args.data), args.broadcast, names=args.names)
        if only_said:
            sys.stdout.buffer.write(_handover(report, ReportWords(english=args.english)))
            return Exit.OK
        folder = _folder(args.out, data_folder(args.data), report)
        w = ReportWords(english=args.english)
        for path in _write(report, pictures, folder, wanted or list(_WRITERS), w):
            sys.stdout.write(f"{path}\n")
    except (BusError, StoreError, NoBroadcast, OSError) as error:
        return complain(error)
    return Exit.OK


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole report", description=described(__doc__))
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    words.add_argument("--broadcast", type=_positive, metavar="N", help="from 1; the last one without it")
    words.add_argument("--out", type=Path, metavar="FOLDER", help="default: reports/ in the data folder")
    words.add_argument("--names", action="store_true", help="people's whole names instead of masked ones")
    words.add_argument("--english", action="store_true", help="in English")
    words.add_argument("--html", action="store_true", help="one file for a browser")
    words.add_argument("--pdf", action="store_true", help="for paper")
    words.add_argument("--xlsx", action="store_true", help="the tables, with every order")
    words.add_argument("--csv", action="store_true", help="the pins, to cut clips")
    words.add_argument("--edl", action="store_true", help="the same for an editor (CMX 3600, 25 fps)")
    words.add_argument("--pledges", action="store_true", help="what was promised aloud, for the warehouse")
    words.add_argument(
        "--handover", action="store_true", help="what is left to do; alone and without --out: to stdout"
    )
    return words


def _read(folder: Path, broadcast: int | None, *, names: bool) -> tuple[Report, Pictures]:
    """From the running engine, or from the store where none runs; with the pictures that it shows."""
    found = asyncio.run(_from_engine(folder, broadcast, names=names))
    if found is None:
        found = _from_store(folder, broadcast, names=names)
    return found


async def _from_engine(folder: Path, broadcast: int | None, *, names: bool) -> tuple[Report, Pictures] | None:
    engine = await running(folder)
    if engine is None:
        return None
    async with Client(engine.url, engine.tokens["viewer"], engine.proof_key) as client:
        state = await client.state()
        simulated = state.room.simulated
        folding = ReportFold(broadcast, names=names, simulated=simulated, questions=_groups(folder))
        after = 0
        while page := await client.log(after, _PAGE):
            folding.add(page)
            after = page[-1]["seq"]
        report = folding.report()
        pictures = {}
        for sha in shown_in(report):
            with contextlib.suppress(Rejected):  # it is gone: a letter stands in its place
                pictures[sha] = await client.picture(sha, SMALL)
    return report, pictures


def _from_store(folder: Path, broadcast: int | None, *, names: bool) -> tuple[Report, Pictures]:
    store = open_kept(folder)
    try:
        simulated = store.meta.simulated
        folding = ReportFold(broadcast, names=names, simulated=simulated, questions=_groups(folder))
        report = folding.add(_events(store.read)).report()
        with contextlib.closing(store.open_reader()) as reader:
            found = {sha: reader.picture(sha, "small") for sha in shown_in(report)}
        return report, {sha: body for sha, body in found.items() if body is not None}
    finally:
        store.close()


def _groups(folder: Path) -> Questions:
    """The user's own groups of questions where there are any that can be used."""
    try:
        return of_room(folder)
    except BadRulesFile as error:
        complain(BadRulesFile(f"{FILE}: {error}"))
        return built_in()


def _events(read: Callable[[int, int], list[bytes]]) -> Iterator[dict[str, Any]]:
    after = 0
    while page := read(after, _PAGE):
        event: dict[str, Any] = {}
        for line in page:
            event = _lines.decode(line)
            yield event
        after = event["seq"]


def _folder(named: Path | None, data: Path, report: Report) -> Path:
    """Made if it is not there. Ours is its owner's alone; a folder that was named keeps its access."""
    if named is not None:
        folder = named.expanduser().absolute()
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    begun = report.start.astimezone().strftime("%Y%m%d-%H%M")
    return own_folder(data / "reports" / f"{begun}-{report.broadcast}")


def _write(
    report: Report, pictures: Pictures, folder: Path, wanted: Sequence[str], w: ReportWords
) -> Iterator[Path]:
    for name in wanted:
        file, make = _WRITERS[name]
        path = folder / file
        write_own(path, make(report, w, pictures))
        yield path


def _pdf(report: Report, w: ReportWords, pictures: Pictures) -> bytes:
    """Qt lives in ``ui`` only, and is loaded only when a PDF is wanted."""
    printed = print_form(report, w, None, pictures)
    made: bytes = importlib.import_module("ui.program.report_pdf").pdf(
        printed.body, printed.chart, printed.chart_size, printed.title, printed.mark, printed.pictures
    )
    return made


def _handover(report: Report, w: ReportWords) -> bytes:
    return handover_text(report, w.english).encode()


_WRITERS: Final[dict[str, tuple[str, Callable[[Report, ReportWords, Pictures], bytes]]]] = {
    "html": ("report.html", lambda report, w, pictures: html(report, w, None, pictures)),
    "pdf": ("report.pdf", _pdf),
    "xlsx": ("report.xlsx", lambda report, w, _: xlsx(report, w, None)),
    "csv": ("clips.csv", lambda report, w, _: clips_csv(report, w, None)),
    "edl": ("clips.edl", lambda report, w, _: edl(report, w)),
    "pledges": ("pledges.csv", lambda report, w, _: pledges_csv(report, w, None)),
    "handover": ("handover.txt", lambda report, w, _: _handover(report, w)),
}
"""Option → file, and what is in it. Times are those of this machine's clock."""


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
