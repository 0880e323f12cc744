"""``liveconsole browser``: the part that drives the user's own browser, and what there is of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from liveconsole.connectors.browser import finding, maps, part
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.connection_words import connection_words
from liveconsole.paths import data_folder, own_folder


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole browser", description=described(__doc__))
    words.add_argument("--english", action="store_true", help="in English")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    deeds = words.add_subparsers(dest="deed", required=True)
    deeds.add_parser("check", help="the browser, the part and the page maps that there are")
    adding = deeds.add_parser("part", help="add the part from a file")
    adding.add_argument("file", type=Path)
    making = deeds.add_parser("make-part", help="write the part of this machine into a folder")
    making.add_argument("to", type=Path)
    copying = deeds.add_parser("map", help="copy a page map into the data folder, to be edited there")
    copying.add_argument("name", choices=maps.names())
    return words


def run(argv: Sequence[str]) -> int:
    """0; 1 where a part is not taken, or something is missing."""
    args = parser().parse_args(argv)
    folder = data_folder(args.data)
    try:
        if args.deed == "part":
            _say(f"{part.add(args.file, own_folder(folder))}")
            return Exit.OK
        if args.deed == "map":
            _say(f"{maps.copy(args.name, own_folder(folder))}")
            return Exit.OK
        if args.deed == "make-part":
            made = part.make(args.to)
            _say(f"{made}  {made.stat().st_size / 1e6:.1f} MB")
            return Exit.OK
    except part.BadPart as why:
        _say(connection_words("browser", why.code, {"name": why.name}, english=args.english))
        return Exit.FAILED
    except OSError as why:
        _say(f"{why.filename}: {why.strerror}")
        return Exit.FAILED
    return _check(folder, english=args.english)


def _check(folder: Path, *, english: bool) -> int:
    found, driver = finding.executable(), part.driver(folder)
    lacks = [code for code, there in (("no_browser", found), ("no_part", driver)) if there is None]
    for code in lacks:
        _say(connection_words("browser", code, {}, english=english))
    for place in (found, driver):
        if place is not None:
            _say(f"{place}")
    for name in maps.names():
        try:
            page_map = maps.load(name, folder)
            _say(f"{page_map.name}  {page_map.seen_at}  {page_map.goods}")
        except maps.BadPageMap as why:
            _say(connection_words("browser", "bad_map", {"why": why}, english=english))
            lacks.append(name)
    return Exit.FAILED if lacks else Exit.OK


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
