"""``liveconsole update``: whether there is a newer version, and what is new in it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from liveconsole import __version__
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.messages.update_words import update_words
from liveconsole.paths import data_folder
from liveconsole.updates.checking import UpdateOffer, look
from liveconsole.updates.notice import UpdateRefused
from liveconsole.views.masks import plain_line


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole update", description=described(__doc__))
    words.add_argument("--from", dest="at", default="", metavar="FILE|URL", help="a notice from elsewhere")
    words.add_argument("--english", action="store_true", help="in English")
    words.add_argument("--json", action="store_true", help="the notice as it was signed")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0: the newest; 7: there is a newer one; 1: nobody knows, and stderr says why; 2: no such file."""
    args = parser().parse_args(argv)
    try:
        offer = asyncio.run(look(data_folder(args.data), at=args.at))
    except UpdateRefused as why:
        sys.stderr.write(update_words(why.code, why.params, english=args.english) + "\n")
        return Exit.FAILED
    except OSError as why:
        place = args.at or why.filename or "liveconsole update"
        sys.stderr.write(f"{place}: {why.strerror or type(why).__name__}\n")
        return Exit.USAGE
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(offer.notice if offer else None) + b"\n")
    elif offer is None:
        sys.stdout.write(update_words("newest", {"version": __version__}, english=args.english) + "\n")
    else:
        sys.stdout.write("\n".join(told(offer, english=args.english)) + "\n")
    return Exit.OK if offer is None else Exit.UPDATE


def told(offer: UpdateOffer, *, english: bool) -> list[str]:
    """Return what a person reads of an offer: the version, what is new, and where it is."""
    notice = offer.notice
    about = {"version": notice.version, "date": notice.date.date().isoformat(), "page": notice.page}
    lines = [update_words("newer", about, english=english), ""]
    notes = notice.notes.en if english else notice.notes.zh
    lines += [f"  {plain_line(line, 200)}".rstrip() for line in notes.splitlines()[:60]]
    lines += ["", update_words("page", about, english=english)]
    if offer.too_old:
        lines.append(update_words("too_old", about, english=english))
    return lines
