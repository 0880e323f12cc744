"""``liveconsole settlement``: what a broadcast brings, a range until it is settled, and who gets what."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from liveconsole.bus.errors import BusError
from liveconsole.cli.books import ask_book
from liveconsole.cli.joining import complain
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.settlements import SettlementTold
from liveconsole.paths import data_folder
from liveconsole.store.errors import KeyUnavailable, StoreError
from liveconsole.views.settlement import settlement_text


def run(argv: Sequence[str]) -> int:
    """0: it stands on stdout; 1: no log, or no such broadcast; 4: the store's key is not to be had."""
    words = argparse.ArgumentParser(prog="liveconsole settlement", description=(__doc__ or "").split("\n")[0])
    words.add_argument("number", type=int, nargs="?", default=0, metavar="N", help="else the newest")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    words.add_argument("--json", action="store_true", help="as GET /v1/settlement answers")
    words.add_argument("--english", action="store_true", help="in English")
    args = words.parse_args(argv)
    query = {"broadcast": str(args.number)} if args.number else {}
    try:
        told = ask_book(data_folder(args.data), "settlement", query)
    except KeyUnavailable as error:
        complain(error)
        return 4
    except (BusError, StoreError, NotTaken, OSError) as error:
        return complain(error)
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    else:
        sys.stdout.write(settlement_text(msgspec.convert(told, SettlementTold), args.english) + "\n")
    return 0
