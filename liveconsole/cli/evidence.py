"""``liveconsole evidence``: what the law asks to keep of one broadcast, as one sealed file.

``--check`` tells whether such a file is as it was made.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from liveconsole import verify_evidence
from liveconsole.cli.joining import complain
from liveconsole.cli.stores import fill_books, open_kept
from liveconsole.described import described
from liveconsole.engine.evidence import evidence
from liveconsole.exits import Exit
from liveconsole.paths import data_folder, own_folder, write_own
from liveconsole.store.errors import StoreError
from liveconsole.views.report import NoBroadcast


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole evidence", description=described(__doc__))
    words.add_argument("number", type=int, nargs="?", metavar="N", help="the broadcast; the last one without")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may go on")
    words.add_argument("--file", type=Path, metavar="FILE", help="default: evidence/ in the data folder")
    words.add_argument("--names", action="store_true", help="with the winners' ids and names")
    words.add_argument(
        "--check", type=Path, metavar="FILE", help="is it as it was made; with --data: as the log"
    )
    return words


def run(argv: Sequence[str]) -> int:
    """0: it is written, or holds; 1: there is no such broadcast, or it does not hold; 2: the file cannot be
    read; 4: the store's key is not to be had."""
    args = parser().parse_args(argv)
    try:
        if args.check is not None:
            return _check(args.check, args.data)
        return _make(data_folder(args.data), args.number, args.file, names=args.names)
    except (StoreError, NoBroadcast, OSError, ValueError) as error:
        return complain(error)


def _make(folder: Path, number: int | None, file: Path | None, *, names: bool) -> int:
    with closing(open_kept(folder)) as store:
        fill_books(store)
        if number is None:
            last = store.broadcasts(limit=1)
            if not last:
                raise NoBroadcast("there is no broadcast")
            number = last[0].number
        made = evidence(store, store.meta, number, datetime.now(UTC), names=names)
    if file is None:
        file = own_folder(folder / "evidence") / f"broadcast-{number}.json"
    write_own(file, json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n")
    sys.stdout.write(f"{made['seal']['sha256']}\n{file}\n")
    return Exit.OK


def _check(file: Path, folder: Path | None) -> int:
    try:
        found: Any = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        complain(error)
        return Exit.USAGE
    links = None
    if folder is not None:
        with closing(open_kept(data_folder(folder))) as store:
            links = {seq: line.link.hex() for seq, line in store.chained()}
    wrong = verify_evidence.faults(found, links)
    if wrong:
        sys.stdout.write("".join(f"{one}\n" for one in wrong[:20]))
        return Exit.FAILED
    held = "与记录一致 / as the log has it" if links is not None else "与封存时一致 / as it was made"
    sys.stdout.write(f"{held}\n{found['seal']['sha256']}\n")
    return Exit.OK
