"""``liveconsole backup FILE``: the room in one file, under a recovery code that is shown once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from liveconsole.cli.joining import complain
from liveconsole.paths import data_folder
from liveconsole.store.backup import backup, head_of
from liveconsole.store.errors import StoreError


def run(argv: Sequence[str]) -> int:
    """0: the file is there and was checked; the code is the only line on stdout."""
    words = argparse.ArgumentParser(prog="liveconsole backup", description=(__doc__ or "").split("\n")[0])
    words.add_argument("file", type=Path, metavar="FILE", help="must not exist yet")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may go on")
    args = words.parse_args(argv)
    try:
        code = backup(data_folder(args.data), args.file)
        head = head_of(args.file, code)
    except (StoreError, OSError) as error:
        return complain(error)
    sys.stderr.write(
        "Write the recovery code down: it is kept nowhere, and nothing opens the backup without it.\n"
    )
    sys.stderr.write(
        f"Its log ends with {head.seq}:{head.link}; `liveconsole verify-log --head` asks for it.\n"
    )
    sys.stdout.write(f"{code}\n")
    return 0
