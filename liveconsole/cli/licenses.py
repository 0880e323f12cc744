"""``liveconsole licenses``: whose work ships with this program, under which licence, and the texts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import msgspec

from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.notices import ShippedPart, canonical, notices


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole licenses", description=described(__doc__))
    words.add_argument("name", nargs="?", metavar="NAME", help="the texts of this part")
    words.add_argument("--all", action="store_true", help="the texts of every part")
    words.add_argument("--json", action="store_true", help="one JSON object for each part, a line each")
    return words


def run(argv: Sequence[str]) -> int:
    """0: they stand on stdout; 2: there is no such part."""
    args = parser().parse_args(argv)
    parts = notices()
    if args.name:
        parts = [one for one in parts if canonical(one.name) == canonical(args.name)]
        if not parts:
            sys.stderr.write(f"liveconsole: no part {args.name!r}; without a name they are listed\n")
            return Exit.USAGE
    if args.json:
        said = "".join(msgspec.json.encode(one).decode() + "\n" for one in parts)
    elif args.name or args.all:
        said = "\n".join(map(whole, parts))
    else:
        said = listed(parts)
    sys.stdout.buffer.write(said.encode())
    return Exit.OK


def listed(parts: Sequence[ShippedPart]) -> str:
    """Return a line for each part."""
    rows = [(one.name, one.version, one.licence) for one in parts]
    widths = [max(len(row[at]) for row in rows) for at in range(2)]
    return "".join(
        f"{name:<{widths[0]}}  {version:<{widths[1]}}  {licence}\n" for name, version, licence in rows
    )


def whole(one: ShippedPart) -> str:
    """Return a part with its texts."""
    head = f"{one.name} {one.version}: {one.licence}"
    return "\n\n".join((f"{head}\n{'=' * len(head)}", *(text.rstrip() for text in one.texts))) + "\n"
