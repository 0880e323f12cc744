"""``liveconsole tokens``: where the tokens lie, and new ones. No token is ever printed."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from liveconsole.bus import tokens
from liveconsole.bus.launch import running
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.paths import data_folder, own_folder


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole tokens", description=described(__doc__))
    words.add_argument("--renew", choices=tokens.ROLES, metavar="ROLE", help="|".join(tokens.ROLES))
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    return words


def run(argv: Sequence[str]) -> int:
    """0; with ``--renew`` the old token stops working when the engine starts next."""
    args = parser().parse_args(argv)
    folder = own_folder(data_folder(args.data))
    tokens.load(folder)
    if args.renew:
        tokens.renew(folder, args.renew)
        sys.stdout.write(f"new token for {args.renew} in {folder / tokens.FILE}\n")
        if asyncio.run(running(folder)) is not None:
            sys.stdout.write("an engine runs there: the new token counts from its next start\n")
    else:
        sys.stdout.write(f"{folder / tokens.FILE}: {', '.join(tokens.ROLES)}\n")
    return Exit.OK
