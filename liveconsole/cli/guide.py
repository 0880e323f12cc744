"""``liveconsole guide``: open the guide in the browser; ``--print-path`` only says where its file lies."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from liveconsole import guide
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.paths import data_folder


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole guide", description=described(__doc__))
    words.add_argument(
        "place", nargs="?", default="", metavar="PLACE", help="a page or heading, as in troubles"
    )
    words.add_argument("--print-path", action="store_true", help="the file on stdout, and no browser")
    words.add_argument("--lang", choices=guide.LANGUAGES, default=os.environ.get("LIVECONSOLE_LANG", "zh"))
    words.add_argument("--data", type=Path, metavar="DIR", help="where the file is kept")
    return words


def run(argv: Sequence[str]) -> int:
    """0: it was opened, or its file is on stdout; 1: no browser can be started, and the file is on stdout;
    2: there is no such place."""
    args = parser().parse_args(argv)
    language: guide.Language = "en" if args.lang == "en" else "zh"
    if args.place and args.place not in guide.anchors(language):
        sys.stderr.write(f"liveconsole: the guide has no place {args.place!r}\n")
        return Exit.USAGE
    file = guide.put(data_folder(args.data), language, args.place)
    if args.print_path:
        sys.stdout.write(f"{file}\n")
        return Exit.OK
    if webbrowser.open(file.as_uri()):
        return Exit.OK
    sys.stdout.write(f"{file}\n")
    sys.stderr.write("liveconsole: no browser can be started; open the file above yourself\n")
    return Exit.FAILED
