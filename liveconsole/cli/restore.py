"""``liveconsole restore FILE``: a new data folder from a backup; the recovery code comes from stdin."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from liveconsole.cli.joining import complain
from liveconsole.paths import data_folder
from liveconsole.store.backup import restore
from liveconsole.store.errors import StoreError


def run(argv: Sequence[str]) -> int:
    """0: the room stands in the folder under a new key."""
    words = argparse.ArgumentParser(prog="liveconsole restore", description=(__doc__ or "").split("\n")[0])
    words.add_argument("file", type=Path, metavar="FILE")
    words.add_argument("--data", type=Path, metavar="DIR", help="a folder without a room")
    args = words.parse_args(argv)
    code = getpass.getpass("Recovery code: ") if sys.stdin.isatty() else sys.stdin.readline()
    try:
        restore(args.file, code.strip(), data_folder(args.data))
    except (StoreError, OSError) as error:
        return complain(error)
    sys.stderr.write(f"restored into {data_folder(args.data)}; draws that ran then are void in it\n")
    return 0
