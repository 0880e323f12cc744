"""``liveconsole boards``: what a broadcast, or some days, came to, tile by tile with sources and reasons."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from liveconsole.bus.errors import BusError
from liveconsole.cli.books import ask_book
from liveconsole.cli.joining import complain
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.boards import WHY, BoardPage, Tile
from liveconsole.messages.inputs import NotTaken
from liveconsole.paths import data_folder
from liveconsole.store.errors import StoreError
from liveconsole.views.money import yuan


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole boards", description=described(__doc__))
    words.add_argument("--broadcast", metavar="N", help="this one; without it the newest")
    words.add_argument("--from", dest="from_", metavar="DATE", help="from this day of China on")
    words.add_argument("--to", metavar="DATE", help="to the end of this one; without it today")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    words.add_argument("--json", action="store_true", help='one JSON object: {"tiles": {name: …}}')
    words.add_argument("--english", action="store_true", help="in English")
    return words


def run(argv: Sequence[str]) -> int:
    """0: it stands on stdout; 1: no log, no such broadcast or days; 4: the store's key is not to be had."""
    args = parser().parse_args(argv)
    asked = {"broadcast": args.broadcast, "from": args.from_, "to": args.to}
    query = {name: value for name, value in asked.items() if value is not None}
    folder = data_folder(args.data)
    try:
        told = ask_book(folder, "boards", query)
    except NotTaken as error:
        return complain(_unasked(error))
    except (BusError, StoreError, OSError) as error:
        return complain(error)
    page = msgspec.convert(told, BoardPage)
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode({"tiles": tiles_told(page)}) + b"\n")
    else:
        sys.stdout.writelines(_lines(page, english=args.english))
    return Exit.OK


def _unasked(error: NotTaken) -> Exception:
    """Return what is wrong with what was asked, in words."""
    if error.code != "bad_query":
        return error
    wrong = {
        "broadcast": "there is no such broadcast",
        "from": "--from is no day",
        "to": "--to is no day behind --from",
    }
    return ValueError(wrong.get(error.detail, error.detail))


def tiles_told(page: BoardPage) -> dict[str, dict[str, Any]]:
    """Return the tiles by their names, as contract v1.1 has them (Books)."""
    return {tile.name: _told(tile) for tile in _all(page)}


def _told(tile: Tile) -> dict[str, Any]:
    found: dict[str, Any] = {"value": tile.value, "source": tile.source, "at": tile.at}
    return found if tile.why is None else {**found, "why": tile.why.code}


def _all(page: BoardPage) -> list[Tile]:
    return [tile for tiles in (*page.levels.values(), page.more) for tile in tiles]


def _lines(page: BoardPage, *, english: bool) -> list[str]:
    """A tile a line: its name as programs have it, its figure or a dash with why."""
    return [f"{tile.name:<22} {_said(tile, english=english)}\n" for tile in _all(page)]


def _said(tile: Tile, *, english: bool) -> str:
    value = tile.value
    if value is None:
        if tile.why is None:
            return "—"
        text = WHY.get(tile.why.code, (tile.why.code,) * 2)[english]
        return f"— {text.format_map(_Blanks(tile.why.params))}"
    if tile.unit == "fen":
        return yuan(round(value))
    if tile.unit == "share":
        return f"{value * 100:.1f} %"
    return f"{value:.2f}".rstrip("0").rstrip(".")


class _Blanks(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
